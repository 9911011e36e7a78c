//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. What is held in each account is its own stake and what it has unbonding, and nothing in that of nobody's validator.
//! 2. The totals of own stake and of what is unbonding are the sums of the validators'.
//! 3. There are no more validators than there may be, and profiles and uptimes of validators only.
//! 4. Whoever has three strikes, or paid for double-signing, is tombstoned, and noted as such.
//! 5. Nobody missed more ticks than it owed, or won more slots than it led.
//! 6. Every member of the set is registered.
//! 7. There are rules; their versions are valid and in order.

use ergon_primitives::staking::MAX_REGISTERED;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut total: Balance = 0;
        let mut unbonding: Balance = 0;
        for who in frame_system::Account::<T>::iter_keys() {
            let staked = Registry::<T>::get(&who).map_or(0, |validator| validator.held());
            ensure!(Self::held_by(&who) == staked, "1: other money is held than is staked");
        }
        for (who, validator) in Registry::<T>::iter() {
            total = total.saturating_add(validator.own_stake);
            unbonding = unbonding.saturating_add(validator.held().saturating_sub(validator.own_stake));
            let must_be = validator.strikes > 2 || !validator.deeds.is_empty();
            ensure!(!must_be || validator.tombstoned, "4: a validator should be tombstoned");
            ensure!(validator.tombstoned == Tombstones::<T>::contains_key(&who), "4: a tombstone is not noted");
        }
        ensure!(total == TotalOwnStake::<T>::get(), "2: the total of own stake is not the sum");
        ensure!(unbonding == TotalUnbonding::<T>::get(), "2: the total of what is unbonding is not the sum");
        ensure!(Registry::<T>::count() <= MAX_REGISTERED, "3: too many validators");
        let known = |who: T::AccountId| Registry::<T>::contains_key(who);
        ensure!(Profiles::<T>::iter_keys().all(known), "3: a profile of nobody");
        ensure!(Uptimes::<T>::iter_keys().all(known), "3: an uptime of nobody");
        for uptime in Uptimes::<T>::iter_values() {
            let tallies = [Some(uptime.session), Some(uptime.current), uptime.previous];
            let sound = |tally: uptime::Tally| tally.missed <= tally.owed && tally.won <= tally.led;
            ensure!(tallies.into_iter().flatten().all(sound), "5: more was missed or won than could be");
        }
        ensure!(pallet_session::Validators::<T>::get().into_iter().all(known), "6: a member is not registered");
        let versions = RulesVersions::<T>::get();
        ensure!(!versions.is_empty(), "7: there are no rules");
        ensure!(versions.iter().all(|version| version.rules.validate().is_ok()), "7: rules are out of bounds");
        ensure!(versions.windows(2).all(|w| w[0].since < w[1].since), "7: rules are out of order");
        Ok(())
    }
}
