//! Which beacons count, and what they say.

use codec::{DecodeAll, Encode};
use ergon_primitives::work::{SignedBeacon, BEACON_BLOCKS};
use frame_support::{assert_noop, assert_ok, pallet_prelude::*};
use proptest::prelude::*;
use sp_core::H256;
use sp_runtime::{transaction_validity::InvalidTransaction, Perbill};

use crate::{mock::*, *};

fn validity(signed: SignedBeacon, source: TransactionSource) -> TransactionValidity {
    WorkTally::validate_beacon(source, &signed)
}

#[test]
fn one_beacon_a_slot_counts() {
    story(2, || {
        block_in(SLOT);
        block_in(SLOT);
        assert_eq!(WorkTally::beacon_due(&key(1)), Some(SLOT));
        assert_ok!(send(1, SLOT));
        System::assert_last_event(Event::BeaconSeen { entity: 1, slot: SLOT }.into());
        assert_eq!(WorkTally::beacon_due(&key(1)), None);
        assert_eq!(WorkTally::beacon_due(&key(2)), Some(SLOT));
        assert_noop!(send(1, SLOT), Error::<Test>::AlreadySeen);
        block_in(SLOT + 1);
        assert_ok!(send(1, SLOT + 1));
        // Not the one before it any more, of which there is one already.
        assert_noop!(send(1, SLOT), Error::<Test>::AlreadySeen);
        // But who has none may send it in the slot after.
        assert_ok!(send(2, SLOT));
        assert_ok!(send(2, SLOT + 1));
        assert_eq!(WorkTally::beacon_due(&key(9)), None, "nobody's key");
    });
}

