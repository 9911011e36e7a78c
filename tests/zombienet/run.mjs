// One scenario on one network, from spawning it to its end; or the list of what there is.
//
//   node run.mjs --list                              a line per run: SCENARIO VALIDATORS SPEC, a tab, what it shows
//   node run.mjs SCENARIO VALIDATORS SPEC FOLDER     the run; everything is written below the folder, which must exist
//     --spoil   with a fault of which the scenario does not know; succeeds if the scenario fails as it should. With --list: which
//
// scripts/zombienet.sh calls it and cleans up after it.

import { realpathSync } from 'node:fs';
import { finalised } from '../e2e/lib/network.mjs';
import { Report, Failure } from './lib/report.mjs';
import { namesOf, writeSpec } from './lib/spec.mjs';
import { Network } from './lib/zombienet.mjs';
import { deadLeader, deadLeaderFull } from './scenarios/dead-leader.mjs';
import deadSlots from './scenarios/dead-slots.mjs';
import finality from './scenarios/finality.mjs';
import oneThird from './scenarios/one-third.mjs';
import restartAll from './scenarios/restart-all.mjs';

const SCENARIOS = [finality, deadLeader, deadLeaderFull, deadSlots, restartAll, oneThird];

function list(spoiled) {
  for (const { name, networks, shows, spoil } of SCENARIOS) {
    for (const [count, kind] of spoiled ? [spoil.on] : networks) {
      process.stdout.write(`${name} ${count} ${kind}\t${spoiled ? `${spoil.by}: must fail at "${spoil.fails}"` : shows}\n`);
    }
  }
}

/** Spawns the network and waits until its validators know each other and make blocks. */
async function spawn(report, { scenario, count, kind, folder }) {
  const names = namesOf(count);
  const spec = await writeSpec({ kind, names, timing: scenario.timing, folder });
  const early = () => report.fail('zombienet spawned no network; the end of zombienet.log says why');
  process.on('exit', early);
  for (const signal of ['SIGINT', 'SIGTERM']) process.prependListener(signal, () => process.off('exit', early));
  const network = await Network.spawn({ names, spec, folder });
  process.off('exit', early);
  report.ok(`zombienet spawned ${count} validator${count > 1 ? 's' : ''} from a ${kind} spec`);
  await report.wait('each knows every other', async () => {
    const health = await Promise.all(network.nodes.map((node) => node.rpc('system_health')));
    return health.every(({ peers }) => peers === count - 1);
  }, { detail: () => `${count - 1} peers` });
  await report.wait('each has finalised a block', async () => {
    const heights = await Promise.all(network.nodes.map(finalised));
    return heights.every((height) => height > 0);
  }, { timeoutMs: 120_000 });
  return network;
}

async function run([name, count, kind, folder], spoiled) {
  const scenario = SCENARIOS.find((one) => one.name === name);
  const report = new Report();
  const network = await spawn(report, { scenario, count: Number(count), kind, folder: realpathSync(folder) });
  try {
    if (spoiled) report.note(`spoilt: ${scenario.spoil.by}`);
    await scenario.run({ network, report, kind, spoiled });
  } catch (error) {
    const expected = spoiled && error instanceof Failure && error.claim === scenario.spoil.fails;
    report.fail(error instanceof Failure ? error.message : error.stack);
    if (expected) report.ok('the scenario noticed it');
    return expected ? 0 : 1;
  }
  if (spoiled) report.fail(`the scenario did not notice it; it should have failed at: ${scenario.spoil.fails}`);
  return spoiled ? 1 : 0;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const spoiled = process.argv.includes('--spoil');
if (process.argv.includes('--list')) list(spoiled);
else process.exit(await run(words, spoiled));
