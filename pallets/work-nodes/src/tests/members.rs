//! Who gets into which pool, and out of it.

use ergon_primitives::nodes::Service;
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, *};

#[test]
fn a_node_joins_if_its_owner_and_the_operator_want_it() {
    story(2, || {
        let pool = create(1);
        assert_ok!(register(20, 11, BOTH));
        assert_noop!(WorkNodes::admit(signed(1), key(11)), Error::<Test>::NotAsked);
        assert_noop!(WorkNodes::join(signed(1), key(11), pool), Error::<Test>::NotOwner);
        assert_noop!(WorkNodes::join(signed(20), key(12), pool), Error::<Test>::UnknownNode);
        assert_noop!(WorkNodes::join(signed(20), key(11), 9), Error::<Test>::UnknownPool);
        assert_ok!(WorkNodes::join(signed(20), key(11), pool));
        System::assert_last_event(Event::JoinAsked { node: key(11), owner: 20, pool }.into());
        assert_eq!(entities(Service::Relay, &[]), [0u64; 0], "who only asks is not drawn");
        assert_noop!(WorkNodes::join(signed(20), key(11), pool), Error::<Test>::AlreadyAsked);
        assert_noop!(WorkNodes::admit(signed(20), key(11)), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::admit(signed(2), key(11)), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::admit(signed(1), key(12)), Error::<Test>::UnknownNode);
        assert_ok!(WorkNodes::admit(signed(1), key(11)));
        System::assert_last_event(Event::NodeJoined { node: key(11), owner: 20, pool, operator: 1 }.into());
        let worker = draw(Service::Storage, 1, 3, &[]).pop().expect("there is one");
        assert_eq!((worker.node, worker.entity, worker.owner), (key(11), 1, 20));
        assert_noop!(WorkNodes::admit(signed(1), key(11)), Error::<Test>::NotAsked);
        assert_noop!(WorkNodes::join(signed(20), key(11), pool), Error::<Test>::AlreadyInPool);
        let shown = WorkNodes::pool(pool).expect("it is there");
        assert_eq!((shown.pool.nodes, shown.nodes), (1, vec![key(11)]));
        assert_eq!(WorkNodes::node(key(11)).map(|node| node.standing), Some(Standing::In(pool)));
    });
}

#[test]
fn an_operators_own_node_needs_nobody_else() {
    story(1, || {
        let pool = create(1);
        assert_ok!(register(1, 11, RELAY));
        assert_ok!(WorkNodes::join(signed(1), key(11), pool));
        assert_eq!(standing(11), Standing::In(pool));
        assert_noop!(WorkNodes::close_pool(signed(1), pool), Error::<Test>::PoolNotEmpty);
    });
}

#[test]
fn a_node_leaves_when_its_owner_wants() {
    story(2, || {
        let pool = create(1);
        member(20, 11, RELAY, pool);
        assert_noop!(WorkNodes::leave(signed(1), key(11)), Error::<Test>::NotOwner);
        assert_noop!(WorkNodes::leave(signed(20), key(12)), Error::<Test>::UnknownNode);
        assert_ok!(WorkNodes::leave(signed(20), key(11)));
        System::assert_last_event(Event::NodeLeft { node: key(11), owner: 20, pool, expelled: false }.into());
        assert_noop!(WorkNodes::leave(signed(20), key(11)), Error::<Test>::NoPool);
        assert!(!WorkNodes::offers(&1, Service::Relay));
        assert_eq!(Funders::<Test>::get(20), Funder { nodes: 1, ..Default::default() });
        // A request is taken back in the same way.
        assert_ok!(WorkNodes::join(signed(20), key(11), pool));
        assert_ok!(WorkNodes::leave(signed(20), key(11)));
        System::assert_last_event(Event::RequestDropped { node: key(11), owner: 20, pool }.into());
        assert_noop!(WorkNodes::admit(signed(1), key(11)), Error::<Test>::NotAsked);
    });
}

