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
        // At least 1_534_555 ns.
        Weight::from_parts(1_732_510_000, 353490)
            .saturating_add(T::DbWeight::get().reads(312))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn redeem() -> Weight {
        // At least 340_457 ns.
        Weight::from_parts(378_193_000, 9851)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn pledge() -> Weight {
        // At least 134_040 ns.
        Weight::from_parts(140_649_000, 4007)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn answer() -> Weight {
        // At least 293_537 ns.
        Weight::from_parts(305_595_000, 13756)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn on_block() -> Weight {
        // At least 68_452 ns.
        Weight::from_parts(71_786_000, 67035)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `j` is from 1 to 48.
    fn judge(j: u32) -> Weight {
        // At least 103_935 ns.
        Weight::from_parts(104_666_000, 67035)
            .saturating_add(Weight::from_parts(69_466_175, 0).saturating_mul(j.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(j.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(j.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(j.into()))
    }

    /// `a` is from 1 to 16.
    fn ask(a: u32) -> Weight {
        // At least 51_167 ns.
        Weight::from_parts(54_171_541, 67035)
            .saturating_add(Weight::from_parts(17_381_584, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(a.into()))
    }

    /// `o` is from 1 to 16.
    fn close(o: u32) -> Weight {
        // At least 129_203 ns.
        Weight::from_parts(69_016_233, 3940)
            .saturating_add(Weight::from_parts(101_760_434, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((10_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((10_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 14976).saturating_mul(o.into()))
    }

    /// `o` is from 1 to 16.
    fn draw(o: u32) -> Weight {
        // At least 193_629 ns.
        Weight::from_parts(138_316_298, 18387)
            .saturating_add(Weight::from_parts(79_592_345, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 3017).saturating_mul(o.into()))
    }
}
