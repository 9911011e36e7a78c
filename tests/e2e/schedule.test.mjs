// Four validators take turns as the schedule says; then the leader is killed, comes back, and at last all fall and rise.
//
// On the test preset: ticks of a second, slots of six. One network for all tests, in this order: each begins where the one
// before it ended.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { slotOf, tickOf } from '../../scripts/live/chain.mjs';
import { agreeOnFinalised, best, finalised, FOUR, Network } from './lib/network.mjs';
import { assertDuties, assertHasVrf, assertRecord, assertSealedByOwner, blocks, mark, ticks, wholeSlots } from './lib/schedule.mjs';
import { accounts } from './lib/accounts.mjs';
import { until } from './lib/until.mjs';

// Four nodes with ticks of a second share what may be two busy cores: a live validator may be late for this share of ticks.
const LATE_SHARE = 0.1;
const MINUTES = 60_000;

describe('the schedule', { timeout: 8 * MINUTES }, () => {
  let network;
  let api;
  let names;

  const nameOf = (operator) => names.get(operator) ?? operator;

  /** Tells how many ticks live validators missed, with what their logs say of those seconds; fails if it is more than chance. */
  function assertFewLate(t, all, isDead = () => false) {
    const late = all.filter(({ block, owner }) => !block && !isDead(owner.operator));
    for (const { tick, owner } of late) {
      t.diagnostic(`tick ${tick} of ${nameOf(owner.operator)}, alive, has no block; its log of those seconds:`);
      for (const line of logAround(network.named(nameOf(owner.operator)), tick)) t.diagnostic(`    ${line}`);
    }
    const allowed = Math.max(1, Math.floor(all.length * LATE_SHARE));
    assert.ok(late.length <= allowed, `${late.length} of ${all.length} ticks of live validators have no block, at most ${allowed} may`);
    return late;
  }

  before(async () => {
    await cryptoWaitReady();
    names = accounts(FOUR);
    network = await Network.start(FOUR, 'short_slots', ['-laura=debug']);
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes.map(({ ws }) => ws)), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('is followed tick by tick for three slots', async (t) => {
    const node = network.nodes[0];
    const from = await mark(node);
    const { ticksPerSlot } = from.timing;
    assert.deepEqual([from.timing.tickMs, ticksPerSlot, from.timing.slotsPerEpoch], [1_000, 6, 4], 'the test preset');
    // A part of a slot at either end, and three whole ones.
    await until('four slots have passed and are final', async () => {
      const hash = await node.rpc('chain_getFinalizedHead');
      return tickOf(await node.rpc('chain_getHeader', hash)) >= from.tick + 5 * ticksPerSlot;
    }, { timeoutMs: 2 * MINUTES, detail: () => network.tails() });

    const chain = await blocks(node, from.number, await finalised(node));
    for (const block of chain) {
      await assertSealedByOwner(api, block);
      await assertHasVrf(api, block);
    }
    const all = ticks(chain);
    assertFewLate(t, all);
    const whole = wholeSlots(all, from.timing);
    assert.ok(whole.length >= 3, `${whole.length} whole slots were followed`);
    for (const [slot, list] of whole) {
      const [record] = await node.rpc('workCredits_slots', slot, 1);
      assertRecord(record, list);
      assert.deepEqual(await node.rpc('workCredits_leader', slot), record, 'both calls return one record');
    }
    assert.ok(new Set(all.map(({ owner }) => owner.operator)).size === 4, 'all four have owned ticks');
    await assertDuties(node, chain);
  });

  it('has every owner and slot in one table that all nodes agree on', async () => {
    const hash = await network.nodes[0].rpc('chain_getFinalizedHead');
    const tables = await Promise.all(network.nodes.map((node) => until(`${node.name} knows ${hash}`,
      () => node.rpc('workCredits_table', hash))));
    for (const table of tables) assert.deepEqual(table, tables[0]);
    const { table, timing, tick, slot } = tables[0];
    assert.equal(table.length, 6 * timing.ticksPerSlot);
    assert.equal(slot, slotOf(timing, tick));
    const next = await network.nodes[0].rpc('workCredits_nextSlots', hash);
    assert.deepEqual(next.map((record) => record.slot), [slot, slot + 1], 'the current slot and the next are known');
  });

  it('costs one tick at a time when the leader is killed, and finality goes on', async (t) => {
    const { victim, slot } = await killNextPrimary();
    t.diagnostic(`killed ${victim.name} before it led slot ${slot}`);
    const isDead = (operator) => nameOf(operator) === victim.name;
    const node = network.any;
    const start = await mark(node);
    const finalBefore = await finalised(node);
    await until('three slots have passed and are final', async () => {
      const hash = await node.rpc('chain_getFinalizedHead');
      return slotOf(start.timing, tickOf(await node.rpc('chain_getHeader', hash))) > slot + 3;
    }, { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    assert.ok(await finalised(node) > finalBefore, 'three of four validators finalise');

    const all = ticks(await blocks(node, start.number, await finalised(node)));
    const late = new Set(assertFewLate(t, all, isDead));
    // The tick after a dead validator's belongs to somebody else, and if that one lives, it has a block.
    all.slice(0, -1).forEach((tick, i) => {
      const next = all[i + 1];
      if (tick.block || !isDead(tick.owner.operator) || isDead(next.owner.operator) || late.has(next)) return;
      assert.ok(next.block, `tick ${next.tick} of ${nameOf(next.owner.operator)} follows the dead ${victim.name}'s`);
    });
    // The first ticks after a kill may carry what was already under way; from the slot it would have led on, it is silent.
    for (const { tick, owner, block, slot: of } of all) {
      if (of >= slot) assert.ok(!(block && isDead(owner.operator)), `tick ${tick} has a block of the dead ${victim.name}`);
    }
    const [record] = await node.rpc('workCredits_slots', slot, 1);
    assert.equal(nameOf(record.primary), victim.name);
    assert.ok(record.outcome.fallback !== undefined, `a fallback opened slot ${slot}: ${JSON.stringify(record)}`);
    for (const [number, list] of wholeSlots(all, start.timing)) {
      assertRecord((await node.rpc('workCredits_slots', number, 1))[0], list);
    }
    const duty = (await node.rpc('workCredits_duties')).find(({ operator }) => isDead(operator));
    assert.ok(duty.missed >= 3 && duty.reliability < 1e9, `the dead one's misses are counted: ${JSON.stringify(duty)}`);
  });

  it('takes a killed validator back, which catches up and makes blocks again', async () => {
    const victim = network.nodes.find((node) => !node.alive);
    const witness = network.any;
    const height = await finalised(witness);
    const from = await best(witness);
    await victim.start();
    await until(`${victim.name} has finalised block ${height}`, async () => await finalised(victim) >= height,
      { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    await until(`${victim.name} makes a block`, async () => {
      const to = await best(witness);
      const chain = await blocks(witness, Math.max(from, to - 12), to);
      return ticks(chain).some(({ owner, block }) => block && nameOf(owner.operator) === victim.name);
    }, { timeoutMs: 2 * MINUTES, everyMs: 1_000, detail: () => network.tails() });
    const agreed = await until('all agree on what is final', () => agreeOnFinalised(network.nodes));
    assert.ok(agreed >= height, 'agreement reaches beyond the restart');
  });

  it('goes on after every validator was killed and started again', async () => {
    const height = await best(network.any);
    const final = await finalised(network.any);
    const hash = await network.any.rpc('chain_getBlockHash', final);
    await network.kill9();
    assert.equal(network.alive.length, 0);
    await network.startAll();
    for (const node of network.nodes) {
      await until(`${node.name} has finalised beyond block ${height}`, async () => await finalised(node) > height,
        { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
      assert.equal(await node.rpc('chain_getBlockHash', final), hash, `${node.name} kept what was final`);
    }
    await agreeOnFinalised(network.nodes);
  });

  /** Kills the primary of the next slot while the current one still has ticks left, so that it cannot open its own. */
  async function killNextPrimary() {
    const node = network.nodes[0];
    const { victim, slot } = await until('the next leader is known in time', async () => {
      const { tick, timing } = await mark(node);
      const [, next] = await node.rpc('workCredits_nextSlots');
      if (!next?.primary || tick % timing.ticksPerSlot > timing.ticksPerSlot - 4) return null;
      return { victim: network.named(nameOf(next.primary)), slot: next.slot };
    });
    await victim.kill9();
    return { victim, slot };
  }

  /** What a node's log says of the second in which a tick began and the next one. Logs carry the local time. */
  function logAround(node, tick) {
    const clocks = [0, 1].map((offset) => new Date((tick + offset) * 1_000).toTimeString().slice(0, 8));
    return node.log.split('\n').filter((line) => clocks.some((clock) => line.includes(clock))).slice(0, 12);
  }
});
