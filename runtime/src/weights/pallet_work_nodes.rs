//! Costs of `pallet_work_nodes`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 10, repeats: 5, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_nodes` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_nodes::WeightInfo for WeightInfo<T> {
    fn create_pool() -> Weight {
        // At least 87_250 ns.
        Weight::from_parts(89_773_000, 4120)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn offer_pool() -> Weight {
        // At least 17_406 ns.
        Weight::from_parts(20_471_000, 3628)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn accept_pool() -> Weight {
        // At least 154_360 ns.
        Weight::from_parts(157_074_000, 8040)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn close_pool() -> Weight {
        // At least 67_220 ns.
        Weight::from_parts(73_630_000, 3640)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn register_node() -> Weight {
        // At least 123_504 ns.
        Weight::from_parts(125_837_000, 3698)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn update_node() -> Weight {
        // At least 36_124 ns.
        Weight::from_parts(38_197_000, 8040)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn remove_node() -> Weight {
        // At least 103_444 ns.
        Weight::from_parts(125_507_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn join() -> Weight {
        // At least 76_884 ns.
        Weight::from_parts(101_771_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn admit() -> Weight {
        // At least 90_645 ns.
        Weight::from_parts(94_561_000, 8040)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn leave() -> Weight {
        // At least 47_641 ns.
        Weight::from_parts(71_046_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn expel() -> Weight {
        // At least 47_381 ns.
        Weight::from_parts(69_974_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn draw(_d: u32) -> Weight {
        // At least 1_147_029 ns.
        Weight::from_parts(1_204_785_000, 353490).saturating_add(T::DbWeight::get().reads(215))
    }
}
