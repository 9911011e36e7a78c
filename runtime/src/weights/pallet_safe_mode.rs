//! Costs of `pallet_safe_mode`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_safe_mode` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_safe_mode::WeightInfo for WeightInfo<T> {
    fn on_initialize_noop() -> Weight {
        // At least 2_354 ns.
        Weight::from_parts(2_564_000, 1489).saturating_add(T::DbWeight::get().reads(1))
    }

    fn on_initialize_exit() -> Weight {
        // At least 7_071 ns.
        Weight::from_parts(7_641_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn enter() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }

    fn force_enter() -> Weight {
        // At least 8_133 ns.
        Weight::from_parts(8_562_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn extend() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }

    fn force_extend() -> Weight {
        // At least 8_933 ns.
        Weight::from_parts(9_254_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_exit() -> Weight {
        // At least 8_823 ns.
        Weight::from_parts(9_324_000, 1489)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn release_deposit() -> Weight {
        // At least 0 ns.
        Weight::from_parts(0, 0)
    }

    fn force_release_deposit() -> Weight {
        // At least 50_355 ns.
        Weight::from_parts(52_298_000, 3604)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn force_slash_deposit() -> Weight {
        // At least 38_507 ns.
        Weight::from_parts(39_579_000, 3604)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
