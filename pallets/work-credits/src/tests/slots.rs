//! Slots: their elections, their records, and gaps between them.

use crate::{mock::*, *};
use ergon_primitives::{
    schedule::{Election, Outcome},
    time::Timing,
};
use frame_support::assert_noop;
use sp_runtime::DispatchError;

#[test]
fn the_first_block_elects_the_next_slot_and_leaves_its_own_to_everybody() {
    Chain::of(4).run(|| {
        // In the middle of slot 100.
        let author = block(603);
        let [now, next] = &WorkCredits::next_slots()[..] else { panic!("two slots are known") };
        assert_eq!((now.slot, now.election, now.primary, now.outcome), (100, None, None, Outcome::Missed));
        assert_eq!(now.winner, Some(author));
        assert_eq!((next.slot, next.election, next.outcome), (101, Some(Election::Reduced), Outcome::Pending));
        assert_eq!(next.fallbacks.len(), 3);
        assert_eq!(DutiesOf::<Test>::get(author).owed, 1, "nothing is owed before the chain starts");
        assert!(System::events()
            .iter()
            .any(|e| matches!(e.event, RuntimeEvent::WorkCredits(Event::SlotElected { slot: 101, .. }))));
    });
}

#[test]
fn even_ticks_are_the_primarys_and_odd_ticks_the_fallbacks() {
    Chain::of(4).run(|| {
        blocks(600..606);
        for slot in 101u64..140 {
            let record = WorkCredits::slot_record(slot).expect("elected");
            let primary = record.primary.expect("elected");
            for i in 0..6 {
                let author = block(slot * 6 + i);
                let expected = if i % 2 == 0 { primary } else { record.fallbacks[i as usize / 2 % 3] };
                assert_eq!(author, expected, "slot {slot}, tick {i}");
            }
            let done = WorkCredits::slot_record(slot).expect("remembered");
            assert_eq!((done.outcome, done.winner), (Outcome::Primary, Some(primary)));
            WorkCredits::do_try_state().expect("invariants hold");
        }
    });
}

#[test]
fn a_dead_primary_costs_one_tick_at_a_time_and_a_fallback_wins() {
    Chain::of(4).run(|| {
        blocks(600..606);
        let record = WorkCredits::slot_record(101).expect("elected");
        let dead = record.primary.expect("elected");
        blocks([607, 609, 611]);
        let done = WorkCredits::slot_record(101).expect("remembered");
        assert_eq!((done.outcome, done.winner), (Outcome::Fallback(0), Some(record.fallbacks[0])));
        assert_eq!(DutiesOf::<Test>::get(dead).missed, 3);
    });
}

#[test]
fn a_lone_validator_owns_every_tick() {
    Chain::of(1).run(|| {
        blocks(600..660);
        assert_eq!(DutiesOf::<Test>::get(0).owed, 60);
        assert!(WorkCredits::slot_record(105).expect("elected").fallbacks.is_empty());
    });
}

#[test]
fn an_elected_slot_without_a_block_is_missed_and_standby_goes_on() {
    Chain::of(4).run(|| {
        blocks(600..606);
        // Slot 101 stays empty; slot 102 was never elected, so everybody in turn may open it.
        let author = block(612);
        let missed = WorkCredits::slot_record(101).expect("elected");
        assert!(missed.primary.is_some() && missed.winner.is_none());
        assert_eq!(missed.outcome, Outcome::Missed);
        let opened = WorkCredits::slot_record(102).expect("has a block");
        assert_eq!((opened.primary, opened.outcome, opened.winner), (None, Outcome::Missed, Some(author)));
        assert!(WorkCredits::slot_record(103).expect("elected").primary.is_some());
    });
}

