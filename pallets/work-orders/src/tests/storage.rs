//! Pledges, challenges and answers.

use codec::{DecodeAll, Encode};
use ergon_primitives::{
    orders::{Answer, CHUNK_BYTES},
    work::Work,
    Hash,
};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;

use crate::{mock::*, *};

/// Three segments, the last one short.
const LENGTH: usize = 2 * 4_096 + 100;

fn left(deal: u64, place: usize) -> Progress {
    Orders::<Test>::get(deal).expect("runs").places[place].progress
}

#[test]
fn a_holder_is_asked_once_a_slot_and_paid_for_each_answer() {
    story(|| {
        let deal = deal(LENGTH, 1, 3, 20);
        next_slot();
        assert!(OpenChallenges::<Test>::get().is_empty(), "who has not pledged is not asked");
        assert_ok!(pledge(deal, 11));
        for answers in 1..=3 {
            next_slot();
            next_block();
            assert_eq!(OpenChallenges::<Test>::get().len(), 1, "once in a slot");
            assert_ok!(answer(answer_of(11, &data(LENGTH)).expect("is asked")));
            assert_eq!((free(111), work(11).units), (20 * answers, answers as u64));
        }
        assert_eq!(work(11).bytes, 3 * LENGTH as u64, "all of the only chunk");
        assert!(!Orders::<Test>::contains_key(deal), "all challenges are spent");
        assert_eq!((free(OWNER), PledgeCount::<Test>::get()), (MONEY - 60 - 3 * BURN, 0));
    });
}

#[test]
fn an_answer_counts_the_chunk_that_it_is_of() {
    story(|| {
        let length = CHUNK_BYTES as usize + 4_096;
        let deal = deal(length, 1, 40, 1);
        assert_ok!(pledge(deal, 11));
        let (data, mut sizes) = (data(length), std::collections::BTreeSet::new());
        for _ in 0..20 {
            next_slot();
            let before = work(11).bytes;
            assert_ok!(answer(answer_of(11, &data).expect("is asked")));
            sizes.insert(work(11).bytes - before);
        }
        assert!(sizes.iter().all(|size| [CHUNK_BYTES, 4_096].contains(size)), "{sizes:?}");
    });
}

#[test]
fn who_has_no_account_and_earns_too_little_for_one_leaves_it() {
    story(|| {
        let deal = deal(LENGTH, 1, 2, 4);
        assert_ok!(pledge(deal, 11));
        for _ in 0..2 {
            next_slot();
            assert_ok!(answer(answer_of(11, &data(LENGTH)).expect("is asked")));
        }
        assert_eq!((free(111), free(OWNER)), (0, MONEY - 2 * BURN));
        assert_eq!(work(11).units, 2, "the work is done all the same");
    });
}

#[test]
fn missed_challenges_count_nothing_and_the_third_in_a_row_ends_the_pledge() {
    story(|| {
        let deal = deal(LENGTH, 2, 100, 5);
        assert_ok!(pledge(deal, 11));
        assert_ok!(pledge(deal, 12));
        through_slot();
        assert_ok!(answer(answer_of(12, &data(LENGTH)).expect("is asked")));
        let late = answer_of(11, &data(LENGTH)).expect("is asked");
        // Judged in the first slot that begins after the deadline.
        through_slot();
        assert_noop!(answer(Answer { slot: late.slot + 9, ..late.clone() }), Error::<Test>::NoChallenge);
        through_slot();
        assert_noop!(answer(late), Error::<Test>::NoChallenge);
        assert_eq!(left(deal, 0), Progress::Pledged { index: 0, left: 98, missed: 1 });
        let ended = Event::PledgeEnded { deal, node: key(11) }.into();
        let mut later = (0..4 * Clock::get().ticks_per_slot).map(|_| {
            next_block();
            System::events().iter().any(|record| record.event == ended)
        });
        assert!(later.any(|is_told| is_told));
        assert_eq!(left(deal, 0), Progress::Ended);
        // The other one took its number in the list.
        assert!(matches!(left(deal, 1), Progress::Pledged { index: 0, .. }));
        assert_eq!((free(111), work(11)), (0, Work::default()));
    });
}

