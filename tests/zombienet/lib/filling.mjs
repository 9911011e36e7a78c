// Starts and stops the filling of blocks, and tells how full they are.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('fill.mjs', import.meta.url));

export class Filling {
  #limit;

  #size;

  #child;

  static async start(network) {
    const filling = new Filling(network);
    const log = openSync(join(network.folder, 'fill.log'), 'a');
    const urls = network.nodes.map(({ http }) => http);
    filling.#child = spawn(process.execPath, [PROGRAM, ...urls], { stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    process.on('exit', () => filling.stop());
    const line = await new Promise((done, failed) => {
      createInterface({ input: filling.#child.stdout }).once('line', done);
      filling.#child.once('exit', (code) => failed(new Error(`${PROGRAM} ended with ${code}; fill.log says why`)));
    });
    ({ limit: filling.#limit, size: filling.#size } = JSON.parse(line));
    return filling;
  }

  constructor(network) { this.network = network; }

  stop() { this.#child.kill('SIGKILL'); }

  async #used(hash) {
    const { block } = await this.network.any.rpc('chain_getBlock', hash);
    return block.extrinsics.reduce((sum, extrinsic) => sum + (extrinsic.length - 2) / 2, 0);
  }

  /** What is used of the length that ordinary transactions may have, and whether one more would still go in. */
  async fullness(hash) {
    const used = await this.#used(hash);
    return { share: used / this.#limit, full: used + this.#size > this.#limit };
  }
}
