//! Costs of `pallet_work_tally`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_tally` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_tally::WeightInfo for WeightInfo<T> {
    fn on_block() -> Weight {
        // At least 12_298 ns.
        Weight::from_parts(13_330_000, 3888).saturating_add(T::DbWeight::get().reads(3))
    }

    fn on_slot() -> Weight {
        // At least 10_326 ns.
        Weight::from_parts(11_518_000, 3714)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `e` is from 1 to 1000.
    fn on_epoch(e: u32) -> Weight {
        // At least 56_574 ns.
        Weight::from_parts(57_826_000, 13432)
            .saturating_add(Weight::from_parts(15_461_113, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 3130).saturating_mul(e.into()))
    }

    fn beacon() -> Weight {
        // At least 98_187 ns.
        Weight::from_parts(104_536_000, 11318)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
