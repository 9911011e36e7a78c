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
        // At least 1_532_843 ns.
        Weight::from_parts(1_563_478_000, 353490)
            .saturating_add(T::DbWeight::get().reads(312))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn redeem() -> Weight {
        // At least 334_789 ns.
        Weight::from_parts(341_649_000, 9851)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn pledge() -> Weight {
        // At least 127_350 ns.
        Weight::from_parts(132_738_000, 4007)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn answer() -> Weight {
        // At least 302_861 ns.
        Weight::from_parts(436_900_000, 13756)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn on_block() -> Weight {
        // At least 66_489 ns.
        Weight::from_parts(76_965_000, 67035)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `j` is from 1 to 48.
    fn judge(j: u32) -> Weight {
        // At least 95_773 ns.
        Weight::from_parts(34_285_970, 67035)
            .saturating_add(Weight::from_parts(65_299_279, 0).saturating_mul(j.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(j.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(j.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(j.into()))
    }

    /// `a` is from 1 to 16.
    fn ask(a: u32) -> Weight {
        // At least 53_390 ns.
        Weight::from_parts(63_617_313, 67035)
            .saturating_add(Weight::from_parts(15_924_051, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(a.into()))
    }

    /// `o` is from 1 to 16.
    fn close(o: u32) -> Weight {
        // At least 133_799 ns.
        Weight::from_parts(33_981_682, 3940)
            .saturating_add(Weight::from_parts(102_124_884, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 14976).saturating_mul(o.into()))
    }

    /// `o` is from 1 to 16.
    fn draw(o: u32) -> Weight {
        // At least 232_967 ns.
        Weight::from_parts(220_264_271, 18387)
            .saturating_add(Weight::from_parts(80_989_804, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(o.into()))
    }
}
