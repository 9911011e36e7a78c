//! The one owner of pools and delegations: every change of them goes through `mutate_pool`, `settle`, `save` and `remove`.
//!
//! Whoever changes a delegation does it in this order: share out what its validator has earned, so that the change counts from now
//! on only; settle the delegation; change it; save it, or remove it if nothing is left.

use ergon_primitives::{
    staking::{Burned, ChainTime, Closed, Rules, Validators, MAX_DELEGATIONS},
    Balance,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{
    math::left_of,
    types::{Delegation, Pool},
    *,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_bond(
        who: &T::AccountId,
        validator: &T::AccountId,
        amount: Balance,
        compounding: bool,
    ) -> DispatchResult {
        ensure!(!DelegationOf::<T>::contains_key(who, validator), Error::<T>::AlreadyDelegated);
        ensure!(amount >= T::Rules::get().min_delegation, Error::<T>::BelowMinimum);
        Self::ensure_open(who, validator)?;
        T::Validators::share_out(validator);
        Self::hold(who, amount)?;
        let delegation = Self::open(who, validator, compounding)?;
        Self::add(who, validator, delegation, amount)?;
        Self::deposit_event(Event::Bonded {
            delegator: who.clone(),
            validator: validator.clone(),
            amount,
            compounding,
        });
        Ok(())
    }

    pub(crate) fn do_bond_more(who: &T::AccountId, validator: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        Self::ensure_open(who, validator)?;
        T::Validators::share_out(validator);
        let delegation = Self::settle(who, validator).ok_or(Error::<T>::NotDelegated)?;
        ensure!(delegation.held.saturating_add(amount) >= T::Rules::get().min_delegation, Error::<T>::BelowMinimum);
        Self::hold(who, amount)?;
        Self::add(who, validator, delegation, amount)?;
        Self::deposit_event(Event::BondedMore { delegator: who.clone(), validator: validator.clone(), amount });
        Ok(())
    }

    pub(crate) fn do_set_compounding(
        who: &T::AccountId,
        validator: &T::AccountId,
        compounding: bool,
    ) -> DispatchResult {
        T::Validators::share_out(validator);
        let mut delegation = Self::settle(who, validator).ok_or(Error::<T>::NotDelegated)?;
        ensure!(delegation.compounding != compounding, Error::<T>::Unchanged);
        Self::mutate_pool(validator, |pool| pool.switch(&mut delegation)).ok_or(Error::<T>::PoolExhausted)?;
        Self::save(who, validator, delegation);
        Self::deposit_event(Event::CompoundingSet {
            delegator: who.clone(),
            validator: validator.clone(),
            compounding,
        });
        Ok(())
    }

    /// Refuses a validator's stake to itself, and validators that take no stake.
    pub(crate) fn ensure_open(who: &T::AccountId, validator: &T::AccountId) -> DispatchResult {
        ensure!(who != validator, Error::<T>::OwnStake);
        T::Validators::accepts(validator).map_err(|why| match why {
            Closed::Unknown => Error::<T>::UnknownValidator,
            Closed::Leaving => Error::<T>::ValidatorLeaving,
            Closed::Jailed => Error::<T>::ValidatorJailed,
            Closed::Tombstoned => Error::<T>::ValidatorTombstoned,
        })?;
        Ok(())
    }

    /// A new delegation without stake, counted. The caller adds stake to it.
    pub(crate) fn open(
        who: &T::AccountId,
        validator: &T::AccountId,
        compounding: bool,
    ) -> Result<DelegationFor<T>, Error<T>> {
        // At most ten keys.
        let validators = DelegationOf::<T>::iter_key_prefix(who).count();
        ensure!(validators < MAX_DELEGATIONS as usize, Error::<T>::TooManyDelegations);
        let mut delegation = Delegation::new(compounding);
        Self::mutate_pool(validator, |pool| {
            pool.delegators = pool.delegators.saturating_add(1);
            delegation.reward_per_point = pool.paying.reward_per_point;
        });
        Ok(delegation)
    }

    /// Adds `amount`, which the account holds already, to a settled delegation, and saves it.
    pub(crate) fn add(
        who: &T::AccountId,
        validator: &T::AccountId,
        mut delegation: DelegationFor<T>,
        amount: Balance,
    ) -> DispatchResult {
        Self::mutate_pool(validator, |pool| pool.join(&mut delegation, amount)).ok_or(Error::<T>::PoolExhausted)?;
        Self::save(who, validator, delegation);
        Self::ensure_power(validator)
    }

    /// Refuses stake that gives a validator more of all stake than the cap, once there are validators enough.
    fn ensure_power(validator: &T::AccountId) -> DispatchResult {
        if T::Validators::count() < Rules::CAP_FROM {
            return Ok(());
        }
        let stake = T::Validators::own_stake(validator).saturating_add(Self::pool_value(validator));
        let all = T::Validators::total_own_stake().saturating_add(TotalDelegated::<T>::get());
        ensure!(stake <= T::Rules::get().power_cap.mul_floor(all), Error::<T>::PowerCapped);
        Ok(())
    }

    /// All stake delegated to `validator`.
    pub(crate) fn pool_value(validator: &T::AccountId) -> Balance {
        Pools::<T>::get(validator).map_or(0, |pool| pool.value())
    }

    /// Changes a pool: the only way to. Keeps the total exact, burns what is left in the pot of a part that nobody is in, and
    /// removes the pool with its counters once nothing refers to it.
    pub(crate) fn mutate_pool<R>(validator: &T::AccountId, change: impl FnOnce(&mut Pool) -> R) -> R {
        let mut pool = Pools::<T>::get(validator).unwrap_or_default();
        let before = pool.value();
        let result = change(&mut pool);
        let dust = pool.tidy();
        let after = pool.value();
        // `before` is part of the total.
        TotalDelegated::<T>::mutate(|total| *total = total.saturating_add(after).saturating_sub(before));
        if pool.is_empty() {
            Pools::<T>::remove(validator);
            Counters::<T>::remove(validator);
        } else {
            Pools::<T>::insert(validator, pool);
        }
        Self::burn_pot(dust, Burned::Dust);
        result
    }

    /// Brings a delegation up to date: burns what slashes took, credits its reward, and charges what its moved stake is liable
    /// for. Everything that touches a delegation calls it first. It never fails. `None` if there is no delegation, or nothing
    /// is left of it; then it is removed.
    pub(crate) fn settle(who: &T::AccountId, validator: &T::AccountId) -> Option<DelegationFor<T>> {
        let mut delegation = DelegationOf::<T>::get(who, validator)?;
        let slashed = Self::mutate_pool(validator, |pool| pool.write_off(&mut delegation));
        Self::credit(who, validator, &mut delegation);
        let liability = Self::charge_moved(&mut delegation.moved).min(delegation.held);
        let dust = Self::mutate_pool(validator, |pool| {
            if liability > 0 {
                pool.leave(&mut delegation, liability);
            }
            // Points were rounded: what they do not cover goes at once, so that a settled delegation is worth what is held.
            pool.write_off(&mut delegation)
        });
        let burned = slashed.saturating_add(liability).saturating_add(dust);
        if burned > 0 {
            Self::burn_hold(who, burned, Burned::Slash);
            Self::deposit_event(Event::SlashBurned {
                delegator: who.clone(),
                validator: validator.clone(),
                amount: burned,
            });
        }
        if delegation.held == 0 {
            DelegationOf::<T>::insert(who, validator, delegation);
            Self::remove(who, validator);
            return None;
        }
        Self::save(who, validator, delegation.clone());
        Some(delegation)
    }

    /// Credits what a delegation has in the pot: to the free balance, or to the hold if it compounds.
    fn credit(who: &T::AccountId, validator: &T::AccountId, delegation: &mut DelegationFor<T>) {
        let Some(pool) = Pools::<T>::get(validator) else { return };
        let amount = pool.in_pot_of(delegation);
        let compounded = delegation.compounding;
        let credited = if compounded {
            // Without a price for a point it stays in the pot, and is still its stake.
            amount > 0 && pool.points_for(amount).is_some() && Self::hold_from_pot(who, amount)
        } else {
            amount > 0 && Self::pay_from_pot(who, amount)
        };
        if compounded && credited {
            Self::mutate_pool(validator, |pool| pool.compound(delegation, amount));
        } else if !compounded {
            let paid = if credited { amount } else { 0 };
            Self::mutate_pool(validator, |pool| pool.pay(delegation, amount, paid));
        }
        if credited {
            Self::deposit_event(Event::Rewarded {
                delegator: who.clone(),
                validator: validator.clone(),
                amount,
                compounded,
            });
        }
    }

    /// Charges moved stake with slashes of where it was, and forgets it once its offences can no longer be reported. Returns
    /// what it has to give up; what is left is rounded down.
    pub(crate) fn charge_moved(moved: &mut MovedFor<T>) -> Balance {
        let now = T::Time::session();
        let mut loss: Balance = 0;
        for record in moved.iter_mut() {
            let left = Pools::<T>::get(&record.from).map_or(record.keep, |pool| pool.left_since(record.start));
            let due = left_of(record.amount, record.keep, left);
            loss = loss.saturating_add(record.amount.saturating_sub(due));
            record.amount = due;
            record.keep = left;
        }
        moved.retain(|record| {
            let liable = record.amount > 0 && now <= record.start.saturating_add(T::ReportSessions::get());
            if !liable {
                Self::forget_liable(&record.from);
            }
            liable
        });
        loss
    }

    /// A record of stake that moved from `validator` is gone.
    pub(crate) fn forget_liable(validator: &T::AccountId) {
        Self::mutate_pool(validator, |pool| pool.liable = pool.liable.saturating_sub(1));
    }

    /// Stores a delegation, and a checkpoint if what its rewards are shared by has changed.
    pub(crate) fn save(who: &T::AccountId, validator: &T::AccountId, delegation: DelegationFor<T>) {
        Self::note_weight(who, validator, delegation.compounding, delegation.weight());
        DelegationOf::<T>::insert(who, validator, delegation);
    }

    /// Stores a delegation from which stake was taken, or removes it with all its traces if nothing is left.
    pub(crate) fn save_or_remove(who: &T::AccountId, validator: &T::AccountId, delegation: DelegationFor<T>) {
        if delegation.held > 0 {
            return Self::save(who, validator, delegation);
        }
        DelegationOf::<T>::insert(who, validator, delegation);
        Self::remove(who, validator);
    }

    /// Removes a delegation and all its traces: the only place that does.
    pub(crate) fn remove(who: &T::AccountId, validator: &T::AccountId) {
        let Some(mut delegation) = DelegationOf::<T>::take(who, validator) else { return };
        CheckpointsOf::<T>::remove(who, validator);
        for record in &delegation.moved {
            Self::forget_liable(&record.from);
        }
        Self::mutate_pool(validator, |pool| {
            // Its points may be left when what they are worth is not.
            pool.leave(&mut delegation, Balance::MAX);
            pool.delegators = pool.delegators.saturating_sub(1);
        });
        Self::deposit_event(Event::DelegationEnded { delegator: who.clone(), validator: validator.clone() });
    }
}
