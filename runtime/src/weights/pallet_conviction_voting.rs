//! Costs of `pallet_conviction_voting`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_conviction_voting` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_conviction_voting::WeightInfo for WeightInfo<T> {
    fn vote_new() -> Weight {
        // At least 149_612 ns.
        Weight::from_parts(154_870_000, 33165)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn vote_existing() -> Weight {
        // At least 172_457 ns.
        Weight::from_parts(176_733_000, 33165)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn remove_vote() -> Weight {
        // At least 80_310 ns.
        Weight::from_parts(83_675_000, 26866)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn remove_other_vote() -> Weight {
        // At least 25_468 ns.
        Weight::from_parts(27_762_000, 6749)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `r` is from 0 to 10.
    fn delegate(r: u32) -> Weight {
        // At least 56_364 ns.
        Weight::from_parts(67_901_249, 26866)
            .saturating_add(Weight::from_parts(26_630_040, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2841).saturating_mul(r.into()))
    }

    /// `r` is from 0 to 10.
    fn undelegate(r: u32) -> Weight {
        // At least 28_983 ns.
        Weight::from_parts(34_568_041, 26866)
            .saturating_add(Weight::from_parts(26_389_612, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2841).saturating_mul(r.into()))
    }

    fn unlock() -> Weight {
        // At least 62_783 ns.
        Weight::from_parts(65_848_000, 6749)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
