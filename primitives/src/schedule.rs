//! The shapes of the leader schedule: who owes a tick, what became of a slot, how well an operator keeps its duties.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::ConstU32, BoundedVec, Perbill, Weight};

use crate::time::{SlotNumber, Tick, Timing, MAX_FALLBACKS};

/// Who owes a tick: the operator that answers for it and the key that must sign it.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Owner<AccountId, AuthorityId> {
    /// The validator's account. Duties, misses and rewards follow it, whatever keys it uses.
    pub operator: AccountId,
    /// The session key in force when the entry was written.
    pub key: AuthorityId,
}

/// What an operator brings to an election. Comes from outside the schedule: work credits, beacons, staking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Standing {
    /// Work credits over the leader window.
    pub credits: u64,
    /// Share of the window's slots in which a beacon was seen; `D_MIN` of it is needed to be a candidate.
    pub live_score: Perbill,
    /// Whether the operator is jailed: never a candidate then.
    pub jailed: bool,
}

/// Where an election learns of an operator's work.
pub trait OperatorStanding<AccountId> {
    /// The standing of `operator` now. Constant cost; called once per active validator and slot.
    fn standing(operator: &AccountId) -> Standing;

    /// Makes [`Self::standing`] of `operator` cost as much as it can.
    #[cfg(feature = "runtime-benchmarks")]
    fn make_worst_case(_: &AccountId) {}
}

/// No work is counted and nobody is excluded: leaders rotate by tie-break and cooldown alone.
impl<AccountId> OperatorStanding<AccountId> for () {
    fn standing(_: &AccountId) -> Standing {
        Standing { credits: 0, live_score: Perbill::one(), jailed: false }
    }
}

/// Where an election learns how well an operator kept its ticks lately: from 1/100 to 1.
pub trait OperatorReliability<AccountId> {
    /// Share of owed ticks produced lately. Constant cost; called once per active validator and slot.
    fn reliability(operator: &AccountId) -> Perbill;
}

/// Takes ticks away from operators that must not make blocks any more.
pub trait FutureTicks<AccountId> {
    /// Gives the ticks to come of `operators` to others, if there are others. At most as many as the set has members.
    fn take_from(operators: &[AccountId]);

    /// What that costs at most.
    fn weight() -> Weight;
}

impl<AccountId> FutureTicks<AccountId> for () {
    fn take_from(_: &[AccountId]) {}

    fn weight() -> Weight {
        Weight::zero()
    }
}

/// How a slot's leader was chosen.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Election {
    /// Among at least 17 candidates, under the full cooldown.
    Normal,
    /// Among fewer candidates, under a cooldown of half of the others.
    Reduced,
    /// Nobody was a candidate: among the whole active set.
    Emergency,
}

/// What became of a slot.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Elected, but it has no block yet and may still get one.
    Pending,
    /// The primary made its first block.
    Primary,
    /// The fallback at this position of [`SlotRecord::fallbacks`] made its first block.
    Fallback(u8),
    /// It has no block, or it was never elected (then it has no primary).
    Missed,
}

/// One leadership slot, as the chain remembers it for a window.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct SlotRecord<AccountId> {
    /// Number of the slot.
    pub slot: SlotNumber,
    /// How its leader was chosen; `None` if the slot before had no block, so that nobody could be elected.
    pub election: Option<Election>,
    /// Owner of its even ticks.
    pub primary: Option<AccountId>,
    /// Owners of its odd ticks, by rank, repeating if they are fewer than those ticks.
    pub fallbacks: BoundedVec<AccountId, ConstU32<MAX_FALLBACKS>>,
    /// What became of it.
    pub outcome: Outcome,
    /// Author of its first block.
    pub winner: Option<AccountId>,
}

impl<AccountId> SlotRecord<AccountId> {
    /// A slot that was never elected and has no block.
    pub fn never_elected(slot: SlotNumber) -> Self {
        Self {
            slot,
            election: None,
            primary: None,
            fallbacks: BoundedVec::new(),
            outcome: Outcome::Missed,
            winner: None,
        }
    }
}

/// How an operator has kept its ticks.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Duties {
    /// Ticks that the table named it for, since it first appeared.
    pub owed: u64,
    /// Those of them that have no block.
    pub missed: u64,
    /// Share produced lately, from 1/100 to 1: every produced tick closes a sixteenth of the distance to 1, every missed
    /// one a sixteenth of the distance to 0.
    pub reliability: Perbill,
}

impl Default for Duties {
    fn default() -> Self {
        Self { owed: 0, missed: 0, reliability: Perbill::one() }
    }
}

/// The whole schedule at a block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule<AccountId, AuthorityId> {
    /// The chain's clock.
    pub timing: Timing,
    /// Tick of the block, 0 in genesis.
    pub tick: Tick,
    /// Slot of the block, 0 in genesis.
    pub slot: SlotNumber,
    /// Owner of each tick: the entry at `tick % table.len()`.
    pub table: Vec<Owner<AccountId, AuthorityId>>,
}
