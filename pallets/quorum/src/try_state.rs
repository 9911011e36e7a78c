//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. The rounds are of different slots, in their order, and none is of a slot to come.
//! 2. A round has members, each operator and each key once, and a mark for each.
//! 3. It is reached if and only if a quorum has signed, and nobody is counted before.
//! 4. Its header is of this chain, and as deep as it must be.

use alloc::collections::BTreeSet;
use ergon_primitives::quorum::{quorum, Statement, HEADER_DEPTH};
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, TryRuntimeError};

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let (current, previous) = (Current::<T>::get(), Previous::<T>::get());
        let last = LastSlot::<T>::get();
        if let Some(round) = &current {
            ensure!(Some(round.topic.slot) == last, "1: the running round is of another slot");
            Self::check_round(round)?;
        }
        if let Some(round) = &previous {
            ensure!(Some(round.topic.slot) < last, "1: the previous round is of a later slot");
            Self::check_round(round)?;
        }
        Ok(())
    }

    fn check_round(round: &Round<T::AccountId>) -> Result<(), TryRuntimeError> {
        let operators: BTreeSet<_> = round.members.iter().map(|(operator, _)| operator).collect();
        let keys: BTreeSet<_> = round.members.iter().map(|(_, key)| key).collect();
        ensure!(!round.members.is_empty(), "2: a round without members");
        ensure!(operators.len() == round.members.len(), "2: an operator twice");
        ensure!(keys.len() == round.members.len(), "2: a key twice");
        ensure!(round.signed.len() == round.members.len(), "2: marks and members differ");
        ensure!(
            round.reached == (round.signers() >= quorum(round.size())),
            "3: reached without a quorum, or not with one"
        );
        ensure!(round.reached || round.signers() == 0, "3: counted without a quorum");
        let Statement::Header { number, block: hash } = round.topic.statement;
        let number = BlockNumberFor::<T>::from(number);
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(number.saturating_add(HEADER_DEPTH.into()) <= now, "4: a header that is not deep");
        let known = frame_system::Pallet::<T>::block_hash(number);
        // So old that the chain has forgotten it, if the chain stood still in a slot for long.
        let forgotten = known == T::Hash::default();
        ensure!(forgotten || known.as_ref() == hash.as_ref(), "4: a header of another chain");
        Ok(())
    }
}
