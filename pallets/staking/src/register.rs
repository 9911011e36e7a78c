//! The register: joining, changing, leaving. Only this file and `penalties.rs` write `Registry`, `Profiles` and
//! `TotalOwnStake`; only here money is held and released.

use alloc::vec::Vec;
use ergon_primitives::{
    staking::{Burned, ChainTime, Closed, Delegations, Rules, Supply, Validators, MAX_REGISTERED},
    Balance,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{
        fungible::{BalancedHold, MutateHold},
        tokens::Precision::Exact,
        Imbalance,
    },
};
use sp_runtime::{Perbill, Saturating};

use crate::{
    types::{Intent, OwnChunk, Past},
    *,
};

/// Sessions that a validator may still be in the set after it said that it leaves: this one and the one planned.
const SESSIONS_TO_SERVE: u32 = 2;
/// Parts of stake released in one session's end. What is due beyond it waits for the next.
pub(crate) const RELEASES_A_SESSION: usize = 100;

impl<T: Config> Pallet<T> {
    /// Registers whoever has session keys in genesis.
    pub(crate) fn build_genesis(rules: &Rules, stake: Option<Balance>, named: &[(T::AccountId, Balance, Perbill)]) {
        if let Err(why) = rules.validate() {
            panic!("validatorStaking.rules in genesis are out of bounds: {why:?}");
        }
        Self::begin_rules(rules);
        let members = pallet_session::Validators::<T>::get();
        for (who, ..) in named {
            assert!(
                members.contains(who),
                "validatorStaking.validators in genesis names an account without session keys: {who:?}"
            );
        }
        for who in members {
            let (stake, commission) = named
                .iter()
                .find(|(named, ..)| *named == who)
                .map(|(_, stake, commission)| (*stake, *commission))
                .unwrap_or((stake.unwrap_or(rules.min_self_stake), Perbill::zero()));
            assert!(
                stake >= rules.min_self_stake,
                "validator {who:?} has a stake of {stake} in genesis, below validatorStaking.rules.minSelfStake"
            );
            if let Err(error) = Self::hold(&who, stake) {
                panic!(
                    "validator {who:?} cannot stake {stake} in genesis: {error:?}. Give it more in balances.balances"
                );
            }
            Registry::<T>::insert(&who, Validator::new(stake, commission));
        }
        ActiveStake::<T>::put(TotalOwnStake::<T>::get());
    }

    pub(crate) fn do_register(
        who: &T::AccountId,
        stake: Balance,
        commission: Perbill,
        profile: Profile,
    ) -> DispatchResult {
        ensure!(!Registry::<T>::contains_key(who), Error::<T>::AlreadyRegistered);
        ensure!(!Tombstones::<T>::contains_key(who), Error::<T>::Tombstoned);
        ensure!(Registry::<T>::count() < MAX_REGISTERED, Error::<T>::RegistryFull);
        let rules = Self::rules();
        ensure!(stake >= rules.min_self_stake, Error::<T>::StakeTooSmall);
        ensure!(!profile.name.is_empty(), Error::<T>::NameMissing);
        let mut validator = Validator::new(stake, commission);
        if let Some(past) = Former::<T>::take(who) {
            // Whoever delegates to it still agreed to that commission.
            let most = past.commission.saturating_add(rules.commission_step);
            let is_new = T::Delegations::delegated_to(who) == 0;
            ensure!(is_new || commission <= most, Error::<T>::CommissionStepTooLarge);
            validator.strikes = past.strikes;
            validator.last_strike = past.last_strike;
        }
        Self::hold(who, stake)?;
        Registry::<T>::insert(who, validator);
        Profiles::<T>::insert(who, profile);
        Self::deposit_event(Event::Registered { validator: who.clone(), stake, commission });
        Ok(())
    }

    pub(crate) fn do_set_profile(who: &T::AccountId, profile: Profile) -> DispatchResult {
        ensure!(Registry::<T>::contains_key(who), Error::<T>::NotRegistered);
        ensure!(!profile.name.is_empty(), Error::<T>::NameMissing);
        Profiles::<T>::insert(who, profile);
        Self::deposit_event(Event::ProfileChanged { validator: who.clone() });
        Ok(())
    }

    pub(crate) fn do_set_commission(who: &T::AccountId, commission: Perbill) -> DispatchResult {
        let rules = Self::rules();
        let now = T::Time::tick();
        let mut validator = Self::known(who)?;
        let from = validator.commission;
        ensure!(commission != from, Error::<T>::NothingToChange);
        if commission > from {
            ensure!(commission <= from.saturating_add(rules.commission_step), Error::<T>::CommissionStepTooLarge);
            let may = validator.commission_raised.is_none_or(|last| now >= last.saturating_add(rules.commission_ticks));
            ensure!(may, Error::<T>::CommissionRaisedLately);
            validator.commission_raised = Some(now);
        }
        // What was earned before is shared out by the commission of before.
        Self::share_out(who);
        validator.commission = commission;
        Registry::<T>::insert(who, validator);
        Self::deposit_event(Event::CommissionChanged { validator: who.clone(), from, to: commission });
        Ok(())
    }

