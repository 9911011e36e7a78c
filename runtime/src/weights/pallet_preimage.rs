//! Costs of `pallet_preimage`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_preimage` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_preimage::WeightInfo for WeightInfo<T> {
    /// `s` is from 0 to 4194304.
    fn note_preimage(s: u32) -> Weight {
        // At least 62_253 ns.
        Weight::from_parts(63_184_000, 3556)
            .saturating_add(Weight::from_parts(1_679, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 0 to 4194304.
    fn note_requested_preimage(s: u32) -> Weight {
        // At least 16_655 ns.
        Weight::from_parts(138_609_532, 3556)
            .saturating_add(Weight::from_parts(1_555, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 0 to 4194304.
    fn note_no_deposit_preimage(s: u32) -> Weight {
        // At least 16_415 ns.
        Weight::from_parts(29_209_040, 3556)
            .saturating_add(Weight::from_parts(1_567, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn unnote_preimage() -> Weight {
        // At least 89_804 ns.
        Weight::from_parts(96_333_000, 3556)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn unnote_no_deposit_preimage() -> Weight {
        // At least 36_875 ns.
        Weight::from_parts(45_588_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn request_preimage() -> Weight {
        // At least 37_206 ns.
        Weight::from_parts(44_496_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_no_deposit_preimage() -> Weight {
        // At least 23_355 ns.
        Weight::from_parts(30_365_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_unnoted_preimage() -> Weight {
        // At least 17_897 ns.
        Weight::from_parts(27_741_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_requested_preimage() -> Weight {
        // At least 11_588 ns.
        Weight::from_parts(13_330_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn unrequest_preimage() -> Weight {
        // At least 38_167 ns.
        Weight::from_parts(45_818_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn unrequest_unnoted_preimage() -> Weight {
        // At least 12_008 ns.
        Weight::from_parts(13_370_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn unrequest_multi_referenced_preimage() -> Weight {
        // At least 11_438 ns.
        Weight::from_parts(12_849_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `n` is from 1 to 1024.
    fn ensure_updated(n: u32) -> Weight {
        // At least 68_041 ns.
        Weight::from_parts(68_622_000, 990)
            .saturating_add(Weight::from_parts(74_035_398, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(n.into()))
    }
}
