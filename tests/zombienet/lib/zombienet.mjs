// A network that zombienet spawned: its validators, killed and started again.
//
// zombienet decides the command line, the keys and the files of every node. It offers no way to start a node again
// that was killed a while ago, so that is done here, with the command line zombienet made.
//
// zombienet talks a lot and ends the process when a node does not come up. What it says goes to zombienet.log in the folder.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { request } from '../../../scripts/live/rpc.mjs';
import { BINARY, output } from '../../e2e/lib/node.mjs';
import { until } from '../../e2e/lib/until.mjs';
import { lastingPorts } from './ports.mjs';

const SPAWN_SECONDS = 180;

class Validator {
  #client;

  constructor(client, zombie) {
    this.#client = client;
    this.name = zombie.name;
    this.key = zombie.spec.accounts.sr_account.address;
    this.http = zombie.wsUri.replace('ws:', 'http:');
  }

  get #process() { return this.#client.processMap[this.name]; }

  get dataFolder() { return join(this.#client.tmpDir, this.name, 'data'); }

  get alive() { return runs(this.#process.pid, this.#client.tmpDir); }

  rpc(method, ...params) { return request(this.http, method, params); }

  /** Sends the signal and returns at once, so that several can be hit at one moment. */
  signal(name) {
    if (this.alive) process.kill(this.#process.pid, name);
  }

  /** Waits until it is gone altogether: a dying process still holds its ports. */
  ended() {
    const { pid } = this.#process;
    return until(`${this.name} has ended`, () => !existsSync(`/proc/${pid}`), { timeoutMs: 30_000, everyMs: 20 });
  }

  async kill9() {
    this.signal('SIGKILL');
    await this.ended();
  }

  async stop() {
    this.signal('SIGTERM');
    await this.ended();
  }

  /** Starts it again, as zombienet did; does not wait until it answers. */
  start() {
    const log = openSync(this.#process.logs, 'a');
    const child = spawn('bash', ['-c', ...this.#process.cmd], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process.pid = child.pid;
  }

  answers() {
    return until(`${this.name} answers`, async () => {
      if (!this.alive) throw Object.assign(new Error(`${this.name} ended while starting`), { final: true });
      return request(this.http, 'system_health').then(() => true, () => false);
    });
  }
}

/** True if process `pid` runs and works in `folder`: a number alone may have passed to another program since. */
function runs(pid, folder) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    // None at all while a shell becomes the node, and when a process is about to end.
    return words === '' || words.includes(`${folder}/`);
  } catch {
    return false;
  }
}

export class Network {
  /** Spawns a validator per name and returns once zombienet says that all are up. */
  static async spawn({ names, spec, folder }) {
    const network = new Network();
    network.folder = folder;
    const config = await launchConfig(names, spec, folder);
    writeFileSync(join(folder, 'launch.json'), JSON.stringify(config, null, 2));
    capture(join(folder, 'zombienet.log'));
    process.on('exit', () => network.killAll());
    // Loaded only now: it talks while it is loaded, too.
    const { default: orchestrator } = await import('@zombienet/orchestrator');
    network.zombie = await orchestrator.start('', config, {
      dir: join(folder, 'network'),
      force: true,
      spawnConcurrency: names.length,
      // Called before the first node is started.
      setGlobalNetwork: (zombie) => { network.zombie = zombie; },
    });
    network.nodes = network.zombie.relay.map((zombie) => new Validator(network.zombie.client, zombie));
    return network;
  }

  get alive() { return this.nodes.filter((node) => node.alive); }

  get dead() { return this.nodes.filter((node) => !node.alive); }

  /** The first node that runs: what is asked when any will do. */
  get any() { return this.alive[0]; }

  named(name) { return this.nodes.find((node) => node.name === name); }

  /** Name of the node that has this block key. */
  nameOf(key) { return this.nodes.find((node) => node.key === key)?.name ?? key; }

  /** Starts those that do not run, all at once: a validator that starts alone waits for peers. */
  async startDead() {
    const { dead } = this;
    for (const node of dead) node.start();
    await Promise.all(dead.map((node) => node.answers()));
  }

  killAll() {
    const { processMap = {}, tmpDir } = this.zombie?.client ?? {};
    for (const { pid } of Object.values(processMap)) {
      if (runs(pid, tmpDir)) process.kill(pid, 'SIGKILL');
    }
  }
}

/** In units, for each validator of a plain spec: twice the preset's least stake. */
const STAKE_AND_FEES = 2_000 * 10 ** 12;

/** What zombienet is asked for. Everybody is a boot node of everybody, so that any of them may be the one that is down. */
async function launchConfig(names, spec, folder) {
  const ports = await Promise.all(names.map(() => lastingPorts(3)));
  const peers = await Promise.all(names.map((name) => peerId(name, folder)));
  const addresses = peers.map((peer, i) => `/ip4/127.0.0.1/tcp/${ports[i][0]}/ws/p2p/${peer}`);
  return {
    settings: { provider: 'native', timeout: SPAWN_SECONDS, enable_tracing: false },
    relaychain: {
      chain: 'ergon',
      chain_spec_path: spec,
      default_command: BINARY,
      default_args: ['-laura=debug'],
      default_keystore_key_types: ['aura', 'gran'],
      nodes: names.map((name, i) => ({
        name,
        balance: STAKE_AND_FEES,
        p2p_port: ports[i][0],
        rpc_port: ports[i][1],
        prometheus_port: ports[i][2],
        args: addresses.filter((_, other) => other !== i).map((address) => `--bootnodes=${address}`),
      })),
    },
  };
}

/** zombienet derives a node's network key from its name. */
async function peerId(name, folder) {
  const file = join(folder, `${name}.node-key`);
  writeFileSync(file, createHash('sha256').update(name).digest('hex'));
  return output('key', 'inspect-node-key', '--file', file);
}

/** From here on everything that is said by console.* goes to the file. */
function capture(file) {
  for (const level of ['log', 'info', 'warn', 'error']) {
    console[level] = (...words) => appendFileSync(file, `${format(...words)}\n`);
  }
}
