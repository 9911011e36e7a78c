//! What was proven through `pallet-offences` reaches the penalties here.

use alloc::vec::Vec;
use frame_support::weights::Weight;
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

use crate::*;

/// An offender is named by its account and by something that the historical session knows of it, which does not matter here.
impl<T: Config, Known> OnOffenceHandler<T::AccountId, (T::AccountId, Known), Weight> for Pallet<T> {
    /// Called for each report with all offenders of that kind and time, those of earlier reports too, and the fraction that
    /// they all owe now. At most as many as the set has members.
    fn on_offence(
        offenders: &[OffenceDetails<T::AccountId, (T::AccountId, Known)>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let shares: Vec<_> =
            offenders.iter().zip(fractions).map(|(details, share)| (details.offender.0.clone(), *share)).collect();
        Self::punish(&shares, session);
        // The report's own weight covers it; nobody adds what is returned here.
        Weight::zero()
    }
}
