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
        // At least 35_393 ns.
        Weight::from_parts(37_245_000, 12178)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `e` is from 1 to 144.
    fn on_gap(e: u32) -> Weight {
        // At least 34_010 ns.
        Weight::from_parts(83_560_158, 28295)
            .saturating_add(Weight::from_parts(3_720_383, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 1943).saturating_mul(e.into()))
    }

    /// `v` is from 1 to 100.
    fn on_slot(v: u32) -> Weight {
        // At least 59_729 ns.
        Weight::from_parts(59_552_723, 7887)
            .saturating_add(Weight::from_parts(7_035_215, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(Weight::from_parts(0, 3121).saturating_mul(v.into()))
    }

    fn take_from() -> Weight {
        // At least 66_249 ns.
        Weight::from_parts(68_792_000, 10703)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn note_vrf() -> Weight {
        // At least 542_117 ns.
        Weight::from_parts(547_165_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
