//! Who runs pools, how they pass on, and what becomes of those whose operator is gone.

use ergon_primitives::{nodes::Service, staking::MAX_REGISTERED};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, TokenError};

use crate::{mock::*, *};

#[test]
fn a_validator_runs_one_pool_and_has_its_deposit_back() {
    story(2, || {
        assert_noop!(WorkNodes::create_pool(RuntimeOrigin::none(), bytes("x")), DispatchError::BadOrigin);
        assert_noop!(WorkNodes::create_pool(signed(9), bytes("x")), Error::<Test>::NotEntity);
        assert_ok!(WorkNodes::create_pool(signed(1), bytes("one")));
        let created = Event::PoolCreated { pool: 0, operator: 1, name: bytes("one"), deposit: 100 };
        System::assert_last_event(created.into());
        assert_eq!(held(1), (100, 0));
        assert_noop!(WorkNodes::create_pool(signed(1), bytes("two")), Error::<Test>::HasPool);
        assert_noop!(WorkNodes::close_pool(signed(2), 0), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::close_pool(signed(1), 1), Error::<Test>::UnknownPool);
        // What is returned is what was taken.
        PoolDeposit::set(300);
        assert_ok!(WorkNodes::close_pool(signed(1), 0));
        System::assert_last_event(Event::PoolClosed { pool: 0, operator: 1, returned: 100 }.into());
        assert_eq!((held(1), Balances::free_balance(1)), ((0, 0), MONEY));
        assert_eq!(create(1), 1, "numbers are not used twice");
        PoolDeposit::set(MONEY);
        assert_noop!(WorkNodes::create_pool(signed(2), bytes("x")), TokenError::FundsUnavailable);
    });
}

#[test]
fn pools_are_bounded_and_so_are_their_numbers() {
    story(0, || {
        let many = u64::from(MAX_REGISTERED);
        (1_001..=1_001 + many).for_each(|who| make_entity(&who));
        (1_001..1_001 + many).for_each(|who| {
            create(who);
        });
        assert_eq!(WorkNodes::create_pool(signed(1_001 + many), bytes("x")), Err(Error::<Test>::TooManyPools.into()));
        assert_ok!(WorkNodes::close_pool(signed(1_001), 0));
        assert_ok!(WorkNodes::create_pool(signed(1_001 + many), bytes("x")));
        assert_ok!(WorkNodes::close_pool(signed(1_002), 1));
        NextPool::<Test>::put(u32::MAX);
        assert_noop!(WorkNodes::create_pool(signed(1_002), bytes("x")), Error::<Test>::NoNumberLeft);
    });
}

#[test]
fn a_pool_passes_on_if_both_operators_want_it() {
    story(4, || {
        let pool = create(1);
        member(1, 11, RELAY, pool);
        member(20, 12, RELAY, pool);
        assert_noop!(WorkNodes::offer_pool(signed(2), pool, Some(2)), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::offer_pool(signed(1), 7, Some(2)), Error::<Test>::UnknownPool);
        assert_noop!(WorkNodes::accept_pool(signed(2), pool), Error::<Test>::NotOffered);
        assert_noop!(WorkNodes::accept_pool(signed(2), 7), Error::<Test>::UnknownPool);
        assert_ok!(WorkNodes::offer_pool(signed(1), pool, Some(2)));
        System::assert_last_event(Event::PoolOffered { pool, operator: 1, to: Some(2) }.into());
        assert_noop!(WorkNodes::accept_pool(signed(3), pool), Error::<Test>::NotOffered);
        // It was withdrawn, and offered again.
        assert_ok!(WorkNodes::offer_pool(signed(1), pool, None));
        assert_noop!(WorkNodes::accept_pool(signed(2), pool), Error::<Test>::NotOffered);
        assert_ok!(WorkNodes::offer_pool(signed(1), pool, Some(2)));
        PoolDeposit::set(150);
        assert_ok!(WorkNodes::accept_pool(signed(2), pool));
        System::assert_last_event(Event::PoolAccepted { pool, from: 1, returned: 100, to: 2, deposit: 150 }.into());
        assert_eq!((held(1), held(2)), ((0, 10), (150, 0)));
        assert_eq!(entities(Service::Relay, &[]), [2], "from now on its nodes work for the new one");
        assert_noop!(WorkNodes::accept_pool(signed(2), pool), Error::<Test>::NotOffered);
        assert_noop!(WorkNodes::close_pool(signed(1), pool), Error::<Test>::NotOperator);
        // The one before still has a node in it, so it stands there.
        assert_noop!(WorkNodes::create_pool(signed(1), bytes("x")), Error::<Test>::OtherPool);
        assert_ok!(WorkNodes::leave(signed(1), key(11)));
        assert_eq!(create(1), pool + 1);
    });
}

