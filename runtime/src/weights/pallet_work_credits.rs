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
        // At least 40_230 ns.
        Weight::from_parts(43_044_000, 12178)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `e` is from 1 to 144.
    fn on_gap(e: u32) -> Weight {
        // At least 37_736 ns.
        Weight::from_parts(92_891_120, 28295)
            .saturating_add(Weight::from_parts(3_918_353, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 1943).saturating_mul(e.into()))
    }

    /// `v` is from 1 to 100.
    fn on_slot(v: u32) -> Weight {
        // At least 71_025 ns.
        Weight::from_parts(58_810_229, 7887)
            .saturating_add(Weight::from_parts(16_262_247, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(Weight::from_parts(0, 3130).saturating_mul(v.into()))
    }

    fn take_from() -> Weight {
        // At least 81_050 ns.
        Weight::from_parts(96_654_000, 10703)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn note_vrf() -> Weight {
        // At least 526_834 ns.
        Weight::from_parts(772_610_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
