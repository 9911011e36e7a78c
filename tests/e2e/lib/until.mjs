// Waits for conditions. The tests never sleep for a guessed time: they ask until it is so, or fail with what they last saw.

import { setTimeout as sleep } from 'node:timers/promises';

/** Polls `condition` until it returns something true, and returns that. Errors count as "not yet", unless marked `final`. */
export async function until(what, condition, { timeoutMs = 60_000, everyMs = 250, detail = () => '' } = {}) {
  const deadline = Date.now() + timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const result = await condition();
      if (result) return result;
      problem = '';
    } catch (error) {
      if (error.final) throw error;
      problem = `; last error: ${error.message}`;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}${problem}\n${detail()}`);
    await sleep(everyMs);
  }
}
