// A network of one's own, from its validators' public keys to final blocks: `key setup` makes the keys, or `key insert` those of
// a seed, genesis.sh the spec, and a node that has nothing but the file follows.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Keyring } from '@polkadot/api';
import { cryptoWaitReady, randomAsHex, xxhashAsHex } from '@polkadot/util-crypto';
import { balances, validators, withinCap } from '../../scripts/genesis/lists.mjs';
import { agreeOnFinalised, finalised } from './lib/network.mjs';
import { BINARY, command, Node, output, ROOT, temporaryFolder } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const SCRIPT = join(ROOT, 'scripts', 'genesis.sh');
const MINUTES = 60_000;

let folder;
/** Of this run alone, so that nothing about it is well known. */
let seed;
let made = 0;

before(async () => {
  await cryptoWaitReady();
  folder = temporaryFolder();
  seed = randomAsHex(32);
});

/** Runs genesis.sh: {code, text}. `input` is its standard input. */
function genesis(args, input = '') {
  return new Promise((done) => {
    const child = execFile(SCRIPT, ['--node', BINARY, ...args], { cwd: folder }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, text: `${stdout}${stderr}` });
    });
    child.stdin.end(input);
  });
}

/** A spec that has to be made: {plain, raw, hash, text}. */
async function spec(args, input) {
  made += 1;
  const [plain, raw] = [`plain-${made}.json`, `raw-${made}.json`];
  const { code, text } = await genesis(['--name', 'Ergon E2e', '--id', 'ergon_e2e', '--base', 'short_slots', '--output', plain, '--raw', raw, ...args], input);
  assert.equal(code, 0, text);
  const [, hash] = /^Genesis (0x[0-9a-f]{64})$/m.exec(text);
  return { plain: join(folder, plain), raw: join(folder, raw), hash, text };
}

/** The seed's secret for what validator `i` does. */
const secret = (i, role) => `${seed}//${i}//${role}`;

const address = (type, uri) => new Keyring({ type }).addFromUri(uri).address;
const hex = (type, uri) => `0x${Buffer.from(new Keyring({ type }).addFromUri(uri).publicKey).toString('hex')}`;

/** Line of validator `i` in a list. */
const line = (i) => [address('sr25519', secret(i, 'validator')), hex('sr25519', secret(i, 'aura')), address('ed25519', secret(i, 'grandpa'))].join(' ');

