// Two of four validators are lost for good: nothing becomes final any more, and root takes the lost ones out. The procedure of
// docs/finality-stall.md, step by step.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { agreeOnFinalised, best, finalised, FOUR, Network } from './lib/network.mjs';
import { Node } from './lib/node.mjs';
import { include } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
const LOST = ['charlie', 'dave'];
/** Blocks that are not final while all is well: votes stay two behind, and take a moment. */
const USUAL_LAG = 8;
/** Blocks between the signal of the change and the change. */
const DELAY = 4;

const long = process.env.ERGON_LONG_TESTS === '1';
const skip = long ? false : 'takes two minutes; to run it: ERGON_LONG_TESTS=1 node --test tests/e2e/finality-stall.test.mjs';

describe('finality that lost more than a third of its validators', { skip, timeout: 8 * MINUTES }, () => {
  let network;
  let api;
  let survivors;
  let stuck;

  const session = async () => (await api.query.session.currentIndex()).toNumber();
  const voters = async () => (await api.query.grandpa.authorities()).length;

  /** Has root do something. Fails unless all of it succeeds. Returns the session in which it happened. */
  async function asRoot(call) {
    const { events, error, block } = await include(call, pair('alice'));
    assert.equal(error, undefined);
    const results = events.map(({ event }) => event).filter(({ section }) => section === 'sudo');
    assert.ok(results.length > 0, 'root did something');
    for (const { data } of results) assert.ok(data.sudoResult.isOk, `${data}`);
    return (await (await api.at(block)).query.session.currentIndex()).toNumber();
  }

  before(async () => {
    await cryptoWaitReady();
    network = await Network.start(FOUR, 'short_slots');
    survivors = network.nodes.filter(({ name }) => !LOST.includes(name));
    api = await ApiPromise.create({ provider: new WsProvider(survivors[0].ws), noInitWarn: true });
    await until('there is something final', async () => await finalised(survivors[0]) >= 3, { timeoutMs: MINUTES, detail: () => network.tails() });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('stops, while blocks go on', async () => {
    await Promise.all(LOST.map((name) => network.named(name).kill9()));
    await until('finality lags', async () => await best(survivors[0]) - await finalised(survivors[0]) > USUAL_LAG, { timeoutMs: MINUTES });
    stuck = Math.max(...await Promise.all(survivors.map(finalised)));
    const height = await best(survivors[0]);
    await until('five more blocks', async () => await best(survivors[0]) >= height + 5, { timeoutMs: MINUTES });
    for (const node of survivors) assert.ok(await finalised(node) <= stuck, `${node.name} finalises nothing more`);
  });

  it('goes on with the rest, once root took the lost ones out and said from where', async (t) => {
    assert.ok(stuck, 'finality stands');
    const purges = LOST.map((name) => api.tx.sudo.sudoAs(pair(name).address, api.tx.session.purgeKeys()));
    const purged = await asRoot(api.tx.utility.batchAll(purges));
    await until('the next session begins', async () => await session() > purged, { timeoutMs: MINUTES, detail: () => network.tails() });
    const noted = await asRoot(api.tx.sudo.sudo(api.tx.grandpa.noteStalled(DELAY, stuck)));
    assert.equal(noted, purged + 1, 'noted in the session after the keys went and before the one without the lost');
    assert.equal(await voters(), 4, 'until then, the four');
    await until('the lost have no vote', async () => await voters() === 2, { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    const [enacted, began] = [await best(survivors[0]), Date.now()];
    for (const node of survivors) {
      await until(`${node.name} has finalised block ${enacted}`, async () => await finalised(node) >= enacted, { timeoutMs: MINUTES, detail: () => network.tails() });
    }
    t.diagnostic(`finality resumed ${((Date.now() - began) / 1_000).toFixed(1)} s after the change`);
    assert.ok(await agreeOnFinalised(survivors) > stuck);
    const { setId, best: round } = await survivors[0].rpc('grandpa_roundState');
    assert.equal(setId, (await api.query.grandpa.currentSetId()).toNumber(), 'the nodes and the runtime count the sets alike');
    assert.equal(round.totalWeight, 2, 'two votes there are');
  });

  it('is followed by a fresh node that syncs all blocks, and by a lost one that comes back as a plain node', async () => {
    assert.ok(await finalised(survivors[0]) > stuck, 'finality goes on');
    const fresh = await Node.create({ name: 'fresh', chain: network.chain, folder: network.folder, flags: survivors.map(({ address }) => `--bootnodes=${address}`) });
    network.nodes.push(fresh);
    const back = network.named(LOST[0]);
    await Promise.all([fresh, back].map((node) => node.start()));
    const height = await finalised(survivors[0]) + 5;
    for (const node of [fresh, back]) {
      await until(`${node.name} has finalised block ${height}`, async () => await finalised(node) >= height, { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    }
    await agreeOnFinalised([...survivors, fresh, back]);
  });
});
