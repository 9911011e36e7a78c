//! Costs of `pallet_work_credits`, measured by `scripts/weights.sh` on 2026-11-22. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_work_credits` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_work_credits::WeightInfo for WeightInfo<T> {
    fn on_block() -> Weight {
        // At least 37_816 ns.
        Weight::from_parts(41_191_000, 12178)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `e` is from 1 to 144.
    fn on_gap(e: u32) -> Weight {
        // At least 38_377 ns.
        Weight::from_parts(88_137_244, 28295)
            .saturating_add(Weight::from_parts(3_746_342, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 1943).saturating_mul(e.into()))
    }

    /// `v` is from 1 to 100.
    fn on_slot(v: u32) -> Weight {
        // At least 71_927 ns.
        Weight::from_parts(57_063_720, 7976)
            .saturating_add(Weight::from_parts(15_769_258, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(Weight::from_parts(0, 3130).saturating_mul(v.into()))
    }

    fn take_from() -> Weight {
        // At least 70_586 ns.
        Weight::from_parts(72_689_000, 10703)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn note_vrf() -> Weight {
        // At least 526_744 ns.
        Weight::from_parts(532_893_000, 1549)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
