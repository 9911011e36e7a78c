//! Stake on its way back: chunks, one queue of them in the order in which they were undelegated, and their release.
//!
//! The queue is released by the chain itself, oldest first, a bounded number a block. It stops at the first chunk that is not due:
//! chunks that come later are due later, unless governance shortens the time; then they wait for those before them.

use ergon_primitives::{
    staking::{Burned, ChainTime, Validators},
    Balance,
};
use frame_support::{ensure, traits::Get, weights::Weight, BoundedVec};
use sp_runtime::DispatchResult;

use crate::{
    math::{left_of, mul_div_ceil},
    types::{Chunk, Moved},
    *,
};

impl<T: Config> Pallet<T> {
    /// Undelegates `amount`, or all if it is `None`.
    pub(crate) fn do_undelegate(
        who: &T::AccountId,
        validator: &T::AccountId,
        amount: Option<Balance>,
    ) -> DispatchResult {
        T::Validators::share_out(validator);
        let mut delegation = Self::settle(who, validator).ok_or(Error::<T>::NotDelegated)?;
        let amount = amount.unwrap_or(delegation.held);
        Self::ensure_leaves_enough(&delegation, amount)?;
        // Each part is a place in a queue that serves so many a block.
        ensure!(amount == delegation.held || amount >= T::MinChunk::get(), Error::<T>::ChunkTooSmall);
        let moved = Self::split_moved(&mut delegation, amount);
        let compounding = delegation.compounding;
        Self::mutate_pool(validator, |pool| {
            pool.leave(&mut delegation, amount);
            // Counted before the delegation may go, so that the pool stays, with its slashes.
            pool.chunks = pool.chunks.saturating_add(1);
        });
        Self::save_or_remove(who, validator, delegation);

        // The set of the next session was chosen with it.
        let start = T::Time::session().saturating_add(1);
        let keep = Pools::<T>::get(validator).unwrap_or_default().left_since(start);
        let release = T::Time::tick().saturating_add(T::Rules::get().unbonding_ticks);
        let chunk = Chunk {
            delegator: who.clone(),
            validator: validator.clone(),
            amount,
            compounding,
            start,
            keep,
            release,
            moved,
        };
        let id = NextChunk::<T>::get();
        ChunksOf::<T>::try_append(who, id).map_err(|()| Error::<T>::TooManyUnbonding)?;
        Chunks::<T>::insert(id, chunk);
        TotalUnbonding::<T>::mutate(|total| *total = total.saturating_add(amount));
        NextChunk::<T>::put(id.saturating_add(1));
        Self::deposit_event(Event::Undelegated {
            delegator: who.clone(),
            validator: validator.clone(),
            amount,
            id,
            release,
        });
        Ok(())
    }

    /// Refuses to take `amount` if a remainder would be below the least delegation.
    pub(crate) fn ensure_leaves_enough(delegation: &DelegationFor<T>, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let rest = delegation.held.checked_sub(amount).ok_or(Error::<T>::InsufficientStake)?;
        ensure!(rest == 0 || rest >= T::Rules::get().min_delegation, Error::<T>::BelowMinimum);
        Ok(())
    }

    /// Splits what a settled delegation is liable for elsewhere between it and the `amount` that leaves it, which takes the
    /// greater part where it cannot be divided.
    fn split_moved(delegation: &mut DelegationFor<T>, amount: Balance) -> MovedFor<T> {
        let held = delegation.held;
        let mut records = alloc::vec::Vec::new();
        for record in delegation.moved.iter_mut() {
            let part = mul_div_ceil(record.amount, amount, held).unwrap_or(record.amount).min(record.amount);
            if part == 0 {
                continue;
            }
            record.amount = record.amount.saturating_sub(part);
            records.push(Moved { amount: part, ..record.clone() });
            if record.amount > 0 {
                // One record became two.
                Self::mutate_pool(&record.from, |pool| pool.liable = pool.liable.saturating_add(1));
            }
        }
        delegation.moved.retain(|record| record.amount > 0);
        // As many as there were at most.
        BoundedVec::truncate_from(records)
    }

