//! Costs of `pallet_quorum`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 20, repeats: 10, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_quorum` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_quorum::WeightInfo for WeightInfo<T> {
    fn on_block() -> Weight {
        // At least 14_011 ns.
        Weight::from_parts(24_567_000, 1505).saturating_add(T::DbWeight::get().reads(3))
    }

    fn on_slot() -> Weight {
        // At least 89_253 ns.
        Weight::from_parts(144_505_000, 8035)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `n` is from 1 to 100.
    fn submit(n: u32) -> Weight {
        // At least 171_635 ns.
        Weight::from_parts(195_408_983, 21182)
            .saturating_add(Weight::from_parts(56_693_030, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2547).saturating_mul(n.into()))
    }
}
