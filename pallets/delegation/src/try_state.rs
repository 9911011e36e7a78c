//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. What each account holds under this pallet's reason is the sum of its delegations' `held` and of its chunks' amounts.
//! 2. Each pool's points, shares and `held` are the sums over its delegations; it counts its delegations, its chunks and the
//!    records of stake that moved from it rightly; there is no pool without any of them.
//! 3. The pot has its reserve and what the pools say is in it. (It may have more: nobody can be kept from giving.)
//! 4. What the delegations that are paid could take is in their pool's pot.
//! 5. Each delegation has points and holds money, at least what its points are worth; only what compounds has shares, only what
//!    is paid is owed a reward.
//! 6. The total is the sum of the pools' values, and that of what is unbonding is the sum of the chunks.
//! 7. Each chunk stands in its delegator's list and nowhere else, none has a number outside the queue, and later ones began no
//!    earlier.
//! 8. No account has more delegations than it may, or stake that moved from a validator to itself.
//! 9. A pool's factor is at most one; its slashes are in the order of their sessions and leave less and less.
//! 10. Each delegation has checkpoints, nobody else; they are in the order of their epochs, and the last has the weight of today.
//!     Counters are of pools, in the order of their epochs, and not above those of today.
//!
//! How much slashed money is not burned yet is known only within rounding: `Pool::unburned` is less than the sum over its
//! delegations by one unit for each of them at most, and never more.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use ergon_primitives::{staking::MAX_DELEGATIONS, Balance};
use frame_support::{
    ensure,
    traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::TryRuntimeError;

use crate::{
    math::{part_floor, ONE},
    types::Pool,
    *,
};

/// Sums over the delegations of one pool.
#[derive(Default)]
struct Sums {
    paying: u128,
    compounding: u128,
    shares: u128,
    held: Balance,
    owed: Balance,
    delegators: u32,
    chunks: u32,
    liable: u32,
}

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_holds()?;
        let unbonding = Chunks::<T>::iter_values().fold(0, |sum: Balance, chunk| sum.saturating_add(chunk.amount));
        ensure!(unbonding == TotalUnbonding::<T>::get(), "6: the total of what is unbonding is not the sum");
        Self::check_pools()?;
        Self::check_pot()?;
        Self::check_delegations()?;
        Self::check_queue()?;
        Self::check_slashes()?;
        Self::check_history()
    }

    fn check_holds() -> Result<(), TryRuntimeError> {
        let mut expected: BTreeMap<T::AccountId, Balance> = BTreeMap::new();
        let held = DelegationOf::<T>::iter().map(|(who, _, delegation)| (who, delegation.held));
        let unbonding = Chunks::<T>::iter_values().map(|chunk| (chunk.delegator, chunk.amount));
        for (who, amount) in held.chain(unbonding) {
            let sum = expected.entry(who).or_default();
            *sum = sum.saturating_add(amount);
        }
        let reason = HoldReason::Delegation.into();
        for who in frame_system::Account::<T>::iter_keys() {
            let expected = expected.remove(&who).unwrap_or(0);
            ensure!(T::Currency::balance_on_hold(&reason, &who) == expected, "1: an account holds another amount");
        }
        ensure!(expected.is_empty(), "1: stake of an account that is not");
        Ok(())
    }

    fn sums() -> BTreeMap<T::AccountId, Sums> {
        let mut sums: BTreeMap<T::AccountId, Sums> = BTreeMap::new();
        for (_, validator, d) in DelegationOf::<T>::iter() {
            let since = Pools::<T>::get(&validator).unwrap_or_default().paying.reward_per_point;
            for record in &d.moved {
                let from = sums.entry(record.from.clone()).or_default();
                from.liable = from.liable.saturating_add(1);
            }
            let sum = sums.entry(validator).or_default();
            let part = if d.compounding { &mut sum.compounding } else { &mut sum.paying };
            *part = part.saturating_add(d.points);
            if !d.compounding {
                let earned = part_floor(d.points, since.saturating_sub(d.reward_per_point));
                sum.owed = sum.owed.saturating_add(d.owed).saturating_add(earned);
            }
            sum.shares = sum.shares.saturating_add(d.shares);
            sum.held = sum.held.saturating_add(d.held);
            sum.delegators = sum.delegators.saturating_add(1);
        }
        for chunk in Chunks::<T>::iter_values() {
            for record in &chunk.moved {
                let from = sums.entry(record.from.clone()).or_default();
                from.liable = from.liable.saturating_add(1);
            }
            let sum = sums.entry(chunk.validator).or_default();
            sum.chunks = sum.chunks.saturating_add(1);
        }
        sums
    }

    fn check_pools() -> Result<(), TryRuntimeError> {
        let mut sums = Self::sums();
        let mut total: Balance = 0;
        for (validator, pool) in Pools::<T>::iter() {
            let sum = sums.remove(&validator).ok_or("2: a pool without delegations, chunks and moved stake")?;
            let Pool { paying, compounding, .. } = &pool;
            ensure!(sum.paying == paying.points, "2: other points in a paying part");
            ensure!(sum.compounding == compounding.points, "2: other points in a compounding part");
            ensure!(sum.shares == compounding.shares, "2: other shares");
            ensure!(sum.held == pool.held, "2: another amount is held");
            ensure!(sum.delegators == pool.delegators, "2: another number of delegations");
            ensure!(sum.chunks == pool.chunks, "2: another number of chunks");
            ensure!(sum.liable == pool.liable, "2: another number of records of moved stake");
            ensure!(sum.owed <= paying.pot, "4: more is owed than is in the pot");
            ensure!(paying.points > 0 || paying.pot == 0, "4: a pot for nobody");
            ensure!(compounding.shares > 0 || compounding.pot == 0, "4: a pot for nobody");
            total = total.saturating_add(pool.value());
        }
        ensure!(sums.is_empty(), "2: delegations, chunks or moved stake without a pool");
        ensure!(total == TotalDelegated::<T>::get(), "6: the total is another");
        Ok(())
    }

    fn check_pot() -> Result<(), TryRuntimeError> {
        let in_pools = Pools::<T>::iter_values().fold(0, |sum: Balance, pool| sum.saturating_add(pool.in_pot()));
        let balance = T::Currency::balance(&Self::pot_account());
        ensure!(balance >= in_pools.saturating_add(Self::pot_reserve()), "3: the pot has less than the pools say");
        Ok(())
    }

    fn check_delegations() -> Result<(), TryRuntimeError> {
        let mut of: BTreeMap<T::AccountId, u32> = BTreeMap::new();
        for (who, validator, d) in DelegationOf::<T>::iter() {
            let pool = Pools::<T>::get(&validator).unwrap_or_default();
            ensure!(d.points > 0 && d.held > 0, "5: a delegation without stake");
            ensure!(pool.principal(d.points) <= d.held, "5: points worth more than is held");
            ensure!(d.compounding || d.shares == 0, "5: shares of a delegation that is paid");
            ensure!(!d.compounding || d.owed == 0, "5: a delegation that compounds is owed");
            ensure!(d.moved.iter().all(|record| record.from != validator), "8: stake moved to where it was");
            let count = of.entry(who).or_default();
            *count = count.saturating_add(1);
        }
        ensure!(of.values().all(|count| *count <= MAX_DELEGATIONS), "8: too many delegations of an account");
        Ok(())
    }

    fn check_queue() -> Result<(), TryRuntimeError> {
        let (first, next) = (FirstChunk::<T>::get(), NextChunk::<T>::get());
        let mut chunks: Vec<_> = Chunks::<T>::iter().collect();
        chunks.sort_by_key(|(id, _)| *id);
        ensure!(chunks.iter().all(|(id, _)| (first..next).contains(id)), "7: a chunk outside the queue");
        ensure!(chunks.is_sorted_by_key(|(_, chunk)| chunk.start), "7: a later chunk began earlier");
        let listed: BTreeSet<_> =
            ChunksOf::<T>::iter().flat_map(|(who, ids)| ids.into_iter().map(move |id| (id, who.clone()))).collect();
        let kept: BTreeSet<_> = chunks.into_iter().map(|(id, chunk)| (id, chunk.delegator)).collect();
        ensure!(listed == kept, "7: the lists name other chunks than there are");
        Ok(())
    }

    fn check_slashes() -> Result<(), TryRuntimeError> {
        for pool in Pools::<T>::iter_values() {
            ensure!(pool.factor <= ONE, "9: a point worth more than one");
            ensure!(pool.slashes.iter().all(|record| record.keep <= ONE), "9: a slash that gives");
            let in_order = pool.slashes.windows(2).all(|pair| match pair {
                [one, other] => one.offence < other.offence && one.keep >= other.keep,
                _ => true,
            });
            ensure!(in_order, "9: slashes out of order");
        }
        Ok(())
    }

    fn check_history() -> Result<(), TryRuntimeError> {
        for (who, validator, list) in CheckpointsOf::<T>::iter() {
            let d = DelegationOf::<T>::get(&who, &validator).ok_or("10: checkpoints of no delegation")?;
            let now = list.last().map(|last| (last.weight, last.compounding));
            ensure!(now == Some((d.weight(), d.compounding)), "10: the last checkpoint has another weight");
            let epochs: BTreeSet<_> = list.iter().map(|checkpoint| checkpoint.epoch).collect();
            ensure!(epochs.len() == list.len(), "10: an epoch has two checkpoints");
            ensure!(list.is_sorted_by_key(|checkpoint| checkpoint.epoch), "10: checkpoints out of order");
        }
        let delegations = DelegationOf::<T>::iter_keys().count();
        ensure!(CheckpointsOf::<T>::iter_keys().count() == delegations, "10: a delegation without checkpoints");
        for (validator, counters) in Counters::<T>::iter() {
            let pool = Pools::<T>::get(&validator).ok_or("10: counters of no pool")?;
            let within = |last: &types::EpochCounter| {
                last.reward_per_point <= pool.paying.reward_per_point
                    && last.reward_per_share <= pool.compounding.reward_per_share
            };
            ensure!(counters.last().is_none_or(within), "10: counters above today's");
            ensure!(counters.is_sorted_by_key(|counter| counter.epoch), "10: counters out of order");
        }
        Ok(())
    }
}
