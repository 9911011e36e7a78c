//! Which missed ticks count: those that other operators saw go by. Pure.
//!
//! A miss counts only if blocks by others lie within [`WITNESS_TICKS`] before it and after it (SPEC section 2). So neither a
//! network that stood still, nor a partition behind which one operator was alone, makes anybody look absent.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{staking::WITNESS_TICKS, time::Tick};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// The latest blocks, as far as they can witness.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Witnesses<Operator> {
    /// The latest block.
    last: Option<(Tick, Operator)>,
    /// The latest block by anybody but the author of that.
    other: Option<(Tick, Operator)>,
    /// Ticks that the author of the latest block missed, seen by another before; whether by another after is not known yet.
    pending: BoundedVec<Tick, ConstU32<{ WITNESS_TICKS as u32 }>>,
}

impl<Operator> Default for Witnesses<Operator> {
    fn default() -> Self {
        Self { last: None, other: None, pending: BoundedVec::new() }
    }
}

impl<Operator: Clone + PartialEq> Witnesses<Operator> {
    /// Takes in the block of `tick` by `author`, before which `missed` had none. Returns the misses that count from now on,
    /// each with its operator: some of them, and some of before.
    pub fn block(&mut self, tick: Tick, author: &Operator, missed: &[(Tick, Operator)]) -> Vec<(Tick, Operator)> {
        let is_near = |miss: &Tick| tick.saturating_sub(*miss) <= WITNESS_TICKS;
        let mut counted = Vec::new();
        let by_same = self.last.as_ref().is_some_and(|(_, last)| last == author);
        match &self.last {
            Some((_, last)) if !by_same => {
                counted.extend(self.pending.iter().copied().filter(is_near).map(|miss| (miss, last.clone())));
                self.pending.clear();
            }
            _ => self.pending.retain(is_near),
        }
        for (miss, operator) in missed {
            if !is_near(miss) || !self.saw_before(*miss, operator) {
                continue;
            }
            if operator != author {
                counted.push((*miss, operator.clone()));
            } else if self.pending.try_push(*miss).is_err() {
                // All of them lie within as many ticks as there are places.
                frame_support::defensive!("more misses are near than there are ticks");
            }
        }
        if !by_same {
            self.other = self.last.take();
        }
        self.last = Some((tick, author.clone()));
        counted
    }

    /// Whether somebody but `operator` made a block shortly before `miss`.
    fn saw_before(&self, miss: Tick, operator: &Operator) -> bool {
        let witness = match &self.last {
            Some((_, last)) if last == operator => &self.other,
            last => last,
        };
        witness.as_ref().is_some_and(|(tick, _)| *tick < miss && miss.saturating_sub(*tick) <= WITNESS_TICKS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Blocks, given as (tick, author); ticks between them are owed by `owner`. Returns what counted.
    fn counted(blocks: &[(Tick, u8)], owner: impl Fn(Tick) -> u8) -> Vec<(Tick, u8)> {
        let mut witnesses = Witnesses::default();
        let mut parent = None;
        let mut all = Vec::new();
        for (tick, author) in blocks {
            let missed: Vec<_> = match parent {
                Some(parent) => (parent + 1..*tick).map(|tick| (tick, owner(tick))).collect(),
                None => Vec::new(),
            };
            all.extend(witnesses.block(*tick, author, &missed));
            parent = Some(*tick);
        }
        all.sort();
        all
    }

    #[test]
    fn a_miss_between_blocks_of_others_counts() {
        assert_eq!(counted(&[(10, 1), (12, 1)], |_| 2), [(11, 2)]);
        assert_eq!(counted(&[(10, 1), (12, 3)], |_| 2), [(11, 2)]);
    }

    #[test]
    fn a_miss_that_only_its_operator_saw_does_not() {
        assert_eq!(counted(&[(10, 2), (12, 2), (14, 2)], |_| 2), []);
        assert_eq!(counted(&[(10, 1), (12, 2), (14, 2)], |_| 2), [], "nobody else after");
        assert_eq!(counted(&[(10, 2), (12, 1)], |_| 2), [], "nobody else before");
        assert_eq!(counted(&[(9, 1), (10, 2), (12, 1)], |_| 2), [(11, 2)], "but one a little earlier will do");
    }

    #[test]
    fn a_miss_before_its_operators_own_block_waits_for_another() {
        assert_eq!(counted(&[(10, 1), (12, 2), (20, 1)], |tick| if tick == 11 { 2 } else { 1 }), [(11, 2)]);
        let late = |tick| if tick == 11 { 2 } else { 1 };
        assert_eq!(counted(&[(10, 1), (12, 2), (23, 1)], late), [(11, 2)], "12 ticks later is in time");
        assert_eq!(counted(&[(10, 1), (12, 2), (24, 1)], late), [], "13 is too late");
    }

    #[test]
    fn nobody_is_blamed_for_a_network_that_stood_still() {
        assert_eq!(counted(&[(10, 1), (11, 2), (500, 1), (501, 3)], |_| 4), []);
        let gap: Vec<_> = counted(&[(10, 1), (34, 2)], |_| 4);
        assert_eq!(gap, [(22, 4)], "of a gap of 23, the one tick that both saw");
        assert_eq!(counted(&[(10, 1), (35, 2)], |_| 4), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// What counts is what the rule says of the whole history.
        #[test]
        fn counts_what_the_rule_says(
            steps in prop::collection::vec((1u64..16, 0u8..4), 1..60),
            owners in prop::collection::vec(0u8..4, 1_000),
        ) {
            let mut tick = 0;
            let blocks: Vec<(Tick, u8)> = steps.iter().map(|(step, author)| { tick += step; (tick, *author) }).collect();
            let owner = |tick: Tick| owners[tick as usize];
            let end = tick;
            let by_others = |from: Tick, to: Tick, operator: u8| {
                blocks.iter().any(|(tick, author)| (from..=to).contains(tick) && *author != operator)
            };
            let first = blocks[0].0;
            let expected: Vec<_> = (first + 1..end)
                .filter(|tick| !blocks.iter().any(|(block, _)| block == tick))
                .map(|tick| (tick, owner(tick)))
                .filter(|(tick, operator)| {
                    by_others(tick.saturating_sub(WITNESS_TICKS), tick - 1, *operator)
                        && by_others(tick + 1, tick + WITNESS_TICKS, *operator)
                })
                .collect();
            prop_assert_eq!(counted(&blocks, owner), expected);
        }
    }
}
