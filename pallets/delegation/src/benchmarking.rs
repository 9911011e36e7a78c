//! One benchmark per call and per piece of work that the chain does by itself, each at its dearest: a delegation that compounds,
//! with a reward and a slash that are not settled, stake from as many other validators as there can be, each slashed as often
//! as is remembered, and a history as long as it gets.

use ergon_primitives::{
    staking::{ChainTime, Delegations, SessionIndex, HISTORY_EPOCHS, MAX_DELEGATIONS},
    Balance,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{fungible::Mutate, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::Perbill;

use crate::{
    types::{Checkpoint, EpochCounter, Moved, Pool, MAX_MOVED, MAX_SLASHES},
    *,
};

/// Sets the scene for benchmarks.
pub trait BenchmarkHelper<AccountId> {
    /// Validator number `seed`, which takes stake.
    fn validator(seed: u32) -> AccountId;

    /// Lets `validator` earn a block reward and fees that are not shared out.
    fn earn(validator: &AccountId);
}

/// Number of the first validator that stake comes from.
const FORMER: u32 = 50;

fn min<T: Config>() -> Balance {
    T::Rules::get().min_delegation
}

/// An account with much to delegate.
fn rich<T: Config>(seed: u32) -> T::AccountId {
    let who: T::AccountId = account("delegator", seed, 0);
    T::Currency::mint_into(&who, min::<T>().saturating_mul(10_000)).expect("mints");
    who
}

/// Puts a reward into the pot and shares it out.
fn earn<T: Config>(validator: &T::AccountId) {
    T::Currency::mint_into(&Pallet::<T>::pot_account(), min::<T>()).expect("mints");
    <Pallet<T> as Delegations<T::AccountId>>::reward(validator, min::<T>());
}

fn offend<T: Config>(validator: &T::AccountId, offence: SessionIndex) {
    <Pallet<T> as Delegations<T::AccountId>>::slash(validator, offence, Perbill::from_percent(1));
}

/// Records of stake from as many validators as there can be, slashed since.
fn moved<T: Config>() -> MovedFor<T> {
    let start = T::Time::session();
    let records = (FORMER..FORMER + MAX_MOVED).map(|seed| {
        let from = T::Helper::validator(seed);
        let mut pool = Pools::<T>::get(&from).unwrap_or_else(|| {
            let mut pool = Pool::default();
            for offence in 0..MAX_SLASHES {
                pool.slash(start.saturating_add(offence), Perbill::from_percent(1));
            }
            pool
        });
        pool.liable = pool.liable.saturating_add(1);
        Pools::<T>::insert(&from, pool);
        Moved { from, amount: min::<T>(), start, keep: math::ONE }
    });
    BoundedVec::truncate_from(records.collect())
}

/// A delegation to `validator` at its dearest, and another that is paid.
fn dearest<T: Config>(who: &T::AccountId, validator: &T::AccountId, compounding: bool) {
    Pallet::<T>::do_bond(who, validator, min::<T>().saturating_mul(100), compounding).expect("bonds");
    let other = rich::<T>(9_999);
    if DelegationOf::<T>::get(&other, validator).is_none() {
        Pallet::<T>::do_bond(&other, validator, min::<T>(), !compounding).expect("bonds");
    }
    earn::<T>(validator);
    for offence in 0..MAX_SLASHES {
        offend::<T>(validator, offence);
    }
    let mut delegation = DelegationOf::<T>::get(who, validator).expect("just bonded");
    delegation.moved = moved::<T>();
    let weight = delegation.weight();
    DelegationOf::<T>::insert(who, validator, delegation);
    let checkpoints = (0..HISTORY_EPOCHS)
        .map(|epoch| Checkpoint { epoch, earned_before: 1, counter: 0, weight, compounding })
        .collect();
    CheckpointsOf::<T>::insert(who, validator, BoundedVec::truncate_from(checkpoints));
    fill_counters::<T>(validator);
    T::Helper::earn(validator);
}

/// Gives `validator` a pool whose rewards, slashes and epoch ends cost as much as they can: for benchmarks of other pallets.
pub fn fill_pool<T: Config>(validator: &T::AccountId) {
    let mut pool = Pool::default();
    for compounding in [false, true] {
        let mut delegation = DelegationFor::<T>::new(compounding);
        pool.join(&mut delegation, min::<T>()).expect("an empty pool takes stake");
        pool.delegators = pool.delegators.saturating_add(1);
    }
    pool.compounding.pot = min::<T>();
    T::Currency::mint_into(&Pallet::<T>::pot_account(), min::<T>()).expect("mints");
    for offence in 0..MAX_SLASHES {
        pool.slash(offence, Perbill::zero());
    }
    Pallet::<T>::mutate_pool(validator, |known| *known = pool);
    fill_counters::<T>(validator);
}

/// As many counters as are remembered.
fn fill_counters<T: Config>(validator: &T::AccountId) {
    let counters =
        (0..HISTORY_EPOCHS).map(|epoch| EpochCounter { epoch, reward_per_point: 0, reward_per_share: 0 }).collect();
    Counters::<T>::insert(validator, BoundedVec::truncate_from(counters));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn bond() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        for seed in 1..MAX_DELEGATIONS {
            Pallet::<T>::do_bond(&who, &T::Helper::validator(seed), min::<T>(), true).expect("bonds");
        }
        dearest::<T>(&rich::<T>(2), &validator, true);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone(), min::<T>(), true);
        assert!(DelegationOf::<T>::contains_key(&who, &validator));
    }

    #[benchmark]
    fn bond_more() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        let before = DelegationOf::<T>::get(&who, &validator).expect("bonded").points;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone(), min::<T>().saturating_mul(10));
        assert!(DelegationOf::<T>::get(&who, &validator).expect("bonded").points > before);
    }

    #[benchmark]
    fn undelegate() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone(), min::<T>());
        assert_eq!(ChunksOf::<T>::get(&who).len(), 1);
    }

    #[benchmark]
    fn undelegate_all() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone());
        assert!(!DelegationOf::<T>::contains_key(&who, &validator));
    }

    #[benchmark]
    fn redelegate() {
        let (who, from, to) = (rich::<T>(1), T::Helper::validator(0), T::Helper::validator(1));
        dearest::<T>(&who, &from, true);
        dearest::<T>(&who, &to, true);
        // One place for the record of this move.
        DelegationOf::<T>::mutate(&who, &to, |delegation| {
            if let Some(record) = delegation.as_mut().and_then(|delegation| delegation.moved.pop()) {
                Pallet::<T>::forget_liable(&record.from);
            }
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), from.clone(), to.clone(), min::<T>().saturating_mul(10));
        assert_eq!(
            DelegationOf::<T>::get(&who, &to).map(|delegation| delegation.moved.len()),
            Some(MAX_MOVED as usize)
        );
    }

    #[benchmark]
    fn cancel_unbonding() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        Pallet::<T>::do_undelegate(&who, &validator, Some(min::<T>().saturating_mul(20))).expect("undelegates");
        earn::<T>(&validator);
        offend::<T>(&validator, 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), 0);
        assert!(ChunksOf::<T>::get(&who).is_empty());
    }

    #[benchmark]
    fn set_compounding() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, false);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone(), true);
        assert!(DelegationOf::<T>::get(&who, &validator).is_some_and(|delegation| delegation.compounding));
    }

    #[benchmark]
    fn release(c: Linear<0, 16>) {
        let validator = T::Helper::validator(0);
        for seed in 0..c {
            let who = rich::<T>(seed);
            Pallet::<T>::do_bond(&who, &validator, min::<T>().saturating_mul(100), true).expect("bonds");
            Pallet::<T>::do_undelegate(&who, &validator, None).expect("undelegates");
            Chunks::<T>::mutate(u64::from(seed), |chunk| {
                if let Some(chunk) = chunk {
                    chunk.moved = moved::<T>();
                    chunk.release = 0;
                }
            });
        }
        for offence in 0..MAX_SLASHES {
            offend::<T>(&validator, offence);
        }
        let looked;
        #[block]
        {
            looked = Pallet::<T>::release_due(c);
        }
        assert_eq!((looked, FirstChunk::<T>::get()), (c, u64::from(c)));
        assert!(Chunks::<T>::iter_keys().next().is_none());
    }

    #[benchmark]
    fn sweep_idle() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        #[block]
        {
            Pallet::<T>::sweep(T::WeightInfo::sweep_idle());
        }
    }

    #[benchmark]
    fn sweep_one() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        let next;
        #[block]
        {
            next = DelegationOf::<T>::iter_keys().next();
            Pallet::<T>::settle(&who, &validator);
        }
        assert!(next.is_some());
        // But for what rounding leaves.
        assert!(Pools::<T>::get(&validator).is_some_and(|pool| pool.compounding.pot <= 1));
    }

    #[benchmark]
    fn reward() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        T::Currency::mint_into(&Pallet::<T>::pot_account(), min::<T>()).expect("mints");
        let before = Pools::<T>::get(&validator).unwrap_or_default().in_pot();
        #[block]
        {
            <Pallet<T> as Delegations<T::AccountId>>::reward(&validator, min::<T>());
        }
        assert!(Pools::<T>::get(&validator).unwrap_or_default().in_pot() > before);
    }

    #[benchmark]
    fn slash() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        let before = Pools::<T>::get(&validator).unwrap_or_default().value();
        #[block]
        {
            <Pallet<T> as Delegations<T::AccountId>>::slash(&validator, 0, Perbill::from_percent(10));
        }
        assert!(Pools::<T>::get(&validator).unwrap_or_default().value() < before);
    }

    #[benchmark]
    fn end_epoch() {
        let (who, validator) = (rich::<T>(1), T::Helper::validator(0));
        dearest::<T>(&who, &validator, true);
        #[block]
        {
            <Pallet<T> as Delegations<T::AccountId>>::end_epoch(HISTORY_EPOCHS, &validator);
        }
        assert_eq!(Counters::<T>::get(&validator).last().map(|last| last.epoch), Some(HISTORY_EPOCHS));
    }
}
