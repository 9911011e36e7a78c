// Turns what the follower tells into lines of at most 96 columns. Pure: text in colours or without, no output.

import { outcomeText, positionOf, startOf } from './chain.mjs';

const WIDTH = 96;
const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Paints text, or leaves it plain. */
export function painter(colours) {
  return (colour, text) => (colours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

/** Names of accounts: those given, and the ends of the address for everybody else. */
export function namer(names) {
  return (account) => (account ? names[account] ?? `${account.slice(0, 5)}…${account.slice(-4)}` : 'nobody');
}

const clock = (ms) => new Date(ms).toTimeString().slice(0, 8);
const shortHash = (hash) => `${hash.slice(0, 8)}…${hash.slice(-4)}`;
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

export class Renderer {
  constructor({ timing, names, colours }) {
    this.timing = timing;
    this.name = namer(names);
    this.paint = painter(colours);
  }

  block(event) {
    const content = [`${event.transactions} tx`, ...(event.proofs ? [plural(event.proofs, 'proof')] : [])].join(', ');
    return `${this.start(event)}  #${String(event.number).padEnd(7)} ${this.paint('dim', shortHash(event.hash))}  ${content}`;
  }

  missed(event) {
    return `${this.start(event)}  ${this.paint('red', 'missed')}`;
  }

  /** Time, tick, place in the slot, owner, role. */
  start({ tick, owner, role }) {
    const position = `${positionOf(this.timing, tick) + 1}/${this.timing.ticksPerSlot}`.padStart(5);
    const roleText = (role.kind === 'fallback' ? `fallback ${role.rank}` : role.kind).padEnd(11);
    const colour = role.kind === 'primary' ? 'green' : 'yellow';
    const name = this.name(owner?.operator).padEnd(12);
    return `${clock(startOf(this.timing, tick))}  ${tick}  ${position}  ${name} ${this.paint(colour, roleText)}`;
  }

  /** Line of column titles. */
  head() {
    const width = String(Math.floor(Date.now() / this.timing.tickMs)).length;
    return this.paint('dim', `time      ${'tick'.padEnd(width)}  place  owner        role         block    hash           content`);
  }

  slot({ slot, record, partial, standing, entities, blocks, fallbackBlocks, missed, finalityLag }) {
    const { ticksPerSlot } = this.timing;
    const title = ` slot ${slot}: leader ${record?.primary ? this.name(record.primary) : 'none elected'} `;
    const rule = (text) => this.paint('cyan', `──${text}${'─'.repeat(Math.max(WIDTH - 2 - text.length, 2))}`);
    const election = `election ${record?.election ?? 'none'}`;
    const outcome = record ? `outcome ${outcomeText(record)}${record.winner ? ` (${this.name(record.winner)})` : ''}` : 'no record';
    const used = `fallbacks used for ${plural(fallbackBlocks, 'block')}`;
    const first = ['   ' + election, outcome, used].join(' · ');
    const made = `blocks ${blocks}/${ticksPerSlot}${partial ? ' (joined within the slot)' : ''}`;
    const lag = `finality ${plural(finalityLag, 'block')} behind`;
    const second = ['   ' + made, lag, ...(missed.length ? [] : ['no tick missed'])].join(' · ');
    const third = missed.length ? [`   ${this.missedText(missed)}`] : [];
    return [rule(title), first, ...this.whyText(standing, entities), second, ...third, rule('')].join('\n');
  }

  /** Why the leader leads: what it worked and whether it was there. */
  whyText(standing, entities) {
    if (!standing) return [];
    const { credits, rank, liveScore, grace } = standing;
    const live = `live in ${(liveScore / 1e7).toFixed(0)} % of slots${grace ? ' (young: not counted)' : ''}`;
    return [`   leader's ${plural(credits, 'credit')} · rank ${rank} of ${entities} · ${live}`];
  }

  missedText(missed) {
    const counts = new Map();
    for (const operator of missed) counts.set(this.name(operator), (counts.get(this.name(operator)) ?? 0) + 1);
    const who = [...counts].slice(0, 4).map(([name, count]) => `${name} ${count}`).join(', ');
    const text = `${plural(missed.length, 'tick')} missed: ${who}${counts.size > 4 ? ', …' : ''}`;
    return this.paint('red', text);
  }

  gap({ ticks, from, blocksSkipped }) {
    if (blocksSkipped) return this.paint('yellow', `… ${plural(blocksSkipped, 'block')} not shown: the view was away`);
    return this.paint('red', `no block for ${plural(ticks, 'tick')} from ${clock(startOf(this.timing, from))} on: the network was down`);
  }

  reorganised({ number }) {
    return this.paint('yellow', `the chain was reorganised: block #${number} was replaced`);
  }
}
