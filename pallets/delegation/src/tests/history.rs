//! What was earned in each epoch, derived from counters.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::HISTORY_EPOCHS};
use frame_support::assert_ok;

#[test]
fn each_epoch_has_what_was_earned_in_it() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        compound(2, W, 500);
        reward(V, 20 * ERGN);
        reward(W, 3 * ERGN);
        next_session();
        next_session();
        reward(V, 201 * ERGN);
        // The part that compounds has 1,010 of 2,010.
        assert_eq!(Delegating::history(&1), [(1, V, 10 * ERGN), (3, V, 100 * ERGN)]);
        let mut second = Delegating::rewards(2);
        second.sort();
        assert_eq!(second, [(1, V, 10 * ERGN), (1, W, 3 * ERGN), (3, V, 101 * ERGN)]);
        next_session();
        assert_eq!(Delegating::history(&1), [(1, V, 10 * ERGN), (3, V, 100 * ERGN)]);
    });
}

#[test]
fn changes_of_stake_within_an_epoch_count_from_when_they_were() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        next_session();
        reward(V, 20 * ERGN);
        assert_ok!(Delegating::bond_more(signed(1), V, 1_000 * ERGN));
        reward(V, 30 * ERGN);
        assert_ok!(Delegating::set_compounding(signed(1), V, true));
        reward(V, 60 * ERGN);
        assert_eq!(Delegating::history(&1), [(2, V, 70 * ERGN)]);
        next_session();
        // 2,040 of 3,040.
        reward(V, 304 * ERGN);
        next_session();
        assert_eq!(Delegating::history(&1), [(2, V, 70 * ERGN), (3, V, 204 * ERGN)]);
        assert_eq!(Delegating::history(&2), [(2, V, 40 * ERGN), (3, V, 100 * ERGN)]);
    });
}

#[test]
fn a_hundred_epochs_are_remembered() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        for epoch in 1..=250u32 {
            reward(V, u128::from(epoch) * 2 * ERGN);
            if epoch % 3 == 0 {
                // A change in each epoch is as many checkpoints as there can be.
                assert_ok!(Delegating::bond_more(signed(2), V, 1));
            }
            next_session();
        }
        let history = Delegating::history(&1);
        let oldest = 251 - HISTORY_EPOCHS + 1;
        assert_eq!(history.len(), (HISTORY_EPOCHS - 1) as usize, "the epoch that runs has none yet");
        for (epoch, (of, validator, amount)) in (oldest..).zip(history) {
            assert_eq!((of, validator), (epoch, V));
            // The units that the other added to 1,000 ERGN weigh nothing, rounding down a few.
            let earned = u128::from(epoch) * ERGN;
            assert!((earned - 100..=earned).contains(&amount), "{epoch}: {amount}");
        }
        assert_eq!(Counters::<Test>::get(V).len(), HISTORY_EPOCHS as usize);
        assert!(CheckpointsOf::<Test>::get(2, V).len() <= 35);
    });
}

#[test]
fn a_change_in_every_epoch_is_bounded() {
    story(|| {
        bond(1, V, 1_000);
        for _ in 0..150 {
            assert_ok!(Delegating::bond_more(signed(1), V, 1));
            next_session();
        }
        assert_eq!(CheckpointsOf::<Test>::get(1, V).len(), HISTORY_EPOCHS as usize);
    });
}
