// A validator's keys, from `key setup` to blocks sealed with them; then two nodes with the same keys, and what becomes of that.
//
// One network for all tests, in this order: Bob makes new keys, registers them, and later somebody runs a copy of his node.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { best, finalised, FOUR, Network } from './lib/network.mjs';
import { command, Node, output } from './lib/node.mjs';
import { send } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
const DOUBLE_SEAL = 'ergon:doubleseal';
/** How names of block keys begin in a keystore: `aura` in hex. */
const AURA = Buffer.from('aura').toString('hex');

describe('the keys of a validator', { timeout: 8 * MINUTES }, () => {
  let network;
  let api;
  let alice;
  let bob;
  let bobsNode;
  let made;

  const place = (node) => ['--chain', node.chain, '--base-path', node.folder];
  const verify = (...more) => command(['key', 'verify', '--rpc', bobsNode.ws, ...place(bobsNode), ...more]);
  const chainFolder = (node) => join(node.folder, 'chains', 'ergon_short_slots');

  before(async () => {
    await cryptoWaitReady();
    [alice, bob] = ['alice', 'bob'].map(pair);
    network = await Network.start(FOUR, 'short_slots');
    bobsNode = network.named('bob');
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('are made once, and shown without their secrets', async () => {
    const setup = ['key', 'setup', ...place(bobsNode), '--owner', bob.address];
    const text = await output(...setup);
    made = JSON.parse(await output(...setup, '--json'));
    assert.deepEqual([made.network.new, made.session.new], [false, false], 'the second run keeps what the first made');
    for (const part of [made.session.keys, made.network.peerId, bob.address]) assert.ok(text.includes(part), `the text shows ${part}`);
    // Each proof is signed anew, and sr25519 signatures are random.
    assert.match(text, /proof +0x[0-9a-f]{256}\n/);
    assert.match(text, new RegExp(`\n +0x[0-9a-f]{4}${made.session.keys.slice(2)}[0-9a-f]+\n`), 'the call with its keys');
    const secrets = readdirSync(made.session.keystore).map((file) => join(made.session.keystore, file));
    assert.equal(secrets.length, 2, 'a block key and a vote key');
    for (const file of [...secrets, made.network.file]) {
      assert.equal(statSync(file).mode & 0o077, 0, `${file} is its owner's alone`);
    }
    for (const file of secrets) {
      const phrase = JSON.parse(readFileSync(file, 'utf8'));
      assert.ok(phrase.length > 40 && !text.includes(phrase), 'the secret is in its file and nowhere else');
    }
  });

  it('that nobody registered are told so, with the command', async () => {
    const { code, output: text } = await verify();
    assert.equal(code, 1);
    assert.match(text, /✘ nobody has registered any of these keys.*ergon-node key setup --owner/);
    const named = await verify('--owner', bob.address);
    assert.equal(named.code, 1);
    assert.match(named.output, /✘ 5\w+ has registered other keys/);
  });

  it('cannot be verified against nothing, or against another chain', async () => {
    const nobody = await command(['key', 'verify', '--rpc', 'ws://127.0.0.1:1', ...place(bobsNode)]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.output, /no node answers at ws:\/\/127\.0\.0\.1:1.*--rpc/s);
    const other = await command(['key', 'verify', '--rpc', bobsNode.ws, '--chain', 'local', '--base-path', bobsNode.folder]);
    assert.equal(other.code, 1);
    assert.match(other.output, /follows 'Ergon Short Slots' with the genesis 0x\w+, but --chain names 'Ergon Local Testnet' with 0x\w+: give/);
    const stranger = await command(['key', 'setup', ...place(bobsNode), '--owner', '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5']);
    assert.notEqual(stranger.code, 0);
    assert.match(stranger.output, /prefix is 0, Ergon's 42/);
  });

  it('are registered by the call as printed, and make blocks two sessions later', async (t) => {
    const result = await send(api.tx(api.createType('Call', made.session.call)), bob);
    assert.equal(result.error, undefined);
    const early = await verify();
    assert.equal(early.code, 1);
    assert.match(early.output, /✔ registered by 5/);
    assert.match(early.output, /✘ its block key is not in force yet/);
    const began = Date.now();
    const done = await until('the new keys work', async () => {
      const { code, output: text } = await verify();
      return code === 0 && text;
    }, { timeoutMs: 3 * MINUTES, everyMs: 3_000, detail: () => bobsNode.tail() });
    t.diagnostic(`in force ${Math.round((Date.now() - began) / 1_000)} s after the call was final`);
    assert.equal(done.match(/✔/g).length, 7, done);
    // Reliability is the operator's, so only a block of the new key shows that it makes blocks.
    const key = made.session.keys.slice(0, 66);
    await until('a tick of the new key has a block', async () => {
      const { table, tick } = await bobsNode.rpc('workCredits_table');
      return api.registry.createType('AccountId', table[tick % table.length].key).toHex() === key;
    }, { detail: () => bobsNode.tail() });
  });

  describe('on two nodes', () => {
    let twin;
    let report;

    const reports = async () => {
      const ids = await api.query.offences.concurrentReportsIndex.entries(DOUBLE_SEAL);
      return (await Promise.all(ids.flatMap(([, list]) => [...list]).map((id) => api.query.offences.reports(id))))
        .map((details) => details.unwrap());
    };

    before(async () => {
      const flags = ['--validator', ...network.nodes.map(({ address }) => `--bootnodes=${address}`)];
      twin = await Node.create({ name: 'twin', chain: network.chain, folder: network.folder, flags });
      // The block keys only: with the vote key it would vote twice as well, and whoever is reported for that first is out of the
      // set before it owes a tick.
      const [from, to] = [bobsNode, twin].map((node) => join(chainFolder(node), 'keystore'));
      mkdirSync(to, { recursive: true });
      const keys = readdirSync(from).filter((name) => name.startsWith(AURA));
      assert.ok(keys.length > 0, 'Bob has a block key');
      for (const name of keys) copyFileSync(join(from, name), join(to, name));
    });

    after(() => twin?.stop());

    it('seal a tick twice, which each other validator sees, and one reports', async (t) => {
      await twin.start();
      const seen = await network.nodes[0].logged(/🚨 5\w+ sealed tick (\d+) twice/, { timeoutMs: 2 * MINUTES });
      const began = Date.now();
      const [details] = await until('the report is on chain', async () => {
        const all = await reports();
        return all.length > 0 && all;
      }, { timeoutMs: MINUTES, detail: () => network.tails() });
      t.diagnostic(`tick ${seen[1]} reported within ${Math.round((Date.now() - began) / 1_000)} s of the first sight`);
      assert.equal(details.offender[0].toString(), bob.address, 'by account, whatever its key');
      assert.equal(details.reporters.length, 1);
      assert.notEqual(details.reporters[0].toString(), bob.address);
      report = await until('the report is found in its block', () => reportExtrinsic());
    });

    it('are warned, at least one, of the other', async () => {
      const warning = /Another node sealed tick \d+ with this node's session key/;
      await until('one of the two is warned', () => [bobsNode, twin].some((node) => warning.test(node.log)),
        { detail: () => `${bobsNode.tail()}\n${twin.tail()}` });
    });

    it('are recorded once a session, however often they do it', async () => {
      await twin.stop();
      const bySession = await api.query.offences.concurrentReportsIndex.entries(DOUBLE_SEAL);
      for (const [, list] of bySession) assert.equal(list.length, 1);
    });

    it('cannot be reported again, nor falsely, nor by a stranger without a fee', async () => {
      const call = (proof) => api.tx.equivocation.reportDoubleSeal(proof);
      const nameOf = ({ error }) => api.registry.findMetaError(error.asModule).name;
      assert.equal(nameOf(await send(call(report), alice)), 'AlreadyReported');
      const forged = { ...report.toJSON(), secondHeader: report.firstHeader.toHex() };
      const dave = api.createType('AccountId', pair('dave').address).toHex();
      assert.equal(nameOf(await send(call({ ...forged, offender: dave }), alice)), 'InvalidProof');
      await assert.rejects(network.nodes[0].rpc('author_submitExtrinsic', call(report).toHex()), /Invalid|1010/);
    });

    it('leave the chain as it was: it goes on and is final', async () => {
      const height = await best(network.nodes[0]);
      await until('later blocks are final', async () => await finalised(network.nodes[0]) > height + 3,
        { timeoutMs: MINUTES, detail: () => network.tails() });
    });

    /** The proof in the newest block that carries a report. */
    async function reportExtrinsic() {
      for (let number = await best(network.nodes[0]); number > 0; number -= 1) {
        const { block } = await api.rpc.chain.getBlock(await api.rpc.chain.getBlockHash(number));
        const found = block.extrinsics.find(({ method }) => method.section === 'equivocation');
        if (found) return found.method.args[0];
      }
      return undefined;
    }
  });
});
