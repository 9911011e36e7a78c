// An upgrade on a live network: voted by stake, enacted at the height that the vote named, with a migration of several blocks; and one
// whose migration fails.
//
// The other runtime is this one with the feature `rehearsal`: another version, and a migration that counts all accounts. Building it
// takes minutes, so ERGON_REHEARSAL names its Wasm; without it these tests are skipped.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { blake2AsHex, cryptoWaitReady, xxhashAsHex } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { agreeOnFinalised, best, FOUR, Network } from './lib/network.mjs';
import { send } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
const ERGN = 10n ** 12n;
const WASM = process.env.ERGON_REHEARSAL;
const NEW_VERSION = 1_000_000;

describe('an upgrade', { timeout: 10 * MINUTES, skip: WASM ? false : 'ERGON_REHEARSAL names no Wasm: ./scripts/test.sh --long builds it' }, () => {
  let network;
  let api;
  let code;
  let height;
  let alice;
  let bob;
  let ferdie;

  const nameOf = (error) => (error.isModule ? api.registry.findMetaError(error.asModule).name : `${error}`);
  const ok = async (call, who) => {
    const { error } = await send(call, who);
    assert.equal(error && nameOf(error), undefined);
  };
  const version = async (node, at) => (await node.rpc('state_getRuntimeVersion', ...(at ? [at] : []))).specVersion;
  const eventsAt = async (number) => {
    const at = await api.at(await api.rpc.chain.getBlockHash(number));
    return (await at.query.system.events()).map(({ event }) => `${event.section}.${event.method}`);
  };

  before(async () => {
    await cryptoWaitReady();
    [alice, bob, ferdie] = ['alice', 'bob', 'ferdie'].map(pair);
    code = readFileSync(WASM);
    network = await Network.start(FOUR, 'short_slots');
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('is proposed by anybody, and voted by stake', async () => {
    const call = api.tx.system.setCode(`0x${code.toString('hex')}`).method.toU8a();
    const lookup = { hash: blake2AsHex(call), len: call.length };
    await ok(api.tx.preimage.notePreimage(`0x${Buffer.from(call).toString('hex')}`), ferdie);
    height = await best(network.nodes[0]) + 60;
    await ok(api.tx.referenda.submit({ system: 'Root' }, { Lookup: lookup }, { At: height }), ferdie);
    await ok(api.tx.referenda.placeDecisionDeposit(0), ferdie);
    const vote = (balance) => api.tx.convictionVoting.vote(0, { Standard: { vote: { aye: true, conviction: 'Locked1x' }, balance } });
    const { error } = await send(vote(ERGN), ferdie);
    assert.ok(error, 'who has staked nothing has no vote');
    await ok(vote(1_000n * ERGN), alice);
    await ok(vote(1_000n * ERGN), bob);
    await until('it is approved', async () => (await api.query.referenda.referendumInfoFor(0)).unwrap().isApproved,
      { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    assert.ok(await best(network.nodes[0]) < height, 'before its height');
    assert.equal(await version(network.nodes[0]), 1, 'and nothing has changed yet');
  });

  it('is enacted at the height that the vote named, on every node', async () => {
    await until('all run it', async () => (await Promise.all(network.nodes.map((node) => version(node)))).every((v) => v === NEW_VERSION),
      { timeoutMs: 3 * MINUTES, detail: () => network.tails() });
    const node = network.nodes[0];
    const hash = (number) => node.rpc('chain_getBlockHash', number);
    // The state after a block says which runtime the next one runs.
    assert.deepEqual([await version(node, await hash(height - 1)), await version(node, await hash(height))], [1, NEW_VERSION]);
  });

  it('migrates over several blocks, which take no transactions, and then goes on', async (t) => {
    const counted = xxhashAsHex('Rehearsal', 128) + xxhashAsHex('Counted', 128).slice(2);
    const sent = api.tx.balances.transferKeepAlive(bob.address, ERGN);
    await until('the migration is over', async () => {
      const { events } = await history();
      return events.includes('multiBlockMigrations.UpgradeCompleted');
    }, { timeoutMs: MINUTES, detail: () => network.tails() });
    const { events, blocks } = await history();
    const steps = events.filter((name) => name === 'multiBlockMigrations.MigrationAdvanced').length;
    assert.ok(steps >= 2, `${steps} steps before the last`);
    assert.ok(!events.includes('multiBlockMigrations.UpgradeFailed') && !events.includes('safeMode.Entered'));
    const raw = Buffer.from((await network.nodes[0].rpc('state_getStorage', counted)).slice(2), 'hex').readUInt32LE(0);
    const accounts = await network.nodes[0].rpc('state_getKeysPaged', xxhashAsHex('System', 128) + xxhashAsHex('Account', 128).slice(2), 1_000);
    assert.equal(raw, accounts.length, 'every account once');
    t.diagnostic(`${raw} accounts in ${steps + 1} blocks: ${blocks.join(', ')}`);
    await ok(sent, ferdie);
  });

  it('leaves money and finality as they were', async () => {
    // A client that was connected before asks the new runtime's APIs only when it connects again.
    await api.disconnect();
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
    const supply = await api.call.stakingApi.supply();
    const sum = (list) => list.reduce((total, part) => total + part.toBigInt(), 0n);
    assert.equal(supply.issuance.toBigInt(), supply.genesis.toBigInt() + sum(supply.minted) - sum(supply.burned));
    const before = await agreeOnFinalised(network.nodes);
    assert.ok(before >= height);
    await until('finality goes on', async () => await agreeOnFinalised(network.nodes) > before + 3, { detail: () => network.tails() });
  });

  /** Events of the blocks since the upgrade, and which of them a migration ran in. */
  async function history() {
    const all = [];
    const blocks = [];
    for (let number = height; number <= await best(network.nodes[0]); number += 1) {
      const events = await eventsAt(number);
      if (events.some((name) => name.startsWith('multiBlockMigrations'))) blocks.push(number);
      all.push(...events);
    }
    return { events: all, blocks };
  }
});

describe('an upgrade whose migration fails', { timeout: 5 * MINUTES, skip: WASM ? false : 'as above' }, () => {
  let network;
  let api;
  let alice;
  let bob;

  const connect = async () => {
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  };
  const sudo = (call) => send(api.tx.sudo.sudo(call), alice);

  before(async () => {
    await cryptoWaitReady();
    [alice, bob] = ['alice', 'bob'].map(pair);
    network = await Network.start(FOUR, 'short_slots');
    await connect();
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('leaves the chain in safe mode, which takes no transfers', async () => {
    const broken = xxhashAsHex('Rehearsal', 128) + xxhashAsHex('Broken', 128).slice(2);
    assert.equal((await sudo(api.tx.system.setStorage([[broken, '0x01']]))).error, undefined);
    // As docs/economics.md says: governance names the code's hash, and anybody sends the code.
    const code = readFileSync(WASM);
    const apply = (bytes) => api.tx.system.applyAuthorizedUpgrade(`0x${bytes.toString('hex')}`);
    assert.equal((await sudo(api.tx.system.authorizeUpgrade(blake2AsHex(code)))).error, undefined);
    assert.ok((await send(apply(code.subarray(1)), bob)).error, 'other code changes nothing');
    assert.equal((await send(apply(code), bob)).error, undefined);
    await until('every node runs it', async () => (await Promise.all(network.nodes.map((node) => node.rpc('state_getRuntimeVersion'))))
      .every(({ specVersion }) => specVersion === NEW_VERSION), { timeoutMs: MINUTES, detail: () => network.tails() });
    await api.disconnect();
    await connect();
    await until('safe mode is entered', async () => (await api.query.safeMode.enteredUntil()).isSome, { timeoutMs: MINUTES, detail: () => network.tails() });
    assert.equal((await api.query.safeMode.enteredUntil()).unwrap().toNumber(), 2 ** 32 - 1, 'without end');
    assert.ok((await api.query.multiBlockMigrations.cursor()).isNone, 'and not stuck');
    const { error } = await send(api.tx.balances.transferKeepAlive(bob.address, ERGN), alice);
    assert.equal(error?.isModule && api.registry.findMetaError(error.asModule).name, 'CallFiltered');
  });

  it('is mended by whoever governs, and blocks go on and become final', async () => {
    const before = await agreeOnFinalised(network.nodes);
    assert.equal((await sudo(api.tx.safeMode.forceExit())).error, undefined);
    assert.equal((await send(api.tx.balances.transferKeepAlive(bob.address, ERGN), alice)).error, undefined);
    await until('finality goes on', async () => await agreeOnFinalised(network.nodes) > before + 3, { detail: () => network.tails() });
  });
});
