//! How nodes are registered, changed and removed, and where deposits are.

use ergon_primitives::{
    nodes::{Nodes, Service, Services},
    Hash,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use crate::{mock::*, *};

#[test]
fn a_node_is_registered_once_by_who_funds_it() {
    story(1, || {
        assert!(!WorkNodes::is_node(&key(11)));
        assert_ok!(register(20, 11, RELAY));
        let registered = Event::NodeRegistered {
            node: key(11),
            owner: 20,
            services: RELAY,
            endpoint: bytes("1.2.3.4:30333"),
            deposit: 10,
        };
        System::assert_last_event(registered.into());
        assert_eq!((held(20), standing(11)), ((0, 10), Standing::Alone));
        assert!(WorkNodes::is_node(&key(11)));
        assert_noop!(register(20, 11, RELAY), Error::<Test>::AlreadyRegistered);
        assert_noop!(register(21, 11, RELAY), Error::<Test>::AlreadyRegistered);
        assert_noop!(register(20, 12, Services::default()), Error::<Test>::NoService);
        assert_noop!(register(9_999, 12, RELAY), TokenError::FundsUnavailable);
    });
}

#[test]
fn nobody_registers_a_key_that_it_does_not_hold() {
    story(1, || {
        let refused = |owner, consent| {
            let call = WorkNodes::register_node(signed(owner), key(11), RELAY, bytes("x"), consent);
            assert_eq!(call, Err(Error::<Test>::BadConsent.into()));
            assert!(!Registry::<Test>::contains_key(key(11)));
        };
        refused(20, consent_on(&GENESIS, 12, 20));
        refused(20, consent_on(&GENESIS, 11, 21));
        refused(20, consent_on(&Hash::repeat_byte(8), 11, 20));
        assert_ok!(register(20, 11, RELAY));
    });
}

#[test]
fn the_genesis_hash_is_never_forgotten() {
    story(0, || {
        for number in 2..600u32 {
            // The hash of an old block is forgotten when a later one ends.
            let _header = System::finalize();
            System::initialize(&number, &Hash::repeat_byte(1), &Default::default());
        }
        assert_eq!(System::block_hash(1), Hash::zero());
        assert_eq!(WorkNodes::genesis(), GENESIS);
    });
}

#[test]
fn what_a_node_offers_decides_for_what_it_is_drawn() {
    story(1, || {
        let pool = create(1);
        member(1, 11, RELAY, pool);
        let offers = |service| WorkNodes::offers(&1, service);
        assert_eq!((offers(Service::Relay), offers(Service::Storage)), (true, false));
        let update = |who, services| WorkNodes::update_node(signed(who), key(11), services, bytes("b"));
        assert_noop!(update(2, BOTH), Error::<Test>::NotOwner);
        assert_noop!(update(1, Services::default()), Error::<Test>::NoService);
        assert_noop!(WorkNodes::update_node(signed(1), key(12), BOTH, bytes("b")), Error::<Test>::UnknownNode);
        assert_ok!(update(1, STORAGE));
        System::assert_last_event(Event::NodeUpdated { node: key(11), services: STORAGE, endpoint: bytes("b") }.into());
        assert_eq!((offers(Service::Relay), offers(Service::Storage)), (false, true));
        assert_ok!(update(1, BOTH));
        assert_eq!((offers(Service::Relay), offers(Service::Storage)), (true, true));
        // Outside of a pool it is listed nowhere.
        assert_ok!(WorkNodes::leave(signed(1), key(11)));
        assert_ok!(update(1, RELAY));
        assert_eq!((offers(Service::Relay), offers(Service::Storage)), (false, false));
    });
}

#[test]
fn a_node_is_removed_out_of_its_pool() {
    story(1, || {
        let pool = create(1);
        member(20, 11, BOTH, pool);
        member(20, 12, STORAGE, pool);
        assert_noop!(WorkNodes::remove_node(signed(1), key(11)), Error::<Test>::NotOwner);
        assert_noop!(WorkNodes::remove_node(signed(20), key(13)), Error::<Test>::UnknownNode);
        NodeDeposit::set(50);
        assert_ok!(WorkNodes::remove_node(signed(20), key(11)));
        System::assert_has_event(Event::NodeLeft { node: key(11), owner: 20, pool, expelled: false }.into());
        System::assert_last_event(Event::NodeRemoved { node: key(11), owner: 20, returned: 10 }.into());
        assert!(!WorkNodes::is_node(&key(11)));
        assert_eq!([Service::Relay, Service::Storage].map(|service| WorkNodes::offers(&1, service)), [false, true]);
        // Its owner may register it again, as may another with its consent.
        assert_ok!(register(21, 11, RELAY));
        assert_eq!((held(20), held(21)), ((0, 10), (0, 50)));
    });
}

#[test]
fn all_deposits_come_back() {
    story(3, || {
        let (first, second) = (create(1), create(2));
        member(1, 11, BOTH, first);
        member(20, 12, RELAY, first);
        member(21, 13, STORAGE, second);
        assert_ok!(register(21, 14, BOTH));
        assert_ok!(WorkNodes::join(signed(21), key(14), second));
        PoolDeposit::set(7);
        NodeDeposit::set(3);
        assert_ok!(register(22, 15, BOTH));
        assert_ok!(WorkNodes::offer_pool(signed(1), first, Some(3)));
        assert_ok!(WorkNodes::accept_pool(signed(3), first));
        for (owner, node) in [(1, 11), (20, 12), (21, 13), (21, 14), (22, 15)] {
            assert_ok!(WorkNodes::remove_node(signed(owner), key(node)));
        }
        assert_ok!(WorkNodes::close_pool(signed(3), first));
        assert_ok!(WorkNodes::close_pool(signed(2), second));
        assert!((1..=50).all(|who| Balances::free_balance(who) == MONEY && held(who) == (0, 0)));
        // And nothing is left behind.
        assert_eq!((Registry::<Test>::iter().count(), Funders::<Test>::iter().count()), (0, 0));
        assert_eq!(
            (Pools::<Test>::count(), PoolOf::<Test>::iter().count(), Serving::<Test>::iter().count()),
            (0, 0, 0)
        );
    });
}