#[test]
fn an_answer_forgives_what_was_missed_before() {
    story(|| {
        let deal = deal(LENGTH, 1, 100, 5);
        assert_ok!(pledge(deal, 11));
        for _ in 0..3 {
            (0..4).for_each(|_| through_slot());
            assert_ok!(answer(answer_of(11, &data(LENGTH)).expect("is asked")));
        }
        assert!(matches!(left(deal, 0), Progress::Pledged { missed: 0, .. }));
    });
}

#[test]
fn a_challenge_is_withdrawn_if_there_were_too_few_blocks_to_answer() {
    story(|| {
        let deal = deal(LENGTH, 1, 10, 5);
        assert_ok!(pledge(deal, 11));
        next_slot();
        // An outage: the next block is three slots later.
        Now::mutate(|tick| *tick += 24);
        next_slot();
        System::assert_has_event(Event::Withdrawn { deal, node: key(11), slot: 102 }.into());
        assert_eq!(left(deal, 0), Progress::Pledged { index: 0, left: 9, missed: 0 }, "asked anew, none lost");
    });
}

#[test]
fn a_challenge_is_withdrawn_if_the_chain_stood_when_its_time_ended() {
    story(|| {
        let deal = deal(LENGTH, 1, 10, 5);
        assert_ok!(pledge(deal, 11));
        next_slot();
        // Blocks enough to answer in, but then none for more than a slot.
        blocks(3);
        Now::mutate(|tick| *tick += 8);
        next_block();
        System::assert_has_event(Event::Withdrawn { deal, node: key(11), slot: 102 }.into());
        assert_eq!(left(deal, 0), Progress::Pledged { index: 0, left: 9, missed: 0 }, "asked anew, none lost");
    });
}

#[test]
fn a_migration_withdraws_challenges_and_asks_none_until_it_is_over() {
    story(|| {
        let deal = deal(LENGTH, 1, 10, 5);
        assert_ok!(pledge(deal, 11));
        next_slot();
        let until = |deal| match Orders::<Test>::get(deal).expect("runs").stage {
            Stage::Running { until } => WorkOrders::chain_tick(until),
            stage => panic!("{stage:?}"),
        };
        let before = until(deal);
        Migrating::set(true);
        next_block();
        System::assert_has_event(Event::Withdrawn { deal, node: key(11), slot: 102 }.into());
        let began = Now::get() - 1;
        (0..5).for_each(|_| through_slot());
        assert!(OpenChallenges::<Test>::get().is_empty());
        assert_eq!(left(deal, 0), Progress::Pledged { index: 0, left: 10, missed: 0 });
        Migrating::set(false);
        let lost = Now::get() - began;
        next_slot();
        assert_eq!(OpenChallenges::<Test>::get().len(), 1);
        assert_eq!(until(deal), before + lost, "the deal has all of its time");
    });
}

#[test]
fn nobody_is_asked_whose_deadline_the_deal_does_not_reach() {
    story(|| {
        let deal = deal(LENGTH, 1, 100, 1);
        assert_ok!(pledge(deal, 11));
        (0..39).for_each(|_| {
            through_slot();
            if let Some(right) = answer_of(11, &data(LENGTH)) {
                assert_ok!(answer(right));
            }
        });
        assert!(OpenChallenges::<Test>::get().is_empty());
        (0..3).for_each(|_| through_slot());
        assert!(!Orders::<Test>::contains_key(deal) && PledgeCount::<Test>::get() == 0);
    });
}

#[test]
fn bad_pledges_are_refused() {
    story(|| {
        let waiting = open_deal(LENGTH, 1, 1, 1).expect("opens");
        assert_noop!(pledge(waiting, 11), Error::<Test>::NotDrawn);
        let (session, deal) = (session(5_000_000, 1, 1), deal(LENGTH, 2, 100, 1));
        assert_noop!(pledge(99, 11), Error::<Test>::UnknownOrder);
        assert_noop!(pledge(session, 11), Error::<Test>::WrongJob);
        assert_noop!(pledge(deal, 13), Error::<Test>::WrongNode);
        let signature = pair(12).sign(&Pledge::payload(&genesis(), deal, &key(11)));
        let forged = Call::pledge { pledge: Pledge { deal, node: key(11), signature } };
        assert_noop!(send(forged), Error::<Test>::BadNodeSignature);
        assert_ok!(pledge(deal, 11));
        assert_noop!(pledge(deal, 11), Error::<Test>::AlreadyPledged);
    });
}

