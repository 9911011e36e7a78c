//! Costs of `pallet_work_orders`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 20, repeats: 10, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_orders` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_orders::WeightInfo for WeightInfo<T> {
    fn open() -> Weight {
        // At least 153_618 ns.
        Weight::from_parts(172_687_000, 7887)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn redeem() -> Weight {
        // At least 506_034 ns.
        Weight::from_parts(523_430_000, 9719)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn pledge() -> Weight {
        // At least 181_280 ns.
        Weight::from_parts(199_758_000, 3991)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn answer() -> Weight {
        // At least 419_895 ns.
        Weight::from_parts(433_836_000, 13778)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn on_block() -> Weight {
        // At least 85_958 ns.
        Weight::from_parts(93_799_000, 6992).saturating_add(T::DbWeight::get().reads(12))
    }

    /// `j` is from 1 to 48.
    fn judge(j: u32) -> Weight {
        // At least 71_456 ns.
        Weight::from_parts(108_713_880, 4750)
            .saturating_add(Weight::from_parts(24_620_800, 0).saturating_mul(j.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(j.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(j.into())))
            .saturating_add(Weight::from_parts(0, 4152).saturating_mul(j.into()))
    }

    /// `a` is from 1 to 16.
    fn ask(a: u32) -> Weight {
        // At least 49_433 ns.
        Weight::from_parts(84_572_426, 4750)
            .saturating_add(Weight::from_parts(12_827_910, 0).saturating_mul(a.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(a.into())))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(a.into())))
            .saturating_add(Weight::from_parts(0, 3001).saturating_mul(a.into()))
    }

    /// `o` is from 1 to 16.
    fn close(o: u32) -> Weight {
        // At least 136_253 ns.
        Weight::from_parts(184_685_000, 3750)
            .saturating_add(Weight::from_parts(111_975_307, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((9_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((9_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 14976).saturating_mul(o.into()))
    }

    /// `o` is from 1 to 16.
    fn draw(o: u32) -> Weight {
        // At least 443_600 ns.
        Weight::from_parts(460_306_000, 18595)
            .saturating_add(Weight::from_parts(218_328_036, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads((12_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 16355).saturating_mul(o.into()))
    }
}
