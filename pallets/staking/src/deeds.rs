//! What double-signing has cost, by who answers for which deed. Pure.
//!
//! Stake answers for the deeds up to the session in which it left, and pays the share of the worst of them: not the sum, or many
//! reports of one deed would cost more than one. As reports come in any order, each raises what some of it has paid. Kept are steps: stake
//! that answers for sessions up to *l* has paid the share of the last step at or before *l*.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::staking::SessionIndex;
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec, PerThing, Perbill, Rounding, Saturating};

/// Most steps. Shares follow from the number of offenders, so there are no more than a third of a set can be.
const MAX_STEPS: u32 = 40;

/// The steps: sessions and shares, both rising.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Deeds(BoundedVec<(SessionIndex, Perbill), ConstU32<MAX_STEPS>>);

/// What is still to be taken of some stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raise {
    /// Of stake that answers for this session,
    pub(crate) from: SessionIndex,
    /// but not for this one; if `None`, of all that does, what has not left included.
    pub(crate) until: Option<SessionIndex>,
    /// Share of what it has left.
    pub(crate) share: Perbill,
}

impl Deeds {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a deed. Returns what it raises; nothing, if worse ones were known, or if there are as many steps as there may be.
    pub(crate) fn add(&mut self, session: SessionIndex, share: Perbill) -> Vec<Raise> {
        let before = self.0.iter().rfind(|(at, _)| *at <= session);
        let mut paid = before.map_or(Perbill::zero(), |(_, share)| *share);
        let covered = self.0.iter().any(|(at, known)| *at >= session && *known <= share);
        if paid >= share || (self.0.is_full() && !covered) {
            return Vec::new();
        }
        let mut raises = Vec::new();
        let mut from = session;
        let mut until = None;
        for (at, known) in self.0.iter().filter(|(at, _)| *at > session) {
            if *known >= share {
                until = Some(*at);
                break;
            }
            raises.push(Raise { from, until: Some(*at), share: of_rest(paid, share) });
            (from, paid) = (*at, *known);
        }
        raises.push(Raise { from, until, share: of_rest(paid, share) });
        self.0.retain(|(at, known)| *at < session || *known > share);
        let place = self.0.iter().filter(|(at, _)| *at < session).count();
        // There is room, see above.
        let _inserted = self.0.try_insert(place, (session, share));
        raises
    }
}

/// Of what `paid` has left, so much that `share` of the whole is gone. Rounded up.
fn of_rest(paid: Perbill, share: Perbill) -> Perbill {
    let rest = Perbill::one().saturating_sub(paid).deconstruct();
    let more = share.saturating_sub(paid).deconstruct();
    Perbill::from_rational_with_rounding(more, rest, Rounding::Up).unwrap_or(Perbill::one())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// In whatever order deeds come to light, all stake has paid the worst that it answers for.
        #[test]
        fn all_stake_pays_the_worst_it_answers_for(deeds in prop::collection::vec((0u32..12, 1u32..=20), 1..30)) {
            let mut known = Deeds::default();
            // What is left of stake that answers for sessions up to each; the last is what has not left.
            let mut left = [1.0f64; 13];
            for (session, twentieths) in &deeds {
                for raise in known.add(*session, Perbill::from_percent(twentieths * 5)) {
                    for (l, left) in (0u32..).zip(&mut left) {
                        let answers = l >= raise.from && raise.until.is_none_or(|until| l < until);
                        if answers {
                            *left *= 1.0 - f64::from(raise.share.deconstruct()) / 1e9;
                        }
                    }
                }
                prop_assert!(known.0.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1), "{:?}", known);
            }
            for (l, left) in (0u32..).zip(left) {
                let worst = deeds.iter().filter(|(session, _)| *session <= l).map(|(_, share)| *share).max().unwrap_or(0);
                let expected = 1.0 - f64::from(worst) * 0.05;
                prop_assert!((left - expected).abs() < 1e-6, "up to {}: {} and not {}", l, left, expected);
            }
        }
    }

    #[test]
    fn steps_are_bounded() {
        let mut known = Deeds::default();
        for i in 0..100 {
            known.add(i, Perbill::from_parts(10_000_000 * (i + 1)));
        }
        assert_eq!(known.0.len(), MAX_STEPS as usize);
        assert!(known.add(200, Perbill::one()).is_empty());
        assert_eq!(
            known.add(0, Perbill::one()).len(),
            MAX_STEPS as usize,
            "but what takes the place of others has room"
        );
    }
}
