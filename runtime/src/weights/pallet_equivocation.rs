//! Costs of `pallet_equivocation`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_equivocation` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_equivocation::WeightInfo for WeightInfo<T> {
    fn report_double_seal() -> Weight {
        // At least 1_194_699 ns.
        Weight::from_parts(1_255_469_000, 313090)
            .saturating_add(T::DbWeight::get().reads(216))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
