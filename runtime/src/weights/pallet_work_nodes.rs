//! Costs of `pallet_work_nodes`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 20, repeats: 10, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_nodes` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_nodes::WeightInfo for WeightInfo<T> {
    fn create_pool() -> Weight {
        // At least 88_181 ns.
        Weight::from_parts(92_508_000, 4120)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn offer_pool() -> Weight {
        // At least 16_925 ns.
        Weight::from_parts(20_030_000, 3628)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn accept_pool() -> Weight {
        // At least 139_467 ns.
        Weight::from_parts(148_411_000, 6326)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn close_pool() -> Weight {
        // At least 64_066 ns.
        Weight::from_parts(73_860_000, 3658)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn register_node() -> Weight {
        // At least 123_814 ns.
        Weight::from_parts(140_589_000, 3698)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn update_node() -> Weight {
        // At least 51_497 ns.
        Weight::from_parts(95_432_000, 13962)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn remove_node() -> Weight {
        // At least 113_108 ns.
        Weight::from_parts(119_929_000, 13962)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn join() -> Weight {
        // At least 81_391 ns.
        Weight::from_parts(93_379_000, 13962)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn admit() -> Weight {
        // At least 71_697 ns.
        Weight::from_parts(81_852_000, 13962)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn leave() -> Weight {
        // At least 61_272 ns.
        Weight::from_parts(64_026_000, 13962)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn expel() -> Weight {
        // At least 64_736 ns.
        Weight::from_parts(68_342_000, 13962)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn draw() -> Weight {
        // At least 330_763 ns.
        Weight::from_parts(377_382_000, 60460).saturating_add(T::DbWeight::get().reads(53))
    }
}
