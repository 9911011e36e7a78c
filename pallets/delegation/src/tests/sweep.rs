//! Rewards credit themselves, as blocks have room.

use crate::{mock::*, *};
use ergon_primitives::currency::ERGN;
use frame_support::{traits::Hooks, weights::Weight};

/// Room for `delegations` of the sweep, in the mock's costs.
fn room(delegations: u64) -> Weight {
    Weight::from_parts(1 + 1_000 * delegations, 0)
}

fn credited() -> usize {
    (1..=10).filter(|who| free(*who) > WEALTH - 100 * ERGN).count()
}

fn ten() {
    for who in 1..=10 {
        bond(who, V, 100);
    }
    reward(V, 10 * ERGN);
}

#[test]
fn everybody_is_credited_without_a_call_once_a_session() {
    story(|| {
        ten();
        for expected in [3, 6, 9, 10, 10] {
            assert!(Delegating::on_idle(1, Weight::MAX).all_lte(room(3)));
            assert_eq!(credited(), expected);
        }
        reward(V, 10 * ERGN);
        assert_eq!(Delegating::on_idle(1, Weight::MAX), room(0), "not again in this session");
        next_session();
        sweep();
        assert_eq!(free(10), WEALTH - 98 * ERGN);
    });
}

#[test]
fn it_uses_no_more_than_there_is() {
    story(|| {
        ten();
        assert_eq!(Delegating::on_idle(1, Weight::zero()), Weight::zero());
        assert_eq!(Delegating::on_idle(1, room(0)), room(0));
        assert_eq!(credited(), 0);
        assert_eq!(Delegating::on_idle(1, room(2)), room(2));
        assert_eq!(credited(), 2);
    });
}

#[test]
fn a_pass_that_takes_longer_than_a_session_comes_to_its_end() {
    story(|| {
        ten();
        for _ in 0..5 {
            Delegating::on_idle(1, room(2));
            next_session();
        }
        assert_eq!(credited(), 10);
        // Finds the end; then the next pass begins.
        Delegating::on_idle(1, room(2));
        assert!(SweepAt::<Test>::get().is_some_and(|at| at.done));
        Delegating::on_idle(1, room(2));
        assert!(SweepAt::<Test>::get().is_some_and(|at| !at.done && at.session == Session::get()));
    });
}

#[test]
fn delegations_may_end_behind_and_before_the_cursor() {
    story(|| {
        ten();
        Delegating::on_idle(1, room(3));
        for who in 1..=5 {
            Delegating::undelegate_all(signed(who), V).expect("undelegates");
        }
        sweep();
        assert_eq!(credited(), 10);
    });
}
