//! What the window holds, against a plain model, and what an epoch leaves.

use ergon_primitives::{
    staking::MAX_REGISTERED,
    work::{Work, WorkLedger},
};
use proptest::prelude::*;

use crate::{mock::*, *};

fn add(who: AccountId, units: u64, bytes: u64) {
    WorkTally::add(&who, Work { units, bytes });
}

fn credits(who: AccountId) -> u64 {
    WorkTally::standing(&who).0
}

#[test]
fn work_counts_for_a_window_and_then_no_more() {
    story(1, || {
        block_in(SLOT);
        add(1, 2, 12_000_000);
        assert_eq!(credits(1), 3, "bytes begun");
        block_in(SLOT + 16);
        assert_eq!(credits(1), 3, "the last epoch of its window");
        add(1, 2, 0);
        assert_eq!(credits(1), 4, "units, of the total");
        // Nobody touches the ledger in between.
        block_in(SLOT + 20);
        assert_eq!(credits(1), 2);
        block_in(SLOT + 200);
        assert_eq!(credits(1), 0);
    });
}

#[test]
fn work_of_strangers_is_not_counted() {
    story(1, || {
        block_in(SLOT);
        assert!(WorkTally::knows(&1) && !WorkTally::knows(&9));
        add(9, 5, 0);
        assert_eq!(Ledgers::<Test>::get(9), None);
    });
}

#[test]
fn a_session_key_finds_the_entry_of_its_validator() {
    story(3, || {
        slot_with(SLOT, &[2]);
        let all = WorkTally::tally();
        for who in 1..=3 {
            let entry = all.iter().find(|entry| entry.entity == who);
            assert_eq!(WorkTally::tally_of(&key(who)).as_ref(), entry);
        }
        assert!(WorkTally::tally_of(&key(2)).is_some());
        assert_eq!(WorkTally::tally_of(&key(9)), None);
    });
}

#[test]
fn an_epoch_leaves_a_tally_and_forgets_who_left() {
    story(3, || {
        block_in(SLOT);
        add(2, 7, 0);
        add(3, 7, 0);
        add(1, 1, 0);
        (1..3).for_each(|i| slot_with(SLOT + i, &[1]));
        Registered::mutate(|all| all.retain(|who| *who != 3));
        assert_eq!(block_in(SLOT + 4), 1 + 100 + 3_000, "three ledgers were gone through");
        System::assert_last_event(Event::EpochTallied { epoch: 100, entities: 2 }.into());
        let (epoch, tally) = LastTally::<Test>::get().expect("there is one");
        let brief: Vec<_> = tally.iter().map(|entry| (entry.entity, entry.rank, entry.credits)).collect();
        assert_eq!((epoch, brief), (100, vec![(2, 1, 7), (1, 2, 1)]));
        assert!(tally.iter().all(|entry| entry.grace));
        assert_eq!(Ledgers::<Test>::get(3), None);
        assert_eq!(block_in(SLOT + 4), 1, "a block in the midst of a slot");
        assert_eq!(block_in(SLOT + 5), 101, "of a slot");
    });
}

/// What the last tally says of `who`'s signs of life, in percent, and whether that counts.
fn tallied(who: AccountId) -> (u32, bool) {
    let (_, tally) = LastTally::<Test>::get().expect("there is one");
    let entry = tally.iter().find(|entry| entry.entity == who).expect("it is in it");
    (entry.live_score.deconstruct() / 10_000_000, !entry.grace)
}

#[test]
fn a_tally_is_of_the_window_of_its_own_epoch() {
    story(2, || {
        (0..4).for_each(|i| slot_with(SLOT + i, &[1]));
        // 2 is there in the oldest epoch of the window that ends with slot 24.
        (4..8).for_each(|i| slot_with(SLOT + i, &[1, 2]));
        (8..24).for_each(|i| slot_with(SLOT + i, &[1]));
        register(3);
        block_in(SLOT + 24);
        assert_eq!((tallied(1), tallied(2)), ((100, true), (20, true)), "4 of 20");
        let (_, tally) = LastTally::<Test>::get().expect("there is one");
        assert_eq!(tally.len(), 2, "who came after it is not in it");
        assert!(Ledgers::<Test>::contains_key(3), "but has a ledger");
        (25..28).for_each(|i| slot_with(SLOT + i, &[1]));
        // An outage longer than the window does not make the silent one live.
        block_in(SLOT + 400);
        assert_eq!((tallied(1), tallied(2)), ((95, true), (0, true)), "nobody sent one in slot 24");
    });
}

