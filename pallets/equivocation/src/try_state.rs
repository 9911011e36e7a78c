//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. The remembered sessions are all from the oldest that can be reported to the current one.
//! 2. They begin in the order of their ticks.
//! 3. Each has its key set, and no other set is kept.

use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = pallet_session::CurrentIndex::<T>::get();
        let expected: BTreeSet<_> = (Self::oldest_session(now)..=now).collect();
        let found: BTreeSet<_> = Sessions::<T>::iter_keys().collect();
        ensure!(expected == found, "1: other sessions are remembered than can be reported");

        let facts: alloc::vec::Vec<_> = expected.into_iter().filter_map(Sessions::<T>::get).collect();
        ensure!(facts.windows(2).all(|w| w[0].first_tick < w[1].first_tick), "2: sessions are out of order");

        let used: BTreeSet<_> = facts.iter().map(|facts| facts.key_set).collect();
        let kept: BTreeSet<_> = KeySets::<T>::iter_keys().collect();
        ensure!(used == kept, "3: other key sets are kept than the sessions name");
        Ok(())
    }
}
