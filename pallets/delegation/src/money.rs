//! The only file that moves money: between a delegator's hold, its free balance, the pot, and nothing.
//!
//! Stake stays in the delegator's own account under a hold. The pot has rewards that are not credited yet, and beside them the
//! existential deposit that genesis gave it, because the balances pallet destroys what falls below that.

use ergon_primitives::{
    staking::{Burned, Supply},
    Balance,
};
use frame_support::{
    defensive,
    storage::with_storage_layer,
    traits::{
        fungible::{Balanced, BalancedHold, Inspect, Mutate, MutateHold},
        tokens::{DepositConsequence, Fortitude, Precision, Preservation, Provenance},
    },
    PalletId,
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

use crate::*;

/// Names the pot.
const POT: PalletId = PalletId(*b"ergn/rwd");

impl<T: Config> Pallet<T> {
    /// Account that holds rewards until they are credited.
    pub fn pot_account() -> T::AccountId {
        POT.into_account_truncating()
    }

    /// What the pot must have besides rewards, so that it may hold any amount of them.
    pub(crate) fn pot_reserve() -> Balance {
        T::Currency::minimum_balance()
    }

    /// What is in the pot.
    pub(crate) fn pot_balance() -> Balance {
        T::Currency::balance(&Self::pot_account())
    }

    /// Gives the pot its reserve, unless genesis balances did.
    pub(crate) fn endow_pot() -> DispatchResult {
        let missing = Self::pot_reserve().saturating_sub(Self::pot_balance());
        if missing > 0 {
            T::Currency::mint_into(&Self::pot_account(), missing)?;
        }
        Ok(())
    }

    /// Free balance to hold.
    pub(crate) fn hold(who: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Delegation.into(), who, amount)
    }

    /// Hold to free balance. An amount that would leave the free balance below the existential deposit is burned, because
    /// no account can have it.
    pub(crate) fn release_hold(who: &T::AccountId, amount: Balance) {
        if amount == 0 {
            return;
        }
        if T::Currency::can_deposit(who, amount, Provenance::Extant) != DepositConsequence::Success {
            return Self::burn_hold(who, amount, Burned::Dust);
        }
        if let Err(why) = T::Currency::release(&HoldReason::Delegation.into(), who, amount, Precision::Exact) {
            defensive!("a hold is smaller than the stake in it", why);
        }
    }

    /// Hold to nothing.
    pub(crate) fn burn_hold(who: &T::AccountId, amount: Balance, cause: Burned) {
        if amount == 0 {
            return;
        }
        let (credit, missing) = T::Currency::slash(&HoldReason::Delegation.into(), who, amount);
        if missing > 0 {
            defensive!("a hold is smaller than the stake in it", missing);
        }
        T::Supply::burn(cause, credit);
    }

    /// Pot to nothing.
    pub(crate) fn burn_pot(amount: Balance, cause: Burned) {
        if amount == 0 {
            return;
        }
        let (exact, keep, force) = (Precision::Exact, Preservation::Preserve, Fortitude::Force);
        match T::Currency::withdraw(&Self::pot_account(), amount, exact, keep, force) {
            Ok(credit) => T::Supply::burn(cause, credit),
            Err(why) => {
                defensive!("the pot has less than the pools say", why);
            }
        }
    }

    /// Pot to free balance. `false` if the account cannot take it: its free balance would be below the existential deposit.
    pub(crate) fn pay_from_pot(who: &T::AccountId, amount: Balance) -> bool {
        T::Currency::transfer(&Self::pot_account(), who, amount, Preservation::Preserve).is_ok()
    }

    /// Pot to hold. `false` if the account cannot take it.
    pub(crate) fn hold_from_pot(who: &T::AccountId, amount: Balance) -> bool {
        // The trait says that an error may leave half of it done.
        with_storage_layer::<_, DispatchError, _>(|| {
            T::Currency::transfer_and_hold(
                &HoldReason::Delegation.into(),
                &Self::pot_account(),
                who,
                amount,
                Precision::Exact,
                Preservation::Preserve,
                Fortitude::Polite,
            )
        })
        .is_ok()
    }
}
