//! Judging for pools what nobody paid for. Each can be in a block once only, and only because an order was paid; so they come
//! before what pays fees.

use ergon_primitives::{
    orders::{Answer, Pledge, Proof, Redemption},
    Hash,
};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::transaction_validity::InvalidTransaction;

use crate::*;

/// Above all fees, below the schedule's own reports.
const PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;
/// Blocks for which a pool keeps one before it asks again.
const LONGEVITY: TransactionLongevity = 64;

/// What a pool is told: what may come right later is `Stale` or `Future`, what never will is `BadProof`.
fn reason<T: Config>(error: Error<T>) -> InvalidTransaction {
    match error {
        Error::NotDrawn => InvalidTransaction::Future,
        Error::UnknownOrder | Error::Late | Error::AlreadyRedeemed | Error::AlreadyPledged | Error::NoChallenge => {
            InvalidTransaction::Stale
        }
        _ => InvalidTransaction::BadProof,
    }
}

fn valid(kind: &'static str, tag: impl Encode) -> TransactionValidity {
    ValidTransaction::with_tag_prefix(kind)
        .priority(PRIORITY)
        .and_provides(tag)
        .longevity(LONGEVITY)
        .propagate(true)
        .build()
}

impl<T: Config> Pallet<T> {
    /// Hash of the first block: what is signed for one chain is signed for no other.
    pub(crate) fn genesis() -> Hash {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32))
    }

    /// Why a block on top of this one would refuse `proof`, if it would: pools say less.
    pub fn refusal(proof: &Proof) -> Option<Error<T>> {
        match proof {
            Proof::Redemption(redemption) => Self::judge_redemption(redemption).err(),
            Proof::Pledge(pledge) => Self::judge_pledge(pledge).err(),
            Proof::Answer(answer) => Self::judge_answer(answer).err(),
        }
    }

    pub(crate) fn validate_redemption(redemption: &Redemption) -> TransactionValidity {
        Self::judge_redemption(redemption).map_err(reason::<T>)?;
        valid("WorkRedeem", (redemption.receipt.session, redemption.receipt.relay))
    }

    pub(crate) fn validate_pledge(pledge: &Pledge) -> TransactionValidity {
        Self::judge_pledge(pledge).map_err(reason::<T>)?;
        valid("WorkPledge", (pledge.deal, pledge.node))
    }

    pub(crate) fn validate_answer(answer: &Answer) -> TransactionValidity {
        Self::judge_answer(answer).map_err(reason::<T>)?;
        valid("WorkAnswer", (answer.deal, answer.node, answer.slot))
    }
}
