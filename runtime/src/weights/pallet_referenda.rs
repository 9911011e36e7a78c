//! Costs of `pallet_referenda`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_referenda` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_referenda::WeightInfo for WeightInfo<T> {
    fn submit() -> Weight {
        // At least 36_785 ns.
        Weight::from_parts(37_566_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn place_decision_deposit_preparing() -> Weight {
        // At least 61_602 ns.
        Weight::from_parts(63_114_000, 26866)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn place_decision_deposit_queued() -> Weight {
        // At least 77_345 ns.
        Weight::from_parts(79_889_000, 13928)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn place_decision_deposit_not_queued() -> Weight {
        // At least 77_144 ns.
        Weight::from_parts(83_144_000, 13928)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn place_decision_deposit_passing() -> Weight {
        // At least 78_657 ns.
        Weight::from_parts(80_400_000, 26866)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn place_decision_deposit_failing() -> Weight {
        // At least 77_024 ns.
        Weight::from_parts(78_947_000, 26866)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn refund_decision_deposit() -> Weight {
        // At least 28_933 ns.
        Weight::from_parts(29_754_000, 3831)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn refund_submission_deposit() -> Weight {
        // At least 28_052 ns.
        Weight::from_parts(28_823_000, 3831)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn cancel() -> Weight {
        // At least 29_825 ns.
        Weight::from_parts(30_876_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn kill() -> Weight {
        // At least 87_901 ns.
        Weight::from_parts(89_904_000, 13928)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn one_fewer_deciding_queue_empty() -> Weight {
        // At least 20_651 ns.
        Weight::from_parts(21_672_000, 5518)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn one_fewer_deciding_failing() -> Weight {
        // At least 62_493 ns.
        Weight::from_parts(64_706_000, 13928)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn one_fewer_deciding_passing() -> Weight {
        // At least 60_941 ns.
        Weight::from_parts(63_345_000, 13928)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn nudge_referendum_requeued_insertion() -> Weight {
        // At least 33_460 ns.
        Weight::from_parts(35_253_000, 5518)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn nudge_referendum_requeued_slide() -> Weight {
        // At least 33_230 ns.
        Weight::from_parts(34_992_000, 5518)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn nudge_referendum_queued() -> Weight {
        // At least 38_127 ns.
        Weight::from_parts(41_172_000, 5518)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_not_queued() -> Weight {
        // At least 37_916 ns.
        Weight::from_parts(40_380_000, 5518)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_no_deposit() -> Weight {
        // At least 31_597 ns.
        Weight::from_parts(32_979_000, 13928)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_preparing() -> Weight {
        // At least 31_857 ns.
        Weight::from_parts(32_849_000, 13928)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_timed_out() -> Weight {
        // At least 23_956 ns.
        Weight::from_parts(24_537_000, 5518)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn nudge_referendum_begin_deciding_failing() -> Weight {
        // At least 47_471 ns.
        Weight::from_parts(48_492_000, 13928)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn nudge_referendum_begin_deciding_passing() -> Weight {
        // At least 46_960 ns.
        Weight::from_parts(49_053_000, 13928)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn nudge_referendum_begin_confirming() -> Weight {
        // At least 40_229 ns.
        Weight::from_parts(41_743_000, 13928)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_end_confirming() -> Weight {
        // At least 41_932 ns.
        Weight::from_parts(42_794_000, 13928)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_continue_not_confirming() -> Weight {
        // At least 39_739 ns.
        Weight::from_parts(41_883_000, 13928)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_continue_confirming() -> Weight {
        // At least 38_798 ns.
        Weight::from_parts(41_031_000, 13928)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn nudge_referendum_approved() -> Weight {
        // At least 54_361 ns.
        Weight::from_parts(55_443_000, 26866)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn nudge_referendum_rejected() -> Weight {
        // At least 40_780 ns.
        Weight::from_parts(41_702_000, 13928)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn set_some_metadata() -> Weight {
        // At least 21_071 ns.
        Weight::from_parts(22_674_000, 3831)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn clear_metadata() -> Weight {
        // At least 16_485 ns.
        Weight::from_parts(17_626_000, 3831)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
