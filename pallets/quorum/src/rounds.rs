//! Opening rounds, taking batches, and telling of both.
//!
//! Trigger: the first block of a slot (`on_initialize`) makes the running round the previous one, forgets the one
//! before, and opens a new one. Skipped while there is no block deep enough, or no set: then the slot has no round.

use alloc::{collections::BTreeSet, vec::Vec};
use ergon_primitives::{
    quorum::{Batch, RoundInfo, Statement, Topic, HEADER_DEPTH},
    staking::ChainTime,
    time::SlotNumber,
    work::{Work, WorkLedger},
    Hash,
};
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use sp_runtime::traits::CheckedSub;

use crate::*;

/// What a signature that counts is worth.
const SIGNATURE: Work = Work { units: 1, bytes: 0 };

impl<T: Config> Pallet<T> {
    /// At the start of a block: opens the round of a slot that begins.
    pub(crate) fn begin_block() -> Weight {
        let slot = T::Clock::get().slot_of(T::Time::tick());
        let weight = <T as Config>::WeightInfo::on_block();
        if LastSlot::<T>::get() == Some(slot) {
            return weight;
        }
        Self::begin_slot(slot);
        weight.saturating_add(<T as Config>::WeightInfo::on_slot())
    }

    pub(crate) fn begin_slot(slot: SlotNumber) {
        LastSlot::<T>::put(slot);
        Previous::<T>::set(Current::<T>::take());
        let Some(statement) = Self::deep_header() else { return };
        let (mut operators, mut keys) = (BTreeSet::new(), BTreeSet::new());
        let members: Vec<_> = T::Members::get()
            .into_iter()
            .filter(|(operator, key)| operators.insert(operator.clone()) && keys.insert(key.clone()))
            .collect();
        if members.is_empty() {
            return;
        }
        Current::<T>::put(Round::new(Topic { slot, statement }, members));
        Self::deposit_event(Event::RoundOpened { slot, statement });
    }

    /// The header that validators sign if a slot begins now.
    fn deep_header() -> Option<Statement> {
        let number = frame_system::Pallet::<T>::block_number().checked_sub(&HEADER_DEPTH.into())?;
        let hash = frame_system::Pallet::<T>::block_hash(number);
        // Of blocks that it does not know it says zero.
        let hash = Some(hash).filter(|hash| *hash != T::Hash::default())?;
        let hash = Hash::from(<[u8; 32]>::try_from(hash.as_ref()).ok()?);
        Some(Statement::Header { number: number.try_into().ok()?, block: hash })
    }

    /// Counts a batch.
    pub(crate) fn do_submit(batch: &Batch) -> DispatchResult {
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(LastBatch::<T>::get() != Some(now), Error::<T>::SecondBatch);
        let mut round = Self::round_of(batch.slot).ok_or(Error::<T>::NotOpen)?;
        let (topic, reached_before) = (round.topic, round.reached);
        let operators = round.count(&batch.signatures).map_err(Error::<T>::from)?;
        let signers = round.signers();
        Self::put_round(round);
        LastBatch::<T>::put(now);
        if !reached_before {
            Self::deposit_event(Event::Agreed { slot: topic.slot, statement: topic.statement, signers });
        }
        operators.iter().for_each(|operator| T::Ledger::add(operator, SIGNATURE));
        Self::deposit_event(Event::Signed { slot: topic.slot, operators: BoundedVec::truncate_from(operators) });
        Ok(())
    }

    /// What of `batch` this block can take, if anything. The author asks, on top of its block's beginning.
    pub(crate) fn sift(batch: Batch) -> Option<Batch> {
        let signatures = Self::round_of(batch.slot)?.sift(batch.signatures.into_inner())?;
        Some(Batch { slot: batch.slot, signatures: BoundedVec::truncate_from(signatures) })
    }

    /// The round of `slot`, while it takes signatures.
    fn round_of(slot: SlotNumber) -> Option<Round<T::AccountId>> {
        let of_slot = |round: &Round<T::AccountId>| round.topic.slot == slot;
        Current::<T>::get().filter(of_slot).or_else(|| Previous::<T>::get().filter(of_slot))
    }

    /// Writes a round of [`Self::round_of`] back. Only the running one can be of the latest slot.
    fn put_round(round: Round<T::AccountId>) {
        match LastSlot::<T>::get() == Some(round.topic.slot) {
            true => Current::<T>::put(round),
            false => Previous::<T>::put(round),
        }
    }

    /// What the running slot's validators sign.
    pub fn topic() -> Option<Topic> {
        Current::<T>::get().map(|round| round.topic)
    }

    /// The rounds that take signatures, the latest first.
    pub fn rounds() -> Vec<RoundInfo<T::AccountId>> {
        [Current::<T>::get(), Previous::<T>::get()].into_iter().flatten().map(|round| round.info()).collect()
    }
}

impl<T> From<Fault> for Error<T> {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Empty => Self::Empty,
            Fault::Unordered => Self::Unordered,
            Fault::UnknownPlace => Self::UnknownPlace,
            Fault::AlreadyCounted => Self::AlreadyCounted,
            Fault::NoQuorum => Self::NoQuorum,
            Fault::BadSignature => Self::BadSignature,
        }
    }
}
