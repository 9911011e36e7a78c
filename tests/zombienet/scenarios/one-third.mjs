// As many validators are stopped as finality survives, and come back; then one more, and come back.

import { setTimeout as sleep } from 'node:timers/promises';
import { agreeOnFinalised, best, finalised } from '../../e2e/lib/network.mjs';
import { duties, follow, lag, mark } from '../lib/watch.mjs';

const SLOTS = 3;

export default {
  name: 'one-third-down-and-back',
  shows: 'with a third less one down finality goes on; with one more it stops, blocks do not; back, it resumes',
  networks: [[4, 'raw'], [4, 'plain'], [7, 'raw'], [7, 'plain']],
  spoil: { on: [4, 'raw'], by: 'one more is stopped than it believes', fails: 'finality goes on without them' },

  async run({ network, report, spoiled }) {
    const { nodes } = network;
    const tolerated = Math.floor((nodes.length - 1) / 3);
    const { timing } = await mark(network.any);
    const slots = (count) => count * timing.ticksPerSlot * timing.tickMs;

    await stop(network, report, tolerated + (spoiled ? 1 : 0), 'as many as finality survives');
    const from = await finalised(network.any);
    await report.wait('finality goes on without them', async () => await finalised(network.any) >= from + timing.ticksPerSlot,
      { timeoutMs: slots(6) + 20_000, detail: async () => `blocks ${from} to ${await finalised(network.any)}` });
    await back(network, report, timing);

    await stop(network, report, tolerated + 1, 'one more than finality survives');
    // Votes that were under way may still make a block or two final.
    await sleep(slots(1));
    const [stuck, height] = [await finalised(network.any), await best(network.any)];
    await sleep(slots(SLOTS));
    const [final, number] = [await finalised(network.any), await best(network.any)];
    report.check('finality stops', final === stuck, `at block ${final} for ${slots(SLOTS) / 1_000} s`);
    report.check('blocks go on', number - height >= timing.ticksPerSlot / 2, `${number - height} of them`);
    await back(network, report, timing);
  },
};

/** Stops the first of the running ones: among them is the one whom zombienet made the boot node of the others. */
async function stop(network, report, count, why) {
  const some = network.alive.slice(0, count);
  await Promise.all(some.map((node) => node.stop()));
  report.note(`stopped ${some.map(({ name }) => name).join(', ')}: ${why}`);
}

/** Starts those that were stopped: they catch up, make blocks, and everybody's finality is close behind again. */
async function back(network, report, timing) {
  const returned = network.dead;
  const witness = network.any;
  const { number } = await mark(witness);
  const height = await best(witness);
  await network.startDead();
  report.note(`started ${returned.map(({ name }) => name).join(', ')} again`);
  await report.wait('they catch up', async () => {
    const heights = await Promise.all(returned.map(best));
    return heights.every((own) => own >= height);
  }, { timeoutMs: 90_000 });
  await report.wait('finality resumes and is close behind on every node', async () => {
    const finals = await Promise.all(network.nodes.map(finalised));
    const lags = await Promise.all(network.nodes.map(lag));
    return finals.every((final) => final >= height) && Math.max(...lags) <= timing.ticksPerSlot;
  }, { timeoutMs: 90_000, detail: async () => `${Math.max(...await Promise.all(network.nodes.map(lag)))} blocks at most` });
  await report.wait('they make blocks again', async () => {
    const counts = duties((await follow(network, witness, Math.max(number, await best(witness) - 12), await best(witness))));
    return returned.every(({ name }) => counts.get(name)?.owed > counts.get(name)?.missed);
  }, { timeoutMs: 60_000, everyMs: 1_000 });
  await report.checkThat('all agree on what is final', async () => `block ${await agreeOnFinalised(network.nodes)}`);
}
