//! Costs of `pallet_timestamp`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_timestamp` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_timestamp::WeightInfo for WeightInfo<T> {
    fn set() -> Weight {
        // At least 10_606 ns.
        Weight::from_parts(11_507_000, 1505)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn on_finalize() -> Weight {
        // At least 1_292 ns.
        Weight::from_parts(1_482_000, 0)
    }
}
