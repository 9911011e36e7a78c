#!/usr/bin/env node
// One line per node of a network: whether it answers and how far it is. Usage: status.mjs [--names FILE] URL...
//
// Exits 1 if any node does not answer.

import { readFileSync } from 'node:fs';
import { numberOf } from './chain.mjs';
import { request } from './rpc.mjs';

const args = process.argv.slice(2);
const names = args[0] === '--names' ? Object.values(JSON.parse(readFileSync(args.splice(0, 2)[1], 'utf8'))) : [];

async function line(url, index) {
  const name = (names[index] ?? '').padEnd(12);
  try {
    const [health, best, finalisedHash] = await Promise.all([
      request(url, 'system_health'),
      request(url, 'chain_getHeader'),
      request(url, 'chain_getFinalizedHead'),
    ]);
    const finalised = await request(url, 'chain_getHeader', [finalisedHash]);
    const state = health.isSyncing ? 'catching up' : 'in step';
    return `${name} ${url}  best #${numberOf(best)}  finalised #${numberOf(finalised)}  peers ${health.peers}  ${state}`;
  } catch (error) {
    process.exitCode = 1;
    return `${name} ${url}  does not answer: ${error.message}`;
  }
}

for (const text of await Promise.all(args.map(line))) console.log(text);