#[test]
fn bad_answers_are_refused_and_change_nothing() {
    story(|| {
        let deal = deal(LENGTH, 2, 100, 5);
        let session = session(5_000_000, 1, 1);
        assert_ok!(pledge(deal, 11));
        assert_ok!(pledge(deal, 12));
        next_slot();
        let good = answer_of(11, &data(LENGTH)).expect("is asked");
        let (segment, proof) = (good.segment.clone(), good.proof.clone());
        assert_noop!(answer(Answer { deal: 99, ..good.clone() }), Error::<Test>::UnknownOrder);
        assert_noop!(answer(Answer { deal: session, ..good.clone() }), Error::<Test>::WrongJob);
        assert_noop!(answer(Answer { node: key(13), ..good.clone() }), Error::<Test>::WrongNode);
        assert_noop!(answer(Answer { slot: good.slot - 1, ..good.clone() }), Error::<Test>::NoChallenge);
        // Another's answer in one's own name.
        let own = answer_of(12, &data(LENGTH)).expect("is asked");
        assert_noop!(answer(Answer { signature: good.signature, ..own }), Error::<Test>::BadNodeSignature);
        let short = segment[..segment.len() - 1].to_vec().try_into().expect("shorter");
        assert_noop!(answer(Answer { segment: short, ..good.clone() }), Error::<Test>::SegmentLength);
        let mut wrong = segment;
        wrong[0] ^= 1;
        assert_noop!(answer(Answer { segment: wrong, ..good.clone() }), Error::<Test>::BadProof);
        let mut cut = proof.clone();
        cut.pop();
        assert_noop!(answer(Answer { proof: cut, ..good.clone() }), Error::<Test>::BadProof);
        let mut longer = proof.clone();
        longer.force_push([0; 32]);
        assert_noop!(answer(Answer { proof: longer, ..good.clone() }), Error::<Test>::BadProof);
        let mut other = proof;
        other[0][31] ^= 128;
        assert_noop!(answer(Answer { proof: other, ..good.clone() }), Error::<Test>::BadProof);
        assert_ok!(answer(good.clone()));
        assert_noop!(answer(good.clone()), Error::<Test>::NoChallenge);
        assert_eq!(work(11).units, 1);
        next_slot();
        assert_noop!(answer(good), Error::<Test>::NoChallenge);
        Now::mutate(|tick| *tick += 9);
        assert_noop!(answer(answer_of(11, &data(LENGTH)).expect("is asked")), Error::<Test>::Late);
    });
}

#[test]
fn proofs_of_one_deal_slot_or_chain_are_worth_nothing_in_another() {
    story(|| {
        let (one, other) = (deal(LENGTH, 1, 9, 1), deal(LENGTH, 1, 9, 1));
        let of = |genesis: &Hash, deal| pair(11).sign(&Pledge::payload(genesis, deal, &key(11)));
        let send_pledge = |deal, signature| send(Call::pledge { pledge: Pledge { deal, node: key(11), signature } });
        assert_noop!(send_pledge(other, of(&genesis(), one)), Error::<Test>::BadNodeSignature);
        assert_noop!(send_pledge(one, of(&Hash::zero(), one)), Error::<Test>::BadNodeSignature);
        assert_ok!(pledge(one, 11));
        assert_ok!(pledge(other, 11));
        next_slot();
        let asked = |deal| {
            let open = OpenChallenges::<Test>::get();
            open.iter().map(|open| open.challenge).find(|challenge| challenge.deal == deal).expect("is asked")
        };
        let of_one = answer_to(&asked(one), &data(LENGTH));
        // The same node, data and slot: only the signature says which deal it is of.
        let right = answer_to(&asked(other), &data(LENGTH));
        let moved = Answer { signature: of_one.signature, ..right.clone() };
        assert_noop!(answer(moved), Error::<Test>::BadNodeSignature);
        let payload = Answer::payload(&Hash::zero(), other, &key(11), right.slot);
        let foreign = Answer { signature: pair(11).sign(&payload), ..right.clone() };
        assert_noop!(answer(foreign), Error::<Test>::BadNodeSignature);
        assert_ok!(answer(right.clone()));
        assert_ok!(answer(of_one));
        next_slot();
        let later = answer_to(&asked(other), &data(LENGTH));
        assert_noop!(answer(Answer { signature: right.signature, ..later }), Error::<Test>::BadNodeSignature);
    });
}

