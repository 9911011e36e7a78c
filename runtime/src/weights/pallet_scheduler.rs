//! Costs of `pallet_scheduler`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_scheduler` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_scheduler::WeightInfo for WeightInfo<T> {
    fn service_agendas_base() -> Weight {
        // At least 6_660 ns.
        Weight::from_parts(7_231_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 0 to 50.
    fn service_agenda_base(s: u32) -> Weight {
        // At least 5_218 ns.
        Weight::from_parts(7_581_022, 13928)
            .saturating_add(Weight::from_parts(495_044, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn service_task_base() -> Weight {
        // At least 3_605 ns.
        Weight::from_parts(4_076_000, 0)
    }

    /// `s` is from 128 to 4194304.
    fn service_task_fetched(s: u32) -> Weight {
        // At least 19_248 ns.
        Weight::from_parts(19_659_000, 3606)
            .saturating_add(Weight::from_parts(1_085, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(s.into()))
    }

    fn service_task_named() -> Weight {
        // At least 5_318 ns.
        Weight::from_parts(5_829_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn service_task_periodic() -> Weight {
        // At least 3_765 ns.
        Weight::from_parts(4_006_000, 0)
    }

    fn execute_dispatch_signed() -> Weight {
        // At least 2_874 ns.
        Weight::from_parts(3_125_000, 0)
    }

    fn execute_dispatch_unsigned() -> Weight {
        // At least 2_885 ns.
        Weight::from_parts(3_075_000, 0)
    }

    /// `s` is from 0 to 49.
    fn schedule(s: u32) -> Weight {
        // At least 11_627 ns.
        Weight::from_parts(15_884_906, 13928)
            .saturating_add(Weight::from_parts(466_860, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 1 to 50.
    fn cancel(s: u32) -> Weight {
        // At least 17_857 ns.
        Weight::from_parts(18_265_422, 13928)
            .saturating_add(Weight::from_parts(755_536, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 0 to 49.
    fn schedule_named(s: u32) -> Weight {
        // At least 15_674 ns.
        Weight::from_parts(20_351_631, 13928)
            .saturating_add(Weight::from_parts(553_670, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 1 to 50.
    fn cancel_named(s: u32) -> Weight {
        // At least 20_200 ns.
        Weight::from_parts(21_032_999, 13928)
            .saturating_add(Weight::from_parts(830_093, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 1 to 50.
    fn schedule_retry(s: u32) -> Weight {
        // At least 10_766 ns.
        Weight::from_parts(11_372_890, 13928)
            .saturating_add(Weight::from_parts(47_443, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn set_retry() -> Weight {
        // At least 30_104 ns.
        Weight::from_parts(31_997_000, 13928)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_retry_named() -> Weight {
        // At least 36_875 ns.
        Weight::from_parts(40_841_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn cancel_retry() -> Weight {
        // At least 28_592 ns.
        Weight::from_parts(30_114_000, 13928)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn cancel_retry_named() -> Weight {
        // At least 35_784 ns.
        Weight::from_parts(37_516_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
