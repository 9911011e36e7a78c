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
        // At least 86_098 ns.
        Weight::from_parts(88_041_000, 4120)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn offer_pool() -> Weight {
        // At least 16_965 ns.
        Weight::from_parts(21_151_000, 3628)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn accept_pool() -> Weight {
        // At least 155_372 ns.
        Weight::from_parts(166_137_000, 8040)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn close_pool() -> Weight {
        // At least 64_325 ns.
        Weight::from_parts(68_291_000, 3640)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn register_node() -> Weight {
        // At least 121_511 ns.
        Weight::from_parts(126_558_000, 3698)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn update_node() -> Weight {
        // At least 33_620 ns.
        Weight::from_parts(36_344_000, 8040)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn remove_node() -> Weight {
        // At least 94_421 ns.
        Weight::from_parts(98_146_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn join() -> Weight {
        // At least 61_792 ns.
        Weight::from_parts(64_256_000, 8040)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn admit() -> Weight {
        // At least 59_268 ns.
        Weight::from_parts(63_415_000, 8040)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn leave() -> Weight {
        // At least 44_105 ns.
        Weight::from_parts(44_506_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn expel() -> Weight {
        // At least 45_949 ns.
        Weight::from_parts(49_293_000, 8040)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `d` is from 1 to 16.
    fn draw(d: u32) -> Weight {
        // At least 1_200_968 ns.
        Weight::from_parts(824_026_930, 353490)
            .saturating_add(Weight::from_parts(608_131_699, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(215))
    }
}
