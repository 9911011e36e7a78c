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
        // At least 6_129 ns.
        Weight::from_parts(6_890_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 0 to 50.
    fn service_agenda_base(s: u32) -> Weight {
        // At least 4_737 ns.
        Weight::from_parts(8_216_215, 13928)
            .saturating_add(Weight::from_parts(427_580, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn service_task_base() -> Weight {
        // At least 3_645 ns.
        Weight::from_parts(3_936_000, 0)
    }

    /// `s` is from 128 to 4194304.
    fn service_task_fetched(s: u32) -> Weight {
        // At least 19_169 ns.
        Weight::from_parts(19_660_000, 3606)
            .saturating_add(Weight::from_parts(1_122, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(s.into()))
    }

    fn service_task_named() -> Weight {
        // At least 5_168 ns.
        Weight::from_parts(5_639_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn service_task_periodic() -> Weight {
        // At least 3_605 ns.
        Weight::from_parts(3_866_000, 0)
    }

    fn execute_dispatch_signed() -> Weight {
        // At least 4_857 ns.
        Weight::from_parts(5_378_000, 1489).saturating_add(T::DbWeight::get().reads(1))
    }

    fn execute_dispatch_unsigned() -> Weight {
        // At least 2_834 ns.
        Weight::from_parts(2_985_000, 0)
    }

    /// `s` is from 0 to 49.
    fn schedule(s: u32) -> Weight {
        // At least 11_337 ns.
        Weight::from_parts(14_655_489, 13928)
            .saturating_add(Weight::from_parts(474_783, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 1 to 50.
    fn cancel(s: u32) -> Weight {
        // At least 17_125 ns.
        Weight::from_parts(17_184_558, 13928)
            .saturating_add(Weight::from_parts(757_349, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 0 to 49.
    fn schedule_named(s: u32) -> Weight {
        // At least 15_222 ns.
        Weight::from_parts(20_386_540, 13928)
            .saturating_add(Weight::from_parts(512_488, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 1 to 50.
    fn cancel_named(s: u32) -> Weight {
        // At least 19_920 ns.
        Weight::from_parts(20_076_668, 13928)
            .saturating_add(Weight::from_parts(817_394, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 1 to 50.
    fn schedule_retry(s: u32) -> Weight {
        // At least 10_675 ns.
        Weight::from_parts(11_156_748, 13928)
            .saturating_add(Weight::from_parts(55_812, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn set_retry() -> Weight {
        // At least 30_034 ns.
        Weight::from_parts(32_708_000, 13928)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_retry_named() -> Weight {
        // At least 37_246 ns.
        Weight::from_parts(39_488_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn cancel_retry() -> Weight {
        // At least 28_472 ns.
        Weight::from_parts(30_416_000, 13928)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn cancel_retry_named() -> Weight {
        // At least 35_723 ns.
        Weight::from_parts(38_998_000, 13928)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