#[test]
fn who_takes_a_pool_over_must_be_a_validator_that_stands_in_no_other() {
    story(4, || {
        let (first, second) = (create(1), create(2));
        let offered_to = |who| {
            assert_ok!(WorkNodes::offer_pool(signed(1), first, Some(who)));
        };
        offered_to(9);
        assert_noop!(WorkNodes::accept_pool(signed(9), first), Error::<Test>::NotEntity);
        offered_to(2);
        assert_noop!(WorkNodes::accept_pool(signed(2), first), Error::<Test>::HasPool);
        offered_to(1);
        assert_noop!(WorkNodes::accept_pool(signed(1), first), Error::<Test>::HasPool);
        member(3, 31, RELAY, second);
        offered_to(3);
        assert_noop!(WorkNodes::accept_pool(signed(3), first), Error::<Test>::OtherPool);
        // Who asks for this one, or is in it, may.
        assert_ok!(register(4, 41, RELAY));
        assert_ok!(WorkNodes::join(signed(4), key(41), first));
        offered_to(4);
        assert_ok!(WorkNodes::accept_pool(signed(4), first));
        assert_eq!(standing(41), Standing::Asks(first));
        assert_ok!(WorkNodes::join(signed(4), key(41), first));
        assert_eq!(standing(41), Standing::In(first), "its operator's own request needs nobody else");
    });
}

#[test]
fn a_pool_whose_operator_is_gone_draws_nobody_and_can_be_cleared_by_anybody() {
    story(2, || {
        let pool = create(1);
        member(1, 11, RELAY, pool);
        member(20, 12, RELAY, pool);
        member(21, 13, RELAY, pool);
        assert_ok!(register(22, 14, RELAY));
        assert_ok!(WorkNodes::join(signed(22), key(14), pool));
        assert_noop!(WorkNodes::expel(signed(9), key(11)), Error::<Test>::NotOperator);
        Registered::set(vec![2]);
        assert_eq!(entities(Service::Relay, &[]), [0u64; 0]);
        assert_noop!(WorkNodes::admit(signed(1), key(14)), Error::<Test>::OperatorGone);
        assert_ok!(register(1, 15, RELAY));
        assert_noop!(WorkNodes::join(signed(1), key(15), pool), Error::<Test>::OperatorGone);
        assert_ok!(register(23, 16, RELAY));
        assert_noop!(WorkNodes::join(signed(23), key(16), pool), Error::<Test>::OperatorGone);
        assert_noop!(WorkNodes::close_pool(signed(9), pool), Error::<Test>::PoolNotEmpty);
        assert_ok!(WorkNodes::leave(signed(20), key(12)));
        assert_ok!(WorkNodes::expel(signed(9), key(11)));
        System::assert_last_event(Event::NodeLeft { node: key(11), owner: 1, pool, expelled: true }.into());
        assert_ok!(WorkNodes::expel(signed(1), key(13)));
        assert_ok!(WorkNodes::close_pool(signed(9), pool));
        assert_eq!(held(1), (0, 20), "the deposit is its operator's");
        // Who comes back begins anew.
        Registered::set(vec![1, 2]);
        assert_eq!(create(1), pool + 1);
    });
}

#[test]
fn who_asked_for_a_pool_that_closed_asks_for_nothing() {
    story(2, || {
        let pool = create(1);
        for node in [11, 12, 13] {
            assert_ok!(register(20, node, RELAY));
            assert_ok!(WorkNodes::join(signed(20), key(node), pool));
        }
        assert_ok!(WorkNodes::close_pool(signed(1), pool));
        assert_noop!(WorkNodes::admit(signed(1), key(11)), Error::<Test>::NotAsked);
        assert_noop!(WorkNodes::expel(signed(1), key(11)), Error::<Test>::NoPool);
        assert_noop!(WorkNodes::join(signed(20), key(11), pool), Error::<Test>::UnknownPool);
        let other = create(2);
        assert_ok!(WorkNodes::join(signed(20), key(11), other));
        assert_ok!(WorkNodes::admit(signed(2), key(11)));
        assert_ok!(WorkNodes::leave(signed(20), key(12)));
        System::assert_last_event(Event::RequestDropped { node: key(12), owner: 20, pool }.into());
        assert_eq!(Funders::<Test>::get(20), Funder { nodes: 3, pool: Some(other), asking: 0, in_pool: 1 });
        assert_ok!(WorkNodes::join(signed(20), key(13), other));
        assert_eq!(Funders::<Test>::get(20), Funder { nodes: 3, pool: Some(other), asking: 1, in_pool: 1 });
    });
}
