//! Who is drawn: entities all alike, no two of one pool, and nobody who is linked with a party.

use std::collections::{BTreeMap, BTreeSet};

use ergon_primitives::{
    nodes::{Nodes, Service},
    orders::MAX_PLACES,
    Hash,
};
use frame_support::assert_ok;

use crate::{mock::*, scenes, *};

/// Pools of the operators 1 to `pools`, each with one relay of its own: node 100 + operator.
fn pools_of_one(pools: u64) {
    for operator in 1..=pools {
        let pool = create(operator);
        member(operator, 100 + operator, RELAY, pool);
    }
}

#[test]
fn entities_are_drawn_alike_however_many_nodes_they_have() {
    story(5, || {
        for (operator, nodes) in [(1, 1), (2, 2), (3, 8), (4, 16), (5, 32)] {
            let pool = create(operator);
            (0..nodes).for_each(|node| member(operator, 100 * operator + node, RELAY, pool));
        }
        let mut by_entity: BTreeMap<AccountId, u32> = BTreeMap::new();
        let mut by_node: BTreeMap<_, u32> = BTreeMap::new();
        for seed in 0..5_000 {
            let drawn = draw(Service::Relay, seed, 1, &[]);
            assert_eq!(drawn.len(), 1);
            *by_entity.entry(drawn[0].entity).or_default() += 1;
            *by_node.entry(drawn[0].node).or_default() += 1;
        }
        // A fifth of 5,000 each; the standard deviation is 28.
        assert_eq!(by_entity.len(), 5);
        assert!(by_entity.values().all(|times| (885..=1_115).contains(times)), "{by_entity:?}");
        // And within a pool its nodes: 1,000 / 16, with a deviation of 8.
        let of_4: Vec<_> = (400..416).map(|node| by_node.get(&key(node)).copied().unwrap_or_default()).collect();
        assert!(of_4.iter().all(|times| (28..=100).contains(times)), "{of_4:?}");
    });
}

#[test]
fn places_are_alike_too() {
    story(5, || {
        pools_of_one(5);
        // How often each comes first, second, third.
        let mut times = [[0u32; 5]; 3];
        for seed in 0..5_000 {
            for (place, worker) in draw(Service::Relay, seed, 3, &[]).iter().enumerate() {
                times[place][worker.entity as usize - 1] += 1;
            }
        }
        assert!(times.iter().flatten().all(|times| (885..=1_115).contains(times)), "{times:?}");
    });
}

#[test]
fn no_two_are_of_one_entity_and_the_same_seed_draws_the_same() {
    story(4, || {
        for operator in 1..=4 {
            let pool = create(operator);
            (0..3).for_each(|node| member(20 + operator, 100 * operator + node, BOTH, pool));
        }
        for seed in 0..200 {
            let drawn = draw(Service::Storage, seed, 3, &[]);
            assert_eq!(drawn.len(), 3, "with so few pools every one is tried");
            let entities: BTreeSet<_> = drawn.iter().map(|worker| worker.entity).collect();
            let owners: BTreeSet<_> = drawn.iter().map(|worker| worker.owner).collect();
            assert_eq!((entities.len(), owners.len()), (3, 3));
            assert!(drawn.iter().all(|worker| worker.owner == worker.entity + 20));
            assert_eq!(draw(Service::Storage, seed, 3, &[]), drawn);
        }
        assert_eq!(draw(Service::Relay, 1, 0, &[]), []);
        assert_eq!(draw(Service::Relay, 1, u32::MAX, &[]).len(), MAX_PLACES as usize, "never more");
    });
}

#[test]
fn only_eligible_entities_are_drawn_and_only_nodes_that_offer_the_service() {
    story(4, || {
        assert_eq!(draw(Service::Relay, 1, 3, &[]), []);
        pools_of_one(4);
        assert_eq!(entities(Service::Relay, &[]), [1, 2, 3, 4]);
        assert_eq!(entities(Service::Storage, &[]), [0u64; 0]);
        Jailed::set(vec![2]);
        assert_eq!(entities(Service::Relay, &[]), [1, 3, 4]);
        Registered::set(vec![1, 2, 4]);
        assert_eq!(entities(Service::Relay, &[]), [1, 4]);
        assert_ok!(WorkNodes::update_node(signed(4), key(104), STORAGE, bytes("x")));
        assert_eq!((entities(Service::Relay, &[]), entities(Service::Storage, &[])), (vec![1], vec![4]));
        let offers = |who| WorkNodes::offers(&who, Service::Relay);
        assert_eq!([1, 2, 4].map(offers), [true, false, false]);
    });
}

#[test]
fn who_is_linked_with_a_party_is_not_drawn() {
    story(3, || {
        pools_of_one(3);
        member(20, 11, RELAY, 0);
        member(21, 12, RELAY, 0);
        assert_ok!(register(22, 13, RELAY));
        assert_ok!(WorkNodes::join(signed(22), key(13), 0));
        // The operator, the owner, another owner in the pool: all of the pool is closed to them.
        for party in [1, 20, 21] {
            assert_eq!(entities(Service::Relay, &[party]), [2, 3], "{party}");
        }
        // Who only asks, or has nothing to do with it, is not linked.
        for party in [22, 30] {
            assert_eq!(entities(Service::Relay, &[party]), [1, 2, 3], "{party}");
        }
        assert_eq!(entities(Service::Relay, &[20, 2]), [3]);
        assert_eq!(entities(Service::Relay, &[1, 2, 3]), [0u64; 0]);
        // When it is over, it is over.
        assert_ok!(WorkNodes::leave(signed(20), key(11)));
        assert_eq!(entities(Service::Relay, &[20]), [1, 2, 3]);
        // But not for the order that was opened before.
        let drawn = |closed| {
            (0..50).any(|seed| {
                let found = <WorkNodes as Nodes<AccountId>>::draw(
                    Service::Relay,
                    Hash::from_low_u64_be(seed),
                    3,
                    &[20],
                    closed,
                    1_000,
                );
                found.iter().any(|worker| worker.entity == 1)
            })
        };
        assert!(drawn(None) && !drawn(Some(0)));
    });
}

