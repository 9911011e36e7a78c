//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. The active set is not empty and names no operator twice.
//! 2. The table has exactly its length, and Aura's authorities are its keys.
//! 3. The next slot, once elected, stands in the table as its record says.
//! 4. The recent primaries are in ascending order of slots.
//! 5. A record lies where its slot's is kept, and nobody is both its primary and its fallback.
//! 6. Nobody missed more than it owed; reliability is from 1/100 to 1.
//! 7. The fallback queue names every position of some set once.
//! 8. Every active operator owns a tick of the table, so that a network that stopped goes on with whoever returns.

use frame_support::ensure;
use sp_runtime::{Perbill, TryRuntimeError};

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_active_set()?;
        Self::check_table()?;
        Self::check_next_slot()?;
        Self::check_recent()?;
        Self::check_records()?;
        Self::check_duties()?;
        Self::check_queue()?;
        Self::check_reach()
    }

    fn check_active_set() -> Result<(), TryRuntimeError> {
        let active = ActiveSet::<T>::get();
        ensure!(!active.is_empty(), "1: the active set is empty");
        for (i, owner) in active.iter().enumerate() {
            ensure!(active.iter().skip(i + 1).all(|o| o.operator != owner.operator), "1: an operator is twice active");
        }
        Ok(())
    }

    fn check_table() -> Result<(), TryRuntimeError> {
        let table = Table::<T>::get();
        ensure!(table.len() == Clock::<T>::get().table_len() as usize, "2: the table has another length");
        let keys = pallet_aura::Authorities::<T>::get();
        ensure!(table.iter().map(|o| &o.key).eq(keys.iter()), "2: Aura's authorities are not the table's keys");
        Ok(())
    }

    fn check_next_slot() -> Result<(), TryRuntimeError> {
        let timing = Clock::<T>::get();
        let Some(tick) = LastTick::<T>::get() else { return Ok(()) };
        let next = timing.slot_of(tick).saturating_add(1);
        let record = Self::stored_record(next).ok_or("3: the next slot has no record")?;
        for (i, tick) in timing.ticks_of(next).enumerate() {
            let owner = Self::owner_at(tick).ok_or("3: a tick has no owner")?.operator;
            let expected = match record.fallbacks.len() {
                len if i % 2 == 1 && len > 0 => record.fallbacks.get((i / 2) % len),
                _ => record.primary.as_ref(),
            };
            ensure!(Some(&owner) == expected, "3: a tick of the next slot is not its elected owner's");
        }
        Ok(())
    }

    fn check_recent() -> Result<(), TryRuntimeError> {
        let recent = RecentPrimaries::<T>::get();
        ensure!(recent.windows(2).all(|w| w[0].0 < w[1].0), "4: recent primaries are out of order");
        Ok(())
    }

    fn check_records() -> Result<(), TryRuntimeError> {
        let window = Clock::<T>::get().window_slots;
        for (index, record) in Records::<T>::iter() {
            ensure!(record.slot % u64::from(window) == u64::from(index), "5: a record lies at another slot's place");
            let both = record.primary.as_ref().is_some_and(|p| record.fallbacks.contains(p));
            ensure!(!both, "5: a primary is its own fallback");
        }
        Ok(())
    }

    fn check_duties() -> Result<(), TryRuntimeError> {
        for (_, duties) in DutiesOf::<T>::iter() {
            ensure!(duties.missed <= duties.owed, "6: more missed than owed");
            ensure!(duties.reliability >= Perbill::from_percent(1), "6: reliability below its floor");
        }
        Ok(())
    }

    fn check_queue() -> Result<(), TryRuntimeError> {
        let mut queue = FallbackQueue::<T>::get().into_inner();
        queue.sort();
        ensure!(queue.iter().copied().eq((0..).take(queue.len())), "7: the fallback queue is no permutation");
        Ok(())
    }
    fn check_reach() -> Result<(), TryRuntimeError> {
        let table = Table::<T>::get();
        for owner in ActiveSet::<T>::get() {
            ensure!(table.iter().any(|o| o.operator == owner.operator), "8: an active operator owns no tick");
        }
        Ok(())
    }
}
