// Nothing is broken: blocks and finality advance on every node, and the validators are those that the spec names.

import { setTimeout as sleep } from 'node:timers/promises';
import { agreeOnFinalised, best, finalised } from '../../e2e/lib/network.mjs';
import { accountOf } from '../lib/spec.mjs';
import { lag, lateAllowed, mark } from '../lib/watch.mjs';

const SLOTS = 4;

export default {
  name: 'finality',
  shows: 'blocks and finality advance on every node, finality close behind',
  networks: [[1, 'raw'], [1, 'plain'], [4, 'raw'], [4, 'plain'], [7, 'raw'], [7, 'plain']],
  spoil: {
    on: [4, 'plain'],
    by: 'more than a third of the validators is killed behind its back',
    fails: 'finality advances on every node',
  },

  async run({ network, report, kind, spoiled }) {
    const { nodes } = network;
    await sameGenesis({ network, report, kind });

    const start = await mark(network.any);
    const { tickMs, ticksPerSlot } = start.timing;
    const from = await Promise.all(nodes.map(async (node) => [await best(node), await finalised(node)]));
    const watched = spoiled ? nodes.slice(Math.floor((nodes.length - 1) / 3) + 1) : nodes;
    if (spoiled) await Promise.all(nodes.filter((node) => !watched.includes(node)).map((node) => node.kill9()));

    const lags = [];
    const end = Date.now() + SLOTS * ticksPerSlot * tickMs;
    while (Date.now() < end) {
      lags.push(Math.max(...await Promise.all(watched.map(lag))));
      await sleep(tickMs);
    }

    const ticks = SLOTS * ticksPerSlot;
    const to = await Promise.all(watched.map(async (node) => [await best(node), await finalised(node)]));
    const offset = nodes.length - watched.length;
    const grown = (which) => Math.min(...to.map((heights, i) => heights[which] - from[i + offset][which]));
    // The first and the last tick are seen in part; the rest is what busy machines are late for.
    const least = ticks - 2 - lateAllowed(ticks);
    report.check('blocks advance on every node', grown(0) >= (spoiled ? 1 : least), `at least ${grown(0)} in ${ticks} ticks`);
    report.check('finality advances on every node', grown(1) >= least, `at least ${grown(1)} blocks in ${ticks} ticks`);
    const sorted = [...lags].sort((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)];
    report.check('finality is close behind', middle <= ticksPerSlot && sorted.at(-1) <= 2 * ticksPerSlot,
      `median ${middle} blocks, ${sorted.at(-1)} at most`);
    await report.checkThat('all agree on what is final', async () => `block ${await agreeOnFinalised(nodes)}`);
  },
};

async function sameGenesis({ network, report, kind }) {
  const { nodes } = network;
  const genesis = new Set(await Promise.all(nodes.map((node) => node.rpc('chain_getBlockHash', 0))));
  report.check('all nodes have one genesis', genesis.size === 1, [...genesis].join(', '));
  const { table } = await network.any.rpc('workCredits_table');
  const inTable = new Map(table.map(({ operator, key }) => [network.nameOf(key), operator]));
  const expected = new Map(await Promise.all(nodes.map(async ({ name }) => [name, await accountOf(kind, name)])));
  const same = inTable.size === expected.size && [...expected].every(([name, account]) => inTable.get(name) === account);
  const accounts = kind === 'plain' ? "zombienet's //Name//stash" : "the spec's //Name";
  report.check(`the schedule's owners are ${accounts}`, same, [...inTable.keys()].join(', '));
}
