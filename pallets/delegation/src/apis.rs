//! What the chain tells about delegation: for the view functions and for runtime APIs. Reads only.

use alloc::vec::Vec;
use ergon_primitives::{
    staking_info::{DelegationInfo, UnbondingInfo},
    Balance,
};

use crate::{math::left_of, *};

impl<T: Config> Pallet<T> {
    /// What the stake of `who` with `validator` is worth now, settled or not.
    pub fn delegation_info(who: &T::AccountId, validator: &T::AccountId) -> Option<DelegationInfo<T::AccountId>> {
        let delegation = DelegationOf::<T>::get(who, validator)?;
        let pool = Pools::<T>::get(validator).unwrap_or_default();
        let in_pot = pool.in_pot_of(&delegation);
        let (compounded, pending_reward) = if delegation.compounding { (in_pot, 0) } else { (0, in_pot) };
        let value = pool.stake_in_hold(&delegation).saturating_add(compounded);
        Some(DelegationInfo {
            validator: validator.clone(),
            value: value.saturating_sub(Self::liability(&delegation.moved)),
            pending_reward,
            compounding: delegation.compounding,
        })
    }

    /// All delegations of `who`.
    pub fn delegations_of(who: &T::AccountId) -> Vec<DelegationInfo<T::AccountId>> {
        DelegationOf::<T>::iter_key_prefix(who).filter_map(|validator| Self::delegation_info(who, &validator)).collect()
    }

    /// What of `who` is unbonding, oldest first.
    pub fn unbonding_of(who: &T::AccountId) -> Vec<UnbondingInfo<T::AccountId>> {
        let info = |id| {
            let chunk = Chunks::<T>::get(id)?;
            let amount = Self::due_of(&chunk).saturating_sub(Self::liability(&chunk.moved));
            Some(UnbondingInfo { id, validator: chunk.validator, amount, release: chunk.release })
        };
        ChunksOf::<T>::get(who).into_iter().filter_map(info).collect()
    }

    /// What slashes elsewhere will take of moved stake, as they stand now.
    fn liability(moved: &MovedFor<T>) -> Balance {
        moved.iter().fold(0, |sum: Balance, record| {
            let left = Pools::<T>::get(&record.from).map_or(record.keep, |pool| pool.left_since(record.start));
            let due = left_of(record.amount, record.keep, left);
            sum.saturating_add(record.amount.saturating_sub(due))
        })
    }
}
