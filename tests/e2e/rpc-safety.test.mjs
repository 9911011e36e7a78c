// What a stranger can do through the RPC port: every method is judged and called, every limit is tried at its value and one above.
//
// One node on one database, started three ways: for its operator, for the public, and for the public with small limits.

import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { best, finalised, rawSpec } from './lib/network.mjs';
import { Node, temporaryFolder } from './lib/node.mjs';
import { NONSENSE, safe, subscriptions, unsafe } from './lib/rpc-methods.mjs';
import { until } from './lib/until.mjs';
import { Socket } from './lib/ws.mjs';

const MINUTES = 60_000;
const MEGABYTE = 1024 * 1024;
const NOWHERE = `0x${'22'.repeat(32)}`;
// What the node says of a method, or of a use of one, that is not for strangers.
const DENIED = /unsafe/i;

let node;

/** Starts the node with `flags`. Alone in the development chain, it makes blocks if it is Alice. */
async function start(...flags) {
  node.flags = flags;
  await node.start();
}

before(async () => {
  await cryptoWaitReady();
  const folder = temporaryFolder();
  node = await Node.create({ name: 'served', chain: await rawSpec('development', folder), folder });
});

/** {status, text} of an HTTP request on a connection of its own. */
function post(body, headers = {}) {
  return new Promise((done, failed) => {
    const options = { method: 'POST', agent: false, headers: { 'content-type': 'application/json', ...headers } };
    const asked = httpRequest(node.http, options, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      done({ status: response.statusCode, text, headers: response.headers });
    });
    asked.once('error', failed);
    asked.end(body);
  });
}

/** Calls `method` and returns the error's message, or undefined if there is an answer. */
async function problem(call, method, params) {
  try {
    await call(method, ...params);
    return undefined;
  } catch (error) {
    assert.equal(typeof error.code, 'number', `${method} is answered: ${error.message}`);
    return error.message;
  }
}

/** Fails if anything in the node broke, whatever it still answers. */
function unhurt() {
  assert.ok(node.alive, node.tail());
  // The runtime panics, inside its sandbox, on bytes that are no transaction. The log says so and goes on.
  const log = node.log.replaceAll(/panicked at [^\n]*\n[^\n]*Nothing bad happened[^\n]*/g, '');
  assert.doesNotMatch(log, /panicked at|Thread '.*' panicked/);
}

describe('for its operator', { timeout: 2 * MINUTES }, () => {
  before(() => start('--alice', '--rpc-methods=unsafe'));
  after(() => node.stop());

  it('serves every method, so that a denial elsewhere means something', async () => {
    await until('three final blocks', async () => await finalised(node) >= 3);
    const context = { finalised: await node.rpc('chain_getFinalizedHead') };
    for (const [method, params] of Object.entries(unsafe(context))) {
      const message = await problem((...call) => node.rpc(...call), method, params);
      // Whatever else is wrong with the question, it is not who asked.
      assert.doesNotMatch(message ?? '', DENIED, method);
      assert.doesNotMatch(message ?? '', /Invalid params|Method not found/, method);
    }
  });
});

