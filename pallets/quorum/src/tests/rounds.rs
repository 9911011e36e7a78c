//! When rounds begin and end, of what, and whose they are.

use ergon_primitives::quorum::{Statement, Topic};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_core::H256;

use crate::{mock::*, *};

#[test]
fn the_first_block_of_a_slot_opens_a_round_about_the_block_64_below_it() {
    story(3, || {
        block_in(SLOT);
        // Block 64: genesis is deep enough.
        let statement = Statement::Header { number: 0, block: parent_hash(1) };
        assert_eq!(Quorum::topic(), Some(Topic { slot: SLOT, statement }));
        System::assert_last_event(Event::RoundOpened { slot: SLOT, statement }.into());
        block_in(SLOT);
        assert_eq!(Quorum::topic().map(|topic| topic.statement), Some(statement), "one round a slot");
        assert_eq!(System::event_count(), 0);
        block_in(SLOT + 1);
        let statement = Statement::Header { number: 2, block: parent_hash(3) };
        assert_eq!(Quorum::topic(), Some(Topic { slot: SLOT + 1, statement }));
    });
}

#[test]
fn a_young_chain_has_no_round() {
    story(3, || {
        assert_eq!((System::block_number(), LastSlot::<Test>::get()), (63, Some(SLOT - 1)));
        assert!(Quorum::rounds().is_empty());
        let statement = Statement::Header { number: 0, block: H256::zero() };
        let topic = Topic { slot: SLOT - 1, statement };
        assert_noop!(submit(batch(SLOT - 1, signed(&topic, &[0, 1, 2]))), Error::<Test>::NotOpen);
    });
}

#[test]
fn a_set_that_changes_changes_the_next_round_only() {
    story(3, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        Set::set(set_of([9, 8, 2]));
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT + 1, &[0, 1, 2])));
        assert_eq!(units(3), [1, 1, 1]);
        block_in(SLOT + 2);
        let topic = topic_of(SLOT + 2);
        assert_noop!(submit(good(SLOT + 2, &[0, 1, 2])), Error::<Test>::BadSignature);
        let own = [9, 8].iter().zip(0u8..).map(|(who, place)| (place, sign(*who, &topic)));
        assert_ok!(submit(batch(SLOT + 2, own.collect())));
        assert_eq!(units(9), [1, 1, 1, 0, 0, 0, 0, 1, 1]);
    });
}

#[test]
fn an_operator_or_a_key_that_comes_twice_has_one_place() {
    story(3, || {
        let mut set = set_of([1, 2, 1, 3]);
        set.push((4, key(2)));
        Set::set(set);
        block_in(SLOT + 1);
        block_in(SLOT + 2);
        let members = Current::<Test>::get().expect("opened").members;
        assert_eq!(members.to_vec(), set_of([1, 2, 3]));
    });
}

#[test]
fn a_set_beyond_the_most_is_cut_and_an_empty_one_has_no_round() {
    story(3, || {
        block_in(SLOT);
        Set::set(set_of(1..=120));
        block_in(SLOT + 1);
        assert_eq!(Current::<Test>::get().map(|round| round.size()), Some(100));
        Set::set(Vec::new());
        block_in(SLOT + 2);
        assert!(Current::<Test>::get().is_none() && Previous::<Test>::get().is_some());
        block_in(SLOT + 3);
        assert!(Quorum::rounds().is_empty());
    });
}

#[test]
fn a_round_takes_signatures_until_the_next_slot_with_blocks_ends() {
    story(3, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        let Topic { slot, .. } = Quorum::topic().expect("runs");
        assert_eq!(slot, SLOT + 1);
        let late = good(SLOT + 1, &[0, 1]);
        let later = good(SLOT + 1, &[2]);
        // Slots without blocks do not count.
        block_in(SLOT + 5);
        assert_ok!(submit(late));
        assert_eq!(units(3), [1, 1, 0]);
        block_in(SLOT + 6);
        assert_noop!(submit(later), Error::<Test>::NotOpen);
        assert_eq!(Quorum::rounds().iter().map(|round| round.topic.slot).collect::<Vec<_>>(), [SLOT + 6, SLOT + 5]);
    });
}

#[test]
fn users_see_the_rounds_with_their_signers() {
    story(4, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT + 1, &[0, 2, 3])));
        block_in(SLOT + 2);
        let rounds = Quorum::rounds();
        let seen: Vec<_> =
            rounds.iter().map(|round| (round.topic.slot, round.signers.clone(), round.reached)).collect();
        assert_eq!(seen, [(SLOT + 2, vec![], false), (SLOT + 1, vec![0, 2, 3], true)]);
        assert_eq!(rounds.iter().map(|round| round.least()).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(rounds[1].missing().map(|(place, key)| (place, key.clone())).collect::<Vec<_>>(), [(1, key(2))]);
        assert_eq!(rounds[0].members, set_of(1..=4));
    });
}

#[test]
fn a_block_costs_what_it_begins() {
    story(3, || {
        block_in(SLOT);
        let weight = || Quorum::on_initialize(System::block_number()).ref_time();
        assert_eq!(weight(), 1, "the slot has begun");
        Now::set(*Clock::get().ticks_of(SLOT + 1).start());
        assert_eq!((weight(), weight()), (101, 1));
        Quorum::integrity_test();
    });
}
