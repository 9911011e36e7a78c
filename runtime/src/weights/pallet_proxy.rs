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
        // At least 16_625 ns.
        Weight::from_parts(17_761_833, 4706)
            .saturating_add(Weight::from_parts(63_107, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn proxy_announced(a: u32, p: u32) -> Weight {
        // At least 44_757 ns.
        Weight::from_parts(45_477_134, 5698)
            .saturating_add(Weight::from_parts(260_312, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(69_740, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn remove_announcement(a: u32, p: u32) -> Weight {
        // At least 27_972 ns.
        Weight::from_parts(28_927_707, 5698)
            .saturating_add(Weight::from_parts(229_351, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(17_792, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn reject_announcement(a: u32, p: u32) -> Weight {
        // At least 27_791 ns.
        Weight::from_parts(28_794_014, 5698)
            .saturating_add(Weight::from_parts(237_049, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(20_603, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `a` is from 0 to 31.
    /// `p` is from 1 to 31.
    fn announce(a: u32, p: u32) -> Weight {
        // At least 36_624 ns.
        Weight::from_parts(38_458_164, 5698)
            .saturating_add(Weight::from_parts(242_287, 0).saturating_mul(a.into()))
            .saturating_add(Weight::from_parts(67_916, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// `p` is from 1 to 31.
    fn add_proxy(p: u32) -> Weight {
        // At least 26_420 ns.
        Weight::from_parts(27_131_740, 4706)
            .saturating_add(Weight::from_parts(81_899, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn remove_proxy(p: u32) -> Weight {
        // At least 26_359 ns.
        Weight::from_parts(26_138_914, 4706)
            .saturating_add(Weight::from_parts(205_442, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn remove_proxies(p: u32) -> Weight {
        // At least 27_090 ns.
        Weight::from_parts(25_988_597, 4706)
            .saturating_add(Weight::from_parts(2_096_380, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 1 to 31.
    fn create_pure(p: u32) -> Weight {
        // At least 30_115 ns.
        Weight::from_parts(31_810_765, 4706)
            .saturating_add(Weight::from_parts(49_939, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `p` is from 0 to 30.
    fn kill_pure(p: u32) -> Weight {
        // At least 28_322 ns.
        Weight::from_parts(29_451_225, 4706)
            .saturating_add(Weight::from_parts(98_097, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn poke_deposit() -> Weight {
        // At least 48_492 ns.
        Weight::from_parts(51_166_000, 5698)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
