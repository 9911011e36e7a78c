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
        // At least 64_186 ns.
        Weight::from_parts(65_528_000, 3604)
            .saturating_add(Weight::from_parts(1_682, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` is from 0 to 4194304.
    fn note_requested_preimage(s: u32) -> Weight {
        // At least 16_985 ns.
        Weight::from_parts(41_948_446, 3556)
            .saturating_add(Weight::from_parts(1_633, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 0 to 4194304.
    fn note_no_deposit_preimage(s: u32) -> Weight {
        // At least 16_304 ns.
        Weight::from_parts(17_066_000, 3556)
            .saturating_add(Weight::from_parts(1_634, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn unnote_preimage() -> Weight {
        // At least 94_971 ns.
        Weight::from_parts(101_381_000, 3604)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn unnote_no_deposit_preimage() -> Weight {
        // At least 47_591 ns.
        Weight::from_parts(50_735_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn request_preimage() -> Weight {
        // At least 40_881 ns.
        Weight::from_parts(47_711_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_no_deposit_preimage() -> Weight {
        // At least 25_227 ns.
        Weight::from_parts(29_775_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_unnoted_preimage() -> Weight {
        // At least 20_721 ns.
        Weight::from_parts(29_243_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn request_requested_preimage() -> Weight {
        // At least 12_368 ns.
        Weight::from_parts(13_400_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn unrequest_preimage() -> Weight {
        // At least 41_382 ns.
        Weight::from_parts(46_099_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn unrequest_unnoted_preimage() -> Weight {
        // At least 12_018 ns.
        Weight::from_parts(13_530_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn unrequest_multi_referenced_preimage() -> Weight {
        // At least 11_898 ns.
        Weight::from_parts(12_839_000, 3556)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `n` is from 1 to 1024.
    fn ensure_updated(n: u32) -> Weight {
        // At least 72_388 ns.
        Weight::from_parts(73_319_000, 990)
            .saturating_add(Weight::from_parts(74_296_798, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2614).saturating_mul(n.into()))
    }
}
