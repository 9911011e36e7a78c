//! Each test is named after what it prevents. Most of these happened elsewhere: reliability.md section 4, mission.md part (b).

use crate::{mock::*, *};
use ergon_primitives::currency::ERGN;
use frame_support::{assert_noop, assert_ok};

#[test]
fn claiming_twice() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        reward(V, 20 * ERGN);
        for _ in 0..5 {
            Delegating::settle(&1, &V);
            Delegating::settle(&2, &V);
        }
        sweep();
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        bond(1, V, 1_000);
        sweep();
        assert_eq!((worth(1), worth(2)), (WEALTH + 10 * ERGN, WEALTH + 10 * ERGN));
    });
}

#[test]
fn redelegating_to_escape_a_slash() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        bond(3, V, 1_000);
        // All go, so that not even the pool has a delegation left; one hops, one leaves by unbonding elsewhere.
        for who in 1..=3 {
            assert_ok!(Delegating::redelegate(signed(who), V, W, 1_000 * ERGN));
        }
        assert_noop!(Delegating::redelegate(signed(1), W, W + 1, 1_000 * ERGN), Error::<Test>::StillLiable);
        assert_ok!(Delegating::undelegate_all(signed(2), W));
        assert_ok!(Delegating::set_compounding(signed(3), W, true));
        next_session();
        slash(V, 1, 10);
        assert_eq!([worth(1), worth(2), worth(3)], [WEALTH - 100 * ERGN; 3]);
        Now::set(UNBONDING);
        block();
        assert_eq!((free(2), held(2)), (WEALTH - 100 * ERGN, 0));
    });
}

#[test]
fn unbonding_to_escape_a_slash() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        assert_ok!(Delegating::undelegate_all(signed(2), V));
        next_session();
        next_session();
        // The session after is still theirs: its set was chosen with their stake. No offence later than that is.
        slash(V, 2, 10);
        slash(V, 3, 10);
        assert_ok!(Delegating::cancel_unbonding(signed(2), 1));
        assert_eq!((worth(1), worth(2)), (WEALTH - 100 * ERGN, WEALTH - 100 * ERGN));
        slash(V, 3, 10);
        assert_eq!((worth(1), worth(2)), (WEALTH - 100 * ERGN, WEALTH - 190 * ERGN));
        Now::set(UNBONDING);
        block();
        assert_eq!(free(1), WEALTH - 100 * ERGN);
    });
}

#[test]
fn a_slash_charged_twice_for_going_after_it() {
    story(|| {
        bond(1, V, 1_000);
        slash(V, 1, 10);
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        assert_eq!(Delegating::unbonding(1)[0].amount, 900 * ERGN);
        slash(V, 1, 10);
        assert_eq!(Delegating::unbonding(1)[0].amount, 810 * ERGN);
    });
}

#[test]
fn joining_right_before_rewards() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        Earned::mutate(|earned| earned.insert(V, 200 * ERGN));
        bond(3, V, 100_000);
        compound(4, V, 100_000);
        assert_eq!((worth(1), worth(2)), (WEALTH + 100 * ERGN, WEALTH + 100 * ERGN));
        assert!(worth(3) <= WEALTH && worth(4) <= WEALTH);
        Earned::mutate(|earned| earned.insert(W, 200 * ERGN));
        bond(1, W, 1_000);
        assert_eq!(burned_sum(), 200 * ERGN, "nobody was there when it was earned");
    });
}

#[test]
fn leaving_and_still_earning() {
    story(|| {
        bond(1, V, 1_000);
        bond(2, V, 1_000);
        assert_ok!(Delegating::undelegate(signed(1), V, 900 * ERGN));
        reward(V, 11 * ERGN);
        assert_eq!((worth(1), worth(2)), (WEALTH + ERGN, WEALTH + 10 * ERGN));
    });
}

#[test]
fn minting_too_much_by_stacked_decreases() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        for _ in 0..9 {
            assert_ok!(Delegating::undelegate(signed(1), V, 100 * ERGN));
            assert_ok!(Delegating::undelegate(signed(2), V, 100 * ERGN));
        }
        reward(V, 20 * ERGN);
        for _ in 0..3 {
            Delegating::settle(&1, &V);
            Delegating::settle(&2, &V);
        }
        assert_eq!((worth(1), worth(2)), (WEALTH + 10 * ERGN, WEALTH + 10 * ERGN));
        assert_eq!(MintedSum::get(), 20 * ERGN);
    });
}

/// The first holder of a vault drives up the price of a share, so that the next one's money buys none. Here gifts to the pot
/// count for nothing, the least stake is 10^14 shares, and who leaves takes what its account holds.
#[test]
fn inflating_the_price_of_a_share() {
    genesis().execute_with(|| {
        System::set_block_number(1);
        compound(1, V, 100);
        <Balances as frame_support::traits::fungible::Mutate<_>>::transfer(
            &1,
            &Delegating::pot_account(),
            500_000 * ERGN,
            frame_support::traits::tokens::Preservation::Preserve,
        )
        .expect("anybody may give");
        assert_eq!(value(1, V), 100 * ERGN, "a gift is nobody's reward");
        // Even rewards of half a million for a stake of a hundred.
        reward(V, 500_000 * ERGN);
        compound(2, V, 100);
        reward(V, 500 * ERGN);
        assert!(
            worth(2) >= WEALTH,
            "what rounding took of its shares, {} units, is nothing",
            WEALTH.saturating_sub(worth(2))
        );
        // The whole part is 500,700 and the second holds 100 of 500,200 shares' worth.
        let fair = WEALTH + 500 * ERGN * 100 / 500_200;
        assert!(worth(2).abs_diff(fair) < 10_000, "{} of {fair}", worth(2));
        Delegating::do_try_state().expect("invariants hold");
    });
}

#[test]
fn grinding_others_down_with_dust() {
    story(|| {
        compound(1, V, 1_000);
        bond(2, V, 1_000);
        // A price and a factor at which everything has to be rounded.
        reward(V, 33_333_333_333_331);
        slash(V, 1, 7);
        compound(3, V, 1_000);
        let before = (worth(1), worth(2));
        for _ in 0..100 {
            assert_ok!(Delegating::bond_more(signed(3), V, 1));
        }
        for _ in 0..30 {
            assert_ok!(Delegating::undelegate(signed(3), V, 1));
        }
        assert!(worth(1) + 300 >= before.0 && worth(2) + 1 >= before.1, "a unit a call at most");
        assert!(worth(3) <= WEALTH, "and it earns nothing by it");
    });
}
