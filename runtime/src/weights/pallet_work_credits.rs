//! Costs of `pallet_work_credits`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_credits` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_credits::WeightInfo for WeightInfo<T> {
    fn on_block() -> Weight {
        // At least 23_685 ns.
        Weight::from_parts(24_436_000, 10703)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `e` is from 1 to 144.
    fn on_gap(e: u32) -> Weight {
        // At least 21_642 ns.
        Weight::from_parts(67_547_251, 28295)
            .saturating_add(Weight::from_parts(3_731_671, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 1943).saturating_mul(e.into()))
    }

    /// `v` is from 1 to 100.
    fn on_slot(v: u32) -> Weight {
        // At least 51_887 ns.
        Weight::from_parts(51_484_592, 7887)
            .saturating_add(Weight::from_parts(4_722_548, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(Weight::from_parts(0, 2543).saturating_mul(v.into()))
    }

    fn note_vrf() -> Weight {
        // At least 528_998 ns.
        Weight::from_parts(532_973_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
