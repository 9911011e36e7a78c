//! Random orders and proofs, right and wrong, against a plain account of the money; every invariant after every step.

use proptest::prelude::*;

use crate::{mock::*, *};

#[derive(Clone, Debug)]
enum Step {
    Session { volume: u64, relays: u8, price: Balance },
    Deal { holders: u8, challenges: u32, price: Balance },
    Redeem { order: u64, relay: u8, bytes: u64 },
    Pledge { order: u64, node: u8 },
    Answer { node: u8 },
    Blocks(u32),
    Slot,
    Outage(u64),
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let node = 11u8..=13;
    prop_oneof![
        (4_000_000..30_000_000u64, 0u8..=4, 0..100u128).prop_map(|(volume, relays, price)| Step::Session {
            volume,
            relays,
            price
        }),
        (1u8..=3, 0u32..6, 0..100u128).prop_map(|(holders, challenges, price)| Step::Deal {
            holders,
            challenges,
            price
        }),
        (0u64..12, node.clone(), 0..30_000_000u64).prop_map(|(order, relay, bytes)| Step::Redeem {
            order,
            relay,
            bytes
        }),
        (0u64..12, node.clone()).prop_map(|(order, node)| Step::Pledge { order, node }),
        node.prop_map(|node| Step::Answer { node }),
        (1u32..12).prop_map(Step::Blocks),
        Just(Step::Slot),
        (1u64..60).prop_map(Step::Outage),
        (0usize..3).prop_map(Step::Leave),
    ]
}

const LENGTH: usize = 9_000;

fn take(step: Step) {
    match step {
        Step::Session { volume, relays, price } => drop(open_session(volume, relays, price)),
        Step::Deal { holders, challenges, price } => drop(open_deal(LENGTH, holders, challenges, price)),
        Step::Redeem { order, relay, bytes } => drop(redeem(receipt(order, relay, bytes, 1))),
        Step::Pledge { order, node } => drop(pledge(order, node)),
        Step::Answer { node } => drop(answer_of(node, &data(LENGTH)).map(answer)),
        Step::Blocks(count) => blocks(count),
        Step::Slot => next_slot(),
        Step::Outage(ticks) => {
            Now::mutate(|tick| *tick += ticks);
            next_block();
        }
        // Whoever is drawn next is another.
        Step::Leave(first) => Workers::mutate(|workers| workers.rotate_left(first)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 32 } else { 256 }))]

    #[test]
    fn nothing_is_lost_and_no_credit_is_free(steps in prop::collection::vec(step(), 1..80)) {
        story(|| {
            let all = Balances::total_issuance();
            for step in steps {
                let told = format!("{step:?}");
                take(step);
                WorkOrders::do_try_state().unwrap_or_else(|broken| panic!("after {told}: {broken:?}"));
                assert_eq!(Balances::total_issuance() + BurnedSum::get(), all, "after {told}");
                let credits: u64 = (11..=13).map(|who| work(who).credits()).sum();
                assert!(Balance::from(credits) * BURN <= BurnedSum::get(), "after {told}: a credit that nobody paid");
            }
            // In the end everybody has what is his.
            blocks(8 * 40 + 20);
            assert_eq!(Orders::<Test>::iter().count(), 0);
            assert_eq!(free_of(&WorkOrders::account()), 0);
            let paid: Balance = (111..=113).map(free).sum();
            assert_eq!(free(OWNER) + paid + BurnedSum::get(), MONEY);
        });
    }
}
