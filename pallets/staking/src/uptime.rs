//! How validators keep their ticks, and who is jailed for not doing so. Only this file writes `Uptimes` and `LatestBlocks`.
//!
//! The schedule tells who owed each tick; which misses count is `witness.rs`'s. Counts are gathered per session. When it ends:
//!
//! 1. If more than a third of those who owed ticks in it kept fewer than they must, it was an outage: its counts are dropped
//!    and nobody is blamed.
//! 2. Otherwise they are added to each validator's window. A window that has lasted long enough, and has enough owed ticks, is
//!    closed; from then on a validator is judged by the last one closed together with the one that runs. So nobody is judged
//!    by less than [`Rules::uptime_ticks`] and [`Rules::uptime_owed`].
//! 3. Whoever is below [`Rules::min_uptime`] is jailed, and starts anew with empty windows.
//!
//! All counts are by operator: keys do not matter.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{
    schedule::FutureTicks,
    staking::{ChainTime, DutyObserver, Rules, SessionIndex},
    time::Tick,
};
use scale_info::TypeInfo;
use sp_runtime::Percent;

use crate::*;

/// Share of the score that the uptime is; the rest is slots won.
const UPTIME_WEIGHT: u32 = 80;

/// Ticks and slots of a validator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
    /// Ticks that it owed: those with a block, and the misses that count.
    pub owed: u32,
    /// Misses that count.
    pub missed: u32,
    /// Slots that it was primary of.
    pub led: u32,
    /// Those of them whose first block was its own.
    pub won: u32,
    /// Session of the first miss that counts.
    pub first_miss: Option<SessionIndex>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.owed = self.owed.saturating_add(other.owed);
        self.missed = self.missed.saturating_add(other.missed);
        self.led = self.led.saturating_add(other.led);
        self.won = self.won.saturating_add(other.won);
        self.first_miss = match (self.first_miss, other.first_miss) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
    }

    fn plus(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }

    /// Share of owed ticks that have blocks, rounded down; all, if none was owed.
    fn uptime(&self) -> Percent {
        if self.owed == 0 {
            return Percent::one();
        }
        Percent::from_rational(self.owed.saturating_sub(self.missed), self.owed)
    }

    /// Whether fewer than `least` of the owed ticks have blocks: exact, where a percentage would round.
    fn is_below(&self, least: Percent) -> bool {
        let kept = u64::from(self.owed.saturating_sub(self.missed));
        kept.saturating_mul(100) < u64::from(self.owed).saturating_mul(least.deconstruct().into())
    }
}

/// What is remembered of a validator's duties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Uptime {
    /// Of this session.
    pub session: Tally,
    /// Of the window that runs, without this session.
    pub current: Tally,
    /// When that began: with the first tick told.
    pub since: Option<Tick>,
    /// Of the last window closed.
    pub previous: Option<Tally>,
}

impl Uptime {
    /// Ends a session. If the validator is to be jailed, returns the session of its first miss.
    fn end_session(&mut self, now: Tick, rules: &Rules) -> Option<SessionIndex> {
        let session = core::mem::take(&mut self.session);
        self.current.add(&session);
        let lasted = self.since.is_some_and(|since| now.saturating_sub(since) >= rules.uptime_ticks);
        if lasted && self.current.owed >= rules.uptime_owed {
            self.previous = Some(core::mem::take(&mut self.current));
            self.since = Some(now);
        }
        let judged = self.previous?.plus(&self.current);
        judged.first_miss.filter(|_| judged.is_below(rules.min_uptime))
    }

    /// Judges a validator that leaves: its window ends now, however long it was, if enough ticks were owed in it. So nobody
    /// leaves just before it is judged. Returns the session of its first miss if it is to be jailed.
    fn end(&self, rules: &Rules) -> Option<SessionIndex> {
        let judged = self.previous.unwrap_or_default().plus(&self.current).plus(&self.session);
        let enough = self.previous.is_some() || judged.owed >= rules.uptime_owed;
        judged.first_miss.filter(|_| enough && judged.is_below(rules.min_uptime))
    }

