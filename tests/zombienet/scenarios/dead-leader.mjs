// The primary of the slot that runs is killed: its ticks stay empty, everybody else's get blocks, finality goes on.
//
// Twice: on an idle chain and while blocks are as long as they may be.

import { agreeOnFinalised, finalised } from '../../e2e/lib/network.mjs';
import { until } from '../../e2e/lib/until.mjs';
import { Filling } from '../lib/filling.mjs';
import { duties, finalBeyond, follow, lag, lateAllowed, mark, sameDuties } from '../lib/watch.mjs';

const SLOTS = 3;
// The first block of a session has no room for transactions; beside those, busy machines may be late with a few.
const FULL_SHARE = 0.7;

export const deadLeader = {
  name: 'dead-leader',
  shows: 'the primary is killed: only its ticks are missed, finality goes on',
  networks: [[4, 'raw'], [4, 'plain'], [7, 'plain']],
  spoil: { on: [7, 'plain'], by: 'another validator is killed behind its back', fails: 'every missed tick belongs to the dead leader' },
  run: (context) => killLeader(context),
};

export const deadLeaderFull = {
  name: 'dead-leader-full',
  shows: 'the same while every block is full',
  networks: [[4, 'raw'], [4, 'plain']],
  // A full block is 3.75 MiB: building it, sending it and checking it on every node takes its time on two cores.
  timing: { tickMs: 2_000 },
  spoil: { on: [4, 'raw'], by: 'the filling ends before the kill', fails: 'blocks stayed full' },
  async run(context) {
    const { network, report, spoiled } = context;
    const filling = await Filling.start(network);
    try {
      const full = async () => (await filling.fullness((await mark(network.any)).hash)).full;
      await report.wait('blocks are full before the kill', full);
      if (spoiled) filling.stop();
      await killLeader({ ...context, spoiled: false, filling });
    } finally {
      filling.stop();
    }
  },
};

async function killLeader({ network, report, spoiled, filling }) {
  const { victim, start } = await until('a primary with ticks to come', () => primaryWithTicksToCome(network), { everyMs: 50 });
  const finalBefore = await finalised(network.nodes.find((node) => node !== victim));
  await victim.kill9();
  const killed = Math.floor(Date.now() / start.timing.tickMs);
  report.note(`killed ${victim.name}, primary of slot ${start.slot}, after block ${start.number}`);
  if (spoiled) await network.any.kill9();

  const node = network.any;
  const height = await finalBeyond(node, start.slot + SLOTS, start.timing);
  report.check('finality goes on', height > finalBefore, `from block ${finalBefore} to ${height}`);

  // A block of the tick in which it died may have been under way.
  const all = await follow(network, node, start.number, height);
  const ticks = all.filter(({ tick }) => tick > killed);
  const own = ticks.filter(({ owner }) => owner === victim.name);
  const rest = own.filter(({ slot }) => slot === start.slot);
  report.check('its remaining ticks of the slot are empty', rest.length > 0 && rest.every(({ block }) => !block), `${rest.length} of them`);
  report.check('it makes no block any more', own.every(({ block }) => !block), `${own.length} ticks in ${SLOTS + 1} slots`);

  const counts = duties(ticks);
  counts.delete(victim.name);
  const sum = (what) => [...counts.values()].reduce((total, count) => total + count[what], 0);
  const allowed = lateAllowed(sum('owed'));
  const late = [...counts].filter(([, { missed }]) => missed > 0).map(([name, { missed }]) => ` (${name} ${missed})`).join('');
  // Whoever made none of its ticks was not late.
  const silent = [...counts.values()].some(({ owed, missed }) => owed > 1 && missed === owed);
  report.check('every missed tick belongs to the dead leader', sum('missed') <= allowed && !silent,
    `${own.length} of its ${own.length}, ${sum('missed')} of the others' ${sum('owed')}${late}; a busy machine may cost ${allowed}`);
  const [first, last] = await Promise.all([start.number, height].map((number) => node.rpc('chain_getBlockHash', number)));
  await report.checkThat('the chain counts the same duties', () => sameDuties(network, node, all, first, last));
  if (filling) await stayedFull(report, filling, ticks);
  report.check('finality stays close behind', await lag(node) <= 2 * start.timing.ticksPerSlot, `${await lag(node)} blocks`);
  await report.checkThat('those alive agree on what is final', async () => `block ${await agreeOnFinalised(network.alive)}`);
}

async function stayedFull(report, filling, ticks) {
  const blocks = ticks.filter(({ block }) => block).map(({ block }) => block);
  const seen = [];
  // One at a time: in JSON a full block is 8 MB.
  for (const { hash } of blocks) seen.push(await filling.fullness(hash));
  const count = seen.filter(({ full }) => full).length;
  const middle = seen.map(({ share }) => share).sort((a, b) => a - b)[Math.floor(seen.length / 2)];
  report.check('blocks stayed full', count >= FULL_SHARE * blocks.length,
    `${count} of ${blocks.length} have no room for one more transaction; the median is filled to ${(100 * middle).toFixed(1)} %`);
}

/** The primary of the running slot, if it still owns a tick there that has not begun. */
async function primaryWithTicksToCome(network) {
  const start = await mark(network.any);
  const [record] = await network.any.rpc('workCredits_nextSlots', start.hash);
  const { table } = await network.any.rpc('workCredits_table', start.hash);
  // Not a block of yesterday's slot, and with two of the primary's ticks ahead.
  const fresh = Math.floor(Date.now() / start.timing.tickMs) - start.tick <= 1;
  if (!fresh || !record?.primary || start.place > start.timing.ticksPerSlot - 5) return null;
  const { key } = table.find(({ operator }) => operator === record.primary);
  return { victim: network.named(network.nameOf(key)), start };
}
