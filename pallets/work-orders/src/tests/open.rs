//! Opening, drawing, expiring: where the money is.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::{ArithmeticError, TokenError};

use crate::{mock::*, *};

const MB: u64 = 1_000_000;

#[test]
fn all_that_an_order_can_cost_is_taken_and_the_share_burned_when_it_is_drawn() {
    story(|| {
        // 12 MB are 12 × 3 for each of two relays, and three credits of 10 to burn.
        let id = open_session(12 * MB, 2, 3).expect("opens");
        assert_eq!(free(OWNER), MONEY - 2 * (36 + 30) - DEPOSIT);
        blocks(DRAW_DELAY - 1);
        assert!(Seeds::get().is_empty() && BurnedSum::get() == 0);
        next_block();
        assert_eq!(BurnedSum::get(), 60);
        let order = Orders::<Test>::get(id).expect("runs");
        assert_eq!(order.places.iter().map(|place| place.worker.node).collect::<Vec<_>>(), [key(11), key(12)]);
        assert_eq!(order.money(), Some(2 * 36 + DEPOSIT));
    });
}

#[test]
fn two_orders_of_a_block_are_drawn_by_different_seeds() {
    story(|| {
        let _orders = [open_session(5 * MB, 1, 1).expect("opens"), open_deal(10, 1, 1, 1).expect("opens")];
        blocks(DRAW_DELAY);
        let seeds = Seeds::get();
        assert!(seeds.len() == 2 && seeds[0] != seeds[1]);
    });
}

#[test]
fn an_order_without_any_node_gives_all_back() {
    story(|| {
        Workers::set(Vec::new());
        let id = session(5 * MB, 3, 100);
        assert_eq!((free(OWNER), BurnedSum::get()), (MONEY, 0));
        assert!(!Orders::<Test>::contains_key(id));
        let refunded = 3 * (500 + BURN) + DEPOSIT;
        System::assert_has_event(Event::Closed { order: id, owner: account(OWNER), refunded }.into());
    });
}

#[test]
fn places_without_a_node_give_their_part_back() {
    story(|| {
        Workers::mutate(|workers| workers.truncate(1));
        let id = session(5 * MB, 3, 100);
        assert_eq!(BurnedSum::get(), BURN);
        assert_ok!(redeem(receipt(id, 11, 5 * MB, 1)));
        assert_eq!(free(OWNER), MONEY - 500 - BURN, "at the end");
    });
}

#[test]
fn linked_parties_are_never_drawn() {
    story(|| {
        Workers::mutate(|workers| {
            workers[0].owner = account(OWNER);
            workers[1].entity = account(OWNER);
        });
        let id = session(5 * MB, 3, 1);
        let order = Orders::<Test>::get(id).expect("runs");
        assert_eq!(order.places.iter().map(|place| place.worker.node).collect::<Vec<_>>(), [key(13)]);
    });
}

#[test]
fn the_pool_that_an_owner_leaves_before_the_draw_stays_closed_to_him() {
    story(|| {
        PoolsOf::set([(OWNER, 3), (11, 3), (12, 4)].map(|(who, pool)| (account(who), pool)).into());
        let id = open_session(5 * MB, 3, 1).expect("opens");
        PoolsOf::mutate(|pools| pools.remove(&account(OWNER)));
        blocks(DRAW_DELAY);
        let order = Orders::<Test>::get(id).expect("runs");
        assert_eq!(order.places.iter().map(|place| place.worker.node).collect::<Vec<_>>(), [key(12), key(13)]);
    });
}

#[test]
fn money_that_a_stranger_sends_breaks_nothing() {
    use frame_support::traits::{fungible::Mutate, tokens::Preservation};
    story(|| {
        let id = session(5 * MB, 1, 1);
        Balances::transfer(&account(2), &WorkOrders::account(), 100, Preservation::Preserve).expect("is rich");
        Given::set(100);
        WorkOrders::do_try_state().expect("it has more than it owes");
        assert_ok!(redeem(receipt(id, 11, 5 * MB, 1)));
        assert_eq!(free(OWNER), MONEY - 5 - BURN);
    });
}

#[test]
fn what_is_unused_goes_back_when_the_time_is_over_but_not_the_share() {
    story(|| {
        let id = session(5 * MB, 2, 1);
        assert_ok!(redeem(receipt(id, 11, 5 * MB, 1)));
        blocks(8 * SESSION_SLOTS);
        assert!(Orders::<Test>::contains_key(id));
        next_block();
        assert!(!Orders::<Test>::contains_key(id));
        System::assert_has_event(Event::Closed { order: id, owner: account(OWNER), refunded: 5 + DEPOSIT }.into());
        assert_eq!(free(OWNER), MONEY - 5 - 2 * BURN);
        assert_eq!(QueueEnds::<Test>::get(Service::Relay), Ends { head: 1, tail: 1 });
    });
}

#[test]
fn sessions_end_while_deals_opened_before_them_go_on() {
    story(|| {
        let (deal, session) = (deal(10, 1, 5, 1), session(5 * MB, 1, 1));
        blocks(8 * SESSION_SLOTS + 1);
        assert!(Orders::<Test>::contains_key(deal) && !Orders::<Test>::contains_key(session));
        blocks(8 * (40 - SESSION_SLOTS));
        assert!(!Orders::<Test>::contains_key(deal));
        assert_eq!(free(OWNER), MONEY - BURN - 5 * BURN);
    });
}

