// The chain spec a network starts from: that of the preset `short_slots` for other validators and, where a scenario asks, another
// clock.
//
// Two kinds. A plain spec says nothing of validators that would matter: zombienet puts its own in, whose accounts are
// //Name//stash. A raw spec is the state itself, which zombienet takes as it is; here its validators' accounts are //Name.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../../e2e/lib/node.mjs';

/** Well-known names. Their secrets are public, and zombienet gives a node called `name` the keys of //Name. */
const NAMES = ['alice', 'bob', 'charlie', 'dave', 'eve', 'ferdie', 'one'];

export const namesOf = (count) => NAMES.slice(0, count);

const secret = (name) => `//${name[0].toUpperCase()}${name.slice(1)}`;

export async function address(scheme, uri) {
  return JSON.parse(await output('key', 'inspect', '--scheme', scheme, '--output-type', 'json', uri)).ss58Address;
}

/** Account of the validator `name` in a spec of this kind. */
export const accountOf = (kind, name) => address('sr25519', kind === 'plain' ? `${secret(name)}//stash` : secret(name));

async function sessionKeys(name) {
  const [block, vote] = await Promise.all([address('sr25519', secret(name)), address('ed25519', secret(name))]);
  return [block, block, { aura: block, grandpa: vote }];
}

/** Writes the spec into `folder`; returns its path. `timing` overrides the preset's. */
export async function writeSpec({ kind, names, timing, folder }) {
  const plain = join(folder, 'plain.json');
  await output('export-chain-spec', '--chain', 'preset:short_slots', '--output', plain);
  const spec = JSON.parse(readFileSync(plain, 'utf8'));
  const genesis = spec.genesis.runtimeGenesis.patch ?? spec.genesis.runtimeGenesis.config;
  Object.assign(genesis.workCredits.timing, timing);
  if (kind === 'raw') genesis.session.keys = await Promise.all(names.map(sessionKeys));
  // Every amount is a small number times a power of ten, which JSON keeps exactly.
  writeFileSync(plain, JSON.stringify(spec));
  if (kind === 'plain') return plain;
  const raw = join(folder, 'raw.json');
  await output('export-chain-spec', '--raw', '--chain', plain, '--output', raw);
  return raw;
}
