// What a chain did, tick by tick, as one node's public RPC tells it.

import { numberOf, ownerOf, positionOf, slotOf, tickOf } from '../../../scripts/live/chain.mjs';
import { best, finalised } from '../../e2e/lib/network.mjs';
import { until } from '../../e2e/lib/until.mjs';

// The nodes share what may be two busy cores: a living validator may be late for this share of its ticks.
const LATE_SHARE = 0.1;

/** The best block: {number, hash, tick, slot, place, timing}. */
export async function mark(node) {
  const hash = await node.rpc('chain_getBlockHash');
  const [header, timing] = await Promise.all([node.rpc('chain_getHeader', hash), node.rpc('workCredits_timing')]);
  const tick = tickOf(header);
  return { number: numberOf(header), hash, tick, slot: slotOf(timing, tick), place: positionOf(timing, tick), timing };
}

/** Every tick after block `first` up to block `last`: {tick, slot, place, owner, block}; owner is a name, block {number, hash} or null. */
export async function follow(network, node, first, last) {
  const all = [];
  let previous = null;
  for (let number = first; number <= last; number += 1) {
    const hash = await node.rpc('chain_getBlockHash', number);
    const header = await node.rpc('chain_getHeader', hash);
    const block = { number, hash, tick: tickOf(header) };
    if (previous) {
      // Who owes a tick stands in the state of the parent of the block that proves it missed.
      const schedule = await node.rpc('workCredits_table', header.parentHash);
      for (let tick = previous.tick + 1; tick <= block.tick; tick += 1) {
        all.push({
          tick,
          slot: slotOf(schedule.timing, tick),
          place: positionOf(schedule.timing, tick),
          owner: network.nameOf(ownerOf(schedule, tick).key),
          block: tick === block.tick ? block : null,
        });
      }
    }
    previous = block;
  }
  return all;
}

/** Name to {owed, missed}. */
export function duties(ticks) {
  const counts = new Map();
  for (const { owner, block } of ticks) {
    const count = counts.get(owner) ?? { owed: 0, missed: 0 };
    count.owed += 1;
    if (!block) count.missed += 1;
    counts.set(owner, count);
  }
  return counts;
}

/** How many of `count` ticks living validators may be late for. */
export const lateAllowed = (count) => Math.max(1, Math.floor(count * LATE_SHARE));

/** Blocks between the best and the final one. */
export async function lag(node) {
  const final = await finalised(node);
  return await best(node) - final;
}

/** Waits until the node has finalised a block of a later slot than `slot`; returns that block's height. */
export function finalBeyond(node, slot, timing) {
  return until(`a block after slot ${slot} is final`, async () => {
    const header = await node.rpc('chain_getHeader', await node.rpc('chain_getFinalizedHead'));
    return slotOf(timing, tickOf(header) ?? 0) > slot && numberOf(header);
  }, { timeoutMs: 120_000 });
}

/** Fails unless the nodes count the same duties as the ticks show. `from` and `to` are the hashes around them. */
export async function sameDuties(network, node, ticks, from, to) {
  const [before, after, { table }] = await Promise.all([
    node.rpc('workCredits_duties', from), node.rpc('workCredits_duties', to), node.rpc('workCredits_table', from)]);
  const keys = new Map(table.map(({ operator, key }) => [operator, key]));
  const was = new Map(before.map((duty) => [duty.operator, duty]));
  const seen = duties(ticks);
  for (const { operator, owed, missed } of after) {
    const name = network.nameOf(keys.get(operator));
    const old = was.get(operator) ?? { owed: 0, missed: 0 };
    const own = seen.get(name) ?? { owed: 0, missed: 0 };
    if (owed - old.owed !== own.owed || missed - old.missed !== own.missed) {
      throw new Error(`${name} missed ${own.missed} of ${own.owed}, the chain counts ${missed - old.missed} of ${owed - old.owed}`);
    }
  }
  return `${ticks.length} ticks of ${after.length} validators`;
}
