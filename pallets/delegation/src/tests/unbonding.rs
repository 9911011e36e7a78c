//! Stake goes back by itself, in its time, less what it is liable for.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::MAX_UNBONDING};
use frame_support::{assert_noop, assert_ok};

type Refused = Error<Test>;

#[test]
fn the_chain_releases_what_is_due_and_nothing_before() {
    story(|| {
        bond(1, V, 1_000);
        Now::set(5);
        assert_ok!(Delegating::undelegate(signed(1), V, 400 * ERGN));
        assert_eq!((held(1), value(1, V)), (1_000 * ERGN, 600 * ERGN));
        let unbonding = Delegating::unbonding(1);
        let info = &unbonding[0];
        assert_eq!((info.id, info.validator, info.amount, info.release), (0, V, 400 * ERGN, 105));
        Now::set(104);
        block();
        assert_eq!(held(1), 1_000 * ERGN);
        Now::set(105);
        block();
        assert_eq!((held(1), free(1)), (600 * ERGN, WEALTH - 600 * ERGN));
        assert!(Delegating::unbonding(1).is_empty());
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        Now::set(205);
        block();
        assert_eq!((held(1), free(1)), (0, WEALTH));
        assert!(Pools::<Test>::get(V).is_none() && Counters::<Test>::iter().next().is_none());
    });
}

#[test]
fn a_remainder_is_nothing_or_enough() {
    story(|| {
        bond(1, V, 150);
        assert_noop!(Delegating::undelegate(signed(1), V, 51 * ERGN), Refused::BelowMinimum);
        assert_noop!(Delegating::undelegate(signed(1), V, 151 * ERGN), Refused::InsufficientStake);
        assert_noop!(Delegating::undelegate(signed(1), V, 0), Refused::ZeroAmount);
        assert_noop!(Delegating::undelegate_all(signed(2), V), Refused::NotDelegated);
        assert_ok!(Delegating::undelegate(signed(1), V, 50 * ERGN));
        assert_ok!(Delegating::undelegate(signed(1), V, 100 * ERGN));
        assert_eq!(value(1, V), 0);
    });
}

#[test]
fn a_block_releases_a_bounded_number_and_the_rest_follows() {
    story(|| {
        for who in 1..=10 {
            bond(who, V, 100);
            assert_ok!(Delegating::undelegate_all(signed(who), V));
        }
        assert_ok!(Delegating::cancel_unbonding(signed(2), 1));
        Now::set(UNBONDING);
        assert_eq!(Delegating::release_due(RELEASES), 4);
        assert_eq!(
            (1..=10).map(held).filter(|held| *held == 0).count(),
            3,
            "the place of a cancelled one is a look too"
        );
        assert_eq!(Delegating::release_due(RELEASES), 4);
        assert_eq!(Delegating::release_due(RELEASES), 2);
        assert_eq!(Delegating::release_due(RELEASES), 0);
        assert_eq!((FirstChunk::<Test>::get(), NextChunk::<Test>::get()), (10, 10));
    });
}

#[test]
fn unbonding_is_bounded_for_each_account() {
    story(|| {
        bond(1, V, 1_000);
        for _ in 0..MAX_UNBONDING {
            assert_ok!(Delegating::undelegate(signed(1), V, 1));
        }
        assert_noop!(Delegating::undelegate(signed(1), V, 1), Refused::TooManyUnbonding);
        assert_ok!(Delegating::cancel_unbonding(signed(1), 7));
        assert_ok!(Delegating::undelegate(signed(1), V, 1));
    });
}

#[test]
fn a_change_of_mind_brings_stake_back_where_it_was() {
    story(|| {
        compound(1, V, 1_000);
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        assert_noop!(Delegating::cancel_unbonding(signed(2), 0), Refused::UnknownChunk);
        assert_noop!(Delegating::cancel_unbonding(signed(1), 1), Refused::UnknownChunk);
        assert_ok!(Delegating::cancel_unbonding(signed(1), 0));
        assert_noop!(Delegating::cancel_unbonding(signed(1), 0), Refused::UnknownChunk);
        let info = Delegating::delegation(1, V).expect("delegates again");
        assert_eq!((info.value, info.compounding), (1_000 * ERGN, true));
        assert_eq!(Pools::<Test>::get(V).map(|pool| (pool.chunks, pool.delegators)), Some((0, 1)));
    });
}

#[test]
fn an_amount_too_small_for_an_account_is_burned_as_dust() {
    story(|| {
        System::inc_providers(&1);
        assert_ok!(Delegating::bond(signed(1), V, WEALTH, false));
        assert_ok!(Delegating::undelegate(signed(1), V, ED - 1));
        Now::set(UNBONDING);
        block();
        assert_eq!((free(1), held(1), BurnedSums::get()[4]), (0, WEALTH - ED + 1, ED - 1));
    });
}
