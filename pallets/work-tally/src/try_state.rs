//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. There are no more ledgers than validators can be.
//! 2. A ledger's buckets are in the order of their epochs, each once, and none is of the future.
//! 3. Nobody has more beacons in an epoch than it has slots, nor one of a slot to come.
//! 4. The slots of the window are no more than all slots.

use ergon_primitives::staking::MAX_REGISTERED;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let slots = OpenedSlots::<T>::get();
        let now = Self::now();
        ensure!(Ledgers::<T>::count() <= MAX_REGISTERED, "1: more ledgers than there may be");
        for (_, ledger) in Ledgers::<T>::iter() {
            let buckets = &ledger.buckets;
            ensure!(buckets.windows(2).all(|w| w[0].epoch < w[1].epoch), "2: buckets are out of order");
            ensure!(buckets.iter().all(|bucket| bucket.epoch <= now), "2: a bucket of the future");
            let most = T::Clock::get().slots_per_epoch;
            ensure!(buckets.iter().all(|bucket| bucket.beacons <= most), "3: more beacons than slots");
            ensure!(ledger.seen.iter().all(|seen| Some(*seen) <= slots.current), "3: a beacon of a slot to come");
            ensure!(ledger.slots_before <= slots.total, "4: an entity of the future");
        }
        let of_window = slots.by_epoch.iter().map(|(_, slots)| u64::from(*slots)).sum::<u64>();
        ensure!(of_window <= slots.total, "4: more slots in the window than ever");
        Ok(())
    }
}
