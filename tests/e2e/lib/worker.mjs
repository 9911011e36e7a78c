// A worker: the real ergon-worker process of one operator, its key, and the node that is registered for it.

import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BINARY, freePorts } from './node.mjs';

const WORKER = join(dirname(BINARY), 'ergon-worker');
if (!existsSync(WORKER)) throw new Error(`there is no worker at ${WORKER}; build it with: cargo build --release --locked --workspace`);

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Runs ergon-worker to its end: {code, output}. */
export function run(...args) {
  return new Promise((done) => {
    execFile(WORKER, args, { timeout: 120_000, killSignal: 'SIGKILL', maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, output: `${stdout}${stderr}` });
    });
  });
}

/** The same, for what has to succeed: what it printed. */
export async function must(...args) {
  const { code, output } = await run(...args);
  if (code !== 0) throw new Error(`ergon-worker ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** A new key in `file`: its public half. */
export async function newKey(file) {
  return /public:\s+(0x[0-9a-f]{64})/.exec(await must('key', 'new', file))[1];
}

export class Worker {
  /** A worker of `operator`, a key pair of Polkadot-JS, that talks to `node`. Its key is new. */
  static async create({ name, operator, node, folder }) {
    const worker = new Worker();
    [worker.port] = await freePorts(1);
    Object.assign(worker, { name, operator, node, keyFile: join(folder, `${name}-node.key`), data: join(folder, `${name}-work`) });
    worker.logFile = join(folder, `${name}-worker.log`);
    worker.key = await newKey(worker.keyFile);
    return worker;
  }

  /** The calls that make it a node of a new pool of its operator, which is also its owner. */
  async registration(api, pool, services) {
    const consent = await must('key', 'consent', this.keyFile, '--owner', this.operator.address, '--node', this.node.ws);
    return [
      api.tx.workNodes.createPool(`pool of ${this.name}`),
      api.tx.workNodes.registerNode(this.key, services, `127.0.0.1:${this.port}`, /consent:\s+(0x[0-9a-f]{128})/.exec(consent)[1]),
      api.tx.workNodes.join(this.key, pool),
    ];
  }

  start() {
    const log = openSync(this.logFile, 'a');
    this.child = spawn(WORKER, ['serve', '--node', this.node.ws, '--key', this.keyFile, '--listen', `127.0.0.1:${this.port}`,
      '--data', this.data, '--allow-private', '--settle-after', '2'], { stdio: ['ignore', log, log] });
    closeSync(log);
    running.add(this.child);
    this.ended = new Promise((done) => this.child.on('exit', done));
    this.ended.then(() => running.delete(this.child));
  }

  async kill9() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    this.child?.kill('SIGTERM');
    await this.ended;
  }

  tail(lines = 12) { return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').split('\n').slice(-lines).join('\n') : ''; }
}
