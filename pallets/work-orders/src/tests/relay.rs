//! Receipts: what counts, what is paid, what is refused.

use ergon_primitives::{orders::Receipt, work::Work};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;

use crate::{mock::*, *};

const MB: u64 = 1_000_000;

#[test]
fn a_relay_is_paid_for_what_the_client_signed() {
    story(|| {
        let id = session(20 * MB, 2, 3);
        assert_ok!(redeem(receipt(id, 11, 7_000_001, 5)));
        assert_eq!((free(111), work(11)), (22, Work { units: 1, bytes: 7_000_001 }));
        System::assert_has_event(
            Event::Redeemed { session: id, relay: key(11), entity: account(11), bytes: 7_000_001, paid: 22 }.into(),
        );
        // The last one closes the session; less than 5 MB is billed as 5 MB.
        assert_ok!(redeem(receipt(id, 12, 1, 1)));
        assert_eq!((free(112), work(12)), (15, Work { units: 1, bytes: 1 }));
        assert!(!Orders::<Test>::contains_key(id));
        assert_eq!(free(OWNER), MONEY - 22 - 15 - 2 * 4 * BURN);
    });
}

#[test]
fn bad_receipts_are_refused_and_change_nothing() {
    story(|| {
        let waiting = open_session(5 * MB, 1, 1).expect("opens");
        assert_noop!(redeem(receipt(waiting, 11, 1, 1)), Error::<Test>::NotDrawn);
        let other = deal(10, 1, 1, 1);
        let id = session(10 * MB, 2, 1);
        let good = Receipt { session: id, relay: key(11), bytes: 5 * MB, sequence: 2 };
        assert_noop!(redeem(receipt(id + 1, 11, 1, 1)), Error::<Test>::UnknownOrder);
        assert_noop!(redeem(receipt(other, 11, 1, 1)), Error::<Test>::WrongJob);
        assert_noop!(redeem(receipt(id, 13, 1, 1)), Error::<Test>::WrongNode);
        assert_noop!(redeem(receipt(id, 11, 0, 1)), Error::<Test>::NothingRelayed);
        assert_noop!(redeem(receipt(id, 11, 1, 0)), Error::<Test>::NothingRelayed);
        assert_noop!(redeem(receipt(id, 11, 10 * MB + 1, 1)), Error::<Test>::BeyondVolume);
        assert_noop!(redeem(receipt(id, 11, u64::MAX, u32::MAX)), Error::<Test>::BeyondVolume);
        assert_noop!(redeem(sign(good, 8, 11)), Error::<Test>::BadClientSignature);
        assert_noop!(redeem(sign(good, CLIENT, 12)), Error::<Test>::BadNodeSignature);
        // A client cannot have an old receipt settled in the relay's name, nor a relay redeem another's.
        let mut forged = sign(good, CLIENT, 11);
        forged.relay = pair(CLIENT).sign(&good.redemption(&genesis()));
        assert_noop!(redeem(forged), Error::<Test>::BadNodeSignature);
        let stolen = Redemption { receipt: Receipt { relay: key(12), ..good }, ..sign(good, CLIENT, 12) };
        assert_noop!(redeem(stolen), Error::<Test>::BadClientSignature);
        // Of another chain.
        let foreign =
            Redemption { client: pair(CLIENT).sign(&good.payload(&Default::default())), ..sign(good, CLIENT, 11) };
        assert_noop!(redeem(foreign), Error::<Test>::BadClientSignature);
        assert_ok!(redeem(sign(good, CLIENT, 11)));
        assert_noop!(redeem(sign(good, CLIENT, 11)), Error::<Test>::AlreadyRedeemed);
        assert_noop!(redeem(receipt(id, 11, 9 * MB, 3)), Error::<Test>::AlreadyRedeemed);
        Now::mutate(|tick| *tick += 8 * u64::from(SESSION_SLOTS) + 1);
        assert_noop!(redeem(receipt(id, 12, 1, 1)), Error::<Test>::Late);
    });
}

#[test]
fn a_receipt_of_one_session_is_worth_nothing_in_another_with_the_same_client_and_relay() {
    story(|| {
        let (one, other) = (session(10 * MB, 1, 1), session(10 * MB, 1, 1));
        let good = receipt(one, 11, 5 * MB, 1);
        let moved = Receipt { session: other, ..good.receipt };
        assert_noop!(redeem(Redemption { receipt: moved, ..good.clone() }), Error::<Test>::BadClientSignature);
        // The relay may sign whatever it wants.
        let relay = pair(11).sign(&moved.redemption(&genesis()));
        assert_noop!(redeem(Redemption { receipt: moved, relay, ..good.clone() }), Error::<Test>::BadClientSignature);
        assert_ok!(redeem(good));
        assert_eq!(work(11), Work { units: 1, bytes: 5 * MB });
    });
}

#[test]
fn receipts_in_any_order_settle_what_the_relay_chose_and_only_once() {
    story(|| {
        let id = session(10 * MB, 1, 1);
        let (older, newer) = (receipt(id, 11, 2 * MB, 1), receipt(id, 11, 7 * MB, 2));
        // Neither the sequence nor the bytes of one go with the signatures of the other.
        let mixed = Redemption { receipt: Receipt { sequence: 1, ..newer.receipt }, ..newer.clone() };
        assert_noop!(redeem(mixed), Error::<Test>::BadClientSignature);
        let mixed = Redemption { receipt: newer.receipt, ..older.clone() };
        assert_noop!(redeem(mixed), Error::<Test>::BadClientSignature);
        let other = session(10 * MB, 1, 1);
        assert_ok!(redeem(newer));
        assert_noop!(redeem(older), Error::<Test>::UnknownOrder);
        assert!(Orders::<Test>::contains_key(other));
        assert_eq!(work(11).bytes, 7 * MB);
    });
}

use ergon_primitives::orders::Redemption;
use sp_core::Pair;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every flipped bit of a redemption is refused.
    #[test]
    fn every_mutation_is_refused(bit in 0usize..(8 + 32 + 8 + 4 + 64 + 64) * 8) {
        use codec::{Decode, Encode};
        story(|| {
            let id = session(10 * MB, 1, 1);
            let mut bytes = receipt(id, 11, 5 * MB, 2).encode();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(mutated) = Redemption::decode(&mut &bytes[..]) {
                assert!(redeem(mutated).is_err(), "bit {bit}");
            }
            assert_eq!(work(11), Work::default());
        });
    }

    /// Whatever is relayed, nobody is paid more than was held, no money comes or goes but by the burn, and the credits of a session
    /// are never more than what was burned for.
    #[test]
    fn money_is_kept_and_every_credit_is_burned_for(
        sessions in prop::collection::vec((5 * MB..=MAX_VOLUME, 1u8..=3, 0u128..50, prop::collection::vec(0u64..=MAX_VOLUME, 3)), 1..6)
    ) {
        story(|| {
            let before = Balances::total_issuance();
            for (volume, relays, price, bytes) in sessions {
                let id = session(volume, relays, price);
                for (relay, bytes) in (11..).zip(bytes) {
                    let _judged = redeem(receipt(id, relay, bytes, 1));
                }
                WorkOrders::do_try_state().expect("invariants hold");
            }
            assert_eq!(Balances::total_issuance(), before - BurnedSum::get());
            let credits: u64 = (11..=13).map(|who| work(who).credits()).sum();
            assert!(Balance::from(credits) * BURN <= BurnedSum::get());
            blocks(8 * SESSION_SLOTS + 2);
            assert_eq!(free_of(&WorkOrders::account()), 0);
        });
    }
}
