//! Judging a report of a double-sealed tick.

use alloc::{vec, vec::Vec};
use ergon_primitives::double_seal;
use frame_support::{ensure, pallet_prelude::*};
use sp_consensus_aura::sr25519::AuthorityId;
use sp_runtime::{traits::Convert, transaction_validity::InvalidTransaction, Perbill, RuntimeAppPublic};
use sp_staking::{
    offence::{Kind, Offence, OffenceError, ReportOffence},
    SessionIndex,
};

use crate::*;

/// A validator sealed a tick twice. All who did in one session did it together, and each of them once, however many ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubleSealOffence<Offender> {
    /// Session in which the key was in force.
    pub session: SessionIndex,
    /// Validators of that session.
    pub validators: u32,
    /// Who did it.
    pub offender: Offender,
}

impl<Offender: Clone> Offence<Offender> for DoubleSealOffence<Offender> {
    const ID: Kind = *b"ergon:doubleseal";
    type Slot = SessionIndex;

    fn offenders(&self) -> Vec<Offender> {
        vec![self.offender.clone()]
    }

    fn session_index(&self) -> SessionIndex {
        self.session
    }

    fn validator_set_count(&self) -> u32 {
        self.validators
    }

    fn slot(&self) -> SessionIndex {
        self.session
    }

    /// `min((3k / n)², 1)`, as for GRANDPA. Rounds to the nearest billionth.
    fn slash_fraction(&self, offenders_count: u32) -> Perbill {
        Perbill::from_rational(offenders_count.saturating_mul(3), self.validators).square()
    }
}

/// What a sound report shows.
pub(crate) struct Verdict<T: Config> {
    /// Who sealed twice.
    pub(crate) validator: T::ValidatorId,
    /// The same, for the offences pallet.
    pub(crate) offence: DoubleSealOffence<T::Offender>,
}

impl<T: Config> Pallet<T> {
    /// Judges a report: cheap questions first, signatures last. Changes nothing.
    pub(crate) fn judge(proof: &DoubleSealProof<HeaderFor<T>>) -> Result<Verdict<T>, Error<T>> {
        ensure!(double_seal::fits(proof), Error::<T>::ProofTooLarge);
        let tick = *proof.slot;
        // Otherwise one proof could be used in this session and again in the one that the tick will lie in.
        ensure!(tick <= *pallet_aura::CurrentSlot::<T>::get(), Error::<T>::TickInFuture);
        let session = Self::session_of(tick).ok_or(Error::<T>::TickTooOld)?;
        let held_in = |session| Self::holder(session, AuthorityId::ID, proof.offender.as_ref());
        // After an outage in a session's first slot the table repeats, with the keys of the session before that.
        // And in that slot, ticks that were taken from their owner go to others, with their keys of the session that begins.
        let holder = held_in(session)
            .or_else(|| session.checked_sub(1).and_then(held_in))
            .or_else(|| held_in(session.saturating_add(1)))
            .ok_or(Error::<T>::UnknownKey)?;
        let offender = T::OffenderOf::convert(holder.validator.clone()).ok_or(Error::<T>::UnknownKey)?;
        let offence = DoubleSealOffence { session: holder.session, validators: holder.validators, offender };
        let known = T::Offences::is_known_offence(core::slice::from_ref(&offence.offender), &offence.session);
        ensure!(!known, Error::<T>::AlreadyReported);
        ensure!(double_seal::is_proven(proof), Error::<T>::InvalidProof);
        Ok(Verdict { validator: holder.validator, offence })
    }

    /// Whether a report would be recorded now.
    pub fn is_reportable(proof: &DoubleSealProof<HeaderFor<T>>) -> bool {
        Self::judge(proof).is_ok()
    }

    /// Records what the report shows.
    pub(crate) fn do_report(
        proof: &DoubleSealProof<HeaderFor<T>>,
        reporter: Option<T::AccountId>,
    ) -> Result<(), Error<T>> {
        let Verdict { validator, offence } = Self::judge(proof)?;
        let session = offence.session;
        T::Offences::report_offence(reporter.into_iter().collect(), offence).map_err(|error| match error {
            OffenceError::DuplicateReport | OffenceError::Other(_) => Error::<T>::AlreadyReported,
        })?;
        Self::deposit_event(Event::DoubleSealed { validator, key: proof.offender.clone(), tick: *proof.slot, session });
        Ok(())
    }

    /// Judges a report for a pool or a block. Only the block's author may put one in without a fee, so pools take them only
    /// from their own node and do not pass them on.
    pub(crate) fn validate_report(
        source: TransactionSource,
        proof: &DoubleSealProof<HeaderFor<T>>,
    ) -> TransactionValidity {
        if !matches!(source, TransactionSource::Local | TransactionSource::InBlock) {
            return InvalidTransaction::Call.into();
        }
        let verdict = Self::judge(proof).map_err(|error| match error {
            Error::AlreadyReported | Error::TickTooOld => InvalidTransaction::Stale,
            _ => InvalidTransaction::BadProof,
        })?;
        ValidTransaction::with_tag_prefix("DoubleSeal")
            .priority(TransactionPriority::MAX)
            // One report for each offender and session.
            .and_provides((verdict.validator, verdict.offence.session))
            .longevity(REPORT_LONGEVITY)
            .propagate(false)
            .build()
    }
}
