//! The rule that chooses a slot's leaders (SPEC section 1, "Election"), as a pure function.
//!
//! It owns the order of candidates, the cooldown and the queue of the fallbacks. Who is active, what they worked and how
//! the result reaches the schedule table are the pallet's.

use alloc::vec::Vec;
use codec::Encode;
use sp_core::H256;
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    Perbill,
};

use crate::{
    schedule::{Election, Standing},
    time::{SlotNumber, COOLDOWN_SLOTS, MAX_FALLBACKS},
    vrf::Randomness,
};

/// `D_MIN`: least live score of a candidate.
pub const MIN_LIVE_SCORE: Perbill = Perbill::from_percent(20);

/// Slots after which the queue's end is shuffled: often enough to get leaders and queue out of step, and seldom, because each time
/// chance gives one a turn and not another.
const SHUFFLE_SLOTS: SlotNumber = 32;

/// A validator of the active set, as the election sees it.
#[derive(Clone, Debug)]
pub struct Contender<AccountId> {
    /// The validator's account.
    pub operator: AccountId,
    /// What it worked and whether it may lead.
    pub standing: Standing,
    /// Share of its owed ticks that it produced lately.
    pub reliability: Perbill,
}

/// Everything one election depends on.
#[derive(Clone, Debug)]
pub struct Ballot<'a, AccountId> {
    /// Slot to elect.
    pub slot: SlotNumber,
    /// The active set, in its own order; operators are distinct.
    pub active: &'a [Contender<AccountId>],
    /// Slots led lately and their primaries.
    pub recent: &'a [(SlotNumber, AccountId)],
    /// Positions in `active` in the order in which they fall back, each once. One of another length than the set starts
    /// anew, in the set's order.
    pub queue: &'a [u32],
    /// Fallbacks to name at most: the odd ticks of a slot, no more than [`MAX_FALLBACKS`].
    pub seats: u32,
    /// Randomness of the epoch.
    pub randomness: Randomness,
}

/// An election's result. Numbers are positions in [`Ballot::active`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elected {
    /// How it came about.
    pub election: Election,
    /// How many were candidates; none in an emergency, when the whole set stands.
    pub candidates: u32,
    /// Owner of the even ticks.
    pub primary: usize,
    /// Owners of the odd ticks, by rank.
    pub fallbacks: Vec<usize>,
    /// Queue for the next election.
    pub queue: Vec<u32>,
}

/// Slots that a primary must wait, given the number of candidates: always leaves somebody to choose.
pub fn cooldown(candidates: usize) -> u32 {
    let full = COOLDOWN_SLOTS;
    match u32::try_from(candidates) {
        Ok(n) if n <= full => n.saturating_sub(1) / 2,
        _ => full,
    }
}

/// Elects the leaders of a slot. `None` only if the active set is empty.
pub fn elect<AccountId: Encode + PartialEq>(ballot: &Ballot<'_, AccountId>) -> Option<Elected> {
    let Ballot { slot, active, .. } = *ballot;
    let ranked = ranking(ballot);
    let eligible =
        |i: &usize| active.get(*i).is_some_and(|c| !c.standing.jailed && c.standing.live_score >= MIN_LIVE_SCORE);
    let mut candidates: Vec<usize> = ranked.iter().copied().filter(eligible).collect();
    let emergency = candidates.is_empty();
    if emergency {
        candidates = ranked.clone();
    }
    let wait = cooldown(candidates.len());
    let oldest = slot.saturating_sub(u64::from(wait));
    let cooling = |i: &usize| {
        let operator = active.get(*i).map(|c| &c.operator);
        ballot.recent.iter().any(|(s, who)| (oldest..slot).contains(s) && Some(who) == operator)
    };
    // Fewer operators cool down than there are candidates, so the first search always finds one.
    let primary = candidates.iter().copied().find(|i| !cooling(i)).or_else(|| candidates.first().copied())?;
    let election = match (emergency, wait) {
        (true, _) => Election::Emergency,
        (false, COOLDOWN_SLOTS) => Election::Normal,
        (false, _) => Election::Reduced,
    };
    let (mut fallbacks, queue) = take_fallbacks(ballot, primary);
    fallbacks.sort_by_key(|i| ranked.iter().position(|r| r == i));
    // At most the set.
    let candidates = if emergency { 0 } else { candidates.len() as u32 };
    Some(Elected { election, candidates, primary, fallbacks, queue })
}

/// Positions of the active set: credits × reliability descending, then by a hash nobody could choose.
fn ranking<AccountId: Encode>(ballot: &Ballot<'_, AccountId>) -> Vec<usize> {
    let mut keyed: Vec<(u128, H256, usize)> = ballot
        .active
        .iter()
        .enumerate()
        .map(|(i, c)| {
            // At most 2^64 × 10^9: far below 2^128.
            let weight = u128::from(c.standing.credits) * u128::from(c.reliability.deconstruct());
            let tie = BlakeTwo256::hash_of(&(&ballot.randomness, ballot.slot, &c.operator));
            (weight, tie, i)
        })
        .collect();
    keyed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    keyed.into_iter().map(|(_, _, i)| i).collect()
}

/// The first of the queue, the primary skipped, and the queue with them at its end. The primary keeps its place: with a plain
/// cursor it would lose the turn, and some who lead more often would make fewer blocks than some who lead less. Now and then those
/// taken are shuffled among themselves: leaders come round every 17 slots, and in step with the queue some would lose a turn each
/// time that others keep.
fn take_fallbacks<AccountId: Encode>(ballot: &Ballot<'_, AccountId>, primary: usize) -> (Vec<usize>, Vec<u32>) {
    let len = ballot.active.len();
    let seats = ballot.seats.min(MAX_FALLBACKS) as usize;
    let queue = if ballot.queue.len() == len { ballot.queue.to_vec() } else { (0..).take(len).collect() };
    let (mut taken, mut rest) = (Vec::with_capacity(seats), Vec::with_capacity(len));
    for position in queue {
        if taken.len() < seats && position as usize != primary {
            taken.push(position);
        } else {
            rest.push(position);
        }
    }
    let mut last = taken.clone();
    if ballot.slot.is_multiple_of(SHUFFLE_SLOTS) {
        last.sort_by_cached_key(|i| {
            let operator = ballot.active.get(*i as usize).map(|contender| &contender.operator);
            BlakeTwo256::hash_of(&(&ballot.randomness, ballot.slot, b"queue", operator))
        });
    }
    rest.extend(last);
    (taken.into_iter().map(|i| i as usize).collect(), rest)
}
