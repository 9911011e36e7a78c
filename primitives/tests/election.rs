//! The election against a plain model, for random sets, credits, cooldowns and queues, at every boundary of SPEC section 1.

use ergon_primitives::{
    election::{cooldown, elect, Ballot, Contender, Elected, MIN_LIVE_SCORE},
    schedule::{Election, Standing},
    time::{SlotNumber, Timing},
    work::seat_value,
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    Perbill,
};

type Id = u64;

fn contender(operator: Id, credits: u64, reliability: u32, live: u32, jailed: bool) -> Contender<Id> {
    let standing = Standing { credits, live_score: Perbill::from_percent(live), jailed };
    Contender { operator, standing, reliability: Perbill::from_percent(reliability) }
}

fn idle(n: u64) -> Vec<Contender<Id>> {
    (0..n).map(|i| contender(i, 0, 100, 100, false)).collect()
}

/// The rule as SPEC says it, one sentence after the other, without regard to cost.
fn model(ballot: &Ballot<'_, Id>) -> Option<(Election, Id, Vec<Id>)> {
    let may_lead = |c: &&Contender<Id>| !c.standing.jailed && c.standing.live_score >= MIN_LIVE_SCORE;
    let mut candidates: Vec<_> = ballot.active.iter().filter(may_lead).collect();
    let emergency = candidates.is_empty();
    if emergency {
        candidates = ballot.active.iter().collect();
    }
    let wait = if candidates.len() < 17 { candidates.len().saturating_sub(1) / 2 } else { 16 } as u64;
    let election = match (emergency, candidates.len()) {
        (true, _) => Election::Emergency,
        (_, 0..=16) => Election::Reduced,
        _ => Election::Normal,
    };
    let score = |c: &Contender<Id>| {
        let tie = BlakeTwo256::hash_of(&(&ballot.randomness, ballot.slot, &c.operator));
        (std::cmp::Reverse(u128::from(c.standing.credits) * u128::from(c.reliability.deconstruct())), tie)
    };
    candidates.sort_by_key(|c| score(c));
    let led = |c: &Contender<Id>| {
        ballot.recent.iter().any(|(s, who)| *who == c.operator && s + wait >= ballot.slot && *s < ballot.slot)
    };
    let primary = candidates.iter().find(|c| !led(c))?.operator;
    let mut fallbacks = Vec::new();
    for i in ballot.queue {
        let c = &ballot.active[*i as usize];
        if c.operator != primary && fallbacks.len() < ballot.seats as usize {
            fallbacks.push(c);
        }
    }
    fallbacks.sort_by_key(|c| score(c));
    Some((election, primary, fallbacks.iter().map(|c| c.operator).collect()))
}

fn named(ballot: &Ballot<'_, Id>, elected: &Elected) -> (Election, Id, Vec<Id>) {
    let id = |i: &usize| ballot.active[*i].operator;
    (elected.election, id(&elected.primary), elected.fallbacks.iter().map(id).collect())
}

/// Elects `slots` slots in a row over an unchanging set and returns who led and who fell back in each.
fn run(active: &[Contender<Id>], slots: u64) -> Vec<(SlotNumber, Id, Vec<Id>)> {
    let (mut recent, mut queue, mut out) = (Vec::new(), Vec::new(), Vec::new());
    for slot in 1_000..1_000 + slots {
        let ballot = Ballot { slot, active, recent: &recent, queue: &queue, seats: 12, randomness: [7; 32] };
        let elected = elect(&ballot).expect("not empty");
        let (_, primary, fallbacks) = named(&ballot, &elected);
        queue = elected.queue;
        recent.push((slot, primary));
        if recent.len() > 16 {
            recent.remove(0);
        }
        out.push((slot, primary, fallbacks));
    }
    out
}

#[test]
fn an_empty_set_elects_nobody() {
    let ballot = Ballot::<Id> { slot: 1, active: &[], recent: &[], queue: &[0, 1, 2], seats: 12, randomness: [0; 32] };
    assert_eq!(elect(&ballot), None);
}

#[test]
fn cooldown_shrinks_below_seventeen_candidates() {
    for (n, wait) in [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (15, 7), (16, 7), (17, 16), (18, 16), (100, 16)] {
        assert_eq!(cooldown(n), wait, "{n} candidates");
    }
}

#[test]
fn no_primary_leads_again_within_its_cooldown() {
    for n in [1, 2, 4, 16, 17, 18, 33, 100] {
        let wait = u64::from(cooldown(n as usize));
        let led = run(&idle(n), 200);
        for (i, (slot, primary, _)) in led.iter().enumerate() {
            let again = led[i + 1..].iter().find(|(_, p, _)| p == primary);
            assert!(again.is_none_or(|(s, ..)| s - slot > wait), "{n} validators, slot {slot}");
        }
    }
}

