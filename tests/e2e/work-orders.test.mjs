// Real work on a network of five validators: bytes relayed through ergon-worker over TCP, data held and proven by it, headers signed by
// validators; and what becomes of it: credits, ranks, leaders, money.
//
// On the test preset with a window of 24 slots of 6 s. Alice relays and stores, Bob relays and stores, Charlie stores, Dave and Eve only
// sign. Ferdie pays.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { accounts, pair } from './lib/accounts.mjs';
import { finalised, FOUR, Network } from './lib/network.mjs';
import { BINARY, freePorts } from './lib/node.mjs';
import { assertRecord, blocks, mark, ticks, wholeSlots } from './lib/schedule.mjs';
import { include } from './lib/send.mjs';
import { until } from './lib/until.mjs';
import { must, newKey, run, Worker } from './lib/worker.mjs';
import { epochOf, workShown } from './lib/work.mjs';

const MINUTES = 60_000;
const FIVE = [...FOUR, 'eve'];
const WINDOW = 24;
const MB = 1_000_000;

describe('paid work', { timeout: 15 * MINUTES }, () => {
  let network;
  let api;
  let names;
  let ferdie;
  let client;
  let echo;
  let target;
  const workers = {};

  const node = () => network.any;
  const slotNow = async () => (await node().rpc('workCredits_nextSlots'))[0].slot;
  const tally = async () => new Map((await node().rpc('workCredits_tally')).map((entry) => [names.get(entry.entity), entry]));
  const credits = async (name) => (await tally()).get(name).credits;
  const detail = () => `${network.tails()}\n${Object.values(workers).map((worker) => `--- worker of ${worker.name}\n${worker.tail()}`).join('\n')}`;
  const wait = (what, check, minutes = 2) => until(what, check, { timeoutMs: minutes * MINUTES, everyMs: 1_000, detail });
  const ok = ({ error, events, block }) => {
    assert.equal(error, undefined, error?.isModule ? api.registry.findMetaError(error.asModule).name : `${error}`);
    return { events, block };
  };
  /** Opens an order and waits until its nodes are final, before which none would work for it: its number. */
  const order = async (call) => {
    const { events } = ok(await include(call, ferdie));
    const opened = events.find(({ event }) => api.events.workOrders.Opened.is(event)).event.data;
    const id = opened.order.toNumber();
    await wait(`order ${id} has its nodes`, async () => {
      const { query } = await api.at(await api.rpc.chain.getFinalizedHead());
      return (await query.workOrders.orders(id)).unwrapOr({ stage: {} }).stage.isRunning;
    });
    return id;
  };
  const session = async (bytes, relays, price = 1_000_000_000_000n) => order(api.tx.workOrders.openSession(client.key, bytes, relays, price, 10n ** 16n));
  const relay = (id, bytes) => must('relay', '--node', node().ws, '--session', `${id}`, '--client-key', client.file, '--target', `127.0.0.1:${echo}`, '--bytes', `${bytes}`);
  const file = (name, length) => {
    const path = join(network.folder, name);
    writeFileSync(path, randomBytes(length));
    return path;
  };
  const deal = async (path, holders) => {
    const told = await must('root', path);
    const [root, bytes] = [/root:\s+(0x\w+)/, /bytes:\s+(\d+)/].map((pattern) => pattern.exec(told)[1]);
    return order(api.tx.workOrders.openDeal(root, bytes, holders, WINDOW, 1_000_000_000_000n, 10n ** 16n));
  };

  before(async () => {
    await cryptoWaitReady();
    names = accounts(FIVE);
    ferdie = pair('ferdie');
    network = await Network.start(FIVE, 'short_slots', [], (spec) => {
      const { patch } = spec.genesis.runtimeGenesis;
      const eve = pair('eve').address;
      const vote = new Keyring({ type: 'ed25519' }).addFromUri('//Eve').address;
      patch.workCredits.timing.windowSlots = WINDOW;
      patch.session.keys.push([eve, eve, { aura: eve, grandpa: vote }]);
      return spec;
    });
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
    client = { file: join(network.folder, 'client.key') };
    client.key = await newKey(client.file);
    [echo] = await freePorts(1);
    target = spawn(join(dirname(BINARY), 'ergon-worker'), ['echo', '--listen', `127.0.0.1:${echo}`], { stdio: 'ignore' });
    process.on('exit', () => target.kill('SIGKILL'));
  });

  after(async () => {
    await api?.disconnect();
    target?.kill('SIGKILL');
    await Promise.all(Object.values(workers).map((worker) => worker.stop()));
    await network?.stop();
  });

  it('is done by nodes that operators register in pools', async () => {
    const offers = { alice: { relay: true, storage: true }, bob: { relay: true, storage: true }, charlie: { relay: false, storage: true } };
    for (const [pool, [name, services]] of Object.entries(offers).entries()) {
      const operator = pair(name);
      const worker = await Worker.create({ name, operator, node: network.named(name), folder: network.folder });
      workers[name] = worker;
      ok(await include(api.tx.utility.batchAll(await worker.registration(api, pool, services)), operator));
      worker.start();
    }
    const burn = async (service) => (await api.call.workOrdersApi.burnPerCredit(service)).unwrap().toBigInt();
    const [forRelay, forStorage] = [await burn('Relay'), await burn('Storage')];
    // Of five candidates four are sure to stay, of whom two lead in turn: 12 times in the window, and once more, 3 of 6 ticks each, at
    // 7 ERGN.
    const seat = 13n * 3n * 7n * 10n ** 12n;
    assert.deepEqual([forRelay, forStorage], [seat, seat]);
  });

  it('relays real bytes, is paid by receipts, and the protocol burns its share', async () => {
    const before = await api.query.supply.totals();
    const [burn, owed] = [(await api.call.workOrdersApi.burnPerCredit('Relay')).unwrap().toBigInt(), 8n];
    const free = async (who) => (await api.query.system.account(who.address)).data.free.toBigInt();
    // The first relay carries the second one's frames, too.
    const id = await session(10 * MB, 2);
    const earned = { alice: await free(pair('alice')), bob: await free(pair('bob')) };
    assert.match(await relay(id, 4 * MB), /4000000 came back, the same/);
    await wait(`session ${id} is settled`, async () => (await api.query.workOrders.orders(id)).isNone);
    for (const name of ['alice', 'bob']) {
      const { bytes, units } = (await tally()).get(name);
      assert.ok(bytes >= 8 * MB, `${name}: ${bytes} bytes, ${units} units`);
      // Operators also author: no less than the price of 8 MB.
      assert.ok((await free(pair(name))) - earned[name] >= owed * 10n ** 12n);
    }
    const after = await api.query.supply.totals();
    assert.equal(after.workOrders.toBigInt() - before.workOrders.toBigInt(), burn * 2n * 2n, 'two credits for each of two relays');
  });

  it('refuses what is no proof with a reason', async () => {
    for (const method of ['redeem', 'pledge', 'answer']) {
      await assert.rejects(node().rpc(`workOrders_${method}`, '0x00'), /not SCALE of it/);
    }
    const forged = `0x${'00'.repeat(8)}${workers.alice.key.slice(2)}${'01'.repeat(8)}01000000${'ab'.repeat(128)}`;
    await assert.rejects(node().rpc('workOrders_redeem', forged), /UnknownOrder/);
  });

  it('holds real data and answers challenges by itself', async () => {
    const path = file('data', 300_000);
    const id = await deal(path, 3);
    // Each holder asks its own node, which may learn a moment later what is final.
    await wait('all holders take the file', async () => (await run('put', '--node', node().ws, '--deal', `${id}`, path)).code === 0);
    await wait('all three have pledged', async () => (await api.call.workOrdersApi.deal(id)).unwrap().holders.every(({ pledged }) => pledged.isTrue));
    const out = join(network.folder, 'restored');
    await must('get', '--node', node().ws, '--deal', `${id}`, out);
    assert.deepEqual(readFileSync(out), readFileSync(path));
    const charlie = (await tally()).get('charlie');
    await wait('Charlie has answered three challenges', async () => (await tally()).get('charlie').bytes >= charlie.bytes + 900_000);
    await workers.alice.kill9();
    workers.alice.start();
    const alice = (await tally()).get('alice').bytes;
    await wait('Alice answers again after kill -9', async () => (await tally()).get('alice').bytes >= alice + 600_000);
  });

  it('counts headers that validators signed together, once a slot', async () => {
    await wait('the chain is 64 blocks old and a quorum has signed', async () => (await api.call.quorumApi.rounds()).some(({ reached }) => reached.isTrue), 3);
    const [from, before] = [await slotNow(), await credits('eve')];
    await wait('four slots have passed', async () => await slotNow() >= from + 4);
    const gained = await credits('eve') - before;
    const slots = await slotNow() - from;
    // Old ones fall out of the window meanwhile, at most an epoch of four.
    assert.ok(gained <= slots + 1 && gained >= slots - 5, `Eve signed ${gained} more in ${slots} slots`);
    for (const round of await api.call.quorumApi.rounds()) {
      const { number, block } = round.topic.statement.asHeader;
      assert.equal(await node().rpc('chain_getBlockHash', number.toNumber()), block.toHex());
    }
  });

  it('decides who leads: the order of credits is that of the work', async (t) => {
    // Sessions count where they are: one more for Bob and Alice each.
    for (let i = 0; i < 2; i += 1) await relay(await session(5 * MB, 2), MB);
    const ranked = await wait('those who work rank before those who only sign', async () => {
      const ranks = [...(await tally()).entries()].sort((a, b) => a[1].rank - b[1].rank);
      const lead = new Set(ranks.slice(0, 3).map(([name]) => name));
      return ['alice', 'bob', 'charlie'].every((name) => lead.has(name)) && ranks;
    }, 3);
    t.diagnostic((ranked ?? [...(await tally()).entries()]).map(([name, { credits: all, units, bytes }]) => `${name} ${all} (${units} units, ${bytes} bytes)`).join(', '));
    const from = await slotNow() + 2;
    await wait('six slots have passed', async () => await slotNow() >= from + 6);
    const records = await node().rpc('workCredits_slots', from, 6);
    const primaries = records.map(({ primary }) => names.get(primary));
    assert.ok(primaries.every((name) => ['alice', 'bob', 'charlie'].includes(name)), `leaders ${primaries}`);
  });

  it('lets go of a lead that is not worked for any more', async (t) => {
    await workers.charlie.kill9();
    const began = await slotNow();
    // Alice and Bob go on, with another deal.
    const path = file('more', 50_000);
    const id = await deal(path, 3);
    await wait('two holders take the file', async () => {
      const { output } = await run('put', '--node', node().ws, '--deal', `${id}`, path);
      return output.includes('1 of 3 holders do not have the file');
    });
    await wait('Charlie is no better than who only signs, Alice and Bob still are', async () => {
      const now = await tally();
      const idle = Math.max(now.get('dave').credits, now.get('eve').credits) + 1;
      return now.get('charlie').credits <= idle && now.get('alice').credits > idle && now.get('bob').credits > idle;
    }, 5);
    const took = await slotNow() - began;
    t.diagnostic(`after ${took} slots, of a window of ${WINDOW}`);
    assert.ok(took <= WINDOW + 8, 'within the window, and the epoch that it ends with');
    const from = await slotNow() + 2;
    await wait('twelve slots have passed', async () => await slotNow() >= from + 12);
    const primaries = (await node().rpc('workCredits_slots', from, 12)).map(({ primary }) => names.get(primary));
    assert.ok(primaries.some((name) => ['dave', 'eve'].includes(name)), `leaders ${primaries}`);
    const led = (name) => primaries.filter((primary) => primary === name).length;
    assert.ok(led('charlie') < Math.min(led('alice'), led('bob')), `leaders ${primaries}`);
  });

  it('is what the blocks show: every record of a slot, and every credit of the window', async (t) => {
    const { timing } = await mark(node());
    const last = await finalised(node());
    // All blocks of the window, and of the slot before it.
    const span = (WINDOW + 1) * timing.ticksPerSlot;
    const chain = await blocks(node(), Math.max(1, last - span), last);
    const at = chain.at(-1).hash;
    let records = 0;
    for (const [slot, list] of wholeSlots(ticks(chain), timing)) {
      // A record is kept for a window.
      const [record] = await node().rpc('workCredits_slots', slot, 1, at);
      if (record) assertRecord(record, list);
      records += record ? 1 : 0;
    }
    assert.ok(records >= WINDOW - 4, `records of ${records} whole slots`);
    const now = epochOf(timing, chain.at(-1).tick);
    const counted = chain.filter(({ tick }) => epochOf(timing, tick) > now - WINDOW / timing.slotsPerEpoch);
    const shown = await workShown(api, counted);
    const told = await (await api.at(at)).call.workTallyApi.tally();
    assert.equal(told.length, FIVE.length);
    told.forEach(({ rank }, i) => assert.equal(rank.toNumber(), i + 1));
    const ofBlocks = told.map(({ entity }) => shown.get(entity.toString()) ?? { units: 0, bytes: 0 })
      .map(({ units, bytes }) => Math.max(units, Math.ceil(bytes / (5 * MB))));
    assert.deepEqual(ofBlocks, [...ofBlocks].sort((a, b) => b - a), 'ranks follow the work that the blocks show');
    for (const { entity, work, credits: all } of told) {
      const mine = shown.get(entity.toString()) ?? { units: 0, bytes: 0 };
      assert.deepEqual({ units: work.units.toNumber(), bytes: work.bytes.toNumber() }, mine, names.get(entity.toString()));
      assert.equal(all.toNumber(), Math.max(mine.units, Math.ceil(mine.bytes / (5 * MB))));
    }
    t.diagnostic(`${records} slots and the work in ${counted.length} blocks agree`);
  });
});
