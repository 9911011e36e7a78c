// One real ergon-node process: its folder, its ports, its log. Also runs the binary's one-shot commands.
//
// Whatever happens to the test, its processes end with it and its folders go. ERGON_E2E_KEEP=1 keeps the folders.

import { execFile, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from '../../../scripts/live/rpc.mjs';
import { until } from './until.mjs';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
export const BINARY = process.env.ERGON_NODE
  ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'release', 'ergon-node');

if (!existsSync(BINARY)) throw new Error(`there is no node at ${BINARY}; build it with: cargo build --release --locked --workspace`);

const running = new Set();
const folders = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  if (!process.env.ERGON_E2E_KEEP) for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A folder that goes when the test ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ergon-e2e-'));
  folders.add(folder);
  return folder;
}

// Ports handed out so far: their nodes may not listen yet, and the system would offer them again.
const given = new Set();

/** Ports that nothing listens on and that this process was not given before. */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) {
    const port = await freePort();
    if (!given.has(port)) ports.push(port);
    given.add(port);
  }
  return ports;
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Runs the binary to its end: {code, output}. Ended by force, with code null, if that takes longer than it ever should. */
export function command(args, { timeoutMs = 90_000 } = {}) {
  return new Promise((done) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(BINARY, args, options, (error, stdout, stderr) => {
      running.delete(child);
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
      done({ code, stdout, output: `${stdout}${stderr}` });
    });
    running.add(child);
  });
}

/** Like `command`, for what has to succeed. Returns what it printed. */
export async function output(...args) {
  const { code, stdout, output: all } = await command(args);
  if (code !== 0) throw new Error(`ergon-node ${args.join(' ')} ended with ${code}:\n${all.slice(-2_000)}`);
  return stdout.trim();
}

export class Node {
  /**
   * `flags` are what makes this node different from a plain one; `chain` is what --chain takes. `env`, if set later, is added to
   * its environment.
   */
  constructor({ name, chain, folder, ports, flags = [] }) {
    Object.assign(this, { name, chain, flags });
    this.folder = join(folder, name);
    this.logFile = join(folder, `${name}.log`);
    [this.p2pPort, this.rpcPort, this.metricsPort] = ports;
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(this.logFile, '');
  }

  static async create({ ports, ...rest }) {
    const node = new Node({ ...rest, ports: ports ?? await freePorts(3) });
    const key = join(node.folder, 'node-key');
    await output('key', 'generate-node-key', '--file', key);
    node.peerId = await output('key', 'inspect-node-key', '--file', key);
    node.nodeKey = key;
    return node;
  }

  get http() { return `http://127.0.0.1:${this.rpcPort}`; }

  get ws() { return `ws://127.0.0.1:${this.rpcPort}`; }

  get address() { return `/ip4/127.0.0.1/tcp/${this.p2pPort}/p2p/${this.peerId}`; }

  get alive() { return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null; }

  get log() { return readFileSync(this.logFile, 'utf8'); }

  args() {
    return ['--base-path', this.folder, '--chain', this.chain, '--node-key-file', this.nodeKey,
      '--listen-addr', `/ip4/127.0.0.1/tcp/${this.p2pPort}`, '--rpc-port', `${this.rpcPort}`,
      '--prometheus-port', `${this.metricsPort}`, '--no-telemetry', '--no-mdns', ...this.flags];
  }

  spawn() {
    const log = openSync(this.logFile, 'a');
    const child = spawn(BINARY, this.args(), { stdio: ['ignore', log, log], env: { ...process.env, ...this.env } });
    closeSync(log);
    running.add(child);
    child.ended = new Promise((done) => {
      child.on('exit', (code, signal) => {
        running.delete(child);
        done({ code, signal });
      });
      child.on('error', (error) => done({ code: null, signal: error.message }));
    });
    this.child = child;
    return child.ended;
  }

  async start() {
    this.spawn();
    await this.ready();
  }

  async ready() {
    await until(`${this.name} answers on its RPC port`, async () => {
      if (!this.alive) throw Object.assign(new Error(`${this.name} ended while starting:\n${this.tail()}`), { final: true });
      return request(this.http, 'system_health').then(() => true, () => false);
    }, { timeoutMs: 120_000, detail: () => this.tail() });
  }

  /** Starts a node that is expected to refuse: {code, output}. */
  async refusal() {
    const before = this.log.length;
    const late = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
    const { code } = await this.spawn();
    clearTimeout(late);
    return { code, output: this.log.slice(before) };
  }

  rpc(method, ...params) { return request(this.http, method, params); }

  async stop(signal = 'SIGTERM') {
    if (!this.alive) return;
    const child = this.child;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await child.ended;
    clearTimeout(late);
  }

  /** As when the machine loses power. */
  kill9() { return this.stop('SIGKILL'); }

  tail(lines = 15) { return this.log.split('\n').slice(-lines).join('\n'); }

  logged(pattern, { timeoutMs = 60_000 } = {}) {
    return until(`${this.name} logs ${pattern}`, () => this.log.match(pattern), { timeoutMs, detail: () => this.tail() });
  }
}