#[test]
fn everybody_owes_a_tick_often_enough() {
    for n in [1u64, 2, 4, 16, 17, 18, 33, 100] {
        let promised = (n - 1).div_ceil(12).max(1) as usize;
        let slots = run(&idle(n), 120);
        for id in 0..n {
            let on_duty = |(_, p, f): &(SlotNumber, Id, Vec<Id>)| *p == id || f.contains(&id);
            for window in slots.windows(promised) {
                assert!(window.iter().any(on_duty), "{id} of {n} owes nothing in {promised} slots");
            }
        }
    }
}

#[test]
fn who_may_not_lead_falls_back_all_the_same() {
    let mut set = idle(4);
    set[0].standing.jailed = true;
    set[1].standing.live_score = Perbill::from_parts(MIN_LIVE_SCORE.deconstruct() - 1);
    set[2].standing.live_score = MIN_LIVE_SCORE;
    for (_, primary, fallbacks) in run(&set, 50) {
        assert!(primary >= 2);
        assert!(fallbacks.contains(&0) && fallbacks.contains(&1));
    }
}

#[test]
fn without_a_candidate_the_whole_set_is_asked() {
    let set: Vec<_> = (0..20).map(|i| contender(i, i, 100, 19, i % 2 == 0)).collect();
    let ballot = Ballot { slot: 9, active: &set, recent: &[], queue: &[], seats: 12, randomness: [1; 32] };
    let elected = elect(&ballot).expect("not empty");
    assert_eq!((elected.election, elected.primary), (Election::Emergency, 19));
}

/// The queue may take one slot longer than promised where N - 1 is a multiple of 12 above 12: told in docs/consensus.md.
#[test]
fn the_queue_never_takes_longer_than_one_round_of_the_set() {
    for n in 1u64..=100 {
        let round = n.div_ceil(12) as usize;
        let slots = run(&idle(n), 60);
        for id in 0..n {
            assert!(slots.windows(round).all(|w| w.iter().any(|(_, p, f)| *p == id || f.contains(&id))), "{id} of {n}");
        }
    }
}

prop_compose! {
    fn sets()(n in prop::sample::select(vec![1usize, 2, 4, 16, 17, 18, 33, 100]))
        (members in vec((prop_oneof![Just(0u64), 0..5u64, any::<u64>()], 1..=100u32, 15..=25u32, prop::bool::weighted(0.1)), n))
        -> Vec<Contender<Id>>
    {
        members.into_iter().enumerate().map(|(i, (credits, reliability, live, jailed))| contender(i as u64 * 7, credits, reliability, live, jailed)).collect()
    }
}

fn agrees(ballot: &Ballot<'_, Id>) -> Result<(), TestCaseError> {
    let elected = elect(ballot).expect("sets are not empty");
    let (election, primary, fallbacks) = named(ballot, &elected);
    let candidates = elected.candidates as usize;
    let fits = match election {
        Election::Normal => candidates >= 17,
        Election::Reduced => (1..17).contains(&candidates),
        Election::Emergency => candidates == 0,
    };
    prop_assert!(fits, "{candidates} candidates, {election:?}");
    prop_assert_eq!(Some((election, primary, fallbacks.clone())), model(ballot));
    prop_assert!(!fallbacks.contains(&primary));
    prop_assert_eq!(fallbacks.len(), (ballot.active.len() - 1).min(ballot.seats as usize));
    let mut queue = elected.queue;
    queue.sort();
    prop_assert!(queue.into_iter().eq(0..ballot.active.len() as u32), "everybody is in the queue once");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_with_the_plain_model(
        active in sets(),
        slot in 20u64..1_000_000,
        led in vec((1u64..40, any::<prop::sample::Index>()), 0..=16),
        shuffle in any::<u64>(),
        seats in 1u32..=12,
        randomness in any::<[u8; 32]>(),
    ) {
        // Slots before this one, ascending and distinct, with gaps; some leaders have left the set since.
        let mut recent: Vec<(u64, Id)> = led.iter()
            .map(|(ago, who)| (slot.saturating_sub(*ago), who.index(active.len() + 1) as u64 * 7))
            .collect();
        recent.sort();
        recent.dedup_by_key(|(slot, _)| *slot);
        let mut queue: Vec<u32> = (0..active.len() as u32).collect();
        queue.sort_by_key(|i| BlakeTwo256::hash_of(&(shuffle, i)));
        agrees(&Ballot { slot, active: &active, recent: &recent, queue: &queue, seats, randomness })?;
    }

    /// Credits decide between two slots of the same set: raising one's own never costs a leadership.
    #[test]
    fn more_credits_never_lose_an_election(active in sets(), who in any::<prop::sample::Index>(), more in 1u64..1_000) {
        let i = who.index(active.len());
        let ballot = Ballot { slot: 50, active: &active, recent: &[], queue: &[], seats: 12, randomness: [3; 32] };
        let before = elect(&ballot).expect("not empty").primary == i;
        let mut richer = active.clone();
        richer[i].standing.credits = richer[i].standing.credits.saturating_add(more);
        let after = elect(&Ballot { active: &richer, ..ballot }).expect("not empty").primary == i;
        prop_assert!(!before || after);
    }
}

