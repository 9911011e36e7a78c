//! Sessions end by the clock and bring sets and keys; what is elected stays owed.

use crate::{mock::*, *};
use ergon_primitives::time::Timing;

#[test]
fn a_session_ends_at_its_slot_and_once_per_block() {
    Chain::of(4).run(|| {
        blocks(600..624);
        assert_eq!(pallet_session::CurrentIndex::<Test>::get(), 0, "block 1 ends no session");
        block(624);
        assert_eq!(pallet_session::CurrentIndex::<Test>::get(), 1);
        // Ten epochs without a block end one session.
        block(624 + 240);
        assert_eq!(pallet_session::CurrentIndex::<Test>::get(), 2);
    });
}

#[test]
fn a_validator_that_leaves_still_owes_what_is_elected() {
    Chain::of(4).run(|| {
        blocks(600..620);
        Planned::set(Some(vec![0, 1]));
        blocks(620..647);
        assert_eq!(ActiveSet::<Test>::get().len(), 4);
        // Slot 108 begins session 2, whose set was planned when session 1 began.
        let elected = WorkCredits::slot_record(108).expect("elected a slot ahead");
        block(648);
        assert_eq!(ActiveSet::<Test>::get().len(), 2);
        let owners: Vec<_> = (648..654).map(|t| WorkCredits::owner_at(t).expect("owned").operator).collect();
        assert!(owners.iter().any(|o| *o >= 2), "slot 108 stays as elected: {elected:?}");
        assert!((654..660).all(|t| WorkCredits::owner_at(t).expect("owned").operator < 2));
    });
}

/// A genesis with one more is refused by the runtime (`genesis/mod.rs`).
#[test]
fn as_many_validators_as_the_table_has_room_for_all_stand_in_it_after_every_block() {
    for (ticks_per_slot, room) in [(2, 9), (6, 27)] {
        Chain::of(room).timing(Timing { ticks_per_slot, ..TIMING }).run(|| {
            for tick in (600..600 + 30 * u64::from(ticks_per_slot)).chain([4_000, 4_001, 9_999]) {
                block(tick);
                WorkCredits::do_try_state().expect("everybody is reached");
            }
        });
    }
}

#[test]
fn a_new_key_changes_neither_operator_nor_duties() {
    Chain::of(2).run(|| {
        blocks(600..623);
        let before = DutiesOf::<Test>::get(0);
        pallet_session::NextKeys::<Test>::insert(
            0,
            Keys { aura: key(77), dummy: sp_runtime::testing::UintAuthorityId(0) },
        );
        Planned::set(Some(vec![0, 1]));
        let mut tick = 623;
        while ActiveSet::<Test>::get()[0].key != key(77) {
            tick += 1;
            block(tick);
        }
        assert!(DutiesOf::<Test>::get(0).owed > before.owed);
        assert!((tick + 7..tick + 12).any(|t| WorkCredits::owner_at(t).expect("owned").key == key(77)));
        // What was elected before is signed with the old key, what comes after with the new one, by one operator.
        let keys: std::collections::BTreeSet<_> = (tick + 1..tick + 12)
            .filter(|t| {
                let owner = WorkCredits::owner_at(*t).expect("owned");
                block(*t);
                owner.operator == 0
            })
            .map(|t| WorkCredits::owner_at(t).expect("owned").key)
            .collect();
        assert_eq!(keys, [key(0), key(77)].into());
    });
}

#[test]
fn a_session_without_validators_keeps_the_last_set() {
    Chain::of(4).run(|| {
        block(600);
        <WorkCredits as frame_support::traits::OneSessionHandler<AccountId>>::on_new_session(
            true,
            core::iter::empty::<(&AccountId, ergon_primitives::AuraId)>(),
            core::iter::empty::<(&AccountId, ergon_primitives::AuraId)>(),
        );
        assert_eq!(ActiveSet::<Test>::get().len(), 4);
        blocks(601..640);
    });
}
