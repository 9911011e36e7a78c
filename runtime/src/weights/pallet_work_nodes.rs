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
        // At least 86_870 ns.
        Weight::from_parts(92_538_000, 4120)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn offer_pool() -> Weight {
        // At least 17_005 ns.
        Weight::from_parts(17_666_000, 3628)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn accept_pool() -> Weight {
        // At least 158_175 ns.
        Weight::from_parts(168_971_000, 8040)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn close_pool() -> Weight {
        // At least 63_084 ns.
        Weight::from_parts(67_751_000, 3640)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn register_node() -> Weight {
        // At least 130_124 ns.
        Weight::from_parts(158_476_000, 3698)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn update_node() -> Weight {
        // At least 33_530 ns.
        Weight::from_parts(36_675_000, 8040)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn remove_node() -> Weight {
        // At least 95_692 ns.
        Weight::from_parts(97_585_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn join() -> Weight {
        // At least 63_825 ns.
        Weight::from_parts(71_567_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn admit() -> Weight {
        // At least 57_736 ns.
        Weight::from_parts(63_355_000, 8040)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn leave() -> Weight {
        // At least 47_952 ns.
        Weight::from_parts(50_866_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn expel() -> Weight {
        // At least 46_519 ns.
        Weight::from_parts(47_441_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `d` is from 1 to 16.
    fn draw(d: u32) -> Weight {
        // At least 1_941_321 ns.
        Weight::from_parts(829_852_875, 353490)
            .saturating_add(Weight::from_parts(1_176_814_255, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(409))
    }
}
