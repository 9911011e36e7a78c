// The well-known development accounts. Their secrets are public: for throw-away networks only.

import { Keyring } from '@polkadot/api';

/** Pair of `//Name`. Needs cryptoWaitReady() first. */
export function pair(name) {
  return new Keyring({ type: 'sr25519' }).addFromUri(`//${name[0].toUpperCase()}${name.slice(1)}`);
}

/** Address to name, in lower case as the nodes are called. */
export function accounts(names) {
  return new Map(names.map((name) => [pair(name).address, name]));
}
