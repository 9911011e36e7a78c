//! Costs of `pallet_proxy`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_proxy` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_proxy::WeightInfo for WeightInfo<T> {
    /// `p` is from 1 to 31.
    fn proxy(p: u32) -> Weight {
        // At least 14_401 ns.
        Weight::from_parts(15_116_381, 4706)
            .saturating_add(Weight::from_parts(75_201, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn proxy_announced(a: u32, p: u32) -> Weight {
        // At least 41_972 ns.
        Weight::from_parts(45_037_170, 5698)
            .saturating_add(Weight::from_parts(196_476, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(15_014, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn remove_announcement(a: u32, p: u32) -> Weight {
        // At least 27_581 ns.
        Weight::from_parts(28_869_621, 5698)
            .saturating_add(Weight::from_parts(246_651, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(28_681, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn reject_announcement(a: u32, p: u32) -> Weight {
        // At least 27_772 ns.
        Weight::from_parts(28_590_031, 5698)
            .saturating_add(Weight::from_parts(233_237, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(18_802, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn announce(a: u32, p: u32) -> Weight {
        // At least 36_645 ns.
        Weight::from_parts(38_399_584, 5698)
            .saturating_add(Weight::from_parts(240_860, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(47_898, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `p` is from 1 to 31.
    fn add_proxy(p: u32) -> Weight {
        // At least 26_249 ns.
        Weight::from_parts(27_220_969, 4706)
            .saturating_add(Weight::from_parts(70_424, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn remove_proxy(p: u32) -> Weight {
        // At least 26_199 ns.
        Weight::from_parts(26_880_239, 4706)
            .saturating_add(Weight::from_parts(74_881, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn remove_proxies(p: u32) -> Weight {
        // At least 26_149 ns.
        Weight::from_parts(25_314_453, 4706)
            .saturating_add(Weight::from_parts(1_958_961, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn create_pure(p: u32) -> Weight {
        // At least 29_734 ns.
        Weight::from_parts(30_902_553, 4706)
            .saturating_add(Weight::from_parts(42_482, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 0 to 30.
    fn kill_pure(p: u32) -> Weight {
        // At least 27_842 ns.
        Weight::from_parts(29_145_418, 4706)
            .saturating_add(Weight::from_parts(111_575, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn poke_deposit() -> Weight {
        // At least 48_803 ns.
        Weight::from_parts(49_774_000, 5698)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
