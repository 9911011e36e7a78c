//! Costs of `pallet_session`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_session` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_session::WeightInfo for WeightInfo<T> {
    fn set_keys() -> Weight {
        // At least 172_307 ns.
        Weight::from_parts(175_532_000, 6622)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn purge_keys() -> Weight {
        // At least 77_185 ns.
        Weight::from_parts(80_289_000, 4184)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}
