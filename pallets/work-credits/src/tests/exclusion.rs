//! Operators lose their ticks to come in one block; whatever they owned, the chain goes on from it.

use std::collections::BTreeSet;

use ergon_primitives::schedule::FutureTicks;

use crate::{mock::*, *};

/// Excludes `who` within the block of `tick`, as a report does, and checks what holds after it.
fn exclude_at(tick: u64, who: &[AccountId]) {
    begin(tick);
    frame_support::assert_ok!(WorkCredits::note_vrf(RuntimeOrigin::none(), vrf(tick)));
    Jailed::mutate(|jailed| jailed.extend(who));
    WorkCredits::take_from(who);
    <AllPalletsWithSystem as frame_support::traits::OnFinalize<u64>>::on_finalize(System::block_number());
    WorkCredits::do_try_state().expect("invariants hold");
}

fn owners(ticks: impl IntoIterator<Item = u64>) -> BTreeSet<AccountId> {
    ticks.into_iter().map(|tick| WorkCredits::owner_at(tick).expect("owned").operator).collect()
}

fn primary(slot: u64) -> AccountId {
    WorkCredits::slot_record(slot).and_then(|record| record.primary).expect("elected")
}

#[test]
fn a_primary_that_goes_is_followed_by_its_first_fallback() {
    Chain::of(5).run(|| {
        blocks(600..607);
        // In slot 101; 102 is elected.
        let gone = primary(102);
        let heir = WorkCredits::slot_record(102).expect("elected").fallbacks;
        exclude_at(607, &[gone]);
        assert!(!owners(608..607 + 36).contains(&gone), "none of its ticks are left");
        assert!(heir.contains(&primary(102)));
        assert_eq!(WorkCredits::owner_at(612).expect("owned").operator, primary(102));
        assert!(!WorkCredits::slot_record(102).expect("elected").fallbacks.contains(&primary(102)));
        // Everybody else keeps what it had in the slot that runs, and the chain goes on.
        blocks(608..700);
        assert!(!owners(700..736).contains(&gone), "and it is elected no more");
        assert!((0..5).filter(|who| *who != gone).all(|who| DutiesOf::<Test>::get(who).owed > 0));
    });
}

#[test]
fn in_the_slot_that_runs_only_the_ticks_of_those_who_go_change_hands() {
    Chain::of(5).run(|| {
        blocks(600..607);
        let before: Vec<_> = (608..612).map(|tick| WorkCredits::owner_at(tick).expect("owned").operator).collect();
        let gone = before[0];
        exclude_at(607, &[gone]);
        for (tick, owner) in (608..612).zip(before) {
            let now = WorkCredits::owner_at(tick).expect("owned").operator;
            assert!(if owner == gone { now != gone } else { now == owner }, "tick {tick}");
        }
    });
}

#[test]
fn whoever_made_the_block_is_still_its_author() {
    Chain::of(4).run(|| {
        blocks(600..607);
        let author = WorkCredits::owner_at(607).expect("owned").operator;
        exclude_at(607, &[author]);
        assert_eq!(WorkCredits::owner_at(607).expect("owned").operator, author, "it is paid, and answers for it");
        assert!(!owners(608..607 + 36).contains(&author));
        blocks(608..640);
    });
}

#[test]
fn in_the_first_block_of_a_slot_the_election_knows_it_already() {
    Chain::of(4).run(|| {
        blocks(600..606);
        exclude_at(606, &[2]);
        assert!(!owners(607..606 + 36).contains(&2));
        blocks(607..700);
    });
}

#[test]
fn after_an_outage_none_of_the_ticks_missed_are_anybody_elses() {
    Chain::of(4).run(|| {
        blocks(600..606);
        let owed = |who: AccountId| DutiesOf::<Test>::get(who).owed;
        let expected: u64 =
            (606..650).filter(|tick| WorkCredits::owner_at(*tick).expect("owned").operator == 1).count() as u64;
        let before = owed(1);
        exclude_at(650, &[1]);
        let author = u64::from(WorkCredits::owner_at(650).expect("owned").operator == 1);
        assert_eq!(owed(1) - before, expected + author, "counted before its ticks were given away");
        blocks(651..700);
    });
}

#[test]
fn several_go_at_once_and_the_last_ones_stay() {
    Chain::of(4).run(|| {
        blocks(600..607);
        exclude_at(607, &[0, 1, 2]);
        assert_eq!(owners(608..607 + 36), [3].into());
        blocks(608..620);
        // Nobody else is left: the chain must go on.
        exclude_at(620, &[3]);
        assert_eq!(owners(621..620 + 36), [3].into());
        blocks(621..640);
    });
}

#[test]
fn who_is_not_in_the_set_changes_nothing() {
    Chain::of(4).run(|| {
        blocks(600..607);
        let table = Table::<Test>::get();
        exclude_at(607, &[77]);
        assert_eq!(Table::<Test>::get(), table);
        assert!(!System::events()
            .iter()
            .any(|record| matches!(record.event, RuntimeEvent::WorkCredits(Event::TicksReassigned { .. }))));
    });
}

#[test]
fn a_planned_set_that_names_it_does_not_bring_it_back() {
    Chain::of(4).run(|| {
        blocks(600..620);
        Planned::set(Some(vec![0, 1, 2, 3]));
        exclude_at(620, &[2]);
        blocks(621..680);
        assert!(ActiveSet::<Test>::get().iter().all(|owner| owner.operator != 2));
        // Let out, it comes back with the next set.
        Jailed::set(vec![]);
        Planned::set(Some(vec![0, 1, 2, 3]));
        blocks(680..760);
        assert!(ActiveSet::<Test>::get().iter().any(|owner| owner.operator == 2));
    });
}

#[test]
fn aura_is_told_once_a_block() {
    Chain::of(4).run(|| {
        blocks(600..606);
        exclude_at(606, &[2]);
        let told = System::digest().logs().iter().filter(|item| item.as_consensus().is_some()).count();
        assert_eq!(told, 1, "a header that names the table twice would be too large to be reported");
    });
}
