// A validator is stopped by force, its chain taken back, and its clock set back: it comes into ticks a second time, on a chain
// that does not know that they were sealed. Its own memory does.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { best } from './lib/network.mjs';
import { Node, output, temporaryFolder } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
/** Blocks to take back: more than ticks pass again, so that the chain itself forbids none of them. */
const REVERTED = 16;
/** Ticks of a second that come again, less the few that starting takes. */
const SET_BACK = 12;

const libfaketime = readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`).find(existsSync);

describe('a validator', { timeout: 3 * MINUTES }, () => {
  let node;

  after(() => node?.stop());

  const tickOf = async (hash) => (await node.rpc('workCredits_table', hash)).tick;
  const hashAt = (height) => node.rpc('chain_getBlockHash', height);

  it('seals no tick twice, though it was killed, its chain taken back and its clock set back', async () => {
    assert.ok(libfaketime, 'libfaketime is missing: ./scripts/setup.sh --tests installs it');
    // Nothing becomes final, or nothing could be taken back.
    node = await Node.create({ name: 'alice', chain: 'dev', folder: temporaryFolder(), flags: ['--alice', '--no-grandpa'] });
    await node.start();
    await until('there is enough to take back', async () => await best(node) > REVERTED + 2, { timeoutMs: MINUTES, detail: () => node.tail() });
    await node.kill9();
    const place = ['--chain', 'dev', '--base-path', node.folder];
    const info = async () => JSON.parse(await output('chain-info', ...place));
    const { best_number: before } = await info();
    await output('revert', `${REVERTED}`, ...place);
    const { best_number: kept } = await info();
    assert.equal(kept, before - REVERTED);

    const log = node.log.length;
    node.env = { LD_PRELOAD: libfaketime, FAKETIME: `-${SET_BACK}s`, DONT_FAKE_MONOTONIC: '1' };
    await node.start();
    await until('it makes blocks again', async () => await best(node) >= kept + 3, { timeoutMs: MINUTES, detail: () => node.tail() });
    const refused = [...node.log.slice(log).matchAll(/tick (\d+) was sealed before with this node's key/g)].map(([, tick]) => Number(tick));
    assert.ok(refused.length > 0, `it came into ticks that it had sealed:\n${node.tail()}`);
    const [base, next] = await Promise.all([kept, kept + 1].map(async (height) => tickOf(await hashAt(height))));
    assert.ok(refused.every((tick) => tick > base && tick < next), `each of ${refused} lies between ${base} and ${next}`);
  });
});