    /// Uptime and score over both windows and this session. The uptime is `None` until a whole window can be told.
    pub fn performance(&self, rules: &Rules) -> Performance {
        let all = self.previous.unwrap_or_default().plus(&self.current).plus(&self.session);
        let uptime = all.uptime();
        let slots = if all.led == 0 { uptime } else { Percent::from_rational(all.won, all.led) };
        // At most 100 × 100.
        let parts =
            u32::from(uptime.deconstruct()) * UPTIME_WEIGHT + u32::from(slots.deconstruct()) * (100 - UPTIME_WEIGHT);
        let known = self.previous.is_some() || all.owed >= rules.uptime_owed;
        Performance { uptime: known.then_some(uptime), score: Percent::from_rational(parts, 10_000u32) }
    }
}

/// Whether more than a third of those who owed ticks in the session kept fewer than they must: how many, of how many.
fn outage<'a>(members: impl Iterator<Item = &'a Uptime>, rules: &Rules) -> Option<(u32, u32)> {
    let (mut down, mut of) = (0u32, 0u32);
    for uptime in members.filter(|uptime| uptime.session.owed > 0) {
        of = of.saturating_add(1);
        down = down.saturating_add(uptime.session.is_below(rules.min_uptime).into());
    }
    (down.saturating_mul(3) > of).then_some((down, of))
}

impl<T: Config> DutyObserver<T::AccountId> for Pallet<T> {
    fn on_block(tick: Tick, author: &T::AccountId, missed: &[(Tick, T::AccountId)]) {
        let counted = LatestBlocks::<T>::mutate(|witnesses| witnesses.block(tick, author, missed));
        Self::count(author, tick, |tally| tally.owed = tally.owed.saturating_add(1));
        let session = Self::session();
        for (_, operator) in counted {
            Self::count(&operator, tick, |tally| {
                tally.owed = tally.owed.saturating_add(1);
                tally.missed = tally.missed.saturating_add(1);
                tally.first_miss.get_or_insert(session);
            });
        }
    }

    fn on_slot(primary: &T::AccountId, won: bool) {
        Self::count(primary, T::Time::tick(), |tally| {
            tally.led = tally.led.saturating_add(1);
            tally.won = tally.won.saturating_add(u32::from(won));
        });
    }
}

impl<T: Config> Pallet<T> {
    fn count(operator: &T::AccountId, tick: Tick, how: impl FnOnce(&mut Tally)) {
        Uptimes::<T>::mutate(operator, |uptime| {
            uptime.since.get_or_insert(tick);
            how(&mut uptime.session);
        });
    }

    /// Judges the `members` of `session`, which ends. Jails whoever must be.
    pub(crate) fn judge_session(session: SessionIndex, members: &[T::AccountId]) {
        let rules = Self::rules();
        let now = T::Time::tick();
        let tallies: Vec<_> = members.iter().map(|who| (who, Uptimes::<T>::get(who))).collect();
        let outage = outage(tallies.iter().map(|(_, uptime)| uptime), &rules);
        let mut jailed = Vec::new();
        for (who, mut uptime) in tallies {
            if outage.is_some() {
                uptime.session = Tally::default();
            } else if let Some(since) = uptime.end_session(now, &rules) {
                jailed.push((who.clone(), since));
                uptime = Uptime::default();
            }
            Uptimes::<T>::insert(who, uptime);
        }
        if let Some((down, of)) = outage {
            Self::deposit_event(Event::MassOutage { session, down, of });
        }
        for (who, since) in &jailed {
            Self::jail(who, *since, &rules);
        }
        let jailed: Vec<_> = jailed.into_iter().map(|(who, _)| who).collect();
        if !jailed.is_empty() {
            T::FutureTicks::take_from(&jailed);
        }
    }

