// A node that starts from nothing and does not execute the past: GRANDPA's proofs carry it to the last final state, over a change
// of the validators' keys. Tells what such a proof weighs, and how long each way of syncing takes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { start as startLight } from 'smoldot';
import { numberOf } from '../../scripts/live/chain.mjs';
import { pair } from './lib/accounts.mjs';
import { Light } from './lib/light.mjs';
import { agreeOnFinalised, best, finalised, FOUR, Network } from './lib/network.mjs';
import { Node } from './lib/node.mjs';
import { send } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
/** Sessions that have to be over, the last of them by new keys. */
const SESSIONS = 4;
/** Engine id of GRANDPA. */
const GRANDPA = Buffer.from('FRNK');
/** By then a warped node has what is final; most of it is the start of the node. */
const WARP_MS = 30_000;

/** Whether a digest item announces a change of GRANDPA's set: DigestItem::Consensus (4), then ConsensusLog::ScheduledChange (1). */
function changesSet(log) {
  const bytes = Buffer.from(log.slice(2), 'hex');
  if (bytes[0] !== 4 || !bytes.subarray(1, 5).equals(GRANDPA)) return false;
  // A compact length comes first; its two lowest bits say how long it is itself.
  return bytes[5 + [1, 2, 4, 5][bytes[5] & 3]] === 1;
}

