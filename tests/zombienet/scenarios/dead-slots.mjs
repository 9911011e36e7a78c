// Every owner of the slot that runs and of the next is killed at one moment. Both slots end without them, and those who are left
// open the slot after: nobody was elected for it, so everybody has turns there.
//
// Where everybody owns ticks of every slot this would be everybody. So: seven validators and slots of four ticks, which have
// three owners each. Two slots then have four to six, and the moment is chosen so that two are left at least: a single one has
// no peer, and a validator without peers waits.

import { agreeOnFinalised, best, finalised } from '../../e2e/lib/network.mjs';
import { until } from '../../e2e/lib/until.mjs';
import { ownerOf } from '../../../scripts/live/chain.mjs';
import { follow, lag, mark } from '../lib/watch.mjs';

export default {
  name: 'dead-slots',
  shows: 'every owner of two slots is killed: the chain resumes within two slots by itself',
  networks: [[7, 'raw'], [7, 'plain']],
  timing: { ticksPerSlot: 4 },
  spoil: { on: [7, 'raw'], by: 'all but one are killed', fails: 'the chain resumes within two slots' },

  async run({ network, report, spoiled }) {
    const { victims, start } = await until('two slots that leave two validators', () => ownersOfTwoSlots(network),
      { timeoutMs: 120_000, everyMs: 50 });
    if (spoiled) victims.push(...network.nodes.filter((node) => !victims.includes(node)).slice(1));
    for (const victim of victims) victim.signal('SIGKILL');
    const { tickMs, ticksPerSlot } = start.timing;
    const killed = Math.floor(Date.now() / tickMs);
    await Promise.all(victims.map((victim) => victim.ended()));
    const names = (nodes) => nodes.map(({ name }) => name).join(', ');
    report.note(`killed ${names(victims)} after block ${start.number}: they own slots ${start.slot} and ${start.slot + 1}`);
    report.note(`left: ${names(network.alive)}`);

    const node = network.any;
    const dead = start.slot + 1;
    // The two slots after the dead ones, and a tick for the last block to arrive.
    const deadline = (dead + 3) * ticksPerSlot * tickMs + tickMs;
    const first = await report.wait('the chain resumes within two slots', async () => {
      const now = await mark(node);
      return now.tick > killed && now;
    }, { timeoutMs: deadline - Date.now(), everyMs: 100, detail: () => inWords(node, start) });

    const ticks = (await follow(network, node, start.number, first.number)).filter(({ tick }) => tick > killed);
    const opened = ticks.find(({ block }) => block);
    const empty = ticks.filter(({ slot }) => slot <= dead);
    report.check('both slots have no block after the kill', empty.length >= ticksPerSlot && empty.every(({ block }) => !block),
      `${empty.length} empty ticks, all owned by the dead: ${[...new Set(empty.map(({ owner }) => owner))].join(', ')}`);
    report.check('it resumes in one of the two slots after', opened.slot === dead + 1 || opened.slot === dead + 2,
      `at place ${opened.place} of slot ${opened.slot}, ${opened.slot - dead} after the dead ones, by ${opened.owner}`);

    const record = (slot) => node.rpc('workCredits_leader', slot);
    const [missed, standby] = [await record(dead), await record(opened.slot)];
    report.check('the second slot is recorded as elected and missed',
      missed.outcome === 'missed' && missed.winner === null && missed.primary !== null, `slot ${dead}`);
    report.check('standby opened the other', standby.election === null && standby.winner !== null, `slot ${opened.slot}, not elected`);
    const after = await report.wait('a slot is elected again', () => record(opened.slot + 1));
    report.check('it has a primary', after.primary !== null, `slot ${after.slot}, ${after.election}`);
    await report.wait('blocks go on', async () => await best(node) >= first.number + 4);

    const height = await best(node);
    await network.startDead();
    report.note(`started ${names(victims)} again`);
    await report.wait('finality returns on every node', async () => {
      const heights = await Promise.all(network.nodes.map(finalised));
      return heights.every((final) => final >= height);
    }, { timeoutMs: 90_000, detail: async () => `${await lag(node)} behind` });
    await report.checkThat('all agree on what is final', async () => `block ${await agreeOnFinalised(network.nodes)}`);
  },
};

/** Where the chain stands, seen from the slot of the kill. */
async function inWords(node, start) {
  const now = await mark(node);
  return `block ${now.number} in slot ${now.slot}, killed in slot ${start.slot}`;
}

/** The owners of the running slot and the next, if the slot has just begun and they leave two others. */
async function ownersOfTwoSlots(network) {
  const start = await mark(network.any);
  const { tickMs, ticksPerSlot } = start.timing;
  if (start.place > 1 || Math.floor(Date.now() / tickMs) !== start.tick) return null;
  const schedule = await network.any.rpc('workCredits_table', start.hash);
  const begin = start.slot * ticksPerSlot;
  const keys = Array.from({ length: 2 * ticksPerSlot }, (_, i) => ownerOf(schedule, begin + i).key);
  const victims = [...new Set(keys.map((key) => network.nameOf(key)))].map((name) => network.named(name));
  return victims.length <= network.nodes.length - 2 && { victims, start };
}
