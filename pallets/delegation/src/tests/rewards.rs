//! Rewards: shared by stake, credited once, in whole.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::Delegations};
use frame_support::assert_ok;

#[test]
fn rewards_are_shared_by_stake_between_those_who_are_paid_and_those_who_compound() {
    story(|| {
        bond(1, V, 100);
        bond(2, V, 300);
        compound(3, V, 600);
        reward(V, 10 * ERGN);
        let info = Delegating::delegation_info(&1, &V).expect("delegates");
        assert_eq!((info.value, info.pending_reward, info.compounding), (100 * ERGN, ERGN, false));
        assert_eq!(Delegating::delegation(2, V).map(|info| info.pending_reward), Some(3 * ERGN));
        let info = Delegating::delegations(3);
        assert_eq!((info[0].value, info[0].pending_reward), (606 * ERGN, 0));

        sweep();
        assert_eq!((free(1), free(2)), (WEALTH - 99 * ERGN, WEALTH - 297 * ERGN));
        assert_eq!((held(3), free(3)), (606 * ERGN, WEALTH - 600 * ERGN));
        assert_eq!(Delegating::pool(V).expect("has stake").in_pot(), 0);
        assert_eq!(Delegating::delegated_to(&V), 1_006 * ERGN);
    });
}

#[test]
fn compounded_rewards_earn_in_their_turn_settled_or_not() {
    story(|| {
        compound(1, V, 1_000);
        compound(2, V, 1_000);
        reward(V, 1_000 * ERGN);
        Delegating::settle(&1, &V);
        reward(V, 1_000 * ERGN);
        assert_eq!((value(1, V), value(2, V)), (2_000 * ERGN, 2_000 * ERGN));
    });
}

#[test]
fn who_comes_later_gets_nothing_of_what_was_earned_before() {
    story(|| {
        compound(1, V, 1_000);
        bond(2, V, 1_000);
        reward(V, 200 * ERGN);
        compound(3, V, 1_000);
        bond(4, V, 1_000);
        assert_eq!((worth(1), worth(2)), (WEALTH + 100 * ERGN, WEALTH + 100 * ERGN));
        // Buying shares at 1.1 costs a unit of rounding at most.
        assert!(worth(3) >= WEALTH - 1 && worth(3) <= WEALTH);
        assert_eq!(worth(4), WEALTH);
    });
}

#[test]
fn a_reward_for_nobody_is_burned() {
    story(|| {
        reward(V, 5 * ERGN);
        assert_eq!(burned_sum(), 5 * ERGN);
        assert!(Pools::<Test>::get(V).is_none());
    });
}

#[test]
fn what_division_leaves_over_is_burned_when_the_last_delegation_goes() {
    story(|| {
        for who in 1..=3 {
            bond(who, V, 100);
        }
        reward(V, 1_000_000_000_001);
        for who in 1..=3 {
            assert_ok!(Delegating::undelegate_all(signed(who), V));
        }
        assert_eq!(Delegating::pool(V).expect("has chunks").in_pot(), 0);
        assert!((1..=4).contains(&burned_sum()), "{}", burned_sum());
    });
}

#[test]
fn a_reward_that_the_account_cannot_take_waits() {
    story(|| {
        // Another reason to exist lets the free balance go to nothing.
        System::inc_providers(&1);
        assert_ok!(Delegating::bond(signed(1), V, WEALTH, false));
        assert_eq!(free(1), 0);
        reward(V, ED - 1);
        Delegating::settle(&1, &V);
        reward(V, 10);
        assert_eq!(free(1), 0);
        Delegating::settle(&1, &V);
        // Each reward is rounded down by a unit at most.
        assert!((ED + 7..=ED + 9).contains(&free(1)), "{}", free(1));
    });
}
