// What Ergon's blocks and schedule mean: pure functions over the JSON that nodes return. The tests use them too.

// A pre-runtime digest of engine `aura` with 8 bytes: DigestItem::PreRuntime (6), the engine, the length (compact 8).
const AURA_PRE_RUNTIME = '0x066175726120';

/** Tick of a block, or null for genesis. */
export function tickOf(header) {
  const log = header.digest.logs.find((entry) => entry.startsWith(AURA_PRE_RUNTIME));
  if (!log) return null;
  const bytes = Buffer.from(log.slice(AURA_PRE_RUNTIME.length), 'hex');
  return Number(bytes.readBigUInt64LE(0));
}

export const numberOf = (header) => Number(header.number);
export const slotOf = (timing, tick) => Math.floor(tick / timing.ticksPerSlot);
export const positionOf = (timing, tick) => tick % timing.ticksPerSlot;

/** Who owes `tick` by a schedule: {operator, key}. Undefined if the table is empty. */
export function ownerOf(schedule, tick) {
  return schedule.table[tick % schedule.table.length];
}

/** Role in which `tick` is owed: its slot's record says who was elected for it. A lone validator is always the primary. */
export function roleOf(timing, tick, record) {
  if (!record?.election) return { kind: 'standby' };
  const position = positionOf(timing, tick);
  const { length } = record.fallbacks;
  return position % 2 === 0 || length === 0 ? { kind: 'primary' } : { kind: 'fallback', rank: ((position - 1) / 2) % length };
}

/** Milliseconds since 1970 at which `tick` begins. */
export const startOf = (timing, tick) => tick * timing.tickMs;

/** Pallets of the runtime whose bare extrinsics are proofs of work, by index: beacons; receipts, pledges and answers. */
const PROOFS = [10, 13];

/** What an extrinsic, as hex, is: a `transaction` that somebody signed, a `proof` of work, or what the `author` itself put in. */
export function kindOf(extrinsic) {
  const bytes = Buffer.from(extrinsic.slice(2, 2 + 14), 'hex');
  // A compact length comes first; its two lowest bits say how long it is itself.
  const skip = [1, 2, 4, 5][bytes[0] & 3];
  // The two highest bits of the version byte are 0 for a bare extrinsic. Then its call begins, with the pallet.
  if ((bytes[skip] & 0xc0) !== 0) return 'transaction';
  return PROOFS.includes(bytes[skip + 1]) ? 'proof' : 'author';
}

/** Outcome of a slot's record, in a word or two. A slot that nobody was elected for, but somebody opened, is standby's. */
export function outcomeText({ outcome, winner }) {
  if (typeof outcome === 'object') return `fallback ${outcome.fallback}`;
  return outcome === 'missed' && winner ? 'standby' : outcome;
}
