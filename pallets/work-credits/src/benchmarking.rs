//! One benchmark per piece of work: a plain block, a gap, the first block of a slot, the VRF. Each stands on the largest
//! table, with as many validators as it says.

use ergon_primitives::{
    schedule::{Duties, OperatorStanding, Outcome, Owner},
    time::{SlotNumber, Tick, Timing, COOLDOWN_SLOTS, MAX_TABLE_LEN, MAX_TICKS_PER_SLOT, MAX_VALIDATORS},
    vrf::{known_answer, VrfClaim},
};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use sp_consensus_aura::Slot;
use sp_core::sr25519;

use crate::*;

/// A slot in the midst of things; its first tick is also the first of an epoch.
const SLOT: SlotNumber = 30_000;

fn owner<T: Config>(index: u32) -> OwnerOf<T> {
    let mut key = [0u8; 32];
    key[..4].copy_from_slice(&index.to_le_bytes());
    Owner { operator: account("validator", index, 0), key: sr25519::Public::from(key).into() }
}

/// A chain of `validators`, all of them with a past, whose last block was at `tick`.
fn chain_at<T: Config>(validators: u32, tick: Tick) -> Timing {
    let timing = Timing { ticks_per_slot: MAX_TICKS_PER_SLOT, ..Timing::default() };
    let active: alloc::vec::Vec<_> = (0..validators).map(owner::<T>).collect();
    for owner in &active {
        DutiesOf::<T>::insert(&owner.operator, Duties::default());
        T::Standing::make_worst_case(&owner.operator);
    }
    let slot = timing.slot_of(tick);
    let past = (1..=u64::from(COOLDOWN_SLOTS)).rev().map(|ago| slot.saturating_sub(ago));
    let recent = past.zip(active.iter().cycle()).map(|(slot, owner)| (slot, owner.operator.clone())).collect();
    RecentPrimaries::<T>::put(BoundedVec::truncate_from(recent));
    let table = active.iter().cycle().take(MAX_TABLE_LEN as usize).cloned().collect();
    Table::<T>::put(BoundedVec::truncate_from(table));
    ActiveSet::<T>::put(BoundedVec::truncate_from(active));
    Clock::<T>::put(timing);
    LastTick::<T>::put(tick);
    FirstSlot::<T>::put(1);
    timing
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_block() {
        let tick = *Timing::default().ticks_of(SLOT).start();
        chain_at::<T>(MAX_VALIDATORS, tick);
        #[block]
        {
            Pallet::<T>::begin_block(tick + 1);
        }
        assert_eq!(LastTick::<T>::get(), Some(tick + 1));
    }

    #[benchmark]
    fn on_gap(e: Linear<1, MAX_TABLE_LEN>) {
        let tick = *Timing::default().ticks_of(SLOT).start();
        let timing = chain_at::<T>(MAX_VALIDATORS, tick);
        let table = Table::<T>::get();
        let author = table[0].operator.clone();
        let entries;
        #[block]
        {
            entries = Pallet::<T>::account_duties(&timing, Some(tick), tick + 1 + u64::from(e), &table, &author);
        }
        assert_eq!(entries, e);
        assert!(DutiesOf::<T>::get(&table[timing.table_index(tick + 1)].operator).missed > 0);
    }

    #[benchmark]
    fn on_slot(v: Linear<1, MAX_VALIDATORS>) {
        // Two slots on, so that the one between them is settled as empty, and into a new epoch.
        let tick = *Timing::default().ticks_of(SLOT).start();
        let parent = tick - u64::from(MAX_TICKS_PER_SLOT) - 1;
        let timing = chain_at::<T>(v, parent);
        let author = Table::<T>::get()[timing.table_index(parent)].operator.clone();
        Pallet::<T>::begin_slot(&timing, Some(parent - 24), parent, &author, Table::<T>::get());
        let table = Table::<T>::get();
        #[block]
        {
            Pallet::<T>::begin_slot(&timing, Some(parent), tick, &author, table);
        }
        assert_eq!(Pallet::<T>::stored_record(SLOT - 1).map(|record| record.outcome), Some(Outcome::Missed));
        assert!(Pallet::<T>::stored_record(SLOT + 1).is_some_and(|record| record.primary.is_some()));
    }

    #[benchmark]
    fn take_from() {
        let tick = *Timing::default().ticks_of(SLOT).start();
        let parent = tick - u64::from(MAX_TICKS_PER_SLOT) - 1;
        let timing = chain_at::<T>(MAX_VALIDATORS, parent);
        let author = Table::<T>::get()[timing.table_index(parent)].operator.clone();
        Pallet::<T>::begin_slot(&timing, Some(parent - 24), parent, &author, Table::<T>::get());
        pallet_aura::CurrentSlot::<T>::put(Slot::from(parent));
        // All but one: each of the others' ticks finds another owner.
        let gone: alloc::vec::Vec<_> = (1..MAX_VALIDATORS).map(|index| owner::<T>(index).operator).collect();
        #[block]
        {
            <Pallet<T> as ergon_primitives::schedule::FutureTicks<T::AccountId>>::take_from(&gone);
        }
        assert_eq!(ActiveSet::<T>::get().len(), 1);
    }

    #[benchmark]
    fn note_vrf() {
        let key = AuraId::from(sr25519::Public::from(known_answer::KEY));
        PendingClaim::<T>::put(VrfClaim { key, randomness: known_answer::RANDOMNESS });
        pallet_aura::CurrentSlot::<T>::put(Slot::from(known_answer::TICK));
        #[extrinsic_call]
        _(RawOrigin::None, known_answer::VRF);
        assert!(PendingClaim::<T>::get().is_none());
    }
}
