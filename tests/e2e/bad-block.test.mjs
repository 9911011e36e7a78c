// Blocks that are wrong in one thing, imported into a fresh database as if a peer had sent them: all go through the node's own
// verification and the runtime's.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { TypeRegistry } from '@polkadot/types';
import { hexToU8a, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { tickOf } from '../../scripts/live/chain.mjs';
import { pair } from './lib/accounts.mjs';
import { best, rawSpec } from './lib/network.mjs';
import { command, Node, output, temporaryFolder } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const PRE_RUNTIME = '0x066175726120';
const SEAL = '0x05617572610101';
const MINUTES = 60_000;

describe('a block', { timeout: 4 * MINUTES }, () => {
  let folder;
  let chain;
  let blocks;

  before(async () => {
    await cryptoWaitReady();
    folder = temporaryFolder();
    chain = await rawSpec('development', folder);
    const maker = await Node.create({ name: 'maker', chain, folder, flags: ['--alice', '--force-authoring'] });
    try {
      await maker.start();
      await until('there are four blocks', async () => await best(maker) >= 4, { timeoutMs: 90_000, detail: () => maker.tail() });
    } finally {
      await maker.stop();
    }
    const file = join(folder, 'blocks.json');
    await output('export-blocks', '--chain', chain, '--base-path', maker.folder, '--from', '1', '--to', '3', file);
    // One JSON value after the other, without anything between them.
    blocks = readFileSync(file, 'utf8').split(/(?<=\})(?=\{"block")/).map((text) => JSON.parse(text));
  });

  /** Imports the three blocks, the last one changed: {height, output}. */
  async function imported(name, change) {
    const copy = structuredClone(blocks);
    change(copy[2].block, copy[1].block);
    const file = join(folder, `${name}.json`);
    const base = join(folder, name);
    writeFileSync(file, copy.map((block) => JSON.stringify(block)).join(''));
    const { output: text } = await command(['import-blocks', '--chain', chain, '--base-path', base, file]);
    const info = JSON.parse(await output('chain-info', '--chain', chain, '--base-path', base));
    return { height: Number(info.best_number), text };
  }

  async function refused(name, change, why) {
    const { height, text } = await imported(name, change);
    assert.match(text, why);
    assert.equal(height, 2, `the blocks before it are kept, it is not:\n${text}`);
  }

  /** Seals a block anew, as its author would have after the change. */
  function seal({ header }, author = 'alice') {
    const logs = header.digest.logs.filter((log) => !log.startsWith(SEAL));
    const { hash } = new TypeRegistry().createType('Header', { ...header, digest: { logs } });
    const signature = pair(author).sign(hash);
    header.digest.logs = [...logs, SEAL + u8aToHex(signature).slice(2)];
  }

  /** Moves a block to another tick and seals it there. */
  function moveTo(block, tick) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(tick));
    const { digest } = block.header;
    digest.logs = digest.logs.map((log) => (log.startsWith(PRE_RUNTIME) ? PRE_RUNTIME + bytes.toString('hex') : log));
    seal(block);
  }

  /** Position of the VRF among the extrinsics: the first of 100 bytes, 96 of them the VRF. Beacons come after it. */
  const vrfOf = ({ extrinsics }) => extrinsics.findIndex((extrinsic) => hexToU8a(extrinsic).length > 96);

  it('that is right is imported, also when sealed anew', async () => {
    assert.equal((await imported('right', () => {})).height, 3);
    assert.equal((await imported('resealed', (block) => seal(block))).height, 3, 'so what follows is refused for its one fault');
  });

  it('sealed by anybody but the owner of its tick is refused', () =>
    refused('stranger', (block) => seal(block, 'bob'), /[Bb]ad signature/));

  it('without a seal is refused', () =>
    refused('unsealed', ({ header }) => { header.digest.logs = header.digest.logs.filter((log) => !log.startsWith(SEAL)); }, /[Ss]eal/));

  it('without a VRF is refused', () =>
    refused('without', (block) => { block.extrinsics.splice(vrfOf(block), 1); }, /carries no VRF/));

  it('with a false VRF is refused', () =>
    refused('false', (block) => {
      const at = vrfOf(block);
      const bytes = hexToU8a(block.extrinsics[at]);
      bytes[bytes.length - 40] ^= 1;
      block.extrinsics[at] = u8aToHex(bytes);
    }, /labelled as mandatory, but resulted in an Error/));

  it("with another block's VRF is refused", () =>
    refused('replayed', (block, parent) => { block.extrinsics[vrfOf(block)] = parent.extrinsics[vrfOf(parent)]; }, /labelled as mandatory, but resulted in an Error/));

  it('with two VRFs is refused', () =>
    refused('twice', (block) => { block.extrinsics.push(block.extrinsics[vrfOf(block)]); }, /labelled as mandatory, but resulted in an Error/));

  it("in its parent's tick is refused", () =>
    refused('same-tick', (block, parent) => moveTo(block, tickOf(parent.header)), /Slot must increase/));

  it('from the future is refused', () =>
    refused('future', (block) => moveTo(block, tickOf(block.header) + 10_000), /too far in the future/));
});
