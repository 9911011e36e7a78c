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
        // At least 95_252 ns.
        Weight::from_parts(121_381_000, 4120)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn offer_pool() -> Weight {
        // At least 17_286 ns.
        Weight::from_parts(19_229_000, 3628)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn accept_pool() -> Weight {
        // At least 142_842 ns.
        Weight::from_parts(160_019_000, 6290)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn close_pool() -> Weight {
        // At least 87_100 ns.
        Weight::from_parts(92_898_000, 3640)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn register_node() -> Weight {
        // At least 165_577 ns.
        Weight::from_parts(175_321_000, 3698)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn update_node() -> Weight {
        // At least 55_032 ns.
        Weight::from_parts(55_673_000, 21962)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn remove_node() -> Weight {
        // At least 117_835 ns.
        Weight::from_parts(119_138_000, 21962)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn join() -> Weight {
        // At least 81_952 ns.
        Weight::from_parts(85_257_000, 21962)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn admit() -> Weight {
        // At least 73_990 ns.
        Weight::from_parts(76_915_000, 21962)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn leave() -> Weight {
        // At least 67_831 ns.
        Weight::from_parts(72_738_000, 21962)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn expel() -> Weight {
        // At least 68_261 ns.
        Weight::from_parts(69_884_000, 21962)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn draw() -> Weight {
        // At least 1_303_411 ns.
        Weight::from_parts(1_349_619_000, 60460).saturating_add(T::DbWeight::get().reads(53))
    }
}
