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
        // At least 1_545_692 ns.
        Weight::from_parts(1_621_885_000, 353490)
            .saturating_add(T::DbWeight::get().reads(312))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn redeem() -> Weight {
        // At least 331_453 ns.
        Weight::from_parts(379_886_000, 9851)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn pledge() -> Weight {
        // At least 124_715 ns.
        Weight::from_parts(126_058_000, 4007)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn answer() -> Weight {
        // At least 269_722 ns.
        Weight::from_parts(298_664_000, 13756)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn on_block() -> Weight {
        // At least 63_985 ns.
        Weight::from_parts(68_722_000, 67035)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `j` is from 1 to 48.
    fn judge(j: u32) -> Weight {
        // At least 91_306 ns.
        Weight::from_parts(9_715_322, 67035)
            .saturating_add(Weight::from_parts(63_894_203, 0).saturating_mul(j.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(j.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(j.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(j.into()))
    }

    /// `a` is from 1 to 16.
    fn ask(a: u32) -> Weight {
        // At least 50_225 ns.
        Weight::from_parts(46_587_156, 67035)
            .saturating_add(Weight::from_parts(16_379_858, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(a.into()))
    }

    /// `o` is from 1 to 16.
    fn close(o: u32) -> Weight {
        // At least 132_757 ns.
        Weight::from_parts(39_594_082, 3940)
            .saturating_add(Weight::from_parts(103_654_319, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 14976).saturating_mul(o.into()))
    }

    /// `o` is from 1 to 32.
    fn draw(o: u32) -> Weight {
        // At least 237_254 ns.
        Weight::from_parts(266_199_504, 18483)
            .saturating_add(Weight::from_parts(72_580_190, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(o.into()))
    }
}
