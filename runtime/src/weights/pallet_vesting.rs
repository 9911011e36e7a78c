//! Costs of `pallet_vesting`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_vesting` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_vesting::WeightInfo for WeightInfo<T> {
    /// `l` is from 0 to 49.
    /// `s` is from 1 to 28.
    fn vest_locked(l: u32, s: u32) -> Weight {
        // At least 39_018 ns.
        Weight::from_parts(34_866_325, 4764)
            .saturating_add(Weight::from_parts(152_923, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(204_255, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 1 to 28.
    fn vest_unlocked(l: u32, s: u32) -> Weight {
        // At least 40_641 ns.
        Weight::from_parts(40_509_517, 4764)
            .saturating_add(Weight::from_parts(57_940, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(148_741, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 1 to 28.
    fn vest_other_locked(l: u32, s: u32) -> Weight {
        // At least 40_611 ns.
        Weight::from_parts(41_552_273, 4764)
            .saturating_add(Weight::from_parts(47_097, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(134_751, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 1 to 28.
    fn vest_other_unlocked(l: u32, s: u32) -> Weight {
        // At least 42_323 ns.
        Weight::from_parts(42_768_206, 4764)
            .saturating_add(Weight::from_parts(58_354, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(125_711, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 0 to 27.
    fn vested_transfer(l: u32, s: u32) -> Weight {
        // At least 91_767 ns.
        Weight::from_parts(93_292_206, 4764)
            .saturating_add(Weight::from_parts(47_042, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(157_397, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 0 to 27.
    fn force_vested_transfer(l: u32, s: u32) -> Weight {
        // At least 94_251 ns.
        Weight::from_parts(95_045_185, 6196)
            .saturating_add(Weight::from_parts(141_614, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(107_323, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 2 to 28.
    fn not_unlocking_merge_schedules(l: u32, s: u32) -> Weight {
        // At least 39_239 ns.
        Weight::from_parts(32_527_246, 4764)
            .saturating_add(Weight::from_parts(180_874, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(340_717, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 2 to 28.
    fn unlocking_merge_schedules(l: u32, s: u32) -> Weight {
        // At least 41_552 ns.
        Weight::from_parts(42_411_722, 4764)
            .saturating_add(Weight::from_parts(26_768, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(213_253, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `l` is from 0 to 49.
    /// `s` is from 2 to 28.
    fn force_remove_vesting_schedule(l: u32, s: u32) -> Weight {
        // At least 45_738 ns.
        Weight::from_parts(44_140_405, 4764)
            .saturating_add(Weight::from_parts(130_978, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(280_546, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
