//! What blocks earn, and who gets it. Only this file writes `Earnings`.
//!
//! A block adds to a counter of its author and to nothing else: constant work, however many delegators there are. The counter
//! is shared out when a session ends, and before any change of the stakes or the commission that it is shared out by; so a
//! change counts for what comes after it, to the block.

use ergon_primitives::{
    math::mul_div_floor,
    staking::{Burned, Delegations, Minted, Supply},
    Balance,
};
use frame_support::traits::{
    fungible::{Balanced, Mutate},
    tokens::Preservation::Expendable,
    Imbalance,
};

use crate::{types::Earned, *};

impl<T: Config> pallet_authorship::EventHandler<T::AccountId, frame_system::pallet_prelude::BlockNumberFor<T>>
    for Pallet<T>
{
    fn note_author(author: T::AccountId) {
        let reward = T::BlockReward::of_block(ActiveStake::<T>::get());
        if reward > 0 {
            Earnings::<T>::mutate(author, |earned| earned.unminted = earned.unminted.saturating_add(reward));
        }
    }
}

/// How a reward is divided.
struct Shares {
    own: Balance,
    commission: Balance,
    delegators: Balance,
}

impl Shares {
    /// Commission and own share are rounded down, so what division leaves over is the delegators'.
    fn of(total: Balance, validator: &Validator, delegated: Balance) -> Self {
        if delegated == 0 {
            return Self { own: total, commission: 0, delegators: 0 };
        }
        let commission = validator.commission.mul_floor(total);
        let rest = total.saturating_sub(commission);
        let stake = validator.own_stake.saturating_add(delegated);
        let own = mul_div_floor(rest, validator.own_stake, stake).unwrap_or(0);
        Self { own, commission, delegators: rest.saturating_sub(own) }
    }
}

impl<T: Config> Pallet<T> {
    /// Adds a share of fees to what `author` has earned.
    pub fn add_fees(author: &T::AccountId, fees: CreditOf<T>) {
        let amount = fees.peek();
        match <T as Config>::Currency::resolve(&T::Delegations::pot(), fees) {
            Ok(()) => Earnings::<T>::mutate(author, |earned| earned.in_pot = earned.in_pot.saturating_add(amount)),
            // The pot can hold any amount, so this does not happen.
            Err(fees) => T::Supply::burn(Burned::Fees, fees),
        }
    }

    /// Shares out what `who` has earned so far.
    pub(crate) fn share_out(who: &T::AccountId) {
        let Earned { unminted, in_pot } = Earnings::<T>::take(who);
        if unminted == 0 && in_pot == 0 {
            return;
        }
        // Who has left gets what its last blocks earned; nobody shares it.
        let validator = Registry::<T>::get(who);
        let mut minted = T::Supply::mint(Minted::BlockReward, unminted);
        let total = minted.peek().saturating_add(in_pot);
        let Shares { own, commission, delegators } = match &validator {
            Some(validator) => Shares::of(total, validator, T::Delegations::delegated_to(who)),
            None => Shares { own: total, commission: 0, delegators: 0 },
        };
        let to_validator = own.saturating_add(commission);
        let pot = T::Delegations::pot();

        // From the new money first; what is missing lies in the pot.
        let from_minted = minted.extract(to_validator.min(minted.peek()));
        let from_pot = to_validator.saturating_sub(from_minted.peek());
        if let Err(unpaid) = <T as Config>::Currency::resolve(who, from_minted) {
            // An account that is gone, because all it had was slashed.
            T::Supply::burn(Burned::Dust, unpaid);
        }
        if from_pot > 0 && <T as Config>::Currency::transfer(&pot, who, from_pot, Expendable).is_err() {
            let credit = <T as Config>::Currency::withdraw(
                &pot,
                from_pot,
                frame_support::traits::tokens::Precision::BestEffort,
                Expendable,
                frame_support::traits::tokens::Fortitude::Force,
            );
            if let Ok(credit) = credit {
                T::Supply::burn(Burned::Dust, credit);
            }
        }
        if let Err(lost) = <T as Config>::Currency::resolve(&pot, minted) {
            frame_support::defensive!("the pot can hold any amount");
            T::Supply::burn(Burned::Dust, lost);
        }
        if delegators > 0 {
            T::Delegations::reward(who, delegators);
        }
        Self::deposit_event(Event::RewardsShared { validator: who.clone(), own, commission, delegators });
    }

    /// What `who` and its delegators would get if it were shared out now: own share with commission, delegators'.
    pub fn to_be_shared(who: &T::AccountId) -> (Balance, Balance) {
        let Earned { unminted, in_pot } = Earnings::<T>::get(who);
        let Some(validator) = Registry::<T>::get(who) else { return (unminted.saturating_add(in_pot), 0) };
        let total = unminted.saturating_add(in_pot);
        let Shares { own, commission, delegators } = Shares::of(total, &validator, T::Delegations::delegated_to(who));
        (own.saturating_add(commission), delegators)
    }
}
