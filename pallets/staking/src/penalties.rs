//! Jail, strikes and slashes. Writes `Registry` and `TotalOwnStake`, together with `register.rs`.
//!
//! Every share that is taken is rounded up, against whoever is slashed; what is taken is burned. Delegators lose through their
//! pool, at constant cost.

use alloc::vec::Vec;
use ergon_primitives::{
    schedule::FutureTicks,
    staking::{Burned, ChainTime, Delegations, Rules, SessionIndex, Supply},
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{
        fungible::Balanced,
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve},
    },
};
use sp_runtime::Perbill;

use crate::{deeds::Raise, *};

/// What a slash takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares {
    /// Of the validator's own.
    pub(crate) own: Perbill,
    /// Of its delegators'.
    pub(crate) delegated: Perbill,
}

impl Shares {
    fn alike(share: Perbill) -> Self {
        Self { own: share, delegated: share }
    }
}

impl<T: Config> Pallet<T> {
    /// Jails `who` for its absence up to the end of `session`, and slashes it by how often that has happened.
    pub(crate) fn jail(who: &T::AccountId, session: SessionIndex, rules: &Rules) {
        let now = T::Time::tick();
        let Some(mut validator) = Registry::<T>::get(who) else { return };
        // Jailed or tombstoned in this very session, for another reason.
        if validator.tombstoned || validator.jailed_until.is_some() {
            return;
        }
        let strikes = validator.strikes_at(now, rules).saturating_add(1);
        let until = now.saturating_add(rules.jail_ticks);
        validator.strikes = strikes;
        validator.last_strike = now;
        validator.jailed_until = Some(until);
        let [first, second] = rules.strike_slashes;
        let shares = match strikes {
            1 => Shares::alike(first),
            2 => Shares::alike(second),
            _ => Shares { own: Perbill::one(), delegated: rules.final_slash },
        };
        validator.tombstoned = strikes > 2;
        let tombstoned = validator.tombstoned;
        Registry::<T>::insert(who, validator);
        Self::deposit_event(Event::Jailed { validator: who.clone(), until, strikes });
        if tombstoned {
            Self::tombstone(who);
        }
        Self::slash(who, Cause::Absence, session, shares);
    }

    /// Charges `who` for signing twice in `session`, and tombstones it: all stake that answers for it loses what is missing to
    /// `share` of what it was before any such deed (`deeds.rs`). Returns whether it was not tombstoned before.
    pub(crate) fn slash_equivocation(who: &T::AccountId, session: SessionIndex, share: Perbill) -> bool {
        let Some(mut validator) = Registry::<T>::get(who) else { return false };
        let was_tombstoned = validator.tombstoned;
        let raises = validator.deeds.add(session, share);
        if raises.is_empty() && was_tombstoned {
            return false;
        }
        validator.tombstoned = true;
        Registry::<T>::insert(who, validator);
        if !was_tombstoned {
            Self::tombstone(who);
        }
        for Raise { from, until, share } in raises {
            match until {
                Some(until) => Self::slash_gone(who, from, until, share),
                None => Self::slash(who, Cause::Equivocation, from, Shares::alike(share)),
            }
        }
        !was_tombstoned
    }

    /// Takes `share` of the validator's own stake that is on its way out and answers for `session`, but not for `later`; and of
    /// its delegators'.
    fn slash_gone(who: &T::AccountId, session: SessionIndex, later: SessionIndex, share: Perbill) {
        let Some(mut validator) = Registry::<T>::get(who) else { return };
        let mut taken: Balance = 0;
        for chunk in validator.unbonding.iter_mut().filter(|chunk| (session..later).contains(&chunk.liable_until)) {
            let part = share.mul_ceil(chunk.amount);
            chunk.amount = chunk.amount.saturating_sub(part);
            taken = taken.saturating_add(part);
        }
        Registry::<T>::insert(who, validator);
        TotalUnbonding::<T>::mutate(|total| *total = total.saturating_sub(taken));
        let own = Self::burn_held(who, taken, Burned::Slash);
        T::Delegations::slash_gone(who, session, later, share);
        Self::deposit_event(Event::Slashed { validator: who.clone(), cause: Cause::Equivocation, session, own, share });
    }

    /// Notes that `who` never comes back.
    fn tombstone(who: &T::AccountId) {
        Tombstones::<T>::insert(who, ());
        Self::deposit_event(Event::Tombstoned { validator: who.clone() });
    }

    /// Takes `shares` of the stake that answers for `session`, and burns it.
    fn slash(who: &T::AccountId, cause: Cause, session: SessionIndex, shares: Shares) {
        if shares.own.is_zero() && shares.delegated.is_zero() {
            return;
        }
        Self::share_out(who);
        let Some(mut validator) = Registry::<T>::get(who) else { return };
        let from_stake = shares.own.mul_ceil(validator.own_stake);
        validator.own_stake = validator.own_stake.saturating_sub(from_stake);
        let mut taken: Balance = 0;
        for chunk in validator.unbonding.iter_mut().filter(|chunk| chunk.liable_until >= session) {
            let part = shares.own.mul_ceil(chunk.amount);
            chunk.amount = chunk.amount.saturating_sub(part);
            taken = taken.saturating_add(part);
        }
        TotalUnbonding::<T>::mutate(|total| *total = total.saturating_sub(taken));
        Registry::<T>::insert(who, validator);
        TotalOwnStake::<T>::mutate(|total| *total = total.saturating_sub(from_stake));
        let own = Self::burn_held(who, from_stake.saturating_add(taken), Burned::Slash);
        T::Delegations::slash(who, session, shares.delegated);
        let share = shares.delegated;
        Self::deposit_event(Event::Slashed { validator: who.clone(), cause, session, own, share });
    }

    pub(crate) fn do_unjail(who: &T::AccountId) -> DispatchResult {
        let rules = Self::rules();
        let validator = Self::known(who)?;
        ensure!(!validator.tombstoned, Error::<T>::Tombstoned);
        ensure!(validator.intent == types::Intent::Candidate, Error::<T>::Leaving);
        let until = validator.jailed_until.ok_or(Error::<T>::NotJailed)?;
        let fee = if T::Time::tick() < until { rules.unjail_fee } else { 0 };
        if fee > 0 {
            let paid = <T as Config>::Currency::withdraw(who, fee, Exact, Preserve, Polite)
                .map_err(|_| Error::<T>::InsufficientBalance)?;
            T::Supply::burn(Burned::UnjailFee, paid);
        }
        Self::change(who, |validator| {
            validator.jailed_until = None;
            validator.bailed_until = Some(until);
        });
        // Ticks owed before jail were judged; those it could not keep in jail are not.
        Uptimes::<T>::remove(who);
        Self::deposit_event(Event::Unjailed { validator: who.clone(), fee });
        Ok(())
    }

    /// Whether `who` must not lead: jailed, or never to come back.
    pub fn is_excluded(who: &T::AccountId) -> bool {
        Registry::<T>::get(who).is_none_or(|validator| validator.jailed_until.is_some() || validator.tombstoned)
    }

    /// What the offences of `offenders`, who did it together, cost each: the share of the formula, or the least that the rules of
    /// `session` name.
    pub fn punish(offenders: &[(T::AccountId, Perbill)], session: SessionIndex) {
        let least = Self::rules_in(session).equivocation_slash;
        let gone: Vec<_> = offenders
            .iter()
            .filter(|(who, share)| Self::slash_equivocation(who, session, (*share).max(least)))
            .map(|(who, _)| who.clone())
            .collect();
        if !gone.is_empty() {
            T::FutureTicks::take_from(&gone);
        }
    }
}
