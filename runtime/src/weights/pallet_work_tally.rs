//! Costs of `pallet_work_tally`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 20, repeats: 10, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_tally` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_tally::WeightInfo for WeightInfo<T> {
    fn on_block() -> Weight {
        // At least 12_369 ns.
        Weight::from_parts(13_370_000, 3922).saturating_add(T::DbWeight::get().reads(3))
    }

    fn on_slot() -> Weight {
        // At least 10_525 ns.
        Weight::from_parts(11_397_000, 3748)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `e` is from 1 to 990.
    fn on_epoch(e: u32) -> Weight {
        // At least 75_672 ns.
        Weight::from_parts(77_035_000, 13431)
            .saturating_add(Weight::from_parts(47_168_879, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 6260).saturating_mul(e.into()))
    }

    fn beacon() -> Weight {
        // At least 189_693 ns.
        Weight::from_parts(244_334_000, 11367)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
