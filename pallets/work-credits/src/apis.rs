//! What the runtime API returns. Reads only.

use alloc::vec::Vec;
use ergon_primitives::{
    api::MAX_RECORDS_PER_CALL,
    schedule::{Duties, Schedule, SlotRecord},
    time::{SlotNumber, Tick},
    vrf::VrfClaim,
};

use crate::*;

impl<T: Config> Pallet<T> {
    /// The whole schedule now.
    pub fn schedule() -> Schedule<T::AccountId, AuraId> {
        let timing = Clock::<T>::get();
        let tick = LastTick::<T>::get().unwrap_or(0);
        Schedule { timing, tick, slot: timing.slot_of(tick), table: Table::<T>::get().into_inner() }
    }

    /// The record of a slot. One that was never elected and has no block leaves nothing in storage: it is told here.
    pub fn slot_record(slot: SlotNumber) -> Option<SlotRecordOf<T>> {
        let timing = Clock::<T>::get();
        let now = timing.slot_of(LastTick::<T>::get()?);
        let oldest = now.saturating_add(2).saturating_sub(u64::from(timing.window_slots)).max(FirstSlot::<T>::get());
        if slot < oldest {
            return None;
        }
        Self::stored_record(slot).or_else(|| (slot < now).then(|| SlotRecord::never_elected(slot)))
    }

    /// Records of `count` slots from `first` on.
    pub fn slot_records(first: SlotNumber, count: u32) -> Vec<SlotRecordOf<T>> {
        let count = u64::from(count.min(MAX_RECORDS_PER_CALL));
        (first..first.saturating_add(count)).filter_map(Self::slot_record).collect()
    }

    /// The current slot and the one elected after it.
    pub fn next_slots() -> Vec<SlotRecordOf<T>> {
        LastTick::<T>::get().map(|tick| Self::slot_records(Clock::<T>::get().slot_of(tick), 2)).unwrap_or_default()
    }

    /// How the active validators have kept their ticks.
    pub fn active_duties() -> Vec<(T::AccountId, Duties)> {
        ActiveSet::<T>::get()
            .into_iter()
            .map(|owner| {
                let duties = DutiesOf::<T>::get(&owner.operator);
                (owner.operator, duties)
            })
            .collect()
    }

    /// What the author of `tick` on top of this state must sign.
    pub fn vrf_claim(tick: Tick) -> Option<VrfClaim<AuraId>> {
        let key = Self::owner_at(tick)?.key;
        Some(VrfClaim { key, randomness: EpochRandomness::<T>::get() })
    }
}
