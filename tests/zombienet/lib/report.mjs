// What a run says: a line per assertion, with the time since its start. The first assertion that does not hold ends the run.

import { until } from '../../e2e/lib/until.mjs';

const COLOURS = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (COLOURS ? `\x1b[${code}m${text}\x1b[0m` : text);

/** An assertion that does not hold. `claim` is what was asserted. */
export class Failure extends Error {
  constructor(claim, detail) {
    super(detail ? `${claim}: ${detail}` : claim);
    this.claim = claim;
  }
}

export class Report {
  #start = Date.now();

  line(mark, text) {
    const seconds = Math.round((Date.now() - this.#start) / 1_000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    process.stdout.write(`    ${clock.padStart(5)}  ${mark}  ${text}\n`);
  }

  /** Tells what is done, without asserting anything. */
  note(text) { this.line(paint(2, '--  '), text); }

  ok(text) { this.line(paint(32, 'ok  '), text); }

  fail(text) { this.line(paint(31, 'FAIL'), text); }

  /** `claim` holds if `holds` is true; `detail` is what was seen, whether it holds or not. */
  check(claim, holds, detail = '') {
    if (!holds) throw new Failure(claim, detail);
    this.ok(detail ? `${claim}: ${detail}` : claim);
  }

  /** Like `check`, for what `act` finds: it throws if the claim does not hold, and returns what was seen. */
  async checkThat(claim, act) {
    let seen;
    try {
      seen = await act();
    } catch (error) {
      throw new Failure(claim, error.message);
    }
    this.ok(seen ? `${claim}: ${seen}` : claim);
  }

  /** Waits until `condition` returns something true, and returns that. The line says how long it took. */
  async wait(claim, condition, { timeoutMs = 60_000, everyMs = 250, detail = () => '' } = {}) {
    const began = Date.now();
    let result;
    try {
      result = await until(claim, condition, { timeoutMs, everyMs });
    } catch (error) {
      const seen = await Promise.resolve().then(detail).catch(({ message }) => message);
      throw new Failure(claim, [error.message.replace(`: ${claim}`, '').trim(), seen].filter(Boolean).join('; '));
    }
    const seen = await detail();
    this.ok(`${claim}: after ${((Date.now() - began) / 1_000).toFixed(1)} s${seen ? `, ${seen}` : ''}`);
    return result;
  }
}