    pub(crate) fn do_bond_more(who: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::NothingToChange);
        let validator = Self::known(who)?;
        match validator.is_open() {
            // In jail it may be what the validator lacks to come back.
            Ok(()) | Err(Closed::Jailed) => {}
            Err(Closed::Tombstoned) => return Err(Error::<T>::Tombstoned.into()),
            Err(Closed::Leaving | Closed::Unknown) => return Err(Error::<T>::Leaving.into()),
        }
        Self::share_out(who);
        Self::hold(who, amount)?;
        Self::change(who, |validator| {
            validator.own_stake = validator.own_stake.saturating_add(amount);
        });
        Self::deposit_event(Event::StakeAdded { validator: who.clone(), amount });
        Ok(())
    }

    pub(crate) fn do_unbond(who: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::NothingToChange);
        let validator = Self::known(who)?;
        ensure!(validator.intent == Intent::Candidate, Error::<T>::Leaving);
        let left = validator.own_stake.checked_sub(amount).ok_or(Error::<T>::StakeTooSmall)?;
        ensure!(left >= Self::rules().min_self_stake, Error::<T>::StakeTooSmall);
        // The set of the next session is chosen by the stake of before.
        Self::begin_unbonding(who, amount, 1)
    }

    pub(crate) fn do_leave(who: &T::AccountId) -> DispatchResult {
        let validator = Self::known(who)?;
        ensure!(validator.intent == Intent::Candidate, Error::<T>::Leaving);
        let rules = Self::rules();
        let can_go_on = |other: &T::AccountId| {
            other != who
                && Registry::<T>::get(other).is_some_and(|validator| validator.is_candidate(&rules))
                && pallet_session::NextKeys::<T>::contains_key(other)
        };
        // Members, because the register may be long.
        ensure!(pallet_session::Validators::<T>::get().iter().any(can_go_on), Error::<T>::LastValidator);
        Self::judge_leaver(who);
        Self::change(who, |validator| validator.intent = Intent::Leaving);
        let stake = Self::known(who)?.own_stake;
        // Also if nothing is left of it: as long as what is delegated answers for the validator, it is known.
        Self::begin_unbonding(who, stake, SESSIONS_TO_SERVE)?;
        Self::deposit_event(Event::Leaving { validator: who.clone() });
        Ok(())
    }

    /// Moves `amount` of the own stake to what is unbonding, liable for offences of this session and of `serves` more. In
    /// the term of a jailing, paid for or not, a part of it is burned.
    fn begin_unbonding(who: &T::AccountId, amount: Balance, serves: u32) -> DispatchResult {
        let rules = Self::rules();
        let now = T::Time::tick();
        let release = now.saturating_add(rules.unbonding_ticks);
        Self::share_out(who);
        let mut validator = Self::known(who)?;
        validator.own_stake = validator.own_stake.checked_sub(amount).ok_or(Error::<T>::StakeTooSmall)?;
        // Rounded up: against whoever unstakes in jail.
        let penalty = if validator.is_in_its_term(now) { rules.jailed_exit_penalty.mul_ceil(amount) } else { 0 };
        let amount = amount.saturating_sub(penalty);
        let liable_until = Self::session().saturating_add(serves);
        let chunk = OwnChunk { amount, liable_until, release };
        validator.unbonding.try_push(chunk).map_err(|_| Error::<T>::TooManyUnbonding)?;
        Registry::<T>::insert(who, validator);
        TotalOwnStake::<T>::mutate(|total| *total = total.saturating_sub(amount.saturating_add(penalty)));
        TotalUnbonding::<T>::mutate(|total| *total = total.saturating_add(amount));
        if penalty > 0 {
            let burned = Self::burn_held(who, penalty, Burned::JailedExit);
            Self::deposit_event(Event::JailedExit { validator: who.clone(), burned });
        }
        Self::deposit_event(Event::Unbonding { validator: who.clone(), amount, release });
        Ok(())
    }

    /// At a session's end: releases what is due of all validators, and forgets those that have left and have nothing more here.
    /// At most [`RELEASES_A_SESSION`] validators are changed.
    pub(crate) fn release_due(validators: &[(T::AccountId, Validator)]) {
        let now = T::Time::tick();
        let is_gone = |validator: &Validator| validator.intent == Intent::Leaving && validator.unbonding.is_empty();
        let is_due =
            |validator: &Validator| is_gone(validator) || validator.unbonding.iter().any(|chunk| chunk.release <= now);
        for (who, validator) in validators.iter().filter(|(_, validator)| is_due(validator)).take(RELEASES_A_SESSION) {
            // Whoever still signs still answers.
            if validator.intent == Intent::Leaving && Self::serves(who) {
                continue;
            }
            let mut left = validator.clone();
            left.unbonding.retain(|chunk| chunk.release > now);
            let amount = validator.held().saturating_sub(left.held());
            if amount > 0 {
                // Refused only if the account would be left with less than it needs to exist. Then it waits for more.
                if <T as Config>::Currency::release(&HoldReason::OwnStake.into(), who, amount, Exact).is_err() {
                    continue;
                }
                TotalUnbonding::<T>::mutate(|total| *total = total.saturating_sub(amount));
                Self::deposit_event(Event::Released { validator: who.clone(), amount });
            }
            if is_gone(&left) {
                Self::remove(who);
            } else {
                Registry::<T>::insert(who, left);
            }
        }
    }

    /// Whether `who` is in the set or in the next one.
    fn serves(who: &T::AccountId) -> bool {
        pallet_session::Validators::<T>::get().contains(who)
            || pallet_session::QueuedKeys::<T>::get().iter().any(|(queued, _)| queued == who)
    }

    /// Removes a validator with all its traces. What its delegators have stays theirs, to be taken out or elsewhere.
    fn remove(who: &T::AccountId) {
        Self::share_out(who);
        if let Some(Validator { commission, strikes, last_strike, .. }) = Registry::<T>::take(who) {
            Former::<T>::insert(who, Past { commission, strikes, last_strike });
        }
        Profiles::<T>::remove(who);
        Uptimes::<T>::remove(who);
        // Releases the deposit of the keys, too. One that never registered any has none.
        if pallet_session::NextKeys::<T>::contains_key(who) {
            let purged = pallet_session::Pallet::<T>::purge_keys(frame_system::RawOrigin::Signed(who.clone()).into());
            frame_support::defensive_assert!(purged.is_ok(), "a registered validator may purge its keys");
        }
        Self::deposit_event(Event::Removed { validator: who.clone() });
    }

    /// Holds `amount` as own stake.
    fn hold(who: &T::AccountId, amount: Balance) -> DispatchResult {
        <T as Config>::Currency::hold(&HoldReason::OwnStake.into(), who, amount)
            .map_err(|_| Error::<T>::InsufficientBalance)?;
        TotalOwnStake::<T>::mutate(|total| *total = total.saturating_add(amount));
        Ok(())
    }

    /// Burns `amount` of what is held. Returns how much that was.
    pub(crate) fn burn_held(who: &T::AccountId, amount: Balance, cause: Burned) -> Balance {
        let (credit, missing) = <T as Config>::Currency::slash(&HoldReason::OwnStake.into(), who, amount);
        frame_support::defensive_assert!(missing == 0, "what is staked is held");
        let burned = credit.peek();
        T::Supply::burn(cause, credit);
        burned
    }

    /// Changes a validator, if there is one with this account.
    pub(crate) fn change(who: &T::AccountId, how: impl FnOnce(&mut Validator)) {
        Registry::<T>::mutate_exists(who, |validator| {
            if let Some(validator) = validator {
                how(validator);
            }
        });
    }

    /// The validator `who`.
    pub(crate) fn known(who: &T::AccountId) -> Result<Validator, Error<T>> {
        Registry::<T>::get(who).ok_or(Error::<T>::NotRegistered)
    }

    /// Everything held for `who`, as the account says.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    pub(crate) fn held_by(who: &T::AccountId) -> Balance {
        use frame_support::traits::fungible::InspectHold;
        <T as Config>::Currency::balance_on_hold(&HoldReason::OwnStake.into(), who)
    }

    /// All validators, with their whole stake.
    pub(crate) fn all() -> Vec<(T::AccountId, Validator)> {
        Registry::<T>::iter().collect()
    }

    /// Own and delegated stake.
    pub fn total_stake(who: &T::AccountId, validator: &Validator) -> Balance {
        validator.own_stake.saturating_add(T::Delegations::delegated_to(who))
    }
}

impl<T: Config> Validators<T::AccountId> for Pallet<T> {
    fn accepts(validator: &T::AccountId) -> Result<(), Closed> {
        Registry::<T>::get(validator).ok_or(Closed::Unknown)?.is_open()
    }

    fn own_stake(validator: &T::AccountId) -> Balance {
        Registry::<T>::get(validator).map_or(0, |validator| validator.own_stake)
    }

    fn total_own_stake() -> Balance {
        TotalOwnStake::<T>::get()
    }

    fn count() -> u32 {
        // At most `MAX_VALIDATORS`. Those outside the set would let anybody raise the number for the least stake.
        pallet_session::Validators::<T>::decode_len().unwrap_or(0) as u32
    }

    fn share_out(validator: &T::AccountId) {
        Self::share_out(validator);
    }
}
