// The README's first command as its reader uses it: start, look, Ctrl-C, start again. With one validator, for speed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePorts, ROOT, temporaryFolder } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const SCRIPT = join(ROOT, 'scripts', 'run.sh');
const MINUTES = 60_000;

describe('run.sh', { timeout: 4 * MINUTES }, () => {
  let base;
  let offset;
  let options;

  /** Runs the script: {child, text(), ended}. */
  function run(...more) {
    const child = spawn(SCRIPT, [...options, ...more], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { text += data; });
    const ended = new Promise((done) => { child.on('close', (code) => done({ code, text })); });
    return { child, text: () => text, ended };
  }

  /** A process that ended but was not yet collected by its parent still has a folder in /proc, with no command line. */
  const lives = (process) => {
    try {
      return readFileSync(`/proc/${process}/cmdline`).length > 0;
    } catch {
      return false;
    }
  };
  const pid = () => Number(readFileSync(join(base, 'dev/alice/pid'), 'utf8'));
  const blocksShown = (text) => [...text.matchAll(/Alice\s+(?:primary|fallback \d+|standby)\s+#(\d+)/g)].map((match) => Number(match[1]));

  before(async () => {
    base = temporaryFolder();
    // Ports of the script lie at fixed distances; a free RPC port elsewhere makes the others likely free.
    do { offset = (await freePorts(1))[0] - 9_944; } while (offset < 1 || offset > 30_000);
    options = ['--dev', '--no-build', '--base-path', base, '--port-offset', `${offset}`];
  });

  after(async () => { await run('--stop', '--clean').ended; });

  it('shows blocks tick by tick, and leaves nothing behind on Ctrl-C', async () => {
    const { child, text, ended } = run();
    await until('three blocks and the end of a slot are shown', () => blocksShown(text()).length >= 3 && /leader's \d+ credits? · rank 1 of 1/.test(text()),
      { timeoutMs: 2 * MINUTES, detail: text });
    assert.match(text(), new RegExp(`ws://127\\.0\\.0\\.1:${9_944 + offset}`));
    assert.match(text(), /polkadot\.js\.org\/apps\/\?rpc=ws%3A%2F%2F127\.0\.0\.1%3A\d+#\/explorer/);
    assert.ok(!text().includes('\u001b['), 'no colours where nobody sees them');

    const second = await run().ended;
    assert.equal(second.code, 1);
    assert.match(second.text, /already running/);
    assert.match(second.text, /--stop/);

    const node = pid();
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 0, text());
    assert.ok(!lives(node), 'the node is gone');
  });

  it('goes on from its database, detached, and stops when told', async () => {
    const started = await run('--detach').ended;
    assert.equal(started.code, 0, started.text);
    const node = pid();
    assert.ok(lives(node), 'it runs on without the script');
    const status = await run('--status').ended;
    assert.equal(status.code, 0, status.text);
    assert.match(status.text, /Alice .* best #[1-9]\d* /);
    const stopped = await run('--stop').ended;
    assert.equal(stopped.code, 0, stopped.text);
    assert.ok(!lives(node), 'the node is gone');
    assert.match((await run('--status').ended).text, /no such network is running/);
  });

  it('refuses databases of another genesis, and says what to add', async () => {
    const file = join(base, 'dev/spec.json');
    const spec = JSON.parse(readFileSync(file, 'utf8'));
    spec.genesis.raw.top['0xe2'] = '0x01';
    writeFileSync(file, JSON.stringify(spec));
    const refused = await run('--detach').ended;
    assert.equal(refused.code, 1);
    assert.match(refused.text, /another genesis[\s\S]*--clean/);
    const fresh = await run('--detach', '--clean').ended;
    assert.equal(fresh.code, 0, fresh.text);
  });

  it('refuses options it does not know', async () => {
    for (const [args, message] of [[['--nonsense'], /does not know '--nonsense'/], [['--validators', '0'], /from 1 to 20/],
      [['--validators', 'many'], /takes a number/], [['--base-path'], /needs a value/]]) {
      const { code, text } = await run(...args).ended;
      assert.equal(code, 1, text);
      assert.match(text, message);
    }
  });
});
