//! Which batches count, and what for.

use ergon_primitives::quorum::{quorum, Statement};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, pallet_prelude::DispatchClass};
use sp_core::H256;
use sp_runtime::DispatchError;

use crate::{mock::*, *};

#[test]
fn two_thirds_agree_and_each_has_a_unit() {
    story(4, || {
        block_in(SLOT);
        let statement = topic_of(SLOT).statement;
        assert_noop!(submit(good(SLOT, &[0, 3])), Error::<Test>::NoQuorum);
        assert_ok!(submit(good(SLOT, &[0, 2, 3])));
        System::assert_has_event(Event::Agreed { slot: SLOT, statement, signers: 3 }.into());
        let operators = vec![1, 3, 4].try_into().expect("fits");
        System::assert_last_event(Event::Signed { slot: SLOT, operators }.into());
        assert_eq!(units(4), [1, 0, 1, 1]);
    });
}

#[test]
fn an_author_that_leaves_one_out_cannot_shut_it_out() {
    story(4, || {
        block_in(SLOT);
        assert_ok!(submit(good(SLOT, &[0, 1, 2])));
        block_in(SLOT);
        System::reset_events();
        assert_ok!(submit(good(SLOT, &[3])));
        assert_eq!(System::event_count(), 1, "agreed once");
        assert_eq!(units(4), [1, 1, 1, 1]);
        block_in(SLOT);
        assert_noop!(submit(good(SLOT, &[3])), Error::<Test>::AlreadyCounted);
    });
}

#[test]
fn a_set_of_one_agrees_with_itself() {
    story(1, || {
        block_in(SLOT);
        assert_ok!(submit(good(SLOT, &[0])));
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT + 1, &[0])));
        assert_eq!(units(1), [2], "one for each slot");
    });
}

#[test]
fn a_hundred_members_fit_and_sixty_seven_of_them_agree() {
    story(100, || {
        block_in(SLOT);
        let all: Vec<u8> = (0..100).collect();
        assert_eq!(quorum(100), 67);
        assert_noop!(submit(good(SLOT, &all[..66])), Error::<Test>::NoQuorum);
        assert_ok!(submit(good(SLOT, &all[33..])));
        block_in(SLOT);
        assert_ok!(submit(good(SLOT, &all[..33])));
        assert_eq!(units(100), vec![1; 100]);
    });
}

#[test]
fn what_is_no_good_batch_changes_nothing() {
    story(4, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        let topic = topic_of(SLOT + 1);
        let refused = |slot, signatures, why: Error<Test>| {
            assert_noop!(submit(batch(slot, signatures)), why);
            assert_eq!(units(4), [0; 4]);
        };
        let all = signed(&topic, &[0, 1, 2, 3]);
        refused(SLOT + 1, vec![], Error::Empty);
        refused(SLOT + 1, signed(&topic, &[0, 2, 1, 3]), Error::Unordered);
        refused(SLOT + 1, signed(&topic, &[0, 1, 1, 3]), Error::Unordered);
        refused(SLOT + 1, signed(&topic, &[0, 1, 2, 4]), Error::UnknownPlace);
        refused(SLOT + 1, signed(&topic, &[0, 1, 2, 255]), Error::UnknownPlace);
        refused(SLOT + 1, signed(&topic, &[0, 1]), Error::NoQuorum);
        refused(SLOT + 2, all.clone(), Error::NotOpen);
        refused(SLOT - 1, all.clone(), Error::NotOpen);
        refused(u64::MAX, all.clone(), Error::NotOpen);
        // The previous round is open, but these are not its signatures.
        refused(SLOT, all.clone(), Error::BadSignature);
        let mut swapped = all.clone();
        (swapped[0].1, swapped[1].1) = (all[1].1.clone(), all[0].1.clone());
        refused(SLOT + 1, swapped, Error::BadSignature);
        let mut foreign = all.clone();
        foreign[3].1 = sign(9, &topic);
        refused(SLOT + 1, foreign, Error::BadSignature);
        let mut fork = topic;
        fork.statement = Statement::Header { number: 1, block: H256::repeat_byte(0xee) };
        refused(SLOT + 1, signed(&fork, &[0, 1, 2]), Error::BadSignature);
        let call = Call::<Test>::submit { batch: good(SLOT + 1, &[0, 1, 2]) };
        let signed_by_one =
            sp_runtime::traits::Dispatchable::dispatch(RuntimeCall::from(call), RuntimeOrigin::signed(1));
        assert_eq!(signed_by_one.map(|_| ()).map_err(|e| e.error), Err(DispatchError::BadOrigin));
        assert_ok!(submit(batch(SLOT + 1, all)));
    });
}

#[test]
fn a_block_has_one_batch() {
    story(4, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT, &[0, 1, 2])));
        assert_noop!(submit(good(SLOT, &[3])), Error::<Test>::SecondBatch);
        assert_noop!(submit(good(SLOT + 1, &[0, 1, 2])), Error::<Test>::SecondBatch);
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT + 1, &[0, 1, 2])));
        block_in(SLOT + 1);
        assert_ok!(submit(good(SLOT, &[3])));
        assert_eq!(units(4), [2, 2, 2, 1]);
    });
}

#[test]
fn a_batch_costs_by_its_signatures() {
    story(4, || {
        block_in(SLOT);
        let info = Call::<Test>::submit { batch: good(SLOT, &[0, 1, 2]) }.get_dispatch_info();
        assert_eq!((info.call_weight.ref_time(), info.class), (3_000, DispatchClass::Mandatory));
    });
}