#[test]
fn a_change_of_operator_changes_who_is_linked() {
    story(3, || {
        let pool = create(1);
        member(20, 11, RELAY, pool);
        assert_ok!(WorkNodes::offer_pool(signed(1), pool, Some(2)));
        assert_ok!(WorkNodes::accept_pool(signed(2), pool));
        assert_eq!((entities(Service::Relay, &[1]), entities(Service::Relay, &[2])), (vec![2], vec![]));
    });
}

#[test]
fn a_draw_tries_the_whole_set_and_nobody_outside_of_it() {
    story(20, || {
        pools_of_one(20);
        let found = |seed| draw(Service::Relay, seed, 3, &[]).into_iter().map(|worker| worker.entity);
        Jailed::set((1..=20).filter(|who| ![2, 7, 11].contains(who)).collect());
        (0..50).for_each(|seed| assert_eq!(found(seed).collect::<BTreeSet<_>>(), BTreeSet::from([2, 7, 11])));
        // Who has a pool, and is a registered validator, but not in the active set.
        Inactive::set(vec![7, 8]);
        (0..50).for_each(|seed| assert_eq!(found(seed).collect::<BTreeSet<_>>(), BTreeSet::from([2, 11])));
        Inactive::set(vec![]);
        Jailed::set(vec![]);
        assert_eq!((0..200).flat_map(found).collect::<BTreeSet<_>>().len(), 20);
    });
}

#[test]
fn the_longest_draw_finds_three_with_its_last_attempts() {
    broken_story(
        0,
        || {
            let (seed, nodes) = scenes::longest_draw::<Test>(Service::Relay, set_members, make_entity);
            let found = || <WorkNodes as Nodes<AccountId>>::draw(Service::Relay, seed, 3, &[], None, 0);
            assert_eq!(found().iter().map(|worker| worker.node).collect::<Vec<_>>(), nodes);
            assert_eq!((nodes.len(), Registered::get().len()), (3, 100));
            // Everybody else comes before them.
            let listed =
                Serving::<Test>::iter_prefix(Service::Relay).flat_map(|(_, listed)| listed.nodes.into_iter().take(1));
            let ghosts: Vec<_> = listed.filter(|node| !nodes.contains(node)).collect();
            let record = Registry::<Test>::get(nodes[0]).expect("is known");
            assert_eq!(ghosts.len(), 97);
            ghosts.into_iter().for_each(|node| Registry::<Test>::insert(node, &record));
            assert!(found().iter().all(|worker| !nodes.contains(&worker.node)));
        },
        || {},
    );
}

#[test]
fn a_pool_that_passed_on_is_not_drawn_for_orders_that_were_open() {
    story(3, || {
        // The last author before the draw knows the seed: it finds the pool of 1, who is not in the set, run by 2 at once.
        Inactive::set(vec![1]);
        let pool = create(1);
        member(20, 11, BOTH, pool);
        let other = create(3);
        member(3, 103, RELAY, other);
        let found = |opened| -> Vec<AccountId> {
            let drawn = <WorkNodes as Nodes<AccountId>>::draw(Service::Relay, Hash::zero(), 3, &[], None, opened);
            drawn.into_iter().map(|worker| worker.entity).collect()
        };
        let opened = System::block_number();
        System::set_block_number(opened + 8);
        assert_ok!(WorkNodes::offer_pool(signed(1), pool, Some(2)));
        assert_ok!(WorkNodes::accept_pool(signed(2), pool));
        assert_eq!(found(opened), [3]);
        assert_eq!(found(opened + 7), [3]);
        assert_eq!(found(opened + 8).len(), 2);
    });
}

#[test]
fn who_knows_the_seed_can_take_his_own_out_but_not_choose_who_comes_instead() {
    story(9, || {
        pools_of_one(9);
        let pool = PoolOf::<Test>::get(9).expect("it has one");
        let leave = || WorkNodes::leave(signed(9), key(109)).expect("is in it");
        let join = || WorkNodes::join(signed(9), key(109), pool).expect("is its own");
        let entities = |seed| draw(Service::Relay, seed, 3, &[]).into_iter().map(|worker| worker.entity);
        for seed in 0..50 {
            let all: Vec<_> = entities(seed).collect();
            leave();
            let others: Vec<_> = all.iter().copied().filter(|who| *who != 9).collect();
            assert!(entities(seed).collect::<Vec<_>>().starts_with(&others), "the others come in the same order");
            join();
            assert!(entities(seed).eq(all));
        }
        // Who is listed after the order was opened is not drawn for it.
        let opened = System::block_number();
        System::set_block_number(opened + 1);
        leave();
        join();
        let is_drawn = |opened, seed| {
            let seed = Hash::repeat_byte(seed);
            let drawn = <WorkNodes as Nodes<AccountId>>::draw(Service::Relay, seed, 3, &[], None, opened);
            drawn.iter().any(|worker| worker.entity == 9)
        };
        assert!((0..100).all(|seed| !is_drawn(opened, seed)));
        assert!((0..100).any(|seed| is_drawn(opened + 1, seed)));
    });
}