function file(name, text) {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('genesis.sh', { timeout: 5 * MINUTES }, () => {
  it('gives the same bytes for the same input, from a seed or from its public keys in whatever order', async () => {
    const who = (i) => address('sr25519', secret(i, 'validator'));
    const money = file('money', `${who(1)} 1000000.0\n${who(0)} 1000000\n`);
    const [listed, derived] = await Promise.all([
      spec(['--validators', file('two', `# two\n${line(1)}\n\n${line(0)}\n`), '--balances', money]),
      spec(['--seed', '-', '--count', '2'], `${seed}\n`),
    ]);
    assert.equal(derived.hash, listed.hash);
    assert.ok(readFileSync(derived.plain).equals(readFileSync(listed.plain)), 'plain');
    assert.ok(readFileSync(derived.raw).equals(readFileSync(listed.raw)), 'raw');
    assert.ok(!derived.text.includes(seed.slice(2)), 'the seed is not printed');
    assert.ok(derived.text.includes(address('ed25519', secret(1, 'grandpa'))), 'the public keys are');
  });

  it('leaves out what everybody has the secrets of, and is exact to the last unit', async () => {
    const rich = address('sr25519', secret(0, 'validator'));
    const one = await spec(['--validators', file('one', line(0)), '--balances', file('rich', `${rich} 999999999.997999999999`)]);
    const { top } = JSON.parse(readFileSync(one.raw, 'utf8')).genesis.raw;
    const issued = Buffer.from(top[xxhashAsHex('Balances', 128) + xxhashAsHex('TotalIssuance', 128).slice(2)].slice(2), 'hex');
    const total = issued.readBigUInt64LE(0) + (issued.readBigUInt64LE(8) << 64n);
    assert.equal(total, 10n ** 21n - 1n, 'all ERGN there may be, less a unit; the treasury has 0.001, as has the pot of rewards');
    assert.equal(top[xxhashAsHex('Sudo', 128) + xxhashAsHex('Key', 128).slice(2)], undefined, 'nobody has sudo');
    const { patch } = JSON.parse(readFileSync(one.plain, 'utf8')).genesis.runtimeGenesis;
    assert.deepEqual(patch.balances.balances.map(([account]) => account), [rich, '5EYCAe5gXa64UywEkyBA2pBew65kzdQd1BZqbwpYbFWzxXPL', '5EYCAe5gXa64UyvSXmRnwexMDssbSDAPhmz2X9Q234CCMpF7']);
    assert.deepEqual(patch.session.keys.map(([account]) => account), [rich]);
  });

  it('refuses lists that cannot be meant, and names the line', () => {
    const [account, aura, grandpa] = line(0).split(' ');
    const second = line(1).split(' ');
    const foreign = new Keyring({ ss58Format: 0 }).encodeAddress(account);
    const zeros = `0x${'00'.repeat(32)}`;
    const many = (count) => Array.from({ length: count }, (_, i) => line(i));
    // About one in sixteen vote keys can be read as a block key as well; not twenty.
    const swapped = many(20).map((text) => text.split(' ')).map(([who, block, vote]) => [who, vote, block].join(' '));
    for (const [lines, message] of [
      [[line(0), `${account} ${second[1]} ${second[2]}`], /^list:2: the account 5\w+ is there already, at list:1$/],
      [[line(0), `${second[0]} ${aura} ${second[2]}`], /^list:2: the key 5\w+ is there already/],
      [[line(0), `${second[0]} ${second[1]} ${grandpa}`], /^list:2: the key 5\w+ is there already/],
      [[`${account} ${aura} ${aura.slice(0, -1)}`], /^list:1: grandpa: '0x\w+' is not 0x and 64 hex digits$/],
      [[`${account.slice(0, -1)}${account.endsWith('9') ? 8 : 9} ${aura} ${grandpa}`], /^list:1: '5\w+' is neither an address/],
      [[`${foreign} ${aura} ${grandpa}`], /^list:1: '1\w+' is an address of another network/],
      [[`${account} ${zeros} ${grandpa}`], /^list:1: aura: '0x0+' is no sr25519 key/],
      [[`${account} ${aura} ${zeros}`], /^list:1: grandpa: '0x0+' is no ed25519 key/],
      [swapped, /^list:\d+: (aura|grandpa): '\w+' is no \w+ key/],
      [[`${account} ${aura}`], /^list:1: a line is an account, an aura key and a grandpa key, and perhaps a stake in ERGN and a commission in percent, this one has 2 fields$/],
      [['# nobody', ''], /^list names no validator/],
      [many(101), /^list names 101 validators: a network can have at most 100$/],
    ]) assert.throws(() => validators(lines.join('\n'), 'list'), { message }, lines[0]);
    assert.equal(validators(many(100).join('\r\n'), 'list').length, 100);

    for (const [lines, message] of [
      [[`${account} 1`, `${account} 2`], /^list:2: the account 5\w+ is there already/],
      [[`${account} 0.0000000000001`], /^list:1: '0\.0+1' has more than 12 decimals$/],
      [[`${account} 0.0001`], /^list:1: '0\.0001' is less than the 0\.001 ERGN/],
      [[`${account} 1e6`], /^list:1: '1e6' is no amount/],
      [[`${account} -1`], /^list:1: '-1' is no amount/],
      [[`${account} 600000000`, `${second[0]} 400000000.000000000001`], /^the balances sum up to 1000000000\.000000000001 ERGN: there may be at most 1000000000$/],
    ]) assert.throws(() => withinCap(balances(lines.join('\n'), 'list')), { message }, lines[0]);
    assert.equal(withinCap(balances(`${account} 600000000\n${second[0]} 400000000`, 'list')), 10n ** 21n);
  });

  it('refuses a network that cannot be, in a line, and writes nothing', async () => {
    const lone = ['--validators', file('lone', line(0))];
    const [account] = line(0).split(' ');
    for (const [args, message, input] of [
      [['--validators', file('twice', `${line(0)}\n${line(0)}`)], /^error: twice:2: the account 5\w+ is there already, at twice:1$/m],
      [['--seed', '-', '--count', '28'], /^error: genesis has 28 validators, but slots of 6 ticks are sure to reach only 27/m, seed],
      [['--seed', '-', '--count', '2'], /^error: the seed is neither a phrase/m, '//Alice'],
      [['--seed', '-', '--count', '2'], /^error: .* is a word of the phrase mistyped/m, 'abandon '.repeat(12).trim()],
      [[...lone, '--balances', file('cap', `${account} 1000000000`)], /^error: the balances sum up to 1000000000\.002 ERGN/m],
      [lone, /^error: validator 5\w+ has 0 ERGN and needs 1000\.001 for its stake: give it more in --balances$/m],
      [['--validators', file('poor', `${line(0)} 999`), '--balances', file('enough', `${account} 5000`)], /^error: validator 5\w+ stakes 999 ERGN: it must be at least 1000$/m],
      [[...lone, '--balances', file('enough', `${account} 5000`), '--team', account], /^error: the account 5\w+ has a share of the distribution and stands in the balances/m],
      [[...lone, '--id', 'ergon_local'], /^error: the id 'ergon_local' is taken by the network 'Ergon Local Testnet'$/m],
      [[...lone, '--name', 'ergon mainnet'], /^error: the name 'ergon mainnet' is taken/m],
      [[...lone, '--base', 'nonsense'], /^error: this runtime has no genesis preset 'nonsense'; it has development/m],
      [[...lone, '--base', 'testnet', '--sudo', account], /^error: the base has no sudo/m],
      // These need no node.
      [['--seed', '-', '--count', '0'], /^error: --count 0 is not possible/m],
      [['--seed', '-', '--count', '101'], /^error: --count 101 is not possible/m],
      [[...lone, '--output', file('there.json', 'mine')], /^error: 'there\.json' exists: --force replaces it$/m],
      [[...lone, '--nonsense', '1'], /^error: genesis\.sh does not know '--nonsense'$/m],
      [[], /^error: the network has no validators/m],
    ]) {
      const { code, text } = await genesis(['--name', 'Ergon E2e', '--id', 'ergon_e2e', '--base', 'short_slots', '--output', 'never.json', ...args], input);
      assert.equal(code, 1, `${args}: ${text}`);
      assert.match(text, message);
      assert.equal(text.match(/error/g).length, 1, `one line says why: ${text}`);
      assert.ok(!existsSync(join(folder, 'never.json')), `nothing is written: ${args}`);
    }
    assert.equal(readFileSync(join(folder, 'there.json'), 'utf8'), 'mine');
    assert.equal((await genesis(['--help'])).code, 0);
  });
});

/** Starts validator `i` of the seed, which gets its keys as a server does, and knows `peers`. */
async function validator(i, chain, peers) {
  const flags = ['--validator', ...peers.map((peer) => `--bootnodes=${peer.address}`)];
  const node = await Node.create({ name: `validator-${i}`, chain: chain.raw, folder, flags });
  for (const [type, scheme, role] of [['aura', 'sr25519', 'aura'], ['gran', 'ed25519', 'grandpa']]) {
    const suri = join(folder, file('secret', secret(i, role)));
    await output('key', 'insert', '--chain', chain.raw, '--base-path', node.folder, '--scheme', scheme, '--key-type', type, '--suri', suri);
  }
  node.spawn();
  return node;
}

describe('a network made by genesis.sh', { timeout: 6 * MINUTES }, () => {
  let nodes = [];

  after(() => Promise.all(nodes.map((node) => node.stop())));

  async function finalise(height) {
    await until(`block ${height} is final everywhere`, async () => (await Promise.all(nodes.map(finalised))).every((final) => final >= height),
      { timeoutMs: 2 * MINUTES, detail: () => nodes.map((node) => node.tail()).join('\n---\n') });
    return agreeOnFinalised(nodes);
  }

  it('of one validator makes blocks and finalises them, and a node with nothing but the file follows', async () => {
    // As an operator does it: keys first, on the server, then the list, then the spec.
    const lone = await Node.create({ name: 'lone-validator', folder, flags: ['--validator'] });
    const setup = ['key', 'setup', '--network-id', 'ergon_e2e', '--base-path', lone.folder, '--owner', address('sr25519', secret(0, 'validator'))];
    const keys = JSON.parse(await output(...setup, '--json'));
    const text = await output(...setup);
    assert.ok(text.endsWith(`  ${keys.session.genesis}`) && !text.includes('session.setKeys'), 'the line for the list, and no call yet');
    assert.deepEqual((await command([...setup, '--chain', 'local'])).code, 2, 'a chain that exists has its own id');
    const [owner] = keys.session.genesis.split(' ');
    const one = await spec(['--validators', file('handed-in', `${keys.session.genesis}\n`), '--balances', file('stakes', `${owner} 1001`)]);
    lone.chain = one.raw;
    nodes.push(lone);
    await lone.start();
    const verified = await command(['key', 'verify', '--rpc', lone.ws, '--chain', one.raw, '--base-path', lone.folder]);
    assert.match(verified.output, /✔ registered by 5/, 'they are where the node looks for them');
    assert.ok(!lone.args().some((arg) => /^--(dev|force-authoring|alice)$/.test(arg)), 'with no more than any validator is given');
    await finalise(3);
    const follower = await Node.create({ name: 'follower', chain: one.raw, folder, flags: [`--bootnodes=${lone.address}`] });
    nodes.push(follower);
    await follower.start();
    await finalise(await finalised(lone) + 2);
    for (const node of nodes) assert.equal(await node.rpc('chain_getBlockHash', 0), one.hash, `${node.name} has the genesis that was told`);
    assert.deepEqual(await lone.rpc('system_nodeRoles'), ['Authority']);
    assert.deepEqual(await follower.rpc('system_nodeRoles'), ['Full']);
  });

  it('of three validators of a seed finalises', async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
    const chain = await spec(['--seed', file('seed', seed), '--count', '3']);
    for (let i = 0; i < 3; i += 1) nodes.push(await validator(i, chain, nodes));
    await Promise.all(nodes.map((node) => node.ready()));
    await finalise(6);
    const authors = new Set((await nodes[0].rpc('workCredits_duties')).filter(({ owed, missed }) => owed > missed).map(({ operator }) => operator));
    assert.deepEqual(authors, new Set([0, 1, 2].map((i) => address('sr25519', secret(i, 'validator')))), 'each has made blocks');
  });
});
