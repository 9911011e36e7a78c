//! Each invariant catches a state that breaks it.

use ergon_primitives::nodes::{Service, Services};
use frame_support::traits::{fungible::MutateHold, tokens::Precision};

use crate::{mock::*, *};

fn broken(expected: &str, break_it: impl FnOnce()) {
    let tell = || {
        let (first, second) = (create(1), create(2));
        member(1, 11, BOTH, first);
        member(20, 12, RELAY, first);
        member(21, 13, STORAGE, second);
        WorkNodes::do_try_state().expect("it is in order before");
        break_it();
    };
    let last = || match WorkNodes::do_try_state() {
        Err(sp_runtime::TryRuntimeError::Other(why)) => assert!(why.starts_with(expected), "{why}, not {expected}"),
        other => panic!("{other:?}, not {expected}"),
    };
    broken_story(3, tell, last);
}

fn change_node(node: u64, change: impl FnOnce(&mut Node<AccountId>)) {
    Registry::<Test>::mutate(key(node), |node| change(node.as_mut().expect("it is there")));
}

fn change_pool(pool: u32, change: impl FnOnce(&mut Pool<AccountId>)) {
    Pools::<Test>::mutate(pool, |pool| change(pool.as_mut().expect("it is there")));
}

#[test]
fn every_invariant_is_checked() {
    broken("1: an operator does not", || change_pool(0, |pool| pool.operator = 3));
    broken("1: a pool of the future", || NextPool::<Test>::put(1));
    broken("1: an operator without", || PoolOf::<Test>::insert(3, 0));
    broken("2: an owner's nodes", || Funders::<Test>::mutate(20, |funder| funder.nodes = 2));
    broken("2: an owner's nodes", || Funders::<Test>::mutate(20, |funder| funder.in_pool = 0));
    broken("2: an owner's nodes", || change_node(12, |node| node.owner = 21));
    broken("2: bound to a pool", || {
        change_node(12, |node| node.standing = Standing::Alone);
        Funders::<Test>::insert(20, Funder { nodes: 1, pool: Some(0), asking: 0, in_pool: 0 });
    });
    broken("2: an owner of nothing", || Funders::<Test>::insert(30, Funder::default()));
    broken("3: a node in a closed pool", || {
        change_node(12, |node| node.standing = Standing::In(7));
        Funders::<Test>::mutate(20, |funder| funder.pool = Some(7));
    });
    broken("3: an owner in two pools", || {
        change_node(12, |node| node.owner = 21);
        Funders::<Test>::remove(20);
        Funders::<Test>::mutate(21, |funder| funder.nodes = 2);
    });
    broken("3: an operator in another pool", || {
        change_node(11, |node| node.standing = Standing::In(1));
        Funders::<Test>::mutate(1, |funder| funder.pool = Some(1));
    });
    broken("4: a pool's nodes", || change_pool(1, |pool| pool.nodes = 0));
    broken("5: a pool's list", || Serving::<Test>::remove(Service::Relay, 0));
    broken("5: a pool's list", || change_node(13, |node| node.services = BOTH));
    broken("5: a pool's list", || {
        Serving::<Test>::insert(Service::Relay, 1, Listed { since: 0, nodes: Default::default() })
    });
    broken("5: a node offers nothing", || {
        change_node(13, |node| node.services = Services::default());
        Serving::<Test>::remove(Service::Storage, 1);
    });
    let release = |reason: HoldReason, who| {
        Balances::release(&reason.into(), &who, 1, Precision::Exact).expect("it is held");
    };
    broken("6: a pool's deposit", || release(HoldReason::Pool, 2));
    broken("6: a node's deposit", || release(HoldReason::Node, 20));
}
