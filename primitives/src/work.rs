//! Work credits (SPEC section 1): what work counts, how it becomes credits, and what the node and the runtime tell each other of it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

use crate::{
    election::cooldown,
    time::{EpochNumber, SlotNumber, Timing},
    AuraId, Balance, BlockNumber, Hash,
};

/// `BASE_MB_PER_SESSION`: bytes that are worth a credit.
pub const BYTES_PER_CREDIT: u64 = 5_000_000;
/// Blocks back, at most, that a beacon may name: a slot of the specification and a half.
pub const BEACON_BLOCKS: BlockNumber = 36;

/// Work of an entity, as it was accepted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Work {
    /// `S`: accepted units: relayed sessions, passed storage challenges, signatures that made a quorum.
    pub units: u64,
    /// `B`: bytes relayed, and bytes proven to be stored.
    pub bytes: u64,
}

impl Work {
    /// Both together. Saturates: at 18 exabytes.
    pub fn plus(self, other: Self) -> Self {
        Self { units: self.units.saturating_add(other.units), bytes: self.bytes.saturating_add(other.bytes) }
    }

    /// `W = max(S, ceil(B / 5 MB))`. Only ever of a window's total, so that splitting or merging reports changes nothing.
    pub fn credits(self) -> u64 {
        self.units.max(self.bytes.div_ceil(BYTES_PER_CREDIT))
    }
}

/// Where those who check work write it down.
pub trait WorkLedger<AccountId> {
    /// Whether `entity` can have work counted.
    fn knows(entity: &AccountId) -> bool;

    /// Counts `work` of `entity`, done now. Nothing, if [`Self::knows`] says so.
    fn add(entity: &AccountId, work: Work);
}

/// Where an entity stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Tally<AccountId> {
    /// Its operator.
    pub entity: AccountId,
    /// Place among all entities by credits, from 1; equals by account.
    pub rank: u32,
    /// Credits of the window.
    pub credits: u64,
    /// The work that they are of.
    pub work: Work,
    /// Share of the window's slots in which its beacon was seen.
    pub live_score: Perbill,
    /// Whether it, or the chain, is too young for the score to count.
    pub grace: bool,
}

/// A sign of life, once a slot: signed with a session key over the block that its node saw last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Beacon {
    /// The slot that it counts for.
    pub slot: SlotNumber,
    /// Height of a block that its node knows.
    pub number: BlockNumber,
    /// That block's hash: so a beacon counts on one fork only, and cannot be made ahead.
    pub hash: Hash,
}

impl Beacon {
    /// What is signed. The block's hash already belongs to one chain only.
    pub fn payload(&self) -> alloc::vec::Vec<u8> {
        (b"ergon:beacon", self).encode()
    }
}

/// A beacon and who signed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct SignedBeacon {
    /// What is signed.
    pub beacon: Beacon,
    /// Session key of a validator.
    pub key: AuraId,
    /// Its signature of [`Beacon::payload`].
    pub signature: sp_consensus_aura::sr25519::AuthoritySignature,
}

/// The most that one entity can earn by leading for one window, if a block earns `reward` and `candidates` stand for election: a seat
/// among those who lead in turn, half of the ticks each time. As often as the cooldown allows, and a sixteenth and once more: who has
/// just climbed leads before those who cool down (the simulator finds 2 %).
///
/// It is also what is burned for a credit that is paid. A credit lasts for one window and counts for one entity, so it brings one seat
/// at most, at whatever rank (`tests/election.rs` compares it with elections). Whoever pays for credits that come to himself loses
/// then, however many entities he has and whatever he knows of the draw, or does to it.
///
/// `candidates` is how many there are now; none in an emergency, after which the first who is back leads alone. A third of them may fall
/// silent while the credit lasts, as many as finality bears: if they did it on purpose, to shorten the cooldown below 17, a seat would be
/// worth more than was burned. So it is priced as if they had.
pub fn seat_value(timing: &Timing, candidates: u32, reward: Balance) -> Balance {
    let sure = candidates.saturating_sub(candidates.saturating_sub(1) / 3);
    let wait = cooldown(sure as usize).saturating_add(1);
    let turns = timing.window_slots.div_ceil(wait);
    let turns = turns.saturating_add(turns / 16).saturating_add(1);
    let ticks = turns.saturating_mul(timing.ticks_per_slot.div_ceil(2));
    reward.saturating_mul(ticks.into())
}

/// Whether `epoch` belongs to the window of `window` epochs that ends with `now`.
pub fn in_window(epoch: EpochNumber, now: EpochNumber, window: u32) -> bool {
    epoch <= now && now.saturating_sub(epoch) < u64::from(window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn credits_are_the_larger_of_units_and_bytes_begun() {
        let credits = |units, bytes| Work { units, bytes }.credits();
        assert_eq!((credits(0, 0), credits(3, 0), credits(0, 1)), (0, 3, 1));
        assert_eq!((credits(0, 5_000_000), credits(0, 5_000_001), credits(2, 5_000_001)), (1, 2, 2));
        assert_eq!(credits(7, 10_000_000), 7);
        assert_eq!(credits(u64::MAX, u64::MAX), u64::MAX);
    }

    #[test]
    fn a_credit_costs_what_a_seat_can_bring() {
        let timing = Timing::default();
        // 17 take turns: 297 slots of 12 ticks each, and 19 for whoever comes first.
        assert_eq!(seat_value(&timing, 100, 7), 316 * 12 * 7);
        assert_eq!(seat_value(&timing, 24, 7), 316 * 12 * 7);
        // Of 23, 16 are sure to stay, of which eight take turns.
        assert_eq!(seat_value(&timing, 23, 7), 670 * 12 * 7);
        // Of six, three.
        assert_eq!(seat_value(&timing, 6, 7), 1_786 * 12 * 7);
    }

    #[test]
    fn a_window_ends_with_the_epoch_that_runs() {
        assert!(in_window(9, 9, 1) && in_window(8, 9, 2) && !in_window(8, 9, 1));
        assert!(!in_window(10, 9, 168), "what is to come does not count");
        assert!(in_window(0, 167, 168) && !in_window(0, 168, 168));
    }

    proptest! {
        /// However work is split into reports, and in whatever order they come, the window's total says the same.
        #[test]
        fn splitting_and_merging_reports_changes_nothing(parts in prop::collection::vec((0u64..5, 0u64..20_000_000), 0..40), cut in 0usize..40) {
            let sum = |parts: &[(u64, u64)]| parts.iter().fold(Work::default(), |sum, (units, bytes)| sum.plus(Work { units: *units, bytes: *bytes }));
            let (head, tail) = parts.split_at(cut.min(parts.len()));
            let mut backwards = parts.clone();
            backwards.reverse();
            prop_assert_eq!(sum(head).plus(sum(tail)).credits(), sum(&parts).credits());
            prop_assert_eq!(sum(&backwards), sum(&parts));
            // And nobody loses by one more report.
            for (units, bytes) in &parts {
                let more = sum(&parts).plus(Work { units: *units, bytes: *bytes });
                prop_assert!(more.credits() >= sum(&parts).credits());
            }
        }
    }
}