#[test]
fn equal_credits_are_ranked_by_account() {
    story(3, || {
        block_in(SLOT);
        (1..=3).rev().for_each(|who| add(who, 5, 0));
        assert_eq!(WorkTally::tally().iter().map(|entry| entry.entity).collect::<Vec<_>>(), [1, 2, 3]);
    });
}

#[test]
fn ledgers_are_bounded() {
    story(0, || {
        (1..=u64::from(MAX_REGISTERED) + 5).for_each(|who| Registered::mutate(|all| all.push(who)));
        block_in(SLOT);
        (1..=u64::from(MAX_REGISTERED) + 5).for_each(|who| add(who, 1, 0));
        assert_eq!(Ledgers::<Test>::count(), MAX_REGISTERED);
        assert!(!WorkTally::knows(&(u64::from(MAX_REGISTERED) + 1)));
    });
}

/// A step of a story: slots that pass, and what an entity does then.
#[derive(Clone, Debug)]
struct Step {
    slots: u64,
    who: AccountId,
    units: u64,
    bytes: u64,
    beacon: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Mostly a few slots on; sometimes an outage longer than the window.
    let slots = prop_oneof![8 => 0u64..6, 1 => 15u64..30, 1 => 100u64..200];
    let step = (slots, 1u64..4, 0u64..4, 0u64..20_000_000, any::<bool>());
    prop::collection::vec(
        step.prop_map(|(slots, who, units, bytes, beacon)| Step { slots, who, units, bytes, beacon }),
        1..120,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Sums and scores are those of a list of everything that ever happened.
    #[test]
    fn the_window_agrees_with_a_plain_model(steps in steps()) {
        let mut failed = None;
        story(3, || failed = check(steps).err());
        prop_assert!(failed.is_none(), "{:?}", failed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// The same over more than a thousand sessions in one story.
    #[test]
    fn the_window_agrees_with_a_plain_model_for_a_thousand_sessions(
        steps in prop::collection::vec((4u64..6, 1u64..4, 0u64..4, 0u64..20_000_000, any::<bool>()), 1_010)
    ) {
        let step = |(slots, who, units, bytes, beacon)| Step { slots, who, units, bytes, beacon };
        let mut failed = None;
        story(3, || failed = check(steps.into_iter().map(step).collect()).err());
        prop_assert!(failed.is_none(), "{:?}", failed);
    }
}

fn check(steps: Vec<Step>) -> Result<(), String> {
    let (mut work, mut beacons, mut opened) = (Vec::new(), Vec::new(), Vec::new());
    let mut slot = SLOT;
    block_in(slot);
    opened.push(slot);
    for step in steps {
        slot += step.slots;
        block_in(slot);
        if opened.last() != Some(&slot) {
            opened.push(slot);
        }
        add(step.who, step.units, step.bytes);
        work.push((step.who, slot / 4, step.units, step.bytes));
        if step.beacon && !beacons.contains(&(step.who, slot)) {
            block_in(slot);
            send(step.who, slot).map_err(|error| format!("{error:?}"))?;
            beacons.push((step.who, slot));
        }
        let held = |epoch: u64| epoch + 5 > slot / 4;
        for who in 1..=3 {
            let mine = || work.iter().filter(|(entity, epoch, ..)| *entity == who && held(*epoch));
            let units: u64 = mine().map(|(_, _, units, _)| units).sum();
            let bytes: u64 = mine().map(|(.., bytes)| bytes).sum();
            let expected = units.max(bytes.div_ceil(5_000_000));
            if credits(who) != expected {
                return Err(format!("credits of {who} in {slot}: {} and not {expected}", credits(who)));
            }
            let owed = opened.iter().filter(|opened| **opened < slot && held(**opened / 4)).count() as u64;
            let seen = beacons.iter().filter(|(entity, slot)| *entity == who && held(slot / 4)).count() as u64;
            let expected = (seen.min(owed) * 100).checked_div(owed).unwrap_or(100);
            if u64::from(score(who)) != expected {
                return Err(format!("score of {who} in {slot}: {} and not {expected}", score(who)));
            }
        }
    }
    Ok(())
}
