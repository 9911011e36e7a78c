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
        // At least 11_818 ns.
        Weight::from_parts(12_489_000, 3888).saturating_add(T::DbWeight::get().reads(3))
    }

    fn on_slot() -> Weight {
        // At least 10_235 ns.
        Weight::from_parts(11_057_000, 3714)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `e` is from 1 to 990.
    fn on_epoch(e: u32) -> Weight {
        // At least 74_752 ns.
        Weight::from_parts(75_352_000, 13397)
            .saturating_add(Weight::from_parts(34_055_343, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 6260).saturating_mul(e.into()))
    }

    fn beacon() -> Weight {
        // At least 150_173 ns.
        Weight::from_parts(154_911_000, 11330)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
