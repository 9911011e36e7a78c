// A signer that cannot reach any node, such as a hardware wallet: it trusts the metadata that it shows because the signature covers
// its digest (CheckMetadataHash), and the runtime refuses a signature over any other.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types';
import { u8aConcat, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { rawSpec } from './lib/network.mjs';
import { Node, output, temporaryFolder } from './lib/node.mjs';
import { digest, metadataOf } from './papi/metadata.mjs';

const ERGN = 1_000_000_000_000n;
const MINUTES = 60_000;
const CODE = '0x3a636f6465';
const TOKEN = { decimals: 12, tokenSymbol: 'ERGN' };
// Where a transaction comes from, as the runtime's `TransactionSource` counts.
const EXTERNAL = '0x02';
const AMOUNT = 7n * ERGN;

describe('signing without a network', { timeout: 3 * MINUTES }, () => {
  const signed = {};
  let stranger;
  let node;
  let api;

  before(async () => {
    await cryptoWaitReady();
    stranger = pair('E2e-offline').address;
    const folder = temporaryFolder();
    const chain = await rawSpec('development', folder);
    node = await Node.create({ name: 'alice', chain, folder, flags: ['--alice', '--force-authoring'] });
    const genesisHash = await genesisOf(node);

    // All signatures are made here, before the node runs and could be asked.
    const metadata = metadataOf(JSON.parse(readFileSync(chain, 'utf8')).genesis.raw.top[CODE]);
    const sign = (token) => transfer(metadata, { genesisHash, metadataHash: digest(metadata, token), mode: 1 });
    signed.right = sign(TOKEN);
    signed.otherDecimals = sign({ ...TOKEN, decimals: 10 });
    signed.otherSymbol = sign({ ...TOKEN, tokenSymbol: 'ERGO' });

    await node.start();
    api = await ApiPromise.create({ provider: new WsProvider(node.ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  /** Hash of the first block of a node that was never started. */
  async function genesisOf({ chain, folder }) {
    const database = ['--chain', chain, '--base-path', folder];
    // Writes the first block; what it prints is not wanted.
    await output('export-state', ...database);
    return JSON.parse(await output('chain-info', ...database)).genesis_hash;
  }

  /** Bob's first transaction, as bytes. `signing` is what the signature covers beside the call. */
  function transfer(metadata, signing) {
    const registry = new TypeRegistry();
    const decoded = new Metadata(registry, metadata);
    registry.setMetadata(decoded);
    const { consts, tx } = expandMetadata(registry, decoded);
    const extrinsic = registry.createType('Extrinsic', tx.balances.transferKeepAlive(stranger, AMOUNT), { version: 4 });
    const options = { nonce: 0, blockHash: signing.genesisHash, runtimeVersion: consts.system.version, ...signing };
    return extrinsic.sign(pair('bob'), options).toHex();
  }

  /** What the runtime says of a transaction that comes from outside. */
  async function verdict(transaction) {
    const parameters = u8aToHex(u8aConcat(EXTERNAL, transaction, await node.rpc('chain_getBlockHash')));
    return api.createType('TransactionValidity', await node.rpc('state_call', 'TaggedTransactionQueue_validate_transaction', parameters));
  }

  const free = async () => (await api.query.system.account(stranger)).data.free.toBigInt();

  for (const [what, name] of [['decimals', 'otherDecimals'], ['symbol', 'otherSymbol']]) {
    it(`is refused if the signer was told of other ${what}`, async () => {
      const { asErr: error } = await verdict(signed[name]);
      assert.ok(error.isInvalid && error.asInvalid.isBadProof, `${error}`);
      await assert.rejects(node.rpc('author_submitExtrinsic', signed[name]), /bad signature/);
    });
  }

  it('succeeds if the digest is that of the runtime', async () => {
    const right = await verdict(signed.right);
    assert.ok(right.isOk, `${right}`);
    const { events, dispatchError } = await new Promise((done, failed) => {
      api.tx(signed.right).send((result) => { if (result.status.isFinalized) done(result); }).catch(failed);
    });
    assert.equal(dispatchError, undefined);
    const { data } = events.find(({ event }) => api.events.balances.Transfer.is(event)).event;
    assert.deepEqual([data.from.toString(), data.to.toString(), data.amount.toBigInt()], [pair('bob').address, stranger, AMOUNT]);
    assert.equal(await free(), AMOUNT);
  });
});
