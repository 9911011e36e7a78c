// Reads what the schedule said and what became of it, tick by tick, from a node's public RPC; and compares the two.
//
// The part of a stranger who trusts nothing: owners come from the state of each block's parent, authors from the seals.

import assert from 'node:assert/strict';
import { decodeAddress, sr25519Verify } from '@polkadot/util-crypto';
import { numberOf, ownerOf, positionOf, slotOf, tickOf } from '../../../scripts/live/chain.mjs';

/** Blocks from height `first` to `last`: {number, hash, parentHash, tick, schedule of the parent}. */
export async function blocks(node, first, last) {
  const found = [];
  for (let number = first; number <= last; number += 1) {
    const hash = await node.rpc('chain_getBlockHash', number);
    const header = await node.rpc('chain_getHeader', hash);
    const schedule = await node.rpc('workCredits_table', header.parentHash);
    found.push({ number, hash, parentHash: header.parentHash, tick: tickOf(header), schedule });
  }
  return found;
}

/** Every tick from that of the first block to that of the last: {tick, slot, position, owner, block or null}. */
export function ticks(chain) {
  const timing = chain[0].schedule.timing;
  const all = [];
  chain.forEach((block, index) => {
    const from = index === 0 ? block.tick : chain[index - 1].tick + 1;
    for (let tick = from; tick <= block.tick; tick += 1) {
      all.push({
        tick,
        slot: slotOf(timing, tick),
        position: positionOf(timing, tick),
        owner: ownerOf(block.schedule, tick),
        block: tick === block.tick ? block : null,
      });
    }
  });
  return all;
}

/** Slots whose every tick is among `all`, with their ticks. */
export function wholeSlots(all, timing) {
  const slots = new Map();
  for (const tick of all) slots.set(tick.slot, [...(slots.get(tick.slot) ?? []), tick]);
  return [...slots].filter(([, list]) => list.length === timing.ticksPerSlot);
}

/** Fails unless the owner of the block's tick sealed it. */
export async function assertSealedByOwner(api, block) {
  const header = await api.rpc.chain.getHeader(block.hash);
  const logs = header.digest.logs;
  const seal = logs[logs.length - 1];
  assert.ok(seal.isSeal, `block ${block.number} ends in a seal`);
  const unsealed = api.registry.createType('Header', {
    parentHash: header.parentHash,
    number: header.number.unwrap(),
    stateRoot: header.stateRoot,
    extrinsicsRoot: header.extrinsicsRoot,
    digest: { logs: logs.slice(0, -1) },
  });
  const owner = ownerOf(block.schedule, block.tick);
  const signature = seal.asSeal[1].toU8a(true);
  assert.ok(sr25519Verify(unsealed.hash.toU8a(), signature, decodeAddress(owner.key)),
    `block ${block.number}, tick ${block.tick}, is sealed by ${owner.operator}, who owned the tick`);
}

/** Fails unless the block carries exactly one VRF inherent, and nothing else unsigned but beacons. */
export async function assertHasVrf(api, block) {
  const { block: { extrinsics } } = await api.rpc.chain.getBlock(block.hash);
  const bare = extrinsics.filter((extrinsic) => !extrinsic.isSigned).map(({ method }) => method.section);
  assert.deepEqual(bare.filter((section) => section !== 'workTally').sort(), ['timestamp', 'workCredits'], `inherents of block ${block.number}`);
}

/** Fails unless the record of a slot says what its blocks show. `list` has all ticks of the slot. */
export function assertRecord(record, list) {
  const context = `slot ${record.slot}: ${JSON.stringify(record)}`;
  if (record.election === null) {
    assert.deepEqual([record.primary, record.outcome], [null, 'missed'], context);
    return;
  }
  assert.ok(['normal', 'reduced', 'emergency'].includes(record.election), context);
  assert.ok(!record.fallbacks.includes(record.primary), `the primary is not its own fallback; ${context}`);
  for (const { position, tick, owner } of list) {
    const rank = (position - 1) / 2;
    const elected = position % 2 === 0 ? record.primary : record.fallbacks[rank % record.fallbacks.length];
    assert.equal(owner.operator, elected, `tick ${tick}, place ${position} of ${context}`);
  }
  const opened = list.find(({ block }) => block);
  if (!opened) {
    assert.deepEqual([record.outcome, record.winner], ['missed', null], context);
    return;
  }
  assert.equal(record.winner, opened.owner.operator, `author of the first block; ${context}`);
  const outcome = opened.position % 2 === 0 ? 'primary' : { fallback: (opened.position - 1) / 2 };
  assert.deepEqual(record.outcome, outcome, context);
}

/** Fails unless the duties at the last block, less those at the first, count the ticks between them. */
export async function assertDuties(node, chain) {
  const [first, last] = [chain[0], chain.at(-1)];
  const before = new Map((await node.rpc('workCredits_duties', first.hash)).map((duty) => [duty.operator, duty]));
  for (const after of await node.rpc('workCredits_duties', last.hash)) {
    const mine = ticks(chain).slice(1).filter(({ owner }) => owner.operator === after.operator);
    const was = before.get(after.operator) ?? { owed: 0, missed: 0 };
    const counted = { owed: after.owed - was.owed, missed: after.missed - was.missed };
    const seen = { owed: mine.length, missed: mine.filter(({ block }) => !block).length };
    assert.deepEqual(counted, seen, `duties of ${after.operator} in blocks ${first.number} to ${last.number}`);
    assert.ok(after.reliability >= 1e7 && after.reliability <= 1e9, `reliability ${after.reliability} is from 1/100 to 1`);
  }
}

/** Height of the best block and what a test needs to say "from here on". */
export async function mark(node) {
  const header = await node.rpc('chain_getHeader');
  const timing = await node.rpc('workCredits_timing');
  return { number: numberOf(header), tick: tickOf(header), slot: slotOf(timing, tickOf(header)), timing };
}
