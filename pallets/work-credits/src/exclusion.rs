//! Operators that must not make blocks any more, because they were jailed or signed twice: others get their ticks to come, in the
//! same block. Until their session ends they vote on, but own no tick.

use alloc::vec::Vec;
use ergon_primitives::{
    schedule::{FutureTicks, SlotRecord},
    time::Timing,
};
use frame_support::weights::Weight;

use crate::*;

impl<T: Config> FutureTicks<T::AccountId> for Pallet<T> {
    /// Of the slot that runs, each tick goes to the next fallback; the next slot goes to whoever is left of those elected, the
    /// first fallback leading if the primary is gone; standby goes round among the rest of the set.
    fn take_from(operators: &[T::AccountId]) {
        let is_gone = |owner: &OwnerOf<T>| operators.contains(&owner.operator);
        let mut active = ActiveSet::<T>::get();
        let before = active.len();
        active.retain(|owner| !is_gone(owner));
        if active.len() == before {
            return;
        }
        if active.is_empty() {
            log::error!(target: LOG_TARGET, "the whole set is excluded: it goes on, or nobody would");
            return;
        }
        let timing = Clock::<T>::get();
        let now = *pallet_aura::CurrentSlot::<T>::get();
        let slot = timing.slot_of(now);
        let mut table = Table::<T>::get();
        // This block's own entry stays: it tells who its author is.
        let rest = now.saturating_add(1)..now.saturating_add(u64::from(timing.table_len()));
        let running = Self::heirs(slot, &active);
        let (mut of_running, mut of_standby) = (running.iter().cycle(), active.iter().cycle());
        for tick in rest {
            let Some(entry) = table.get_mut(timing.table_index(tick)).filter(|entry| is_gone(entry)) else { continue };
            let heir = if timing.slot_of(tick) == slot { of_running.next() } else { of_standby.next() };
            if let Some(heir) = heir {
                *entry = heir.clone();
            }
        }
        Self::replace_in_next(&timing, slot.saturating_add(1), &active, &mut table);
        Self::put_table(table);
        ActiveSet::<T>::put(active);
        Self::deposit_event(Event::TicksReassigned { operators: operators.to_vec() });
    }

    fn weight() -> Weight {
        <T as Config>::WeightInfo::take_from()
    }
}

impl<T: Config> Pallet<T> {
    /// Who of those elected for `slot` is still there, by rank; the set, if nobody is.
    fn heirs(slot: ergon_primitives::time::SlotNumber, active: &[OwnerOf<T>]) -> Vec<OwnerOf<T>> {
        let record = Self::stored_record(slot).unwrap_or_else(|| SlotRecord::never_elected(slot));
        let find = |operator: &T::AccountId| active.iter().find(|owner| owner.operator == *operator).cloned();
        let heirs: Vec<_> = record.fallbacks.iter().chain(record.primary.as_ref()).filter_map(find).collect();
        if heirs.is_empty() {
            active.to_vec()
        } else {
            heirs
        }
    }

    /// Elects again for `slot`, among those elected who are left.
    fn replace_in_next(
        timing: &Timing,
        slot: ergon_primitives::time::SlotNumber,
        active: &[OwnerOf<T>],
        table: &mut TableOf<T>,
    ) {
        // Not elected yet, in the first block of a slot: then the election will not know them.
        let Some(mut record) = Self::stored_record(slot) else { return };
        let left = |operator: &T::AccountId| active.iter().find(|owner| owner.operator == *operator).cloned();
        let mut fallbacks: Vec<_> = record.fallbacks.iter().filter_map(left).collect();
        let primary = match record.primary.as_ref().and_then(left) {
            Some(primary) => primary,
            None if fallbacks.is_empty() => match active.first() {
                Some(owner) => owner.clone(),
                None => return,
            },
            None => {
                // The first that is not cooling down; if all are, the first.
                let recent = RecentPrimaries::<T>::get();
                let is_rested = |owner: &OwnerOf<T>| recent.iter().all(|(_, leader)| *leader != owner.operator);
                fallbacks.remove(fallbacks.iter().position(is_rested).unwrap_or(0))
            }
        };
        Self::assign_slot(timing, slot, &primary, &fallbacks, table);
        RecentPrimaries::<T>::mutate(|recent| {
            if let Some((_, leader)) = recent.iter_mut().find(|(led, _)| *led == slot) {
                *leader = primary.operator.clone();
            }
        });
        record.primary = Some(primary.operator);
        record.fallbacks = BoundedVec::truncate_from(fallbacks.into_iter().map(|owner| owner.operator).collect());
        Self::store_record(record);
    }
}