#[test]
fn a_gap_of_hours_costs_one_block_and_leaves_no_pile_of_records() {
    Chain::of(4).run(|| {
        blocks(600..612);
        let stored = Records::<Test>::iter().count();
        block(60_000);
        assert!(Records::<Test>::iter().count() <= stored + 2);
        // The slots in between are told, not stored, as far as the window reaches.
        let between = WorkCredits::slot_record(9_990).expect("within the window");
        assert_eq!((between.outcome, between.primary, between.winner), (Outcome::Missed, None, None));
        assert_eq!(WorkCredits::slot_record(101), None, "before the window");
        let owed: u64 = (0..4).map(|who| DutiesOf::<Test>::get(who).owed).sum();
        assert_eq!(owed, 60_000 - 600 + 1, "every tick since the first block was owed by somebody");
    });
}

#[test]
fn records_older_than_the_window_are_overwritten() {
    Chain::of(4).run(|| {
        blocks(600..606 + 70 * 6);
        assert!(Records::<Test>::iter().count() <= 64);
        assert_eq!(WorkCredits::slot_record(100), None);
        assert!(WorkCredits::slot_record(160).is_some());
        assert_eq!(WorkCredits::slot_records(0, u32::MAX).len(), 64, "the window, and no more than a call may read");
        assert_eq!(WorkCredits::slot_records(150, 5).len(), 5);
    });
}

#[test]
fn a_block_needs_the_vrf_of_its_author() {
    Chain::of(4).run(|| {
        blocks(600..604);
        begin(604);
        let good = vrf(604);
        for bad in [vrf_of_other_key(604), forged(good)] {
            let error = WorkCredits::note_vrf(RuntimeOrigin::none(), bad).expect_err("not the author's");
            assert_eq!(error, Error::<Test>::InvalidVrf.into());
            // A failed inherent makes the block invalid, so its storage is never kept; here it must be set back by hand.
            PendingClaim::<Test>::put(WorkCredits::vrf_claim(604).expect("owned"));
        }
        assert_noop!(WorkCredits::note_vrf(RuntimeOrigin::signed(0), good), DispatchError::BadOrigin);
        WorkCredits::note_vrf(RuntimeOrigin::none(), good).expect("the author's");
        assert_noop!(WorkCredits::note_vrf(RuntimeOrigin::none(), good), Error::<Test>::DuplicateVrf);
    });
}

fn forged(mut vrf: ergon_primitives::vrf::TickVrf) -> ergon_primitives::vrf::TickVrf {
    vrf.proof[5] ^= 1;
    vrf
}

fn vrf_of_other_key(tick: u64) -> ergon_primitives::vrf::TickVrf {
    let owner = WorkCredits::owner_at(tick).expect("owned").operator;
    signed(&key(owner + 1), tick, &EpochRandomness::<Test>::get())
}

#[test]
#[should_panic(expected = "A block must carry the VRF of its author")]
fn a_block_without_a_vrf_is_invalid() {
    Chain::of(4).run(|| {
        use frame_support::traits::OnFinalize;
        begin(600);
        AllPalletsWithSystem::on_finalize(System::block_number());
    });
}

#[test]
#[should_panic(expected = "Slot must increase")]
fn a_second_block_in_one_tick_is_invalid() {
    Chain::of(4).run(|| blocks([600, 600]));
}

#[test]
fn a_hundred_validators_all_get_their_turn() {
    Chain::of(100).timing(Timing::default()).run(|| {
        blocks(24_000..24_000 + 24 * 20);
        for who in 0..100 {
            assert!(DutiesOf::<Test>::get(who).owed >= 2, "{who} owed nothing in 20 slots");
        }
    });
}

#[test]
fn blocks_pay_for_what_they_do() {
    Chain::of(4).run(|| {
        let cost = |tick| {
            let weight = WorkCredits::begin_block(tick).ref_time();
            PendingClaim::<Test>::kill();
            weight
        };
        assert_eq!(cost(600), 4_000_001, "the first block elects among four");
        assert_eq!(cost(601), 1, "one that follows its parent");
        assert_eq!(cost(604), 2_001, "one after two missed ticks");
        assert_eq!(cost(606), 4_001_001, "one after a missed tick that opens a slot");
        assert_eq!(cost(606 + 600), 4_036_001, "a gap costs one table at most");
        block(606 + 601);
    });
}
