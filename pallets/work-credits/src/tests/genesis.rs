//! What genesis accepts, and what the chain looks like before its first block.

use crate::{mock::*, *};
use ergon_primitives::time::Timing;

#[test]
fn everybody_takes_turns_until_the_first_election() {
    Chain::of(4).run(|| {
        let table = Table::<Test>::get();
        assert_eq!(table.len(), 36);
        assert!(table.iter().enumerate().all(|(i, o)| o.operator == i as u64 % 4 && o.key == key(i as u64 % 4)));
        assert_eq!(WorkCredits::next_slots(), vec![]);
        assert_eq!(WorkCredits::slot_record(0), None);
    });
}

#[test]
fn a_genesis_without_validators_makes_no_table() {
    Chain::of(0).genesis().execute_with(|| {
        assert!(Table::<Test>::get().is_empty());
        assert!(WorkCredits::do_try_state().is_err());
    });
}

#[test]
#[should_panic(expected = "out of bounds: TicksPerSlot")]
fn a_genesis_with_odd_slots_is_refused() {
    Chain::of(1).timing(Timing { ticks_per_slot: 5, ..TIMING }).genesis();
}
