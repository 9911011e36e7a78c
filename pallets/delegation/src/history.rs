//! What each delegation earned in each epoch, derived: pools remember their counters at the end of each epoch, delegations when
//! what their rewards are shared by changed. So an epoch costs a write for each validator, none for each delegator.

use alloc::vec::Vec;
use ergon_primitives::{
    staking::{ChainTime, SessionIndex, HISTORY_EPOCHS},
    Balance,
};
use frame_support::{traits::ConstU32, BoundedVec};

use crate::{
    math::part_floor,
    types::{Checkpoint, EpochCounter, EpochCounters, Pool},
    *,
};

impl Pool {
    /// The counter that rewards of a part are shared by.
    fn counter(&self, compounding: bool) -> u128 {
        if compounding {
            self.compounding.reward_per_share
        } else {
            self.paying.reward_per_point
        }
    }
}

/// How a counter stood at the end of `epoch`; `None` before the first that is remembered.
fn counter_at(counters: &EpochCounters, epoch: SessionIndex, compounding: bool) -> Option<u128> {
    let entry = counters.iter().rev().find(|entry| entry.epoch <= epoch)?;
    Some(if compounding { entry.reward_per_share } else { entry.reward_per_point })
}

/// What was earned in `epoch` since the checkpoint, or since the epoch began if that is later, until the counter was `end`;
/// rounded down.
fn earned_since(counters: &EpochCounters, last: &Checkpoint, epoch: SessionIndex, end: u128) -> Balance {
    if last.epoch >= epoch {
        return last.earned_before.saturating_add(part_floor(last.weight, end.saturating_sub(last.counter)));
    }
    let before = epoch.checked_sub(1).and_then(|before| counter_at(counters, before, last.compounding));
    let begin = before.unwrap_or(0).max(last.counter);
    part_floor(last.weight, end.saturating_sub(begin))
}

/// Adds an entry, in place of the oldest if there is no room.
fn push_latest<V>(list: &mut BoundedVec<V, ConstU32<HISTORY_EPOCHS>>, entry: V) {
    if list.is_full() {
        list.remove(0);
    }
    // There is room now.
    let _never_full = list.try_push(entry);
}

impl<T: Config> Pallet<T> {
    /// Remembers how the counters of `validator` stand at the end of `epoch`, if they changed.
    pub(crate) fn note_counters(epoch: SessionIndex, validator: &T::AccountId) {
        let Some(pool) = Pools::<T>::get(validator) else { return };
        let (reward_per_point, reward_per_share) = (pool.paying.reward_per_point, pool.compounding.reward_per_share);
        let mut counters = Counters::<T>::get(validator);
        let same = |e: &EpochCounter| e.reward_per_point == reward_per_point && e.reward_per_share == reward_per_share;
        if counters.last().is_some_and(same) {
            return;
        }
        counters.retain(|entry| entry.epoch < epoch);
        push_latest(&mut counters, EpochCounter { epoch, reward_per_point, reward_per_share });
        Counters::<T>::insert(validator, counters);
    }

    /// Remembers that the rewards of a delegation are shared by `weight` from now on.
    pub(crate) fn note_weight(who: &T::AccountId, validator: &T::AccountId, compounding: bool, weight: u128) {
        let mut list = CheckpointsOf::<T>::get(who, validator);
        let last = list.last().copied();
        if last.is_some_and(|last| last.weight == weight && last.compounding == compounding) {
            return;
        }
        let (epoch, pool) = (T::Time::session(), Pools::<T>::get(validator).unwrap_or_default());
        let earned_before = last.map_or(0, |last| {
            earned_since(&Counters::<T>::get(validator), &last, epoch, pool.counter(last.compounding))
        });
        list.retain(|checkpoint| checkpoint.epoch < epoch);
        // The newest of those that are too old still says what the weight was when the window began.
        let oldest = epoch.saturating_sub(HISTORY_EPOCHS.saturating_sub(1));
        while list.get(1).is_some_and(|second| second.epoch <= oldest) {
            list.remove(0);
        }
        let counter = pool.counter(compounding);
        push_latest(&mut list, Checkpoint { epoch, earned_before, counter, weight, compounding });
        CheckpointsOf::<T>::insert(who, validator, list);
    }

    /// What `who` earned with each validator that it delegates to, in each of the last epochs, this one included so far.
    /// Ordered by epoch; without epochs in which it earned nothing.
    pub fn history(who: &T::AccountId) -> Vec<(SessionIndex, T::AccountId, Balance)> {
        let now = T::Time::session();
        let oldest = now.saturating_sub(HISTORY_EPOCHS.saturating_sub(1));
        let mut earned = Vec::new();
        for validator in DelegationOf::<T>::iter_key_prefix(who) {
            let (counters, pool) = (Counters::<T>::get(&validator), Pools::<T>::get(&validator).unwrap_or_default());
            let list = CheckpointsOf::<T>::get(who, &validator);
            for epoch in oldest..=now {
                let Some(last) = list.iter().rev().find(|checkpoint| checkpoint.epoch <= epoch) else { continue };
                let end = if epoch == now {
                    Some(pool.counter(last.compounding))
                } else {
                    counter_at(&counters, epoch, last.compounding)
                };
                let amount = earned_since(&counters, last, epoch, end.unwrap_or(0));
                if amount > 0 {
                    earned.push((epoch, validator.clone(), amount));
                }
            }
        }
        earned.sort_by_key(|(epoch, ..)| *epoch);
        earned
    }
}
