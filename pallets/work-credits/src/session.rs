//! Sessions, as the schedule sees them: they end by slot number, and they bring the active set. Only this file writes
//! `ActiveSet`.
//!
//! This pallet, not Aura, handles the session key named `aura`: Aura's authorities are the schedule table.

use alloc::vec::Vec;
use core::marker::PhantomData;
use ergon_primitives::{
    schedule::{OperatorStanding, Owner},
    time::MAX_VALIDATORS,
};
use frame_support::{
    pallet_prelude::*,
    traits::{EstimateNextSessionRotation, OneSessionHandler},
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::ShouldEndSession;
use sp_runtime::{BoundToRuntimeAppPublic, Permill, SaturatedConversion};

use crate::*;

/// Turns the session; see [`Config::Sessions`].
pub trait RotateSession {
    /// Ends the current session and begins the next. Returns what that cost.
    fn rotate() -> Weight;
}

impl RotateSession for () {
    fn rotate() -> Weight {
        Weight::zero()
    }
}

/// For `pallet-session`'s `ShouldEndSession`: it is turned through [`Config::Sessions`], for what that costs. By itself it
/// would declare the weight of a whole block, and the first block of every session would have no room for transactions.
pub struct NeverByItself;

impl<BlockNumber> ShouldEndSession<BlockNumber> for NeverByItself {
    fn should_end_session(_: BlockNumber) -> bool {
        false
    }
}

/// When a session's last slot is over, by the clock: at most once a block, and never at block 1.
pub struct SlotSessions<T>(PhantomData<T>);

impl<T: Config> EstimateNextSessionRotation<BlockNumberFor<T>> for SlotSessions<T> {
    fn average_session_length() -> BlockNumberFor<T> {
        let timing = Clock::<T>::get();
        timing.slots_per_epoch.saturating_mul(timing.ticks_per_slot).into()
    }

    fn estimate_current_session_progress(_: BlockNumberFor<T>) -> (Option<Permill>, Weight) {
        let length: u64 = Self::average_session_length().saturated_into();
        let tick = LastTick::<T>::get().unwrap_or(0);
        let done = tick.checked_rem(length).unwrap_or(0);
        (Some(Permill::from_rational(done, length.max(1))), T::DbWeight::get().reads(2))
    }

    fn estimate_next_session_rotation(now: BlockNumberFor<T>) -> (Option<BlockNumberFor<T>>, Weight) {
        let length: u64 = Self::average_session_length().saturated_into();
        let tick = LastTick::<T>::get().unwrap_or(0);
        let left = length.saturating_sub(tick.checked_rem(length).unwrap_or(0));
        // If every tick left has a block.
        let left: u32 = left.saturated_into();
        (Some(now + left.into()), T::DbWeight::get().reads(2))
    }
}

impl<T: Config> BoundToRuntimeAppPublic for Pallet<T> {
    type Public = AuraId;
}

impl<T: Config> Pallet<T> {
    fn set_active<'a, I>(validators: I)
    where
        I: Iterator<Item = (&'a T::AccountId, AuraId)>,
        T::AccountId: 'a,
    {
        let mut owners: Vec<_> = validators.map(|(operator, key)| Owner { operator: operator.clone(), key }).collect();
        // A set is planned a session ahead, and somebody in it may have been jailed since.
        let may_lead = |owner: &OwnerOf<T>| !T::Standing::standing(&owner.operator).jailed;
        if owners.iter().any(may_lead) {
            owners.retain(may_lead);
        }
        if owners.is_empty() {
            log::error!(target: LOG_TARGET, "a session without validators: the last active set stays");
            return;
        }
        if owners.len() > MAX_VALIDATORS as usize {
            log::error!(target: LOG_TARGET, "{} validators: only the first {MAX_VALIDATORS} are active", owners.len());
        }
        ActiveSet::<T>::put(BoundedVec::truncate_from(owners));
    }
}

impl<T: Config> OneSessionHandler<T::AccountId> for Pallet<T> {
    type Key = AuraId;

    fn on_genesis_session<'a, I>(validators: I)
    where
        I: Iterator<Item = (&'a T::AccountId, AuraId)> + 'a,
        T::AccountId: 'a,
    {
        Self::set_active(validators);
    }

    fn on_new_session<'a, I>(changed: bool, validators: I, _queued: I)
    where
        I: Iterator<Item = (&'a T::AccountId, AuraId)> + 'a,
        T::AccountId: 'a,
    {
        if changed {
            Self::set_active(validators);
        }
    }

    fn on_disabled(_: u32) {
        // Nobody is disabled by index: the table is not a list of validators.
    }
}