    pub(crate) fn do_cancel_unbonding(who: &T::AccountId, id: u64) -> DispatchResult {
        let owned = Chunks::<T>::get(id).filter(|chunk| chunk.delegator == *who);
        let validator = owned.ok_or(Error::<T>::UnknownChunk)?.validator;
        Self::ensure_open(who, &validator)?;
        T::Validators::share_out(&validator);
        let existing = Self::settle(who, &validator);
        let (chunk, due) = Self::take_chunk(id).ok_or(Error::<T>::UnknownChunk)?;

        let mut delegation = match existing {
            Some(delegation) => delegation,
            None => Self::open(who, &validator, chunk.compounding)?,
        };
        ensure!(
            due > 0 && delegation.held.saturating_add(due) >= T::Rules::get().min_delegation,
            Error::<T>::BelowMinimum
        );
        for record in chunk.moved {
            Self::add_moved(&mut delegation.moved, record)?;
        }
        Self::add(who, &validator, delegation, due)?;
        // Only now, so that the pool could not go in between.
        Self::forget_chunk(&validator);
        Self::deposit_event(Event::UnbondingCancelled { delegator: who.clone(), validator, amount: due, id });
        Ok(())
    }

    /// Takes a chunk out of the queue and burns what it has to give up. Returns it, with what it is still liable for, and
    /// what is left of it, rounded down. The caller calls [`Self::forget_chunk`] when it is done.
    fn take_chunk(id: u64) -> Option<(ChunkFor<T>, Balance)> {
        let mut chunk = Chunks::<T>::take(id)?;
        TotalUnbonding::<T>::mutate(|total| *total = total.saturating_sub(chunk.amount));
        ChunksOf::<T>::mutate_exists(&chunk.delegator, |ids| {
            if let Some(list) = ids {
                list.retain(|known| *known != id);
                if list.is_empty() {
                    *ids = None;
                }
            }
        });
        // What goes from either end leaves no hole. The head first: an empty queue goes on with the next number.
        if FirstChunk::<T>::get() == id {
            FirstChunk::<T>::put(id.saturating_add(1));
        } else if NextChunk::<T>::get() == id.saturating_add(1) {
            NextChunk::<T>::put(id);
        }
        let due = Self::due_of(&chunk).saturating_sub(Self::charge_moved(&mut chunk.moved));
        Self::burn_hold(&chunk.delegator, chunk.amount.saturating_sub(due), Burned::Slash);
        Some((chunk, due))
    }

    /// What slashes for offences in its time left of a chunk; rounded down. Without what it is liable for elsewhere.
    pub(crate) fn due_of(chunk: &ChunkFor<T>) -> Balance {
        let left = Pools::<T>::get(&chunk.validator).map_or(chunk.keep, |pool| pool.left_since(chunk.start));
        left_of(chunk.amount, chunk.keep, left)
    }

    /// A chunk that unbonded from `validator` is gone.
    fn forget_chunk(validator: &T::AccountId) {
        Self::mutate_pool(validator, |pool| pool.chunks = pool.chunks.saturating_sub(1));
    }

    /// Releases what is due, and looks at `limit` places of the queue at most. Returns at how many it looked.
    pub(crate) fn release_due(limit: u32) -> u32 {
        let (now, next) = (T::Time::tick(), NextChunk::<T>::get());
        let mut looked = 0;
        while looked < limit {
            let id = FirstChunk::<T>::get();
            if id >= next {
                break;
            }
            match Chunks::<T>::get(id) {
                Some(chunk) if chunk.release > now => break,
                Some(_) => Self::release_chunk(id),
                // Cancelled.
                None => FirstChunk::<T>::put(id.saturating_add(1)),
            }
            looked = looked.saturating_add(1);
        }
        looked
    }

    /// Releases what is due with what a block has to spare, up to 16 times of what each block does. Returns what it used.
    pub(crate) fn release_more(remaining: Weight) -> Weight {
        let each = T::WeightInfo::release(1);
        let most = T::ReleasesPerBlock::get().saturating_mul(16);
        let limit = remaining.checked_div_per_component(&each).unwrap_or(u64::from(most)).min(most.into());
        // At most `most`, a u32.
        match Self::release_due(limit as u32) {
            0 => Weight::zero(),
            looked => T::WeightInfo::release(looked),
        }
    }

    fn release_chunk(id: u64) {
        let Some((chunk, due)) = Self::take_chunk(id) else { return };
        Self::release_hold(&chunk.delegator, due);
        for record in &chunk.moved {
            Self::forget_liable(&record.from);
        }
        Self::forget_chunk(&chunk.validator);
        Self::deposit_event(Event::Released {
            delegator: chunk.delegator,
            validator: chunk.validator,
            amount: due,
            slashed: chunk.amount.saturating_sub(due),
            id,
        });
    }
}
