// Every validator is killed and started again: the same chain goes on, and finality returns.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { agreeOnFinalised, best, finalised } from '../../e2e/lib/network.mjs';
import { lag, mark } from '../lib/watch.mjs';

export default {
  name: 'restart-all',
  shows: 'all are killed and started again: the same chain goes on, finality returns',
  networks: [[1, 'raw'], [4, 'raw'], [4, 'plain'], [7, 'plain']],
  spoil: { on: [4, 'plain'], by: 'the databases are deleted while the nodes are down', fails: 'all nodes kept what was final' },

  async run({ network, report, spoiled }) {
    const { nodes, any } = network;
    await report.wait('more than a slot is final', async () => await finalised(any) > 8);
    const before = await mark(any);
    const final = await finalised(any);
    const [genesis, hash] = [await any.rpc('chain_getBlockHash', 0), await any.rpc('chain_getBlockHash', final)];
    for (const node of nodes) node.signal('SIGKILL');
    await Promise.all(nodes.map((node) => node.ended()));
    report.note(`killed all ${nodes.length} at block ${before.number}, of which ${final} are final`);
    if (spoiled) nodes.forEach(deleteDatabase);

    await network.startDead();
    report.note('started all');
    const hashes = (height) => Promise.all(nodes.map((node) => node.rpc('chain_getBlockHash', height)));
    report.check('all nodes have the same genesis as before', (await hashes(0)).every((one) => one === genesis), genesis);
    report.check('all nodes kept what was final', (await hashes(final)).every((one) => one === hash), `block ${final}`);
    const behind = async () => `${await lag(network.any)} behind`;
    await report.wait('the chain goes on', async () => await best(any) > before.number, { detail: async () => `block ${await best(any)}` });
    await report.wait('finality returns on every node', async () => {
      const heights = await Promise.all(nodes.map(finalised));
      return heights.every((height) => height > before.number);
    }, { timeoutMs: 90_000, detail: behind });
    await report.wait('finality is close behind on every node', async () => {
      const lags = await Promise.all(nodes.map(lag));
      return Math.max(...lags) <= before.timing.ticksPerSlot;
    }, { detail: behind });
    await report.checkThat('all agree on what is final', async () => `block ${await agreeOnFinalised(nodes)}`);
  },
};

function deleteDatabase(node) {
  const chains = join(node.dataFolder, 'chains');
  const [id] = readdirSync(chains);
  rmSync(join(chains, id, 'db'), { recursive: true });
}
