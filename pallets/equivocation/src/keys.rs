//! The register of session keys: who held which key in which session, for as long as an offence can be reported.
//!
//! Stock historical sessions prove membership against the keys that a validator has registered *now*, so whoever changes keys
//! before the report is not found. Here the keys of every session are kept as they were, a copy each time they change. A
//! session begins in [`Pallet::begin_session`]; only this file writes the register.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
    pallet_prelude::*,
    traits::{Get, KeyOwnerProofSystem},
};
use scale_info::TypeInfo;
use sp_core::crypto::KeyTypeId;
use sp_runtime::{
    traits::{Convert, OpaqueKeys},
    BoundedVec,
};
use sp_session::MembershipProof;
use sp_staking::SessionIndex;

use crate::*;

/// What is remembered of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SessionFacts {
    /// First tick that is sealed with its keys; 0 for the first session.
    pub first_tick: Tick,
    /// Its first block; 0 for the first session.
    pub first_block: u32,
    /// Number of its key set.
    pub key_set: u32,
}

/// A key that was in force, in this runtime's types.
pub(crate) struct Holder<ValidatorId> {
    /// Who held it.
    pub(crate) validator: ValidatorId,
    /// In which session.
    pub(crate) session: SessionIndex,
    /// How many validators that session had.
    pub(crate) validators: u32,
}

impl<T: Config> Pallet<T> {
    /// Registers the keys of session `index` and forgets those of the oldest. To be called by the session manager's
    /// `start_session`, when the queued keys are those of the session that starts.
    ///
    /// `first_tick` is the first that its block keys own: a session's first slot is elected, and sealed, with the keys before.
    /// `first_block` is the block in which it begins.
    ///
    /// Work: one read of two key sets and at most three writes, once per session.
    pub fn begin_session(index: SessionIndex, first_tick: Tick, first_block: u32) {
        let queued = pallet_session::QueuedKeys::<T>::get();
        if queued.len() > MAX_VALIDATORS as usize {
            log::error!(target: LOG_TARGET, "{} validators: only the first {MAX_VALIDATORS} are registered", queued.len());
        }
        let keys = BoundedVec::truncate_from(queued);
        let last = index.checked_sub(1).and_then(Sessions::<T>::get).map(|facts| facts.key_set);
        let key_set = match last {
            Some(last) if KeySets::<T>::get(last).as_ref() == Some(&keys) => last,
            last => {
                let next = last.map_or(0, |last| last.wrapping_add(1));
                KeySets::<T>::insert(next, keys);
                next
            }
        };
        Sessions::<T>::insert(index, SessionFacts { first_tick, first_block, key_set });
        Self::forget_before(Self::oldest_session(index));
    }

    /// First session whose offences can still be reported in session `now`.
    pub(crate) fn oldest_session(now: SessionIndex) -> SessionIndex {
        now.saturating_add(1).saturating_sub(T::ReportSessions::get())
    }

    /// Sessions begin one by one, so one can be forgotten for each that begins.
    fn forget_before(oldest: SessionIndex) {
        let Some(gone) = oldest.checked_sub(1).and_then(Sessions::<T>::take) else { return };
        if Sessions::<T>::get(oldest).is_none_or(|next| next.key_set != gone.key_set) {
            KeySets::<T>::remove(gone.key_set);
        }
    }

    /// The session whose keys owned `tick`, if its offences can still be reported. Reads one value per halving of
    /// [`Config::ReportSessions`].
    pub fn session_of(tick: Tick) -> Option<SessionIndex> {
        Self::last_session_that(|facts| facts.first_tick <= tick)
    }

    /// The session in which `block` was made, if its offences can still be reported. Reads as many values.
    pub fn session_of_block(block: u32) -> Option<SessionIndex> {
        Self::last_session_that(|facts| facts.first_block <= block)
    }

    /// The last session of which something is true that is true of all before it.
    fn last_session_that(has_begun: impl Fn(&SessionFacts) -> bool) -> Option<SessionIndex> {
        let now = pallet_session::CurrentIndex::<T>::get();
        let (mut low, mut high) = (Self::oldest_session(now), now);
        if !has_begun(&Sessions::<T>::get(low)?) {
            return None;
        }
        // Invariant: `low` has begun, whatever follows `high` has not.
        while low < high {
            let middle = high - (high - low) / 2;
            if has_begun(&Sessions::<T>::get(middle)?) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Some(low)
    }

    /// Who held `key` in `session`.
    pub(crate) fn holder(session: SessionIndex, kind: KeyTypeId, key: &[u8]) -> Option<Holder<T::ValidatorId>> {
        let keys = KeySets::<T>::get(Sessions::<T>::get(session)?.key_set)?;
        // At most `MAX_VALIDATORS`.
        let validators = keys.len() as u32;
        let (validator, _) = keys.into_iter().find(|(_, keys)| keys.get_raw(kind) == key)?;
        Some(Holder { validator, session, validators })
    }
}

impl<T: Config> Pallet<T> {
    /// The proof that some validator held `key` in `session`, as [`KeyOwnerProofSystem::prove`] makes it of the current one.
    pub fn prove_in(session: SessionIndex, kind: KeyTypeId, key: &[u8]) -> Option<MembershipProof> {
        let holder = Self::holder(session, kind, key)?;
        Some(MembershipProof { session, trie_nodes: Vec::new(), validator_count: holder.validators })
    }
}

/// For GRANDPA's stock reports. The proof needs no path: the register is in the state.
impl<T: Config, K: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, K)> for Pallet<T> {
    type IdentificationTuple = T::Offender;
    type Proof = MembershipProof;

    fn prove((kind, key): (KeyTypeId, K)) -> Option<MembershipProof> {
        Self::prove_in(pallet_session::CurrentIndex::<T>::get(), kind, key.as_ref())
    }

    fn check_proof((kind, key): (KeyTypeId, K), proof: MembershipProof) -> Option<T::Offender> {
        let holder = Self::holder(proof.session, kind, key.as_ref())?;
        // The claimed count decides the size of the punishment.
        if holder.validators != proof.validator_count {
            return None;
        }
        T::OffenderOf::convert(holder.validator)
    }
}