#[test]
fn an_operator_expels_nodes_and_turns_requests_away() {
    story(2, || {
        let pool = create(1);
        member(20, 11, RELAY, pool);
        assert_noop!(WorkNodes::expel(signed(2), key(11)), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::expel(signed(20), key(11)), Error::<Test>::NotOperator);
        assert_noop!(WorkNodes::expel(signed(1), key(12)), Error::<Test>::UnknownNode);
        assert_ok!(WorkNodes::expel(signed(1), key(11)));
        System::assert_last_event(Event::NodeLeft { node: key(11), owner: 20, pool, expelled: true }.into());
        assert_noop!(WorkNodes::expel(signed(1), key(11)), Error::<Test>::NoPool);
        assert_ok!(WorkNodes::join(signed(20), key(11), pool));
        assert_ok!(WorkNodes::expel(signed(1), key(11)));
        System::assert_last_event(Event::RequestDropped { node: key(11), owner: 20, pool }.into());
        assert_eq!(standing(11), Standing::Alone);
        assert_eq!(held(20), (0, 10), "the deposit is for the register");
    });
}

#[test]
fn a_request_replaces_the_one_before() {
    story(2, || {
        let (first, second) = (create(1), create(2));
        assert_ok!(register(20, 11, RELAY));
        assert_ok!(WorkNodes::join(signed(20), key(11), first));
        assert_ok!(WorkNodes::join(signed(20), key(11), second));
        System::assert_has_event(Event::RequestDropped { node: key(11), owner: 20, pool: first }.into());
        System::assert_last_event(Event::JoinAsked { node: key(11), owner: 20, pool: second }.into());
        assert_noop!(WorkNodes::admit(signed(1), key(11)), Error::<Test>::NotOperator);
        assert_ok!(WorkNodes::admit(signed(2), key(11)));
    });
}

#[test]
fn an_account_stands_in_one_pool_only() {
    story(3, || {
        let (first, second) = (create(1), create(2));
        assert_ok!(register(20, 11, RELAY));
        assert_ok!(register(20, 12, RELAY));
        assert_ok!(WorkNodes::join(signed(20), key(11), first));
        // Not even a request of another of its nodes.
        assert_noop!(WorkNodes::join(signed(20), key(12), second), Error::<Test>::OtherPool);
        assert_ok!(WorkNodes::admit(signed(1), key(11)));
        assert_noop!(WorkNodes::join(signed(20), key(12), second), Error::<Test>::OtherPool);
        assert_noop!(WorkNodes::join(signed(20), key(11), second), Error::<Test>::AlreadyInPool);
        assert_ok!(WorkNodes::join(signed(20), key(12), first));
        // An operator stands in its own.
        assert_ok!(register(2, 13, RELAY));
        assert_noop!(WorkNodes::join(signed(2), key(13), first), Error::<Test>::OtherPool);
        // Who stands in one runs no other.
        member(3, 14, RELAY, second);
        assert_noop!(WorkNodes::create_pool(signed(3), bytes("x")), Error::<Test>::OtherPool);
        assert_ok!(WorkNodes::leave(signed(3), key(14)));
        assert_ok!(WorkNodes::join(signed(3), key(14), first));
        assert_noop!(WorkNodes::create_pool(signed(3), bytes("x")), Error::<Test>::OtherPool);
    });
}

#[test]
fn pools_and_owners_have_32_nodes_at_most() {
    story(2, || {
        let pool = create(1);
        let most = u64::from(MAX_NODES);
        (100..100 + most).for_each(|node| member(1, node, RELAY, pool));
        assert_noop!(register(1, 99, RELAY), Error::<Test>::TooManyNodes);
        assert_ok!(register(20, 98, RELAY));
        assert_ok!(WorkNodes::join(signed(20), key(98), pool));
        assert_noop!(WorkNodes::admit(signed(1), key(98)), Error::<Test>::PoolFull);
        assert_ok!(WorkNodes::remove_node(signed(1), key(100)));
        assert_ok!(WorkNodes::admit(signed(1), key(98)));
        assert_ok!(register(1, 99, RELAY));
        assert_noop!(WorkNodes::join(signed(1), key(99), pool), Error::<Test>::PoolFull);
        assert_eq!(WorkNodes::pool(pool).map(|shown| shown.nodes.len()), Some(32));
    });
}
