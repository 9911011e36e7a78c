// The pure parts of the live view: decoding and drawing, and following a chain written down by hand, block by block.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, outcomeText, ownerOf, roleOf, tickOf } from './chain.mjs';
import { Follower } from './follow.mjs';
import { Renderer } from './render.mjs';

const timing = { tickMs: 1000, ticksPerSlot: 4, slotsPerEpoch: 4, windowSlots: 16 };
const table = Array.from({ length: 24 }, (_, i) => ({ operator: i % 2 ? 'B' : 'A', key: i % 2 ? 'b' : 'a' }));
const record = (slot) => ({ slot, election: 'reduced', primary: 'A', fallbacks: ['B'], outcome: 'primary', winner: 'A' });

function digest(tick) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(tick));
  return { logs: ['0x0561757261', `0x066175726120${bytes.toString('hex')}`] };
}

/** A chain of blocks at `ticks` above genesis, answering the calls the follower makes. */
function chain(ticks) {
  const headers = [null, ...ticks].map((tick, number) => ({
    number: `0x${number.toString(16)}`,
    parentHash: `hash-${number - 1}`,
    digest: tick === null ? { logs: [] } : digest(tick),
  }));
  const at = (hash) => headers[Number(hash.split('-')[1])];
  const answers = {
    chain_getHeader: (hash) => (hash ? at(hash) : headers.at(-1)),
    chain_getBlockHash: (number) => `hash-${number}`,
    chain_getBlock: () => ({ block: { extrinsics: ['0x280402000b', '0x450284ff'] } }),
    chain_getFinalizedHead: () => 'hash-1',
    workCredits_timing: () => timing,
    workCredits_table: () => ({ timing, table }),
    workCredits_leader: record,
    workCredits_tally: () => ['B', 'A'].map((entity, i) => ({ entity, rank: i + 1, credits: 12 - 11 * i, liveScore: 987_654_321, grace: i === 1 })),
  };
  return { call: async (method, ...params) => answers[method](...params), answers };
}

async function told(network) {
  const events = [];
  const tell = new Proxy({}, { get: (_, kind) => (data) => events.push({ kind, ...data }) });
  const follower = new Follower(network, tell);
  await follower.step();
  return { events, follower };
}

test('a tick is read from the digest, genesis has none', () => {
  assert.equal(tickOf({ digest: digest(345678901) }), 345678901);
  assert.equal(tickOf({ digest: { logs: [] } }), null);
});

test('transactions and proofs of work are told from what the author put in', () => {
  assert.equal(kindOf('0x280402000b10'), 'author', 'bare, one length byte');
  assert.equal(kindOf('0x450284ffaa'), 'transaction', 'signed, two length bytes');
  assert.equal(kindOf('0x0200010004aa'), 'author', 'bare, four length bytes');
  assert.equal(kindOf('0x104512'), 'transaction', 'general');
  assert.equal(kindOf('0x2d02040a00'), 'proof', 'a beacon');
  assert.equal(kindOf('0x02000100040d02'), 'proof', 'an answer, four length bytes');
});

test('a block tells what it holds', async () => {
  const renderer = new Renderer({ timing, names: {}, colours: false });
  const network = chain([8, 9]);
  const bodies = { one: ['0x280402000b', '0x450284ff'], two: ['0x280402000b', '0x2d02040a00', '0x2d02040d02'] };
  for (const [body, content] of [['one', '1 tx'], ['two', '0 tx, 2 proofs']]) {
    network.answers.chain_getBlock = () => ({ block: { extrinsics: bodies[body] } });
    const { events } = await told(network);
    assert.ok(renderer.block(events.at(-1)).endsWith(`  ${content}`), renderer.block(events.at(-1)));
  }
});

test('roles follow the place in the slot, standby where nobody was elected', () => {
  assert.deepEqual(roleOf(timing, 8, record(2)), { kind: 'primary' });
  assert.deepEqual(roleOf(timing, 11, { ...record(2), fallbacks: ['B', 'C'] }), { kind: 'fallback', rank: 1 });
  assert.deepEqual(roleOf(timing, 11, record(2)), { kind: 'fallback', rank: 0 }, 'the only one is the first');
  assert.deepEqual(roleOf(timing, 11, { ...record(2), fallbacks: [] }), { kind: 'primary' }, 'nobody else is there');
  assert.deepEqual(roleOf(timing, 11, { election: null }), { kind: 'standby' });
  assert.equal(ownerOf({ table }, 25).operator, 'B');
  assert.equal(outcomeText({ outcome: { fallback: 0 }, winner: 'B' }), 'fallback 0');
  assert.equal(outcomeText({ outcome: 'missed', winner: null }), 'missed');
  assert.equal(outcomeText({ outcome: 'missed', winner: 'A' }), 'standby');
});

test('blocks, missed ticks and the end of a slot come in order', async () => {
  const { events } = await told(chain([8, 9, 12]));
  const kinds = events.map(({ kind, tick }) => (tick === undefined ? kind : `${kind} ${tick}`));
  assert.deepEqual(kinds, ['missed 10', 'missed 11', 'slot', 'block 12']);
  const slot = events.find(({ kind }) => kind === 'slot');
  assert.deepEqual([slot.slot, slot.missed, slot.finalityLag, slot.partial], [2, ['A', 'B'], 2, true]);
});

test('an outage longer than a slot is one gap', async () => {
  const { events } = await told(chain([8, 9, 40]));
  assert.deepEqual(events.map(({ kind }) => kind), ['gap', 'block']);
  assert.equal(events[0].ticks, 30);
});

test('block 1 is told although genesis has no tick', async () => {
  const { events } = await told(chain([8]));
  assert.deepEqual(events.map(({ kind, tick }) => `${kind} ${tick}`), ['block 8']);
});

test('a node that lags behind tells nothing new', async () => {
  const network = chain([8, 9, 10]);
  const { events, follower } = await told(network);
  const before = events.length;
  network.answers.chain_getHeader = () => ({ number: '0x2', digest: digest(9) });
  await follower.step();
  assert.equal(events.length, before);
});

test('a slot tells why its leader leads', async () => {
  const renderer = new Renderer({ timing, names: {}, colours: false });
  const { events } = await told(chain([8, 9, 12]));
  const slot = events.find(({ kind }) => kind === 'slot');
  const { primary } = slot.record;
  const why = { A: "leader's 1 credit · rank 2 of 2 · live in 99 % of slots (young: not counted)", B: "leader's 12 credits · rank 1 of 2 · live in 99 % of slots" };
  assert.ok(renderer.slot(slot).includes(why[primary]), renderer.slot(slot));
  assert.ok(!renderer.slot({ ...slot, standing: undefined }).includes('credit'), 'nobody was elected');
});

test('every line fits the width and colours are off when asked', async () => {
  const names = { A: 'Alice', B: 'Validator19' };
  const renderer = new Renderer({ timing: { ...timing, tickMs: 1000 }, names, colours: false });
  const { events } = await told(chain([1_790_000_001, 1_790_000_002, 1_790_000_012]));
  const more = { kind: 'slot', slot: 447_500_000, record: { ...record(1), outcome: { fallback: 11 } }, blocks: 1,
    fallbackBlocks: 1, missed: ['A', 'B', 'A'], finalityLag: 1, partial: true };
  for (const event of [...events, more]) {
    for (const line of renderer[event.kind]({ hash: `0x${'ab'.repeat(32)}`, ...event }).split('\n')) {
      assert.ok(line.length <= 100, `${line.length}: ${line}`);
      assert.ok(!line.includes('\u001b'), line);
    }
  }
});
