//! Slashes reach everybody who is liable, by the same share, at constant cost; the money is burned.

use crate::{mock::*, *};
use ergon_primitives::currency::ERGN;
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_slash_takes_the_same_share_from_all() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        compound(3, V, 1_000);
        reward(V, 300 * ERGN);
        Delegating::settle(&2, &V);
        slash(V, 1, 10);
        assert_eq!((value(1, V), value(2, V), value(3, V)), (900 * ERGN, 990 * ERGN, 990 * ERGN));
        assert_eq!(
            Delegating::delegation(1, V).map(|info| info.pending_reward),
            Some(100 * ERGN),
            "rewards are not stake"
        );
        assert_eq!(slashed_sum(), 10 * ERGN, "what was in the pot at once");
        assert_eq!(Delegating::pool(V).expect("has stake").unburned(), 310 * ERGN);
        sweep();
        assert_eq!(slashed_sum(), 320 * ERGN);
        assert_eq!((held(1), held(2), held(3)), (900 * ERGN, 990 * ERGN, 990 * ERGN));
        assert_eq!(Delegating::pool(V).expect("has stake").unburned(), 0);
    });
}

#[test]
fn who_comes_after_a_slash_loses_nothing() {
    story(|| {
        bond(1, V, 1_000);
        slash(V, 1, 33);
        bond(2, V, 1_000);
        compound(3, V, 1_000);
        assert!(worth(2) >= WEALTH - 1 && worth(3) >= WEALTH - 1);
        slash(V, 1, 50);
        for who in [2, 3] {
            assert!((500 * ERGN - 2..=500 * ERGN).contains(&value(who, V)), "{}", value(who, V));
        }
    });
}

#[test]
fn nothing_is_left_after_the_whole_is_slashed() {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        reward(V, 20 * ERGN);
        slash(V, 1, 100);
        assert_eq!((value(1, V), value(2, V), TotalDelegated::<Test>::get()), (0, 0, 0));
        assert_noop!(Delegating::bond(signed(3), V, 1_000 * ERGN, false), Error::<Test>::PoolExhausted);
        sweep();
        // Its reward was not stake.
        assert_eq!((worth(1), worth(2)), (WEALTH - 990 * ERGN, WEALTH - 1_000 * ERGN));
        assert!(Pools::<Test>::get(V).is_none());
        // Nobody is left who was slashed: it begins anew.
        bond(3, V, 1_000);
        assert_eq!(value(3, V), 1_000 * ERGN);
    });
}

#[test]
fn an_exhausted_pool_takes_no_stake_and_gives_all_back() {
    story(|| {
        bond(1, V, 100_000);
        for _ in 0..11 {
            slash(V, 1, 50);
        }
        assert_noop!(Delegating::bond(signed(2), V, 1_000 * ERGN, false), Error::<Test>::PoolExhausted);
        assert_noop!(Delegating::bond_more(signed(1), V, 1_000 * ERGN), Error::<Test>::PoolExhausted);
        assert_ok!(Delegating::undelegate_all(signed(1), V));
        let left = 100_000 * ERGN / 2_048;
        assert!((left - 1..=left).contains(&held(1)), "{}", held(1));
    });
}

#[test]
fn slashes_of_many_sessions_are_remembered_in_order_and_within_bounds() {
    story(|| {
        bond(1, V, 100_000);
        for offence in [5, 3, 9, 1, 7, 3, 2, 4, 6] {
            slash(V, offence, 1);
            Delegating::do_try_state().expect("invariants hold");
        }
        let pool = Pools::<Test>::get(V).expect("has stake");
        let offences: Vec<_> = pool.slashes.iter().map(|record| record.offence).collect();
        assert_eq!(offences, [1, 2, 3, 4, 5, 6, 7, 9]);
        assert_eq!(pool.left_since(0), math::ONE);
        assert!(pool.left_since(3) > pool.left_since(4));
        for offence in 8..8 + types::MAX_SLASHES - 6 {
            slash(V, offence, 1);
        }
        let pool = Pools::<Test>::get(V).expect("has stake");
        assert_eq!(pool.slashes.first().map(|record| record.offence), Some(2), "the oldest is forgotten");
    });
}