/// Ticks of each operator over `slots` slots in which everybody lives: the even ones are the primary's, the odd ones go round
/// the fallbacks by rank.
fn ticks(active: &[Contender<Id>], slots: u64) -> Vec<u32> {
    let mut ticks = vec![0; active.len()];
    for (_, primary, fallbacks) in run(active, slots) {
        ticks[primary as usize] += 12;
        for id in fallbacks.iter().cycle().take(12) {
            ticks[*id as usize] += 1;
        }
    }
    ticks
}

/// What the first and the last slots of a run may add to one and not to another: a leadership and a turn or two.
const EDGES: u32 = 14;

/// What chance may bring one and not another, because the queue is shuffled: one tick in a hundred, in runs as long as these. Without
/// the shuffle leaders and the queue go round in step, and one loses 1.4 % to another however long that lasts.
fn chance(ticks: u32) -> u32 {
    ticks / 100
}

#[test]
fn whoever_ranks_higher_makes_no_fewer_blocks() {
    for n in [2u64, 3, 4, 5, 6, 7, 9, 11, 13, 14, 16, 17, 18, 25, 33, 34, 35, 37, 51, 68, 100] {
        // Ranks scattered over the positions: 37 has no factor in common with any n here but its own.
        let mut set = idle(n);
        for (position, contender) in set.iter_mut().enumerate() {
            contender.standing.credits = 1_000 - (position as u64 * if n == 37 { 5 } else { 37 }) % n;
        }
        let ticks = ticks(&set, 17 * n * 16);
        let mut ranked: Vec<_> = set.iter().zip(ticks).map(|(c, ticks)| (c.standing.credits, ticks)).collect();
        ranked.sort();
        for pair in ranked.windows(2) {
            assert!(pair[1].1 + EDGES + chance(pair[0].1) >= pair[0].1, "{n} validators: {pair:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// What is burned for one credit is no less than what any number of them can bring an entity in a window: at every rank, among
    /// ties and gaps, also if up to a third of the candidates fall silent or are jailed once it is paid.
    #[test]
    fn climbing_brings_no_more_than_a_credit_burns(
        n in prop::sample::select(vec![1usize, 2, 3, 5, 16, 17, 18, 20, 24, 40, 100]),
        spread in 1u64..50,
        seed in any::<u64>(),
        who in any::<prop::sample::Index>(),
        more in 1u64..60,
        gone in any::<prop::sample::Index>(),
    ) {
        let timing = Timing::default();
        let mut set = idle(n as u64);
        for (index, contender) in (0u64..).zip(&mut set) {
            contender.standing.credits = BlakeTwo256::hash_of(&(seed, index)).to_low_u64_be() % spread;
        }
        let ballot = Ballot { slot: 1, active: &set, recent: &[], queue: &[], seats: 12, randomness: [0; 32] };
        let candidates = elect(&ballot).expect("not empty").candidates;
        prop_assert_eq!(candidates as usize, n);
        let burned = seat_value(&timing, candidates, 1);
        let who = who.index(n);
        let rivals = (0..n).filter(|i| *i != who).take(gone.index((n - 1) / 3 + 1)).collect::<Vec<_>>();
        rivals.into_iter().for_each(|i| set[i].standing.live_score = Perbill::zero());
        let before = ticks(&set, timing.window_slots.into())[who];
        set[who].standing.credits += more;
        let after = ticks(&set, timing.window_slots.into())[who];
        prop_assert!(u128::from(after.saturating_sub(before)) <= burned, "from {} to {} ticks, burned {}", before, after, burned);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn overtaking_another_costs_no_blocks(n in 2u64..=60, order in any::<u64>(), who in any::<prop::sample::Index>()) {
        let mut ranks: Vec<u64> = (0..n).collect();
        ranks.sort_by_key(|rank| BlakeTwo256::hash_of(&(order, rank)));
        let mut set = idle(n);
        for (contender, rank) in set.iter_mut().zip(&ranks) {
            contender.standing.credits = 1 + rank * 2;
        }
        let i = who.index(n as usize);
        let before = ticks(&set, 17 * n * 8)[i];
        set[i].standing.credits += 3;
        let after = ticks(&set, 17 * n * 8)[i];
        prop_assert!(after + EDGES + chance(before) >= before, "{n} validators, rank {}: {before} ticks, then {after}", ranks[i]);
    }
}
