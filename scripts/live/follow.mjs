// Follows the best chain and tells what became of every tick, in order. Owns the position reached; draws nothing.
//
// Trigger: `step()`, called a few times a tick. It asks for the head, walks back to the last block told of, and emits for each
// tick since then `block` or `missed`, and `slot` when a slot is over. A tick counts as missed once a later block exists: only
// then is it certain. Not told: the ticks of an outage longer than a slot one by one; they are one `gap`.

import { kindOf, numberOf, ownerOf, roleOf, slotOf, tickOf } from './chain.mjs';

// Blocks fetched at most when far behind, after a laptop's sleep for instance.
const CATCH_UP = 64;

export class Follower {
  /** `network` answers calls; `tell` has the methods block, missed, slot, gap and reorganised. */
  constructor(network, tell) {
    this.network = network;
    this.tell = tell;
    this.last = null;
    this.records = new Map();
  }

  /** Tells everything new. Returns the tick of the best block. */
  async step() {
    const head = await this.network.call('chain_getHeader');
    if (!this.last) await this.begin(head);
    // A node that was asked in place of another may be behind: nothing new then.
    if (numberOf(head) > this.last.number) {
      for (const block of await this.since(head)) await this.advance(block);
    }
    return this.last.tick;
  }

  async begin(head) {
    this.timing = await this.network.call('workCredits_timing');
    // From the parent on, so that the first block shown has its owner; a chain at genesis starts with block 1.
    const number = Math.max(numberOf(head) - 1, 0);
    const hash = await this.network.call('chain_getBlockHash', number);
    const header = await this.network.call('chain_getHeader', hash);
    this.last = { number, hash, tick: tickOf(header) };
    this.seen = { from: this.last.tick, blocks: 0, fallbackBlocks: 0, missed: [] };
  }

  /** Blocks after the last one told of, oldest first. */
  async since(head) {
    const blocks = [];
    let header = head;
    let hash = await this.network.call('chain_getBlockHash', numberOf(head));
    while (numberOf(header) > this.last.number && blocks.length < CATCH_UP) {
      blocks.unshift({ hash, header, number: numberOf(header), tick: tickOf(header) });
      hash = header.parentHash;
      header = await this.network.call('chain_getHeader', hash);
    }
    if (numberOf(header) > this.last.number) {
      this.tell.gap({ blocksSkipped: numberOf(header) - this.last.number });
      this.last = { hash, number: numberOf(header), tick: tickOf(header) };
    } else if (hash !== this.last.hash) {
      this.tell.reorganised({ number: this.last.number });
      this.last = { hash, number: numberOf(header), tick: tickOf(header) };
    }
    return blocks;
  }

  async advance(block) {
    // The parent's state decides who may write the block, whatever the block itself changes.
    const schedule = await this.network.call('workCredits_table', this.last.hash);
    const first = this.last.tick === null ? block.tick : this.last.tick + 1;
    const outage = block.tick - first > this.timing.ticksPerSlot;
    if (outage) this.tell.gap({ ticks: block.tick - first, from: first });
    for (let tick = outage ? block.tick : first; tick <= block.tick; tick += 1) {
      const previous = tick === block.tick && outage ? this.last.tick : tick - 1;
      if (this.last.tick !== null && slotOf(this.timing, previous) !== slotOf(this.timing, tick)) {
        await this.endSlot(slotOf(this.timing, previous), block);
      }
      await this.tick(tick, ownerOf(schedule, tick), block);
    }
    this.last = block;
  }

  async tick(tick, owner, block) {
    const record = await this.record(slotOf(this.timing, tick), block.hash);
    const role = roleOf(this.timing, tick, record);
    if (tick < block.tick) {
      this.seen.missed.push(owner?.operator);
      this.tell.missed({ tick, owner, role, record });
      return;
    }
    const { block: body } = await this.network.call('chain_getBlock', block.hash);
    this.seen.blocks += 1;
    if (role.kind === 'fallback') this.seen.fallbackBlocks += 1;
    const count = (kind) => body.extrinsics.filter((extrinsic) => kindOf(extrinsic) === kind).length;
    const [transactions, proofs] = [count('transaction'), count('proof')];
    this.tell.block({ tick, owner, role, record, number: block.number, hash: block.hash, transactions, proofs });
  }

  /** A slot's election does not change once it has begun, so it is asked for once. */
  async record(slot, at) {
    if (!this.records.has(slot)) {
      this.records.clear();
      this.records.set(slot, await this.network.call('workCredits_leader', slot, at));
    }
    return this.records.get(slot);
  }

  async endSlot(slot, block) {
    // The view came in at the slot's last block: nothing was seen of it.
    if (this.seen.blocks + this.seen.missed.length === 0) {
      this.seen.from = null;
      return;
    }
    const [record, tally, finalisedHash] = await Promise.all([
      this.network.call('workCredits_leader', slot, block.hash),
      this.network.call('workCredits_tally', block.hash),
      this.network.call('chain_getFinalizedHead'),
    ]);
    const finalised = numberOf(await this.network.call('chain_getHeader', finalisedHash));
    const partial = this.seen.from !== null && slotOf(this.timing, this.seen.from) === slot;
    const standing = tally.find(({ entity }) => entity === record?.primary);
    this.tell.slot({ slot, record, partial, standing, entities: tally.length, ...this.seen, finalityLag: Math.max(block.number - finalised, 0) });
    this.seen = { from: null, blocks: 0, fallbackBlocks: 0, missed: [] };
  }
}
