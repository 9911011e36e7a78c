//! What staking asks of this pallet: rewards in, slashes, the end of an epoch. Each of constant cost, however many delegate.

use ergon_primitives::{
    staking::{Burned, Delegations, SessionIndex},
    Balance,
};
use sp_runtime::Perbill;

use crate::*;

impl<T: Config> Delegations<T::AccountId> for Pallet<T> {
    fn delegated_to(validator: &T::AccountId) -> Balance {
        Self::pool_value(validator)
    }

    fn pot() -> T::AccountId {
        Self::pot_account()
    }

    fn reward(validator: &T::AccountId, amount: Balance) {
        if amount == 0 {
            return;
        }
        let nobodys = Self::mutate_pool(validator, |pool| pool.reward(amount));
        Self::burn_pot(nobodys, Burned::Dust);
        let amount = amount.saturating_sub(nobodys);
        if amount > 0 {
            Self::deposit_event(Event::RewardShared { validator: validator.clone(), amount });
        }
    }

    fn slash(validator: &T::AccountId, offence: SessionIndex, share: Perbill) {
        if share == Perbill::zero() || !Pools::<T>::contains_key(validator) {
            return;
        }
        let (burned, amount) = Self::mutate_pool(validator, |pool| {
            let before = pool.value();
            let burned = pool.slash(offence, share);
            (burned, before.saturating_sub(pool.value()))
        });
        Self::burn_pot(burned, Burned::Slash);
        Self::deposit_event(Event::Slashed { validator: validator.clone(), offence, share, amount });
    }

    fn slash_gone(validator: &T::AccountId, offence: SessionIndex, later: SessionIndex, share: Perbill) {
        // Without a pool nothing is on its way out of it.
        if share > Perbill::zero() && Pools::<T>::contains_key(validator) {
            Self::mutate_pool(validator, |pool| pool.slash_gone(offence, later, share));
        }
    }

    fn end_epoch(epoch: SessionIndex, validator: &T::AccountId) {
        Self::note_counters(epoch, validator);
    }
}
