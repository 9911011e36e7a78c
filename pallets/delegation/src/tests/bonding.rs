//! Who may delegate what to whom, and where the money is meanwhile.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::Closed};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

type Refused = Error<Test>;

#[test]
fn stake_stays_in_the_delegators_own_account() {
    story(|| {
        bond(1, V, 500);
        compound(2, V, 300);
        assert_ok!(Delegating::bond_more(signed(1), V, 1));
        assert_eq!((held(1), free(1)), (500 * ERGN + 1, WEALTH - 500 * ERGN - 1));
        assert_eq!((held(2), value(2, V)), (300 * ERGN, 300 * ERGN));
        assert_eq!(TotalDelegated::<Test>::get(), 800 * ERGN + 1);
        assert_eq!(Pools::<Test>::get(V).expect("has stake").delegators, 2);
        let event = Event::BondedMore { delegator: 1, validator: V, amount: 1 };
        System::assert_last_event(RuntimeEvent::Delegation(event));
    });
}

#[test]
fn refusals_say_why_and_change_nothing() {
    story(|| {
        bond(1, V, 500);
        assert_noop!(Delegating::bond(signed(1), V, 500 * ERGN, true), Refused::AlreadyDelegated);
        assert_noop!(Delegating::bond(signed(1), W, 100 * ERGN - 1, true), Refused::BelowMinimum);
        assert_noop!(Delegating::bond(signed(V), V, 500 * ERGN, true), Refused::OwnStake);
        assert_noop!(Delegating::bond(signed(1), 99, 500 * ERGN, true), Refused::UnknownValidator);
        assert_noop!(Delegating::bond(signed(1), W, WEALTH, true), TokenError::FundsUnavailable);
        assert_noop!(Delegating::bond_more(signed(1), V, 0), Refused::ZeroAmount);
        assert_noop!(Delegating::bond_more(signed(2), V, ERGN), Refused::NotDelegated);
        assert_noop!(Delegating::set_compounding(signed(1), V, false), Refused::Unchanged);
        assert_noop!(Delegating::set_compounding(signed(2), V, true), Refused::NotDelegated);
        for (why, error) in [
            (Closed::Leaving, Refused::ValidatorLeaving),
            (Closed::Jailed, Refused::ValidatorJailed),
            (Closed::Tombstoned, Refused::ValidatorTombstoned),
        ] {
            Shut::mutate(|shut| shut.insert(V, why));
            assert_noop!(Delegating::bond(signed(2), V, 500 * ERGN, true), error);
        }
        assert_noop!(Delegating::bond_more(signed(1), V, ERGN), Refused::ValidatorTombstoned);
        assert_ok!(Delegating::undelegate_all(signed(1), V));
    });
}

#[test]
fn an_account_delegates_to_ten_validators_at_most() {
    story(|| {
        for validator in V..V + 10 {
            bond(1, validator, 100);
        }
        assert_noop!(Delegating::bond(signed(1), V + 10, 100 * ERGN, false), Refused::TooManyDelegations);
        assert_ok!(Delegating::redelegate(signed(1), V, V + 10, 100 * ERGN));
        assert_eq!((value(1, V), value(1, V + 10)), (0, 100 * ERGN));
    });
}

#[test]
fn the_power_cap_holds_from_six_validators_on() {
    story(|| {
        Registered::set(5);
        bond(1, V, 50_000);
        Registered::set(6);
        // Six of 10,000 own and the 50,000 above.
        assert_noop!(Delegating::bond_more(signed(1), V, ERGN), Refused::PowerCapped);
        assert_noop!(Delegating::bond(signed(2), W, 15_001 * ERGN, false), Refused::PowerCapped);
        // 10,000 + 15,000 of 125,000.
        bond(2, W, 15_000);
        assert_noop!(Delegating::bond_more(signed(2), W, 1), Refused::PowerCapped);
        assert_noop!(Delegating::redelegate(signed(1), V, W, 1_000 * ERGN), Refused::PowerCapped);
        assert_ok!(Delegating::redelegate(signed(1), V, W + 1, 15_000 * ERGN));
        assert_ok!(Delegating::undelegate_all(signed(2), W));
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        // 25,000 of 90,000.
        assert_noop!(Delegating::cancel_unbonding(signed(2), 0), Refused::PowerCapped);
    });
}

#[test]
fn stake_moves_between_the_parts_and_keeps_its_worth() {
    story(|| {
        bond(1, V, 500);
        compound(2, V, 500);
        reward(V, 100 * ERGN);
        assert_ok!(Delegating::set_compounding(signed(1), V, true));
        assert_eq!((free(1), value(1, V)), (WEALTH - 450 * ERGN, 500 * ERGN));
        assert_ok!(Delegating::set_compounding(signed(2), V, false));
        assert_eq!((free(2), value(2, V)), (WEALTH - 500 * ERGN, 550 * ERGN));
        reward(V, 105 * ERGN);
        assert_eq!((worth(1), worth(2)), (WEALTH + 100 * ERGN, WEALTH + 105 * ERGN));
    });
}

#[test]
fn stake_may_be_what_vesting_freezes() {
    // A hold and a freeze overlap: see `fungible::hold`. The free balance that must stay is the existential deposit.
    story(|| {
        assert_ok!(Delegating::bond(signed(1), V, WEALTH - ED, false));
        assert_eq!((free(1), held(1)), (ED, WEALTH - ED));
    });
}
