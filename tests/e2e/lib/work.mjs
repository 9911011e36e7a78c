// Adds up the work that blocks show by their events, as a stranger does who does not trust the tally.

import { slotOf } from '../../../scripts/live/chain.mjs';

/** Session that a tick is in. */
export const epochOf = (timing, tick) => Math.floor(slotOf(timing, tick) / timing.slotsPerEpoch);

/** Units and bytes of each entity in these blocks. */
export async function workShown(api, blocks) {
  const { workOrders, quorum } = api.events;
  const sums = new Map();
  const add = (entity, bytes) => {
    const sum = sums.get(entity.toString()) ?? { units: 0, bytes: 0 };
    sums.set(entity.toString(), { units: sum.units + 1, bytes: sum.bytes + bytes });
  };
  for (const { hash } of blocks) {
    for (const { event } of await (await api.at(hash)).query.system.events()) {
      if (workOrders.Redeemed.is(event) || workOrders.Answered.is(event)) add(event.data.entity, event.data.bytes.toNumber());
      if (quorum.Signed.is(event)) event.data.operators.forEach((operator) => add(operator, 0));
    }
  }
  return sums;
}
