//! Stake moves at once and stays liable for what was before.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::Closed};
use frame_support::{assert_noop, assert_ok};

type Refused = Error<Test>;

fn redelegate(who: AccountId, from: AccountId, to: AccountId, ergn: u128) {
    Delegating::redelegate(signed(who), from, to, ergn * ERGN).expect("redelegates");
}

#[test]
fn stake_moves_at_once_and_earns_where_it_is() {
    story(|| {
        compound(1, V, 1_000);
        redelegate(1, V, W, 400);
        assert_eq!((value(1, V), value(1, W), held(1)), (600 * ERGN, 400 * ERGN, 1_000 * ERGN));
        assert!(Delegating::delegation(1, W).is_some_and(|info| info.compounding), "as it was");
        reward(W, 40 * ERGN);
        assert_eq!((value(1, V), value(1, W)), (600 * ERGN, 440 * ERGN));
    });
}

#[test]
fn it_may_leave_anybody_and_enter_whoever_is_open() {
    story(|| {
        bond(1, V, 1_000);
        Shut::mutate(|shut| shut.insert(V, Closed::Tombstoned));
        redelegate(1, V, W, 500);
        assert_noop!(Delegating::redelegate(signed(1), W, V, 500 * ERGN), Refused::ValidatorTombstoned);
        assert_noop!(Delegating::redelegate(signed(1), V, V, 500 * ERGN), Refused::SameValidator);
        assert_noop!(Delegating::redelegate(signed(1), V, 1, 500 * ERGN), Refused::OwnStake);
        assert_noop!(Delegating::redelegate(signed(1), V, W, 450 * ERGN), Refused::BelowMinimum);
        assert_noop!(Delegating::redelegate(signed(1), V, W, 501 * ERGN), Refused::InsufficientStake);
        assert_noop!(Delegating::redelegate(signed(1), V, W + 1, 50 * ERGN), Refused::BelowMinimum);
        redelegate(1, V, W, 500);
        assert_eq!((value(1, V), value(1, W)), (0, 1_000 * ERGN));
    });
}

#[test]
fn a_slash_of_the_former_validator_follows_it() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        redelegate(1, V, W, 400);
        next_session();
        next_session();
        slash(V, 2, 10);
        slash(V, 3, 10);
        assert_eq!(value(1, W), 360 * ERGN, "for the session after it went, not for the one after that");
        assert_eq!(value(2, V), 810 * ERGN);
        sweep();
        assert_eq!(held(1), 486 * ERGN + 360 * ERGN);
        assert_eq!(slashed_sum(), (114 + 40 + 190) * ERGN);
    });
}

#[test]
fn what_is_liable_elsewhere_does_not_move_on_until_it_is_not() {
    story(|| {
        bond(1, V, 1_000);
        bond(1, W, 500);
        redelegate(1, V, W, 1_000);
        assert!(Pools::<Test>::get(V).is_some_and(|pool| pool.liable == 1 && pool.delegators == 0));
        assert_noop!(Delegating::redelegate(signed(1), W, W + 1, 501 * ERGN), Refused::StillLiable);
        redelegate(1, W, W + 1, 500);
        for _ in 0..=REPORT_SESSIONS {
            next_session();
        }
        assert_noop!(Delegating::redelegate(signed(1), W, W + 1, 1_000 * ERGN), Refused::StillLiable);
        next_session();
        redelegate(1, W, W + 1, 1_000);
        assert!(Pools::<Test>::get(V).is_none(), "nothing refers to it any more");
    });
}

#[test]
fn liability_goes_with_what_unbonds_and_comes_back_with_it() {
    story(|| {
        bond(1, V, 1_000);
        redelegate(1, V, W, 1_000);
        assert_ok!(Delegating::undelegate(signed(1), W, 300 * ERGN));
        slash(V, 1, 10);
        assert_eq!((value(1, W), Delegating::unbonding(1)[0].amount), (630 * ERGN, 270 * ERGN));
        assert_ok!(Delegating::cancel_unbonding(signed(1), 0));
        assert_eq!((value(1, W), held(1)), (900 * ERGN, 900 * ERGN));
        assert!(Pools::<Test>::get(V).is_some_and(|pool| pool.liable == 1));
        assert_ok!(Delegating::undelegate_all(signed(1), W));
        slash(V, 1, 10);
        Now::set(UNBONDING);
        block();
        assert_eq!((free(1), held(1)), (WEALTH - 190 * ERGN, 0));
        assert_eq!(Pools::<Test>::iter().count(), 0);
    });
}

#[test]
fn records_of_moved_stake_are_bounded() {
    story(|| {
        for from in 0..5 {
            bond(1, V + from, 100);
        }
        for from in 0..4 {
            redelegate(1, V + from, V + 9, 100);
        }
        assert_noop!(Delegating::redelegate(signed(1), V + 4, V + 9, 100 * ERGN), Refused::TooManyMoves);
        bond(1, V, 200);
        redelegate(1, V, V + 9, 200);
        let moved = DelegationOf::<Test>::get(1, V + 9).expect("delegates").moved;
        assert_eq!(moved[0].amount, 300 * ERGN, "of one session is one record");
    });
}