describe('for the public', { timeout: 4 * MINUTES }, () => {
  let api;
  let socket;
  let context;

  before(async () => {
    await start('--rpc-external');
    api = await ApiPromise.create({ provider: new WsProvider(node.ws), noInitWarn: true });
    socket = await Socket.open(node.ws);
    const alice = pair('alice');
    const nonce = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const signed = await Promise.all([0, 1, 2, 3].map((i) =>
      api.tx.balances.transferKeepAlive(pair('bob').address, 10n ** 12n + BigInt(i)).signAsync(alice, { nonce: nonce + i })));
    const head = await socket.call('chain_getFinalizedHead');
    const follow = [await socket.call('chainHead_v1_follow', true), head];
    const transaction = (i) => signed[i].toHex();
    context = { account: alice.address, finalised: head, follow, transaction };
  });

  after(async () => {
    await api?.disconnect();
    await socket?.close();
    await node.stop();
  });

  it('offers no method that nobody has judged', async () => {
    const { methods } = await node.rpc('rpc_methods');
    const judged = [unsafe(context), safe(context)].flatMap(Object.keys);
    judged.push(...subscriptions(context).flatMap(([subscribe, unsubscribe]) => [subscribe, unsubscribe]));
    assert.deepEqual([...methods].sort(), judged.sort());
  });

  it('denies every unsafe method, over HTTP, over WebSocket and in a batch', async () => {
    const table = Object.entries(unsafe(context));
    for (const [method, params] of table) {
      await assert.rejects(node.rpc(method, ...params), DENIED, method);
      await assert.rejects(socket.call(method, ...params), DENIED, method);
    }
    const batch = table.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
    const answers = JSON.parse((await post(JSON.stringify(batch))).text);
    assert.equal(answers.length, table.length);
    for (const { id, error } of answers) assert.match(error?.message ?? 'answered', DENIED, table[id][0]);
    // Without keys it would report every change of the state.
    await assert.rejects(socket.call('state_subscribeStorage', null), DENIED);
  });

  it('answers every other method', async () => {
    for (const [method, { params, refuses }] of Object.entries(safe(context))) {
      const message = await problem((...call) => socket.call(...call), method, params);
      if (refuses) assert.match(message ?? 'answered', refuses, method);
      else assert.equal(message, undefined, method);
    }
    unhurt();
  });

  it('begins and ends every subscription', async () => {
    for (const [subscribe, unsubscribe, params] of subscriptions(context)) {
      const id = await socket.call(subscribe, ...params);
      assert.ok(['string', 'number'].includes(typeof id), `${subscribe}: ${id}`);
      // The answer leaves the node a moment before the subscription can be found.
      await until(`${unsubscribe} finds it`, async () => await socket.call(unsubscribe, id) !== false, { timeoutMs: 5_000, everyMs: 20 });
    }
    unhurt();
  });

  it('answers nonsense with an error or an answer, whatever the method', async () => {
    const { methods } = await node.rpc('rpc_methods');
    for (const params of NONSENSE) {
      // What follows from a subscription that takes anything ends with its connection.
      const other = await Socket.open(node.ws);
      await Promise.all(methods.map((method) => problem((...call) => other.call(...call), method, params)));
      await other.close();
    }
    for (const text of ['', '{', '[]', '[1]', 'null', '"x"', '{"jsonrpc":"2.0"}', '[[[[', '\0', `${'['.repeat(50_000)}`]) {
      const { status, text: answer } = await post(text);
      assert.ok(status >= 400 || /error/.test(answer), `${JSON.stringify(text.slice(0, 20))}: ${status} ${answer}`);
    }
    unhurt();
  });

  it('answers wrong questions with the limit or the reason', async () => {
    await assert.rejects(node.rpc('workCredits_table', NOWHERE), /could not answer/, 'a block that does not exist');
    await assert.rejects(node.rpc('workCredits_leader', 'now'), /invalid/i);
    assert.equal(await node.rpc('workCredits_leader', 1), null, 'a slot before the chain');
  });

  it('limits what one call returns, at the limit and one above', async () => {
    assert.deepEqual(await node.rpc('workCredits_slots', 0, 256), []);
    await assert.rejects(node.rpc('workCredits_slots', 0, 257), /257 slots asked for, but one call returns at most 256/);
    assert.ok((await node.rpc('state_getKeysPaged', '0x', 1_000)).length > 10);
    await assert.rejects(node.rpc('state_getKeysPaged', '0x', 1_001), /count exceeds maximum value/);
    const other = await Socket.open(node.ws);
    for (let i = 0; i < 4; i += 1) await other.call('chainHead_v1_follow', false);
    await assert.rejects(other.call('chainHead_v1_follow', false), /Maximum number of chainHead_follow/);
    await other.close();
  });

  it('answers only to its own name, so that no page can be led here by its own', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_chain', params: [] });
    const local = `127.0.0.1:${node.rpcPort}`;
    for (const [host, status] of [[local, 200], [`localhost:${node.rpcPort}`, 200], ['rpc.example.org', 403]]) {
      assert.equal((await post(body, { host })).status, status, host);
    }
    await assert.rejects(Socket.open(node.ws, { headers: { host: 'rpc.example.org' } }), /403/);
    for (const [origin, allowed] of [['https://polkadot.js.org', 'https://polkadot.js.org'], ['https://example.org', undefined]]) {
      assert.equal((await post(body, { origin })).headers['access-control-allow-origin'], allowed, origin);
    }
  });
});

