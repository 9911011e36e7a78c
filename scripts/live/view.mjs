#!/usr/bin/env node
// Live view of a network: a line per tick, a summary per slot. Reads nodes' public RPC and nothing else.
//
// Usage: view.mjs [--names FILE] [--ticks N] URL...     FILE maps addresses to names; N ticks later the view ends.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Follower } from './follow.mjs';
import { painter, Renderer } from './render.mjs';
import { Network, RpcError, Unreachable } from './rpc.mjs';

// Silence that is worth a word, in ticks, and for how long nothing may answer before the view gives up.
const QUIET_TICKS = 4;
const GIVE_UP_MS = 60_000;

export function parse(args) {
  const options = { names: {}, ticks: Infinity, urls: [] };
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '--names') options.names = JSON.parse(readFileSync(args[(i += 1)], 'utf8'));
    else if (args[i] === '--ticks') options.ticks = Number(args[(i += 1)]);
    else options.urls.push(args[i]);
  }
  if (options.urls.length === 0) throw new Error('give the RPC URL of at least one node, like http://127.0.0.1:9944');
  return options;
}

async function main() {
  const { names, ticks, urls } = parse(process.argv.slice(2));
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  const paint = painter(colours);
  const say = (line) => console.log(line);
  const network = new Network(urls, (from, to) => say(paint('yellow', `${from} does not answer; reading from ${to}`)));

  let timing;
  while (!timing) timing = await patiently(() => network.call('workCredits_timing'));
  const renderer = new Renderer({ timing, names, colours });
  const follower = new Follower(network, speaker(renderer, say));
  say(renderer.head());

  const until = Date.now() + ticks * timing.tickMs;
  let told = 0;
  while (Date.now() < until) {
    const best = await patiently(() => follower.step());
    const quiet = best === undefined || best === null ? 0 : Math.floor(Date.now() / timing.tickMs) - best;
    if (quiet < QUIET_TICKS) told = 0;
    else if (quiet >= told * 2 + QUIET_TICKS) {
      // Said at ever longer intervals: a chain that stands still is news once.
      told = quiet;
      say(paint('red', `no block for ${Math.round((quiet * timing.tickMs) / 1000)} s`));
    }
    await sleep(Math.min(timing.tickMs / 4, 500));
  }
}

/** One method per event, each of which prints its line. */
function speaker(renderer, say) {
  const events = ['block', 'missed', 'slot', 'gap', 'reorganised'];
  return Object.fromEntries(events.map((event) => [event, (data) => say(renderer[event](data))]));
}

let silentSince = null;

/** Result of `action`, or undefined while no node answers; gives up when that lasts. */
async function patiently(action) {
  try {
    const result = await action();
    silentSince = null;
    return result;
  } catch (error) {
    // A node that has just started may not know a block yet that another one told of.
    if (!(error instanceof Unreachable) && !(error instanceof RpcError)) throw error;
    silentSince ??= Date.now();
    if (Date.now() - silentSince > GIVE_UP_MS) throw error;
    await sleep(1_000);
    return undefined;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));
main().catch((error) => {
  console.error(`the live view ended: ${error.message}`);
  process.exit(1);
});
