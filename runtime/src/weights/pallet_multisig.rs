//! Costs of `pallet_multisig`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_multisig` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_multisig::WeightInfo for WeightInfo<T> {
    /// `z` is from 0 to 10000.
    fn as_multi_threshold_1(z: u32) -> Weight {
        // At least 43_796 ns.
        Weight::from_parts(46_917_046, 1489)
            .saturating_add(Weight::from_parts(7_059, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }

    /// `s` is from 2 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_create(s: u32, z: u32) -> Weight {
        // At least 63_084 ns.
        Weight::from_parts(33_407_329, 6811)
            .saturating_add(Weight::from_parts(329_470, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(7_204, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 3 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_approve(s: u32, z: u32) -> Weight {
        // At least 46_599 ns.
        Weight::from_parts(20_243_677, 6811)
            .saturating_add(Weight::from_parts(291_444, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(7_128, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_complete(s: u32, z: u32) -> Weight {
        // At least 79_769 ns.
        Weight::from_parts(22_553_422, 6811)
            .saturating_add(Weight::from_parts(609_212, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(9_097, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 2 to 100.
    fn approve_as_multi_create(s: u32) -> Weight {
        // At least 30_846 ns.
        Weight::from_parts(33_305_380, 6811)
            .saturating_add(Weight::from_parts(303_768, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn approve_as_multi_approve(s: u32) -> Weight {
        // At least 17_517 ns.
        Weight::from_parts(19_138_421, 6811)
            .saturating_add(Weight::from_parts(292_174, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn cancel_as_multi(s: u32) -> Weight {
        // At least 30_536 ns.
        Weight::from_parts(32_570_634, 6811)
            .saturating_add(Weight::from_parts(318_078, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn poke_deposit(s: u32) -> Weight {
        // At least 29_314 ns.
        Weight::from_parts(32_180_348, 6811)
            .saturating_add(Weight::from_parts(289_228, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
