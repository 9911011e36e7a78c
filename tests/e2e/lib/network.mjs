// A network of real validators on this machine, all of which know each other.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberOf } from '../../../scripts/live/chain.mjs';
import { Node, output, temporaryFolder } from './node.mjs';
import { until } from './until.mjs';

export const FOUR = ['alice', 'bob', 'charlie', 'dave'];

/** Raw spec of a preset, as a file. `change` gets the plain spec and returns the one to use. */
export async function rawSpec(preset, folder, change) {
  const file = join(folder, `${preset}.json`);
  let chain = `preset:${preset}`;
  if (change) {
    const plain = join(folder, `${preset}-plain.json`);
    await output('export-chain-spec', '--chain', chain, '--output', plain);
    writeFileSync(plain, JSON.stringify(change(JSON.parse(readFileSync(plain, 'utf8')))));
    chain = plain;
  }
  await output('export-chain-spec', '--raw', '--chain', chain, '--output', file);
  return file;
}

export class Network {
  /** Starts a validator per name, which must be one of the well-known ones, and waits until blocks come. */
  static async start(names, preset, flags = [], change = undefined) {
    const network = new Network();
    network.folder = temporaryFolder();
    network.chain = await rawSpec(preset, network.folder, change);
    network.nodes = [];
    for (const name of names) {
      network.nodes.push(await Node.create({ name, chain: network.chain, folder: network.folder, flags: [`--${name}`, ...flags] }));
    }
    for (const node of network.nodes) {
      const others = network.nodes.filter((other) => other !== node);
      node.flags.push(...others.map((other) => `--bootnodes=${other.address}`));
    }
    await network.startAll();
    await until('the chain has blocks', async () => numberOf(await network.nodes[0].rpc('chain_getHeader')) >= 2,
      { timeoutMs: 120_000, detail: () => network.tails() });
    return network;
  }

  async startAll() {
    // All processes first: a validator that starts alone waits for peers.
    for (const node of this.nodes) node.spawn();
    await Promise.all(this.nodes.map((node) => node.ready()));
  }

  get alive() { return this.nodes.filter((node) => node.alive); }

  named(name) { return this.nodes.find((node) => node.name === name.toLowerCase()); }

  /** The first node that runs: what the tests ask when any will do. */
  get any() { return this.alive[0]; }

  async stop() { await Promise.all(this.nodes.map((node) => node.stop())); }

  async kill9() { await Promise.all(this.nodes.map((node) => node.kill9())); }

  tails() { return this.nodes.map((node) => `--- ${node.name}\n${node.tail(8)}`).join('\n'); }
}

export async function best(node) { return numberOf(await node.rpc('chain_getHeader')); }

export async function finalised(node) {
  const hash = await node.rpc('chain_getFinalizedHead');
  return numberOf(await node.rpc('chain_getHeader', hash));
}

/** Fails unless all of `nodes` have the same block at the height that each has finalised. Returns that height. */
export async function agreeOnFinalised(nodes) {
  const height = Math.min(...await Promise.all(nodes.map(finalised)));
  const hashes = await Promise.all(nodes.map((node) => node.rpc('chain_getBlockHash', height)));
  if (new Set(hashes).size !== 1) {
    throw new Error(`finalised block ${height} differs: ${nodes.map((node, i) => `${node.name} ${hashes[i]}`).join(', ')}`);
  }
  return height;
}
