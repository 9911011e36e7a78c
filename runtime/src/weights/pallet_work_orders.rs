//! Costs of `pallet_work_orders`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 10, repeats: 5, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_orders` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_orders::WeightInfo for WeightInfo<T> {
    fn open() -> Weight {
        // At least 1_850_055 ns.
        Weight::from_parts(2_023_914_000, 353090)
            .saturating_add(T::DbWeight::get().reads(312))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn redeem() -> Weight {
        // At least 516_168 ns.
        Weight::from_parts(534_586_000, 9851)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn pledge() -> Weight {
        // At least 198_034 ns.
        Weight::from_parts(204_294_000, 4007)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn answer() -> Weight {
        // At least 455_719 ns.
        Weight::from_parts(506_915_000, 13752)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn on_block() -> Weight {
        // At least 74_541 ns.
        Weight::from_parts(107_330_000, 67035).saturating_add(T::DbWeight::get().reads(15))
    }

    /// `j` is from 1 to 48.
    fn judge(j: u32) -> Weight {
        // At least 158_306 ns.
        Weight::from_parts(161_871_000, 67035)
            .saturating_add(Weight::from_parts(68_856_585, 0).saturating_mul(j.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(j.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(j.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(j.into()))
    }

    /// `a` is from 1 to 16.
    fn ask(a: u32) -> Weight {
        // At least 45_909 ns.
        Weight::from_parts(23_931_393, 67035)
            .saturating_add(Weight::from_parts(18_977_842, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(a.into()))
    }

    /// `o` is from 1 to 16.
    fn close(o: u32) -> Weight {
        // At least 200_308 ns.
        Weight::from_parts(133_686_867, 3940)
            .saturating_add(Weight::from_parts(105_075_638, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 14976).saturating_mul(o.into()))
    }

    /// `o` is from 1 to 32.
    fn draw(o: u32) -> Weight {
        // At least 1_272_835 ns.
        Weight::from_parts(1_367_873_137, 26531)
            .saturating_add(Weight::from_parts(1_257_964_643, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(31))
            .saturating_add(T::DbWeight::get().reads((13_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 17965).saturating_mul(o.into()))
    }
}
