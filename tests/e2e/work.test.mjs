// Beacons on a live network: each validator's node sends one a slot by itself, who is silent leads no slot any more, and who comes back is a candidate
// again.
//
// On the test preset with the shortest window there may be, 16 slots of 6 s, so that nobody is young for long.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { kindOf, slotOf, tickOf } from '../../scripts/live/chain.mjs';
import { accounts } from './lib/accounts.mjs';
import { best, FOUR, Network } from './lib/network.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
const BILLION = 1e9;
/** A bare extrinsic of the pallet that takes beacons. */
const isBeacon = (extrinsic) => kindOf(extrinsic) === 'proof';

describe('signs of life', { timeout: 10 * MINUTES }, () => {
  let network;
  let api;
  let names;

  const node = () => network.any;
  const slotNow = async () => (await node().rpc('workCredits_nextSlots'))[0].slot;
  const tally = async (name) => (await node().rpc('workCredits_tally')).find(({ entity }) => names.get(entity) === name);
  /** Records of the slots from `first` on that are elected, with the leaders' names. */
  const leaders = async (first, count) => (await node().rpc('workCredits_slots', first, count)).map(({ primary }) => names.get(primary));
  const slotsPass = async (count) => {
    const from = await slotNow();
    await until(`${count} slots have passed`, async () => await slotNow() >= from + count, { timeoutMs: 3 * MINUTES, everyMs: 1_000, detail: () => network.tails() });
  };

  before(async () => {
    await cryptoWaitReady();
    names = accounts(FOUR);
    network = await Network.start(FOUR, 'short_slots', [], (spec) => {
      spec.genesis.runtimeGenesis.patch.workCredits.timing.windowSlots = 16;
      return spec;
    });
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('are sent once a slot by every node, unsigned and free', async () => {
    const { timing } = await node().rpc('workCredits_table');
    const first = await slotNow() + 1;
    await slotsPass(4);
    const seen = new Map();
    for (let number = await best(node()); number > 0; number -= 1) {
      const hash = await node().rpc('chain_getBlockHash', number);
      if (slotOf(timing, tickOf(await node().rpc('chain_getHeader', hash))) < first) break;
      const events = await (await api.at(hash)).query.system.events();
      for (const { event } of events.filter(({ event }) => api.events.workTally.BeaconSeen.is(event))) {
        const slot = event.data.slot.toNumber();
        seen.set(slot, [...seen.get(slot) ?? [], names.get(event.data.entity.toString())]);
      }
    }
    for (let slot = first; slot < first + 3; slot += 1) assert.deepEqual((seen.get(slot) ?? []).sort(), [...FOUR], `slot ${slot}`);
    const all = await node().rpc('workCredits_tally');
    // Who signs headers has a credit a slot, once the chain is old enough.
    assert.ok(all.every(({ grace, bytes }) => grace && bytes === 0) && all.length === 4, JSON.stringify(all));
    assert.deepEqual(all.map(({ rank }) => rank), [1, 2, 3, 4]);
    const metrics = await (await fetch(`http://127.0.0.1:${network.nodes[0].metricsPort}/metrics`)).text();
    assert.ok(Number(/^ergon_beacons_sent_total\S* (\d+)/m.exec(metrics)?.[1]) >= 3, 'the node counts what it sends');
    assert.equal(/^ergon_work_rank\S* (\d+)/m.exec(metrics)?.[1], String(all.find(({ entity }) => names.get(entity) === 'alice').rank));
    assert.match(metrics, /^ergon_live_score_ratio\S* (1|0\.\d+)$/m);
  });

  it('are refused by the pool, and change nothing, if they are sent again', async () => {
    const { block } = await until('a block holds a beacon', async () => {
      const found = await node().rpc('chain_getBlock');
      return found.block.extrinsics.some(isBeacon) && found;
    }, { detail: () => network.tails() });
    for (const beacon of block.extrinsics.filter(isBeacon)) {
      await assert.rejects(node().rpc('author_submitExtrinsic', beacon), /outdated|banned|Already/i);
    }
  });

  it('decide who leads: whoever is silent for a window is elected no more', async (t) => {
    await network.named('Dave').kill9();
    const began = Date.now();
    await until("Dave's score is below a fifth, and its grace over", async () => {
      const dave = await tally('dave');
      return !dave.grace && dave.liveScore < 0.2 * BILLION;
    }, { timeoutMs: 4 * MINUTES, everyMs: 1_000, detail: () => network.tails() });
    t.diagnostic(`after ${Math.round((Date.now() - began) / 1000)} s`);
    // The slot after this one may be elected already.
    const from = await slotNow() + 2;
    await slotsPass(6);
    const elected = await leaders(from, 5);
    assert.equal(elected.length, 5);
    assert.ok(!elected.includes('dave'), `leaders ${elected}`);
    const alice = await tally('alice');
    assert.ok(alice.liveScore > 0.8 * BILLION, `Alice was there: ${JSON.stringify(alice)}`);
    // The last session's tally is on chain, of the same entities.
    const [epoch, last] = (await api.call.workTallyApi.lastTally()).unwrap();
    assert.ok(epoch.toNumber() > 0);
    assert.deepEqual(last.map(({ entity }) => names.get(entity.toString())).sort(), [...FOUR]);
    const metrics = await (await fetch(`http://127.0.0.1:${network.nodes[0].metricsPort}/metrics`)).text();
    for (const what of ['sent', 'received']) {
      assert.ok(Number(new RegExp(`^ergon_quorum_votes_${what}_total\\S* (\\d+)`, 'm').exec(metrics)?.[1]) >= 1, `votes ${what} are counted`);
    }
  });

  // Not that it leads: of four candidates the first two by credits × reliability do, and both are behind the others' for long.
  it('bring it back: who sends them again is a candidate again, and works', async () => {
    const before = await tally('dave');
    await network.named('Dave').start();
    await until("Dave's score is a fifth again, and it has signed headers", async () => {
      const dave = await tally('dave');
      return dave.liveScore >= 0.2 * BILLION && dave.credits > before.credits;
    }, { timeoutMs: 4 * MINUTES, everyMs: 1_000, detail: () => network.tails() });
  });
});
