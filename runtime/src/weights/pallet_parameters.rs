//! Costs of `pallet_parameters`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_parameters` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_parameters::WeightInfo for WeightInfo<T> {
    fn set_parameter() -> Weight {
        // At least 9_635 ns.
        Weight::from_parts(10_095_000, 3608)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