describe('warp sync', { timeout: 8 * MINUTES }, () => {
  let network;
  let api;
  let light;
  let warped;
  let began;
  let target;
  const nodes = [];

  const seconds = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;

  /** A node that knows nothing but the spec and where the validators are. */
  async function fresh(name, ...more) {
    const flags = [...network.nodes.map(({ address }) => `--bootnodes=${address}`), ...more];
    const node = await Node.create({ name, chain: network.chain, folder: network.folder, flags });
    nodes.push(node);
    return node;
  }

  /** Gives a validator new keys, made on its own node, as its operator would. */
  async function rotate(name) {
    const owner = pair(name);
    const { keys, proof } = await network.named(name).rpc('author_rotateKeysWithOwner', `0x${Buffer.from(owner.publicKey).toString('hex')}`);
    const { error } = await send(api.tx.session.setKeys(keys, proof), owner);
    assert.equal(error, undefined);
  }

  before(async () => {
    await cryptoWaitReady();
    network = await Network.start(FOUR, 'short_slots', ['--rpc-methods=unsafe']);
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
    await rotate('dave');
    await until('finality is sessions away from genesis, behind a change of the set', async () => {
      const final = await api.at(await api.rpc.chain.getFinalizedHead());
      return (await final.query.session.currentIndex()).toNumber() >= SESSIONS && (await final.query.grandpa.currentSetId()).toNumber() === 1;
    }, { timeoutMs: 4 * MINUTES, everyMs: 1_000, detail: () => network.tails() });
  });

  after(async () => {
    await api?.disconnect();
    await light?.terminate();
    await Promise.all(nodes.map((node) => node.stop()));
    await network?.stop();
    // The light client leaves timers of minutes behind, which nobody waits for.
    setTimeout(() => process.exit(), 1_000).unref();
  });

  it('needs a proof of some kilobytes for each change of the set', async (t) => {
    const node = network.nodes[0];
    const final = await finalised(node);
    const fragments = [];
    for (let number = 1; number <= final; number += 1) {
      const { block: { header }, justifications } = await node.rpc('chain_getBlock', await node.rpc('chain_getBlockHash', number));
      if (!header.digest.logs.some(changesSet)) continue;
      const [, bytes] = justifications?.find(([engine]) => Buffer.from(engine).equals(GRANDPA)) ?? [];
      assert.ok(bytes, `block ${number} changes the set and carries what proves it final`);
      const size = { number, header: api.createType('Header', header).toU8a().length, justification: bytes.length };
      fragments.push(size);
      t.diagnostic(`block ${number} changes the set of 4: ${size.header + size.justification} bytes, header ${size.header} and justification ${size.justification}`);
    }
    assert.equal(fragments.length, 1, 'the set changes when keys do, and no session else');
    const last = Buffer.from((await node.rpc('grandpa_proveFinality', final - 2)).slice(2), 'hex').length;
    t.diagnostic(`final block ${final}; a proof of finality for the latest blocks: ${last} bytes`);
  });

  it('brings a fresh node to the last final state without executing what was before', async (t) => {
    target = await finalised(network.nodes[0]);
    warped = await fresh('warped', '--sync=warp');
    began = Date.now();
    await warped.start();
    t.diagnostic(`started after ${seconds()}`);
    await warped.logged(/Warp sync is complete, continuing with state sync/);
    t.diagnostic(`proof verified after ${seconds()}`);
    await warped.logged(/State sync is complete, continuing with block sync/);
    await until(`block ${target} is final`, async () => await finalised(warped) >= target, { timeoutMs: MINUTES, detail: () => warped.tail() });
    t.diagnostic(`block ${target} final after ${seconds()}`);
    assert.ok(Date.now() - began < WARP_MS, `within ${WARP_MS / 1_000} s`);
    assert.doesNotMatch(warped.log, /Warp sync failed|State sync failed/);

    // Whoever executed a block has its state: the full node next to it has, this one has not.
    const early = await network.nodes[0].rpc('chain_getBlockHash', 5);
    const code = '0x3a636f6465';
    assert.ok(await network.nodes[0].rpc('state_getStorageHash', code, early));
    await assert.rejects(warped.rpc('state_getStorageHash', code, early), /State already discarded|UnknownBlock|unknown Block/i);
  });

  it('knows the state, the set and the schedule as the others do', async () => {
    const head = await warped.rpc('chain_getFinalizedHead');
    for (const [method, ...params] of [['workCredits_table'], ['workCredits_duties'], ['state_call', 'GrandpaApi_grandpa_authorities', '0x'],
      ['state_getStorage', api.query.system.account.key(pair('dave').address)]]) {
      assert.deepEqual(await warped.rpc(method, ...params, head), await network.nodes[0].rpc(method, ...params, head), method);
    }
    const { setId, best: round } = await warped.rpc('grandpa_roundState');
    assert.deepEqual([setId, round.totalWeight], [1, 4]);
  });

  it('follows what comes after', async () => {
    const height = await best(network.nodes[0]) + 5;
    await until(`block ${height} is final`, async () => await finalised(warped) >= height, { timeoutMs: MINUTES, detail: () => warped.tail() });
    await agreeOnFinalised([...network.nodes, warped]);
  });

  it('fetches the old blocks, with their extrinsics', async (t) => {
    await warped.logged(/Block history download is complete/);
    t.diagnostic(`history complete at most ${seconds()} after the start`);
    for (const number of [1, Math.floor(target / 2), target]) {
      const hash = await network.nodes[0].rpc('chain_getBlockHash', number);
      assert.equal(await warped.rpc('chain_getBlockHash', number), hash);
      const { block } = await warped.rpc('chain_getBlock', hash);
      assert.deepEqual(block, (await network.nodes[0].rpc('chain_getBlock', hash)).block);
    }
  });

  it('is one of three ways to catch up', async (t) => {
    const height = await finalised(network.nodes[0]);
    for (const mode of ['full', 'warp']) {
      const node = await fresh(`timed-${mode}`, `--sync=${mode}`);
      began = Date.now();
      await node.start();
      await until(`block ${height} is final`, async () => await finalised(node) >= height, { timeoutMs: MINUTES, detail: () => node.tail() });
      t.diagnostic(`${mode} sync of ${height} blocks: ${seconds()} with the start`);
      await node.stop();
    }
    light = startLight({ maxLogLevel: 1 });
    const spec = JSON.parse(readFileSync(network.chain, 'utf8'));
    spec.bootNodes = network.nodes.map(({ address }) => address);
    began = Date.now();
    const chain = new Light(await light.addChain({ chainSpec: JSON.stringify(spec) }));
    await chain.rpc('chain_subscribeFinalizedHeads');
    await until(`the light client knows block ${height}`, () => chain.heads.some((head) => numberOf(head) >= height), { timeoutMs: MINUTES });
    t.diagnostic(`smoldot to block ${height}: ${seconds()}`);
  });
});