#[test]
fn what_is_no_beacon_changes_nothing() {
    story(2, || {
        (0..4).for_each(|i| slot_with(SLOT + i, &[]));
        let good = beacon(1, SLOT + 3);
        let refused = |change: &dyn Fn(&mut SignedBeacon), why: Error<Test>| {
            let mut bad = good.clone();
            change(&mut bad);
            assert_noop!(WorkTally::beacon(RuntimeOrigin::none(), bad), why);
        };
        refused(&|bad| bad.key = key(2), Error::BadSignature);
        refused(&|bad| bad.key = key(9), Error::UnknownKey);
        refused(&|bad| bad.signature = beacon(2, SLOT + 3).signature, Error::BadSignature);
        refused(&|bad| bad.beacon.slot = SLOT + 2, Error::BadSignature);
        refused(&|bad| bad.beacon.slot = SLOT + 1, Error::SlotOver);
        refused(&|bad| bad.beacon.slot = SLOT + 4, Error::SlotInFuture);
        refused(&|bad| bad.beacon.slot = u64::MAX, Error::SlotInFuture);
        refused(&|bad| bad.beacon.slot = 0, Error::SlotOver);
        refused(&|bad| bad.beacon.hash = H256::repeat_byte(0xee), Error::UnknownBlock);
        refused(&|bad| bad.beacon.number += 1, Error::UnknownBlock);
        refused(&|bad| bad.beacon.number = u32::MAX, Error::UnknownBlock);
        assert_noop!(WorkTally::beacon(RuntimeOrigin::signed(1), good.clone()), DispatchError::BadOrigin);
        assert_ok!(WorkTally::beacon(RuntimeOrigin::none(), good));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Every flipped bit of a beacon is refused by pools and blocks, and every beacon that is cut short.
    #[test]
    fn every_mutation_of_a_beacon_is_refused(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        story(2, || {
            (0..4).for_each(|i| slot_with(SLOT + i, &[]));
            let mut bytes = beacon(1, SLOT + 3).encode();
            let place = place.index(bytes.len());
            assert!(SignedBeacon::decode_all(&mut &bytes[..place]).is_err(), "truncated");
            bytes[place] ^= 1 << bit;
            if let Ok(mutated) = SignedBeacon::decode_all(&mut &bytes[..]) {
                assert!(validity(mutated.clone(), TransactionSource::External).is_err(), "byte {place}");
                assert!(WorkTally::beacon(RuntimeOrigin::none(), mutated).is_err(), "byte {place}");
            }
            assert_eq!(score(1), 0);
        });
    }
}

#[test]
fn the_block_that_it_names_must_be_a_late_one() {
    story(1, || {
        block_in(SLOT);
        let old = beacon(1, SLOT + 1);
        (0..BEACON_BLOCKS).for_each(|_| {
            block_in(SLOT + 1);
        });
        assert_noop!(WorkTally::beacon(RuntimeOrigin::none(), old), Error::<Test>::UnknownBlock);
        assert_ok!(send(1, SLOT + 1));
    });
}

#[test]
fn an_outage_is_held_against_nobody_and_its_slots_take_no_beacons() {
    story(1, || {
        slot_with(SLOT, &[1]);
        slot_with(SLOT + 3, &[1]);
        assert_noop!(send(1, SLOT + 2), Error::<Test>::SlotOver);
        slot_with(SLOT + 4, &[]);
        slot_with(SLOT + 7, &[]);
        assert_noop!(send(1, SLOT + 6), Error::<Test>::SlotOver);
        assert_ok!(send(1, SLOT + 4));
        assert_eq!(score(1), 100, "three of three");
    });
}

#[test]
fn pools_take_each_beacon_once_and_hear_of_slots_early() {
    story(2, || {
        block_in(SLOT);
        block_in(SLOT);
        let tags = |who| validity(beacon(who, SLOT), TransactionSource::External).expect("valid").provides;
        assert_eq!(tags(1), tags(1));
        assert_ne!(tags(1), tags(2));
        let first = validity(beacon(1, SLOT), TransactionSource::External).expect("valid");
        block_in(SLOT);
        let again = validity(beacon(1, SLOT), TransactionSource::External).expect("valid");
        assert!(again.provides == first.provides && again.priority > first.priority, "a later one takes its place");
        assert_eq!(first.longevity, u64::from(BEACON_BLOCKS) - 1, "and none outlives the block that it names");
        assert!(validity(beacon(1, SLOT), TransactionSource::External).expect("valid").propagate);
        let early = beacon(1, SLOT + 1);
        assert_ok!(validity(early.clone(), TransactionSource::External));
        let error = |why: InvalidTransaction| Err(TransactionValidityError::Invalid(why));
        assert_eq!(validity(early, TransactionSource::InBlock), error(InvalidTransaction::Future));
        assert_eq!(validity(beacon(1, SLOT + 7), TransactionSource::External), error(InvalidTransaction::Future));
        assert_ok!(send(1, SLOT));
        assert_eq!(validity(beacon(1, SLOT), TransactionSource::External), error(InvalidTransaction::Stale));
        assert_eq!(validity(beacon(9, SLOT), TransactionSource::External), error(InvalidTransaction::BadProof));
    });
}

#[test]
fn the_score_is_seen_of_owed_and_young_ones_are_spared() {
    story(2, || {
        for i in 0..8 {
            let both: &[AccountId] = if i % 4 == 0 { &[1, 2] } else { &[1] };
            slot_with(SLOT + i, both);
        }
        assert_eq!((score(1), score(2)), (100, 28), "2 of the 7 that are over");
        assert_eq!(WorkTally::standing(&2), (0, Perbill::one()), "the window is longer than that");
        (8..20).for_each(|i| slot_with(SLOT + i, &[1]));
        slot_with(SLOT + 20, &[1]);
        // 20 slots of the window, of which the first four have left it.
        assert_eq!(WorkTally::standing(&2).1, Perbill::from_rational(1u32, 16));
        assert_eq!(WorkTally::standing(&1).1, Perbill::one());
        assert_eq!(WorkTally::standing(&9), (0, Perbill::one()), "who has no ledger yet is young");
    });
}

#[test]
fn an_author_that_leaves_one_out_cannot_void_it_by_taking_the_next() {
    story(1, || {
        block_in(SLOT);
        let left_out = beacon_after(1, SLOT);
        block_in(SLOT + 1);
        assert_ok!(send(1, SLOT + 1));
        assert_ok!(WorkTally::beacon(RuntimeOrigin::none(), left_out));
    });
}

#[test]
fn a_score_of_few_slots_says_nothing() {
    story(2, || {
        (0..40).for_each(|i| slot_with(SLOT + i, &[1]));
        assert_eq!(WorkTally::standing(&2).1, Perbill::zero());
        // Longer than the window; then 2 is later than 1 by a slot.
        slot_with(SLOT + 100, &[1]);
        slot_with(SLOT + 101, &[1, 2]);
        assert_eq!((WorkTally::standing(&1).1, WorkTally::standing(&2).1), (Perbill::one(), Perbill::one()));
        slot_with(SLOT + 102, &[1]);
        assert_eq!(WorkTally::standing(&2).1, Perbill::from_percent(50), "a tenth of the window is over");
    });
}

#[test]
fn a_newcomer_owes_nothing_for_the_time_before_it() {
    story(1, || {
        (0..18).for_each(|i| slot_with(SLOT + i, &[1]));
        register(2);
        (18..20).for_each(|i| slot_with(SLOT + i, &[1, 2]));
        assert_eq!(score(2), 100);
        (20..40).for_each(|i| slot_with(SLOT + i, if i % 2 == 0 { &[1, 2] } else { &[1] }));
        assert_eq!(WorkTally::standing(&2).1, Perbill::from_rational(10u32, 19), "not young any more");
    });
}
