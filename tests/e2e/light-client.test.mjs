// An unmodified light client, smoldot, on the committed chain specs and on a live network: it follows from the genesis hash alone
// and proves what it says of the state.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { blake2AsHex, cryptoWaitReady, xxhashAsHex } from '@polkadot/util-crypto';
import { start } from 'smoldot';
import { numberOf, slotOf, tickOf } from '../../scripts/live/chain.mjs';
import { pair } from './lib/accounts.mjs';
import { Light } from './lib/light.mjs';
import { FOUR, Network } from './lib/network.mjs';
import { ROOT } from './lib/node.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
// What smoldot says if it does not accept a spec, or finds fault with a block.
const ERROR_LEVEL = 1;

describe('a light client', { timeout: 5 * MINUTES }, () => {
  let client;
  let complaints;

  before(async () => {
    await cryptoWaitReady();
    complaints = [];
    client = start({ maxLogLevel: 2, logCallback: (level, target, message) => {
      if (level <= ERROR_LEVEL) complaints.push(`${target}: ${message}`);
    } });
  });

  after(async () => {
    await client.terminate();
    // It leaves timers of minutes behind, which nobody waits for.
    setTimeout(() => process.exit(), 1_000).unref();
  });

  it('accepts every committed spec, and finds the same genesis', async () => {
    const table = readFileSync(join(ROOT, 'chain-specs/GENESIS'), 'utf8').trim().split('\n').map((line) => line.split(/\s+/));
    assert.equal(table.length, 4);
    for (const [name, hash] of table) {
      const chainSpec = readFileSync(join(ROOT, `chain-specs/${name}.json`), 'utf8');
      const light = new Light(await client.addChain({ chainSpec }));
      assert.equal(await light.rpc('chainSpec_v1_genesisHash'), hash, name);
      light.chain.remove();
    }
  });

  describe('on a live network', () => {
    let network;
    let light;

    before(async () => {
      network = await Network.start(FOUR, 'short_slots');
      const spec = JSON.parse(readFileSync(network.chain, 'utf8'));
      spec.bootNodes = network.nodes.map(({ address }) => address);
      light = new Light(await client.addChain({ chainSpec: JSON.stringify(spec) }));
    });

    after(() => network?.stop());

    it('follows leaders and sessions through final heads', async () => {
      await light.rpc('chain_subscribeFinalizedHeads');
      const node = network.nodes[0];
      const { ticksPerSlot, slotsPerEpoch } = await node.rpc('workCredits_timing');
      const timing = { ticksPerSlot };
      // Genesis, told of first, has no tick.
      const first = await until('a final head', () => light.heads.find((head) => numberOf(head) > 0),
        { timeoutMs: MINUTES, detail: () => complaints.join('\n') });
      const epoch = (header) => Math.floor(slotOf(timing, tickOf(header)) / slotsPerEpoch);
      await until('a final head of the session after the next', () => epoch(light.heads.at(-1)) >= epoch(first) + 2,
        { timeoutMs: 2 * MINUTES, detail: () => complaints.join('\n') });
      for (const head of light.heads) {
        const hash = await node.rpc('chain_getBlockHash', numberOf(head));
        assert.equal((await node.rpc('chain_getHeader', hash)).stateRoot, head.stateRoot, `block ${numberOf(head)}`);
      }
      assert.deepEqual(complaints, []);
    });

    it('proves an account', async () => {
      const { publicKey } = pair('bob');
      const key = xxhashAsHex('System', 128) + xxhashAsHex('Account', 128).slice(2)
        + blake2AsHex(publicKey, 128).slice(2) + Buffer.from(publicKey).toString('hex');
      const hash = await light.rpc('chain_getFinalizedHead');
      assert.equal(await light.rpc('state_getStorage', key, hash), await network.nodes[0].rpc('state_getStorage', key, hash));
    });
  });
});
