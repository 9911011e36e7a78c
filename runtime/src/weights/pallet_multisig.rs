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
        // At least 39_269 ns.
        Weight::from_parts(43_028_382, 0).saturating_add(Weight::from_parts(7_029, 0).saturating_mul(z.into()))
    }

    /// `s` is from 2 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_create(s: u32, z: u32) -> Weight {
        // At least 63_274 ns.
        Weight::from_parts(37_382_848, 6811)
            .saturating_add(Weight::from_parts(335_446, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(6_827, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 3 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_approve(s: u32, z: u32) -> Weight {
        // At least 48_071 ns.
        Weight::from_parts(20_816_632, 6811)
            .saturating_add(Weight::from_parts(310_110, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(7_115, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    /// `z` is from 0 to 10000.
    fn as_multi_complete(s: u32, z: u32) -> Weight {
        // At least 73_680 ns.
        Weight::from_parts(25_843_774, 6811)
            .saturating_add(Weight::from_parts(541_600, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(8_917, 0).saturating_mul(z.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `s` is from 2 to 100.
    fn approve_as_multi_create(s: u32) -> Weight {
        // At least 32_038 ns.
        Weight::from_parts(33_579_283, 6811)
            .saturating_add(Weight::from_parts(341_744, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn approve_as_multi_approve(s: u32) -> Weight {
        // At least 17_667 ns.
        Weight::from_parts(19_588_228, 6811)
            .saturating_add(Weight::from_parts(300_318, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn cancel_as_multi(s: u32) -> Weight {
        // At least 31_367 ns.
        Weight::from_parts(33_116_193, 6811)
            .saturating_add(Weight::from_parts(309_720, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `s` is from 2 to 100.
    fn poke_deposit(s: u32) -> Weight {
        // At least 29_373 ns.
        Weight::from_parts(31_306_606, 6811)
            .saturating_add(Weight::from_parts(303_889, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
