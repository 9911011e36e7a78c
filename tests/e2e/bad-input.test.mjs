// What a node does with what it should not be given: each case has a clear outcome, and a message that says what to do.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { best, rawSpec } from './lib/network.mjs';
import { freePorts, Node, temporaryFolder } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;

let folder;
let chain;
let foreign;

/** The spec with a changed genesis state, under the same id and protocol: what a network started anew looks like. */
function changed(change) {
  const spec = JSON.parse(readFileSync(chain, 'utf8'));
  change(spec.genesis.raw.top);
  const file = join(folder, `changed-${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, JSON.stringify(spec));
  return file;
}

before(async () => {
  folder = temporaryFolder();
  chain = await rawSpec('short_slots', folder);
  foreign = changed((top) => { top[`0x${'e2'.repeat(16)}`] = '0x01'; });
});

/** Starts a node that must refuse, and checks that it says why and does not fall over. */
async function refuses(node, ...patterns) {
  const { code, output } = await node.refusal();
  assert.ok(typeof code === 'number' && code !== 0, `ended with code ${code}:\n${output.slice(-1_500)}`);
  for (const pattern of patterns) assert.match(output, pattern);
  assert.doesNotMatch(output, /panicked at/);
  return output;
}

describe('a chain spec', { timeout: 4 * MINUTES }, () => {
  const plain = (name, spec) => Node.create({ name, chain: spec, folder });

  it('that does not exist is named, with what is known instead', async () => {
    await refuses(await plain('missing', join(folder, 'no-such.json')), /no-such\.json' is neither a chain spec file/, /testnet/);
    await refuses(await plain('unknown', 'preset:nonsense'), /no genesis preset 'nonsense'/, /local_testnet/);
  });

  it('that is none is named, with what is wrong in it', async () => {
    for (const [name, text] of [['empty', ''], ['prose', 'once upon a time'], ['object', '{"name": "x"}']]) {
      const file = join(folder, `${name}-spec.json`);
      writeFileSync(file, text);
      await refuses(await plain(name, file), new RegExp(`${name}-spec\\.json' is not a valid chain spec`));
    }
  });

  it('whose runtime is no runtime is refused', async () => {
    await refuses(await plain('codeless', changed((top) => { top['0x3a636f6465'] = '0x00112233'; })), /has no usable genesis/);
  });

  it('of a network not launched yet is refused, whatever the node is', async () => {
    for (const name of ['testnet', 'mainnet']) {
      const output = await refuses(await plain(`placeholder-${name}`, name), /placeholder/);
      assert.match(output, /--chain local/, 'says what to use instead');
    }
  });
});

describe('a database and its ports', { timeout: 5 * MINUTES }, () => {
  let first;

  before(async () => {
    first = await Node.create({ name: 'first', chain, folder });
    await first.start();
  });

  after(() => first.stop());

  it('a peer of another genesis is not connected, and told by whose genesis that may be', async () => {
    const other = await Node.create({ name: 'foreign', chain: foreign, folder, flags: [`--bootnodes=${first.address}`] });
    try {
      await other.start();
      const genesis = await other.rpc('chain_getBlockHash', 0);
      await other.logged(new RegExp(`No peers\\. Nodes of another genesis refuse each other: is ${genesis}`), { timeoutMs: 90_000 });
      for (const node of [first, other]) assert.equal((await node.rpc('system_health')).peers, 0, `${node.name} has no peer`);
      assert.notEqual(await first.rpc('chain_getBlockHash', 0), genesis);
    } finally {
      await other.stop();
    }
    // The same address serves a node of its own genesis.
    const kin = await Node.create({ name: 'kin', chain, folder, flags: [`--bootnodes=${first.address}`] });
    try {
      await kin.start();
      await until('a node of the same genesis is connected', async () => (await kin.rpc('system_health')).peers === 1,
        { detail: () => kin.tail() });
    } finally {
      await kin.stop();
    }
  });

  it('an occupied RPC port names the port and the option', async () => {
    const [p2p, otherRpc, metrics] = await freePorts(3);
    const second = await Node.create({ name: 'second', chain, folder, ports: [p2p, first.rpcPort, metrics] });
    await refuses(second, new RegExp(`:${first.rpcPort} is in use`), /--rpc-port/);
    const third = await Node.create({ name: 'third', chain, folder, ports: [first.p2pPort, otherRpc, metrics] });
    await refuses(third, new RegExp(`:${first.p2pPort} is in use`), /--port\b/);
    assert.ok(first.alive, 'the first node is not disturbed');
  });

  it('a second node on the same base path finds the database locked', async () => {
    const second = await Node.create({ name: 'intruder', chain, folder });
    second.folder = first.folder;
    await refuses(second, /lock/i);
    assert.ok(first.alive, 'the first node is not disturbed');
  });

  it('of another genesis is refused, and the message says how to remove it', async () => {
    const node = await Node.create({ name: 'stale', chain, folder });
    await node.start();
    const genesis = await node.rpc('chain_getBlockHash', 0);
    await node.stop();
    node.chain = foreign;
    await refuses(node, /database is of another chain with the same id/, new RegExp(genesis), /purge-chain/);
    node.chain = chain;
    await node.start();
    assert.equal(await node.rpc('chain_getBlockHash', 0), genesis, 'its own chain still starts');
    await node.stop();
  });
});

describe('a validator without keys', { timeout: 4 * MINUTES }, () => {
  it('without a network key is refused, with the command that makes one', async () => {
    const node = await Node.create({ name: 'keyless', chain, folder, flags: ['--validator'] });
    node.nodeKey = join(folder, 'no-such-key');
    await refuses(node, /network key|no-such-key/i, /key generate-node-key/);
  });

  it('without session keys says how to make them, and follows the chain', async () => {
    const development = await rawSpec('development', folder);
    const maker = await Node.create({ name: 'maker', chain: development, folder, flags: ['--alice', '--force-authoring'] });
    const flags = ['--validator', `--bootnodes=${maker.address}`];
    const follower = await Node.create({ name: 'follower', chain: development, folder, flags });
    try {
      await Promise.all([maker.start(), follower.start()]);
      await follower.logged(/no 'aura' key and cannot make blocks/);
      await follower.logged(/Make its keys, then start it again: ergon-node key setup/);
      await until('the follower has three blocks', async () => await best(follower) >= 3,
        { timeoutMs: 90_000, detail: () => `${maker.tail()}\n${follower.tail()}` });
    } finally {
      await Promise.all([maker.stop(), follower.stop()]);
    }
  });
});