#[test]
fn a_block_takes_and_closes_a_bounded_number() {
    story(|| {
        for _ in 0..MAX_ORDERS_PER_BLOCK {
            open_session(5 * MB, 1, 1).expect("opens");
        }
        assert_noop!(open_session(5 * MB, 1, 1), Error::<Test>::BlockFull);
        let other = open_deal(10, 1, 1, 1).expect("deals have room of their own");
        assert!(Draws::<Test>::get(1 + DRAW_DELAY, Service::Storage).contains(&other));
        next_block();
        let late = open_session(5 * MB, 1, 1).expect("the next block has room");
        blocks(DRAW_DELAY);
        // All sessions over at once: their ends are within a gap.
        blocks(8 * SESSION_SLOTS - 4);
        Now::mutate(|tick| *tick += 7);
        next_block();
        assert_eq!(Orders::<Test>::iter().count(), 2, "the last session, and the deal");
        assert_noop!(redeem(receipt(late, 11, 1, 1)), Error::<Test>::Late);
        next_block();
        assert_eq!(Orders::<Test>::iter().count(), 1);
    });
}

#[test]
fn outages_and_migrations_take_no_time_from_orders() {
    story(|| {
        let id = session(5 * MB, 1, 1);
        let last = blocks_until_over(id);
        // A slot's length without a block counts; more does not.
        Now::mutate(|tick| *tick += 7);
        next_block();
        assert_eq!(blocks_until_over(id), last - 8);
        Now::mutate(|tick| *tick += 8);
        next_block();
        Now::mutate(|tick| *tick += 100_000);
        next_block();
        assert_eq!(blocks_until_over(id), last - 8);
        Migrating::set(true);
        blocks(1_000);
        Migrating::set(false);
        assert_eq!(blocks_until_over(id), last - 8);
        blocks(u32::try_from(last - 8).expect("few"));
        assert_ok!(redeem(receipt(id, 11, 5 * MB, 1)));
        // The same with one block more.
        let id = session(5 * MB, 1, 1);
        Now::mutate(|tick| *tick += 100_000);
        blocks(8 * SESSION_SLOTS + 2);
        assert_noop!(redeem(receipt(id, 11, 5 * MB, 1)), Error::<Test>::UnknownOrder);
    });
}

fn blocks_until_over(id: u64) -> u64 {
    match Orders::<Test>::get(id).expect("runs").stage {
        Stage::Running { until } => until - WorkOrders::now(),
        stage => panic!("{stage:?}"),
    }
}

#[test]
fn bad_orders_are_refused_with_their_reason() {
    story(|| {
        assert_noop!(open_session(5 * MB, 0, 1), Error::<Test>::Places);
        assert_noop!(open_session(5 * MB, 4, 1), Error::<Test>::Places);
        assert_noop!(open_session(5 * MB - 1, 1, 1), Error::<Test>::Volume);
        assert_noop!(open_session(MAX_VOLUME + 1, 1, 1), Error::<Test>::Volume);
        assert_noop!(open_session(5 * MB, 1, Balance::MAX), Error::<Test>::PriceTooHigh);
        assert_noop!(open_session(5 * MB, 3, Balance::MAX / 6), Error::<Test>::PriceTooHigh);
        assert_noop!(open_session(5 * MB, 1, MONEY), ArithmeticError::Underflow);
        assert_noop!(open_deal(10, 1, 0, 1), Error::<Test>::Challenges);
        assert_noop!(open_deal(10, 1, MAX_CHALLENGES + 1, 1), Error::<Test>::Challenges);
        assert_noop!(open_deal(0, 1, 1, 1), Error::<Test>::DataLength);
        assert_noop!(open_deal(10, 1, 2, Balance::MAX), Error::<Test>::PriceTooHigh);
        let origin = RuntimeOrigin::signed(account(OWNER));
        assert_noop!(
            WorkOrders::open_session(origin.clone(), key(11), 5 * MB, 1, 1, BURN),
            Error::<Test>::ClientIsNode
        );
        Price::set(0);
        assert_noop!(open_session(5 * MB, 1, 1), Error::<Test>::NobodyOffers);
        Price::set(BURN + 1);
        assert_noop!(WorkOrders::open_session(origin, key(CLIENT), 5 * MB, 1, 1, BURN), Error::<Test>::BurnTooHigh);
    });
}

#[test]
fn locked_money_pays_no_orders() {
    use frame_support::traits::{LockableCurrency, WithdrawReasons};
    story(|| {
        Balances::set_lock(*b"vesting ", &account(OWNER), MONEY - 1_000, WithdrawReasons::all());
        // 5 × 100 and the share fit, a second one does not: what the first one took counts for the lock no more.
        let id = open_session(5 * MB, 1, 100).expect("is free");
        assert_noop!(open_session(5 * MB, 1, 100), TokenError::Frozen);
        blocks(DRAW_DELAY);
        assert_ok!(redeem(receipt(id, 11, 1, 1)));
        assert_eq!((free(111), free(OWNER)), (500, MONEY - 500 - BURN));
    });
}