#[test]
fn a_pledge_after_the_deals_time_is_late() {
    story(|| {
        let deal = deal(LENGTH, 1, 9, 1);
        Now::mutate(|tick| *tick += 8 * u64::from(Clock::get().window_slots) + 1);
        assert_noop!(pledge(deal, 11), Error::<Test>::Late);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every flipped bit of a pledge is refused, and every pledge that is cut short.
    #[test]
    fn every_mutation_of_a_pledge_is_refused(bit in 0usize..(8 + 32 + 64) * 8) {
        story(|| {
            let deal = deal(LENGTH, 1, 9, 1);
            let signature = pair(11).sign(&Pledge::payload(&genesis(), deal, &key(11)));
            let mut bytes = Pledge { deal, node: key(11), signature }.encode();
            assert!(Pledge::decode_all(&mut &bytes[..bit / 8]).is_err(), "truncated");
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(pledge) = Pledge::decode_all(&mut &bytes[..]) {
                assert!(send(Call::pledge { pledge }).is_err(), "bit {bit}");
            }
            assert_eq!(PledgeCount::<Test>::get(), 0);
        });
    }

    /// Every flipped bit of an answer is refused, wherever it is: order, node, slot, segment, path or signature; and every answer
    /// that is cut short.
    #[test]
    fn every_mutation_of_an_answer_is_refused(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        story(|| {
            let deal = deal(LENGTH, 1, 9, 1);
            assert_ok!(pledge(deal, 11));
            next_slot();
            let mut bytes = answer_of(11, &data(LENGTH)).expect("is asked").encode();
            let place = place.index(bytes.len());
            assert!(Answer::decode_all(&mut &bytes[..place]).is_err(), "truncated");
            bytes[place] ^= 1 << bit;
            if let Ok(mutated) = Answer::decode_all(&mut &bytes[..]) {
                assert!(answer(mutated).is_err(), "byte {place}");
            }
            assert_eq!((work(11), free(111)), (Work::default(), 0));
            assert_eq!(OpenChallenges::<Test>::get().len(), 1);
        });
    }
}

#[test]
fn of_many_pledges_a_slot_asks_some_by_chance() {
    story(|| {
        let deals: Vec<_> = (0..20)
            .map(|_| {
                next_block();
                open_deal(LENGTH, 2, 1_000, 0).expect("opens")
            })
            .collect();
        blocks(DRAW_DELAY);
        deals.iter().for_each(|deal| {
            assert_ok!(pledge(*deal, 11));
            assert_ok!(pledge(*deal, 12));
        });
        let mut asked = std::collections::BTreeMap::<_, u32>::new();
        for _ in 0..30 {
            next_slot();
            let open = OpenChallenges::<Test>::get();
            assert!(open.len() <= MAX_OPEN_CHALLENGES as usize);
            let of_slot = open.iter().filter(|open| open.challenge.slot == Clock::get().slot_of(Now::get())).count();
            assert_eq!(of_slot, CHALLENGES_PER_SLOT as usize, "each of another pledge");
            for open in open.into_iter().filter(|open| open.challenge.slot == Clock::get().slot_of(Now::get())) {
                *asked.entry((open.challenge.deal, open.challenge.node)).or_default() += 1;
            }
            // Answered.
            OpenChallenges::<Test>::kill();
        }
        // 16 of 40 in 30 slots: 12 times each, with a deviation of 2.7.
        assert!(asked.len() == 40 && asked.values().all(|times| (2..=24).contains(times)), "{asked:?}");
    });
}

use ergon_primitives::orders::Pledge;
use sp_core::Pair;
