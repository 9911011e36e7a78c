// What a wallet or an indexer does, with an unmodified Polkadot-JS API that knows nothing of Ergon.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { FOUR, Network } from './lib/network.mjs';
import { send } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const ERGN = 1_000_000_000_000n;
const MINUTES = 60_000;

describe('the API', { timeout: 5 * MINUTES }, () => {
  let network;
  let api;
  let alice;
  let bob;
  let stranger;

  const free = async (address, at = api) => (await at.query.system.account(address)).data.free.toBigInt();
  const nonce = async (address) => (await api.rpc.system.accountNextIndex(address)).toNumber();

  before(async () => {
    await cryptoWaitReady();
    [alice, bob, stranger] = ['alice', 'bob', 'E2e-stranger'].map(pair);
    network = await Network.start(FOUR, 'short_slots');
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await network?.stop();
  });

  it('connects without custom types and knows the token', () => {
    assert.equal(api.runtimeVersion.specName.toString(), 'ergon');
    assert.deepEqual(api.registry.chainDecimals, [12]);
    assert.deepEqual(api.registry.chainTokens, ['ERGN']);
    assert.equal(api.registry.chainSS58, 42);
    assert.equal(api.consts.balances.existentialDeposit.toBigInt(), ERGN / 1_000n);
    for (const pallet of ['system', 'timestamp', 'balances', 'utility', 'multisig', 'proxy', 'scheduler', 'preimage', 'session', 'workCredits']) {
      assert.ok(api.tx[pallet] || api.query[pallet], `pallet ${pallet}`);
    }
  });

  it('transfers, pays a fee and reports events', async () => {
    const had = await free(stranger.address);
    const amount = 50n * ERGN;
    const gift = await send(api.tx.balances.transferKeepAlive(stranger.address, amount), alice);
    assert.equal(gift.error, undefined);
    const transfer = gift.events.find(({ event }) => api.events.balances.Transfer.is(event)).event.data;
    assert.deepEqual([transfer.from.toString(), transfer.to.toString(), transfer.amount.toBigInt()],
      [alice.address, stranger.address, amount]);
    assert.equal(await free(stranger.address), had + amount);

    // Back again: unlike Alice, the stranger makes no blocks, so nothing but the fee mixes with the amount.
    const back = await send(api.tx.balances.transferKeepAlive(alice.address, ERGN), stranger);
    const paid = back.events.find(({ event }) => api.events.transactionPayment.TransactionFeePaid.is(event)).event.data;
    const fee = paid.actualFee.toBigInt();
    assert.ok(fee > 0n && fee < ERGN, `fee ${fee}`);
    assert.equal(await free(stranger.address), had + amount - ERGN - fee);
  });

  it('runs a batch as one, or not at all', async () => {
    const carol = pair('E2e-carol').address;
    const pay = (to, amount) => api.tx.balances.transferKeepAlive(to, amount);
    const good = await send(api.tx.utility.batchAll([pay(carol, ERGN), pay(stranger.address, ERGN)]), bob);
    assert.equal(good.error, undefined);
    assert.ok(good.events.some(({ event }) => api.events.utility.BatchCompleted.is(event)));
    assert.equal(good.events.filter(({ event }) => api.events.balances.Transfer.is(event)).length, 2);

    const had = await free(carol);
    const bad = await send(api.tx.utility.batchAll([pay(carol, ERGN), pay(carol, 10n ** 30n)]), bob);
    assert.ok(bad.error, 'the second transfer is beyond all means');
    assert.equal(await free(carol), had, 'the first is undone with it');
  });

  it('streams new heads, and final heads that never go back', async () => {
    const seen = { new: [], final: [] };
    const stop = await Promise.all([
      api.rpc.chain.subscribeNewHeads((header) => seen.new.push(header.number.toNumber())),
      api.rpc.chain.subscribeFinalizedHeads((header) => seen.final.push(header.number.toNumber())),
    ]);
    await until('five new and five final heads', () => seen.new.length >= 5 && seen.final.length >= 5,
      { timeoutMs: 2 * MINUTES, detail: () => network.tails() });
    stop.forEach((unsubscribe) => unsubscribe());
    assert.ok(new Set(seen.new).size >= 4, `new heads ${seen.new}`);
    // One final head stands for all before it, so numbers may be left out.
    seen.final.slice(1).forEach((number, i) => assert.ok(number > seen.final[i], `final heads ${seen.final}`));
  });

  it('counts nonces with several transactions in flight, and refuses used ones', async () => {
    const first = await nonce(bob.address);
    const results = [];
    for (let i = 0; i < 5; i += 1) {
      results.push(send(api.tx.balances.transferKeepAlive(stranger.address, ERGN), bob, { nonce: first + i }));
      await until(`the pool counts ${i + 1}`, async () => await nonce(bob.address) === first + i + 1);
    }
    for (const { error } of await Promise.all(results)) assert.equal(error, undefined);
    assert.equal((await api.query.system.account(bob.address)).nonce.toNumber(), first + 5);
    await assert.rejects(send(api.tx.balances.transferKeepAlive(stranger.address, ERGN), bob, { nonce: first }),
      /outdated|stale|1010/i);
  });

  it('refuses a transaction signed for another chain, and one that is no transaction', async () => {
    const foreign = await api.tx.balances.transferKeepAlive(stranger.address, ERGN)
      .signAsync(alice, { genesisHash: `0x${'11'.repeat(32)}`, blockHash: `0x${'11'.repeat(32)}`, era: 0, nonce: await nonce(alice.address) });
    await assert.rejects(network.nodes[0].rpc('author_submitExtrinsic', foreign.toHex()), /bad signature|bad proof|1010/i);
    await assert.rejects(network.nodes[0].rpc('author_submitExtrinsic', '0x280402000b10'), /./);
  });

  it('serves the schedule as a runtime API, the same as over RPC', async () => {
    const hash = (await api.rpc.chain.getFinalizedHead()).toHex();
    const calls = (await api.at(hash)).call.workCreditsApi;
    const rpc = (method, ...params) => network.nodes[0].rpc(`workCredits_${method}`, ...params, hash);
    assert.deepEqual((await calls.timing()).toJSON(), await rpc('timing'));
    const schedule = (await calls.schedule()).toJSON();
    const table = await rpc('table');
    assert.deepEqual([schedule.tick, schedule.slot], [table.tick, table.slot]);
    assert.deepEqual(schedule.table.map(({ operator }) => operator), table.table.map(({ operator }) => operator));
    const slots = (await calls.nextSlots()).toJSON();
    assert.deepEqual(slots.map(({ slot, primary }) => [slot, primary]), (await rpc('nextSlots')).map(({ slot, primary }) => [slot, primary]));
    const record = (await calls.slotRecord(table.slot)).toJSON();
    assert.deepEqual(record.fallbacks, (await rpc('leader', table.slot)).fallbacks);
    assert.equal((await calls.slotRecords(table.slot, 2)).length, 2);
    const duties = (await calls.duties()).toJSON();
    assert.deepEqual(new Set(duties.map(([operator]) => operator)), new Set((await rpc('duties')).map(({ operator }) => operator)));
  });

  it('tells of every slot in events', async () => {
    const { slot } = await network.nodes[0].rpc('workCredits_table');
    const found = new Map();
    const stop = await api.query.system.events((events) => {
      for (const { event } of events) {
        if (event.section === 'workCredits') found.set(event.method, event.data.toHuman());
      }
    });
    const wanted = ['SlotElected', 'SlotOpened'];
    await until(`events ${wanted}`, () => wanted.every((name) => found.has(name)), { timeoutMs: MINUTES });
    stop();
    const number = (text) => Number(text.replaceAll(',', ''));
    assert.ok(number(found.get('SlotElected').slot) > slot, 'elected for a later slot');
    assert.ok(found.get('SlotElected').primary && found.get('SlotElected').fallbacks.length >= 1);
    assert.ok(found.get('SlotOpened').winner, 'opened by somebody');
  });
});
