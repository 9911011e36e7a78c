//! Joining, changing, leaving.

use crate::{mock::*, types::Intent, *};
use ergon_primitives::{currency::ERGN, staking::Rules};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::{Perbill, Percent};

type E = Error<Test>;

fn register(who: AccountId, stake: Balance) -> frame_support::dispatch::DispatchResult {
    Staking::register(RuntimeOrigin::signed(who), stake, Perbill::from_percent(5), profile("somebody"))
}

fn held(who: AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::OwnStake.into(), &who)
}

#[test]
fn genesis_registers_whoever_has_session_keys() {
    story(|| {
        assert_eq!(members(), [1, 2, 3, 4, 5, 6]);
        for who in 1..=GENESIS {
            assert_eq!(validator(who).own_stake, 10_000 * ERGN);
            assert_eq!(held(who), 10_000 * ERGN);
        }
        assert_eq!(TotalOwnStake::<Test>::get(), 60_000 * ERGN);
    });
}

#[test]
#[should_panic(expected = "cannot stake")]
fn a_genesis_validator_without_the_money_is_refused() {
    let rules = Rules { min_self_stake: MONEY + ERGN, ..rules() };
    story_with(rules, || {});
}

#[test]
#[should_panic(expected = "out of bounds")]
fn genesis_rules_out_of_bounds_are_refused() {
    story_with(Rules { power_cap: Percent::zero(), ..rules() }, || {});
}

#[test]
fn a_newcomer_with_stake_and_keys_is_in_the_set_two_sessions_later() {
    story(|| {
        assert_ok!(register(10, 20_000 * ERGN));
        assert_eq!(held(10), 20_000 * ERGN);
        assert_eq!(Profiles::<Test>::get(10), Some(profile("somebody")));
        next_session();
        next_session();
        assert!(!members().contains(&10), "it has no keys");
        set_keys(10);
        next_session();
        assert!(!members().contains(&10), "it is queued");
        next_session();
        assert!(members().contains(&10));
    });
}

#[test]
fn what_cannot_be_registered_is_refused_and_holds_nothing() {
    story(|| {
        assert_noop!(register(10, 10_000 * ERGN - 1), E::StakeTooSmall);
        assert_noop!(register(10, MONEY), E::InsufficientBalance);
        assert_noop!(register(1, 10_000 * ERGN), E::AlreadyRegistered);
        let nameless = Staking::register(RuntimeOrigin::signed(10), 10_000 * ERGN, Perbill::zero(), Profile::default());
        assert_eq!(nameless, Err(E::NameMissing.into()));
        assert_noop!(Staking::bond_more(RuntimeOrigin::signed(10), ERGN), E::NotRegistered);
        assert_noop!(Staking::leave(RuntimeOrigin::signed(10)), E::NotRegistered);
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(1)), E::NotJailed);
        assert_noop!(Staking::bond_more(RuntimeOrigin::signed(1), 0), E::NothingToChange);
        assert_noop!(Staking::set_profile(RuntimeOrigin::signed(10), profile("x")), E::NotRegistered);
        assert!(Session::set_keys(RuntimeOrigin::signed(10), keys(10), vec![]).is_err(), "only validators");
    });
}

#[test]
fn commission_rises_by_a_point_a_day_and_falls_at_will() {
    story(|| {
        let set = |percent| Staking::set_commission(RuntimeOrigin::signed(1), Perbill::from_percent(percent));
        assert_noop!(set(2), E::CommissionStepTooLarge);
        assert_ok!(set(1));
        assert_noop!(set(1), E::NothingToChange);
        assert_noop!(set(2), E::CommissionRaisedLately);
        next_session();
        assert_ok!(set(2));
        assert_ok!(set(0));
        assert_noop!(set(1), E::CommissionRaisedLately);
        next_session();
        assert_noop!(set(2), E::CommissionStepTooLarge);
        assert_ok!(set(1));
    });
}

#[test]
fn a_part_is_unbonded_and_released_by_the_chain() {
    story(|| {
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 500 * ERGN));
        assert_noop!(Staking::unbond(RuntimeOrigin::signed(1), 501 * ERGN), E::StakeTooSmall);
        assert_noop!(Staking::unbond(RuntimeOrigin::signed(1), Balance::MAX), E::StakeTooSmall);
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 500 * ERGN));
        assert_eq!((validator(1).own_stake, held(1)), (10_000 * ERGN, 10_500 * ERGN));
        for _ in 0..4 {
            next_session();
            assert_eq!(held(1), 10_500 * ERGN);
        }
        next_session();
        assert_eq!(held(1), 10_000 * ERGN);
        assert!(validator(1).unbonding.is_empty());
    });
}

#[test]
fn only_so_many_parts_unbond_at_once() {
    story(|| {
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 500 * ERGN));
        for _ in 0..types::MAX_OWN_CHUNKS {
            assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), ERGN));
        }
        assert_noop!(Staking::unbond(RuntimeOrigin::signed(1), ERGN), E::TooManyUnbonding);
    });
}

#[test]
fn whoever_leaves_serves_this_session_and_the_next_and_is_forgotten_with_its_keys() {
    story(|| {
        assert_ok!(Staking::leave(RuntimeOrigin::signed(2)));
        assert_eq!(validator(2).intent, Intent::Leaving);
        assert_noop!(Staking::leave(RuntimeOrigin::signed(2)), E::Leaving);
        assert_noop!(Staking::bond_more(RuntimeOrigin::signed(2), ERGN), E::Leaving);
        assert_noop!(Staking::unbond(RuntimeOrigin::signed(2), ERGN), E::Leaving);
        next_session();
        assert!(members().contains(&2), "queued before it left");
        next_session();
        assert!(!members().contains(&2));
        for _ in 0..3 {
            next_session();
        }
        assert_eq!(Registry::<Test>::get(2), None);
        assert_eq!((held(2), Balances::free_balance(2)), (0, MONEY));
        assert_eq!(pallet_session::NextKeys::<Test>::get(2), None);
        // It can come back as a stranger.
        assert_ok!(register(2, 10_000 * ERGN));
    });
}

#[test]
fn the_last_validator_cannot_leave() {
    story(|| {
        for who in 2..=GENESIS {
            assert_ok!(Staking::leave(RuntimeOrigin::signed(who)));
        }
        next_session();
        next_session();
        assert_eq!(members(), [1]);
        assert_noop!(Staking::leave(RuntimeOrigin::signed(1)), E::LastValidator);
    });
}
