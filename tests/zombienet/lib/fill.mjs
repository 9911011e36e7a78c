// Keeps the pools of a network fuller than its next blocks can be: signed remarks of 100,000 bytes from eight accounts.
//
// A process of its own, because signing takes time that whoever watches the chain does not have. Arguments: the RPC URLs, any
// of which may go away. Its first line says what a block can hold and what one transaction takes, in bytes. It ends
// when its standard input does.

import { setTimeout as sleep } from 'node:timers/promises';
import { ApiPromise, HttpProvider, Keyring } from '@polkadot/api';
import { Network, RpcError } from '../../../scripts/live/rpc.mjs';

const BYTES = 100_000;
// Eight times twelve are two blocks and a half: enough for the next one, and within what a pool takes.
const WAITING = 12;
const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie', 'One', 'Two'];

process.stdin.resume().on('end', () => process.exit());

const urls = process.argv.slice(2);
const network = new Network(urls);
// Metadata is asked for once; after that any node will do.
const api = await ApiPromise.create({ provider: new HttpProvider(urls[0]), noInitWarn: true });
const keyring = new Keyring({ type: 'sr25519' });
const pairs = NAMES.map((name) => keyring.addFromUri(`//${name}`));

const sign = (pair, nonce) => api.tx.system.remark(`0x${'42'.repeat(BYTES)}`).signAsync(pair, { nonce, era: 0 });

/** Nonce of the next transaction of `pair` that the chain would take. */
async function included(pair) {
  const answer = await network.call('state_call', 'AccountNonceApi_account_nonce', api.createType('AccountId', pair.address).toHex());
  return Buffer.from(answer.slice(2), 'hex').readUInt32LE(0);
}

async function fill(pair) {
  const [chain, next] = [await included(pair), await network.call('system_accountNextIndex', pair.address)];
  for (let nonce = next; nonce < chain + WAITING; nonce += 1) {
    await network.call('author_submitExtrinsic', (await sign(pair, nonce)).toHex());
  }
}

const size = (await sign(pairs[0], 0)).encodedLength;
process.stdout.write(`${JSON.stringify({ limit: api.consts.system.blockLength.max.normal.toNumber(), size })}\n`);
for (;;) {
  for (const pair of pairs) {
    try {
      await fill(pair);
    } catch (error) {
      // A full pool, or a node that just learnt of the same transaction from another: the next round looks again.
      if (!(error instanceof RpcError)) process.stderr.write(`${error.message}\n`);
    }
  }
  await sleep(200);
}
