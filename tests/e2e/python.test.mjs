// What a Python user does, with an unmodified py-substrate-interface: transfers, and a look at everything that is stored.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { rawSpec } from './lib/network.mjs';
import { Node, ROOT, temporaryFolder } from './lib/node.mjs';

const ERGN = 1_000_000_000_000n;
const MINUTES = 60_000;
const FOLDER = join(ROOT, 'tests/e2e/python');

/** Runs client.py to its end: what it saw. */
async function seenFromPython(node) {
  const options = { timeout: MINUTES, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(join(FOLDER, '.venv/bin/python3'), [join(FOLDER, 'client.py'), node.ws], options)
    .catch((error) => { throw new Error(`client.py failed (setup.sh --tests installs what it needs): ${error.message}`); });
  return JSON.parse(stdout);
}

describe('py-substrate-interface', { timeout: 3 * MINUTES }, () => {
  let node;
  let api;
  let seen;

  before(async () => {
    await cryptoWaitReady();
    const folder = temporaryFolder();
    const chain = await rawSpec('development', folder);
    node = await Node.create({ name: 'alice', chain, folder, flags: ['--alice', '--force-authoring'] });
    await node.start();
    seen = await seenFromPython(node);
    api = await ApiPromise.create({ provider: new WsProvider(node.ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  it('connects without custom types and knows the token', async () => {
    assert.equal(seen.chain, await node.rpc('system_chain'));
    assert.deepEqual(seen.token, { symbol: 'ERGN', decimals: 12, ss58: 42 });
    assert.deepEqual(seen.timing, await node.rpc('workCredits_timing'));
  });

  it('transfers, to the last unit', async () => {
    const { gift, back, address } = seen.transfers;
    assert.equal(address, pair('E2e-python').address);
    for (const sent of [gift, back]) {
      assert.deepEqual([sent.success, sent.error], [true, null]);
      assert.ok(sent.events.includes('Balances.Transfer'), `${sent.events}`);
      assert.ok(sent.fee > 0 && sent.fee < ERGN, `fee ${sent.fee}`);
      // The price of weight may move by a few blocks' worth between the estimate and the block.
      assert.ok(Math.abs(sent.estimate - sent.fee) <= sent.fee / 100, `fee ${sent.fee}, estimated ${sent.estimate}`);
    }
    assert.equal(BigInt(gift.stranger), 50n * ERGN);
    assert.equal(BigInt(back.stranger), 49n * ERGN - BigInt(back.fee));
    assert.equal((await api.query.system.account(address)).data.free.toBigInt(), BigInt(back.stranger), 'Polkadot-JS says the same');
  });

  it('encodes calls within calls', () => {
    const { success, error, events } = seen.fill;
    assert.deepEqual([success, error], [true, null]);
    for (const event of ['Proxy.ProxyAdded', 'Preimage.Noted', 'Multisig.NewMultisig', 'Scheduler.Scheduled', 'Utility.BatchCompleted']) {
      assert.ok(events.includes(event), `${event} is among ${events}`);
    }
  });

  it('reads every value and map in the metadata', () => {
    assert.deepEqual(seen.failed, {});
    const listed = api.runtimeMetadata.asLatest.pallets.flatMap(({ name, storage }) =>
      (storage.isSome ? storage.unwrap().items.map((item) => `${name}.${item.name}`) : []));
    assert.ok(listed.length >= 70, `${listed.length} items`);
    assert.deepEqual(Object.keys(seen.entries).sort(), listed.sort());
    const filled = ['System.Account', 'System.Events', 'Session.NextKeys', 'WorkCredits.Records', 'WorkCredits.DutiesOf', 'Balances.Holds',
      'Multisig.Multisigs', 'Proxy.Proxies', 'Scheduler.Agenda', 'Preimage.RequestStatusFor', 'Preimage.PreimageFor'];
    assert.deepEqual(filled.filter((name) => !seen.entries[name]), [], 'all of these hold something');
  });
});