    /// Judges `who`, which leaves.
    pub(crate) fn judge_leaver(who: &T::AccountId) {
        let rules = Self::rules();
        let members = pallet_session::Validators::<T>::get();
        let all: Vec<_> = members.iter().map(Uptimes::<T>::get).collect();
        let mut uptime = Uptimes::<T>::get(who);
        if outage(all.iter(), &rules).is_some() {
            uptime.session = Tally::default();
        }
        if let Some(since) = uptime.end(&rules) {
            Self::jail(who, since, &rules);
            Uptimes::<T>::remove(who);
            T::FutureTicks::take_from(core::slice::from_ref(who));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules { uptime_ticks: 100, uptime_owed: 10, min_uptime: Percent::from_percent(75), ..Rules::default() }
    }

    /// Sessions of 30 ticks in each of which 4 are owed and so many missed; whether each ends in jail.
    fn sessions(missed: &[u32]) -> Vec<bool> {
        let mut uptime = Uptime { since: Some(0), ..Default::default() };
        (1..)
            .zip(missed)
            .map(|(i, missed)| {
                uptime.session = tally(4, *missed);
                uptime.end_session(i * 30, &rules()).is_some()
            })
            .collect()
    }

    fn tally(owed: u32, missed: u32) -> Tally {
        Tally { owed, missed, first_miss: (missed > 0).then_some(7), ..Default::default() }
    }

    #[test]
    fn nobody_is_judged_before_a_window_is_full() {
        // The fourth session is the first to end 100 ticks after the start.
        assert_eq!(sessions(&[4, 4, 4, 4]), [false, false, false, true]);
        assert_eq!(sessions(&[1, 1, 1, 1, 1]), [false; 5], "three of four is enough");
        assert_eq!(sessions(&[1, 1, 1, 2]), [false, false, false, true]);
    }

    #[test]
    fn later_the_last_window_and_the_running_one_count_together() {
        // A faultless window of 16, then absence: after 6 missed of 22 it is below.
        assert_eq!(sessions(&[0, 0, 0, 0, 4, 2, 0]), [false, false, false, false, false, false, false]);
        assert_eq!(sessions(&[0, 0, 0, 0, 4, 4]), [false, false, false, false, false, true]);
    }

    #[test]
    fn a_long_time_with_few_ticks_judges_nobody() {
        let mut uptime = Uptime { since: Some(0), ..Default::default() };
        uptime.session = tally(9, 9);
        assert_eq!(uptime.end_session(1_000_000, &rules()), None);
        uptime.session = Tally { first_miss: Some(9), ..tally(1, 1) };
        assert_eq!(uptime.end_session(1_000_030, &rules()), Some(7), "charged from the first miss on");
    }

    #[test]
    fn whoever_leaves_is_judged_by_what_there_is_if_it_is_enough() {
        let leaves = |previous: Option<Tally>, current, session| {
            Uptime { current, session, since: Some(0), previous }.end(&rules()).is_some()
        };
        assert!(leaves(None, tally(6, 3), tally(4, 4)), "7 of 10, though no window is full");
        assert!(!leaves(None, tally(5, 5), tally(4, 4)), "nine are too few");
        assert!(!leaves(Some(tally(40, 0)), tally(0, 0), tally(4, 4)), "a faultless day before");
        assert!(leaves(Some(tally(10, 0)), tally(0, 0), tally(4, 4)));
    }

    #[test]
    fn the_score_is_four_fifths_uptime_and_a_fifth_slots_won() {
        let score = |owed, missed, led, won| {
            let session = Tally { owed, missed, led, won, first_miss: None };
            let uptime = Uptime { session, ..Default::default() };
            let Performance { uptime, score } = uptime.performance(&rules());
            (uptime.map(Percent::deconstruct), score.deconstruct())
        };
        assert_eq!(score(100, 0, 10, 10), (Some(100), 100));
        assert_eq!(score(100, 50, 10, 10), (Some(50), 60));
        assert_eq!(score(100, 0, 10, 0), (Some(100), 80));
        assert_eq!(score(100, 100, 10, 0), (Some(0), 0));
        assert_eq!(score(100, 25, 0, 0), (Some(75), 75), "led nothing");
        assert_eq!(score(9, 9, 0, 0).0, None, "too few to tell");
    }
}
