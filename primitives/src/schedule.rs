//! The shapes of the leader schedule: who owes a tick, what became of a slot, how well an operator keeps its duties.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::ConstU32, BoundedVec, Perbill, Saturating, Weight};

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
    /// Share produced lately, from 1/100 to 1: every produced tick closes a sixteenth of the distance to 1, and all of it when less
    /// than 1/100 is left; every missed one takes a sixteenth off.
    pub reliability: Perbill,
}

/// No operator's reliability falls below this: work always counts for something, and recovery stays possible.
const MIN_RELIABILITY: Perbill = Perbill::from_percent(1);
/// One tick moves reliability by 1/16 of the way.
const STEP: u32 = 16;

impl Duties {
    /// Counts a tick that was owed and has a block.
    pub fn produced(&mut self) {
        self.owed = self.owed.saturating_add(1);
        let short = Perbill::one().saturating_sub(self.reliability).deconstruct();
        let left = short.saturating_sub(short.div_ceil(STEP));
        // Without an end the way to 1 takes 300 ticks, and who misses one would lose every tie for days. So it takes 72 from the floor:
        // with 100 validators, some 80 ticks a day, who is faultless has recovered within a day.
        let recovered = left < MIN_RELIABILITY.deconstruct();
        self.reliability = Perbill::one().saturating_sub(Perbill::from_parts(if recovered { 0 } else { left }));
    }

    /// Counts `count` ticks that were owed and have no block.
    pub fn missed(&mut self, count: u64) {
        self.owed = self.owed.saturating_add(count);
        self.missed = self.missed.saturating_add(count);
        let keep = Perbill::from_rational(STEP - 1, STEP);
        // After 72 misses in a row the floor is reached from 1.
        let kept = keep.saturating_pow(count.min(72) as usize);
        self.reliability = self.reliability.saturating_mul(kept).max(MIN_RELIABILITY);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_falls_to_its_floor_and_recovers_within_a_day() {
        let mut duties = Duties::default();
        duties.missed(1);
        assert_eq!(duties.reliability, Perbill::from_rational(15u32, 16));
        (0..28).for_each(|_| duties.produced());
        assert!(duties.reliability < Perbill::one());
        duties.produced();
        assert_eq!((duties.reliability, duties.owed, duties.missed), (Perbill::one(), 30, 1));
        duties.missed(1_000);
        assert_eq!(duties.reliability, Perbill::from_percent(1));
        let mut before = duties.reliability;
        for _ in 0..72 {
            duties.produced();
            assert!(duties.reliability > before, "every tick counts");
            before = duties.reliability;
        }
        assert_eq!(duties.reliability, Perbill::one());
        duties.produced();
        assert_eq!((duties.reliability, duties.owed), (Perbill::one(), 1_103));
    }
}
