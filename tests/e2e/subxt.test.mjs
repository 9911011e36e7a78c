// What a Rust client does, with an unmodified subxt: tests/subxt, which scripts/test.sh builds.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { rawSpec } from './lib/network.mjs';
import { Node, ROOT, temporaryFolder } from './lib/node.mjs';

const CLIENT = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'subxt', 'release', 'ergon-subxt-test');
const run = promisify(execFile);

describe('subxt', { timeout: 180_000 }, () => {
  let node;

  before(async () => {
    assert.ok(existsSync(CLIENT), `${CLIENT} is missing; build it with: ./scripts/test.sh --e2e`);
    const folder = temporaryFolder();
    const flags = ['--alice', '--force-authoring'];
    node = await Node.create({ name: 'subxt', chain: await rawSpec('development', folder), folder, flags });
    await node.start();
  });

  after(() => node?.stop());

  it('reads, calls our runtime API and transfers, all by the metadata', async (t) => {
    const { stdout } = await run(CLIENT, [node.ws], { timeout: 120_000 });
    for (const line of stdout.trim().split('\n')) t.diagnostic(line);
    assert.match(stdout, /all done\n$/);
  });

  it('says what it needs if it is called without an address', async () => {
    await assert.rejects(run(CLIENT, []), /give the node's address/);
  });
});