describe('with small limits', { timeout: 4 * MINUTES }, () => {
  const limits = { batch: 3, connections: 6, subscriptions: 2, callsPerMinute: 600 };

  const call = (method, params = [], id = 1) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
  // Spaces after a message are no part of it, but are read.
  const padded = (text, length) => text + ' '.repeat(length - text.length);

  // A validator that serves the public is nothing to copy; here its blocks show that none of this disturbs it.
  before(() => start('--alice', '--unsafe-rpc-external', '--rpc-max-request-size=1', '--rpc-max-response-size=1',
    `--rpc-max-batch-request-len=${limits.batch}`, `--rpc-max-connections=${limits.connections}`,
    `--rpc-max-subscriptions-per-connection=${limits.subscriptions}`, `--rpc-rate-limit=${limits.callsPerMinute}`));

  after(() => node.stop());

  it('reads a request of the limit, and none of one byte more', async () => {
    const fits = await post(padded(call('system_chain'), MEGABYTE));
    assert.equal(JSON.parse(fits.text).result, 'Ergon Development');
    assert.equal((await post(padded(call('system_chain'), MEGABYTE + 1))).status, 413);
    const socket = await Socket.open(node.ws);
    assert.equal((await socket.raw(padded(call('system_chain'), MEGABYTE), 1)).result, 'Ergon Development');
    const { error } = await socket.raw(padded(call('system_chain', [], 2), MEGABYTE + 1), null);
    assert.match(error.message, /too big/i);
    await socket.close();
  });

  it('sends an answer of the limit, and none of one byte more', async () => {
    // The answer repeats the key, and the id by which its length is set.
    const ask = (key, id) => post(call('state_queryStorageAt', [[`0x${'00'.repeat(key)}`]], id));
    const overhead = (await ask(0, '')).text.length;
    const key = Math.floor((MEGABYTE - overhead) / 2) - 1;
    const rest = MEGABYTE - overhead - 2 * key;
    const fits = await ask(key, 'i'.repeat(rest));
    assert.equal(fits.text.length, MEGABYTE);
    assert.ok(JSON.parse(fits.text).result, 'it is the answer');
    const { error } = JSON.parse((await ask(key, 'i'.repeat(rest + 1))).text);
    assert.match(error?.message ?? 'answered', /too big/i);
  });

  it('reads a batch of the limit, and none of one call more', async () => {
    const batch = (length) => `[${Array.from({ length }, (_, i) => call('system_chain', [], i + 1)).join()}]`;
    const socket = await Socket.open(node.ws);
    for (const send of [async (text) => JSON.parse((await post(text)).text), (text, id) => socket.raw(text, id)]) {
      assert.equal((await send(batch(limits.batch), 1)).length, limits.batch);
      assert.match((await send(batch(limits.batch + 1), null)).error?.message ?? 'answered', /batch.*too large|limit/i);
    }
    await socket.close();
  });

  it('holds as many subscriptions of a connection as the limit', async () => {
    const socket = await Socket.open(node.ws);
    const ids = [];
    for (let i = 0; i < limits.subscriptions; i += 1) ids.push(await socket.call('chain_subscribeNewHeads'));
    await assert.rejects(socket.call('chain_subscribeNewHeads'), /Too many subscriptions/);
    const other = await Socket.open(node.ws);
    assert.ok(await other.call('chain_subscribeNewHeads'), 'of each connection, not of all');
    await other.close();
    await until('one is ended', () => socket.call('chain_unsubscribeNewHeads', ids[0]));
    assert.ok(await socket.call('chain_subscribeNewHeads'), 'one that ended leaves its place');
    await socket.close();
  });

  it('holds as many connections as the limit', async () => {
    const open = [];
    try {
      // Those of the tests before end when the node notices.
      await until('all places are free', async () => {
        for (const socket of open.splice(0)) await socket.close();
        while (open.length < limits.connections) open.push(await Socket.open(node.ws));
        return true;
      });
      await assert.rejects(Socket.open(node.ws), /429/);
      assert.equal((await post(call('system_chain'))).status, 429, 'over HTTP too');
      assert.equal(await open[0].call('system_chain'), 'Ergon Development', 'those it holds are served');
      await open.pop().close();
      open.push(await until('the place is free again', () => Socket.open(node.ws)));
    } finally {
      for (const socket of open) await socket.close();
    }
  });

  it('slows a WebSocket down above the rate, then refuses', async () => {
    // Those of the test before end when the node notices.
    const socket = await until('a place is free', () => Socket.open(node.ws));
    const calls = (count) => Promise.all(Array.from({ length: count }, () => problem((...ask) => socket.call(...ask), 'system_chain', [])));
    assert.deepEqual(new Set(await calls(limits.callsPerMinute)), new Set([undefined]));
    // A tenth of a second earns one call. Who found none ten times is refused.
    const refused = (await calls(100)).filter((message) => message !== undefined);
    assert.ok(refused.length > 50 && refused.length < 100, `${refused.length} refused`);
    for (const message of refused) assert.match(message, /RPC rate limit exceeded/);
    // Each request over HTTP is counted by itself.
    assert.equal((await post(call('system_chain'))).status, 200);
    await socket.close();
  });

  it('is none the worse for it', async () => {
    unhurt();
    const [height, final] = await until('a place is free', async () => [await best(node), await finalised(node)]);
    await until('it goes on making final blocks', async () => await best(node) > height + 2 && await finalised(node) > final + 2);
    await assert.rejects(node.rpc('author_rotateKeys'), DENIED);
  });
});

describe('a validator', { timeout: 2 * MINUTES }, () => {
  it('does not serve the public by the ordinary option', async () => {
    node.flags = ['--validator', '--rpc-external'];
    const { code, output } = await node.refusal();
    assert.ok(typeof code === 'number' && code !== 0, `ended with code ${code}`);
    assert.match(output, /--rpc-external option shouldn't be used if the node is running as a validator/);
  });
});
