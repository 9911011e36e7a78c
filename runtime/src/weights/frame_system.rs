//! Costs of `frame_system`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `frame_system` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> frame_system::WeightInfo for WeightInfo<T> {
    /// `b` is from 0 to 3932160.
    fn remark(b: u32) -> Weight {
        // At least 2_714 ns.
        Weight::from_parts(2_834_000, 0).saturating_add(Weight::from_parts(411, 0).saturating_mul(b.into()))
    }

    /// `b` is from 0 to 3932160.
    fn remark_with_event(b: u32) -> Weight {
        // At least 6_309 ns.
        Weight::from_parts(6_620_000, 0).saturating_add(Weight::from_parts(1_366, 0).saturating_mul(b.into()))
    }

    fn set_heap_pages() -> Weight {
        // At least 4_888 ns.
        Weight::from_parts(5_178_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_code() -> Weight {
        // At least 115_737_082 ns.
        Weight::from_parts(128_864_591_000, 67035)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `i` is from 0 to 1000.
    fn set_storage(i: u32) -> Weight {
        // At least 2_694 ns.
        Weight::from_parts(2_764_000, 0)
            .saturating_add(Weight::from_parts(926_648, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }

    /// `i` is from 0 to 1000.
    fn kill_storage(i: u32) -> Weight {
        // At least 2_784 ns.
        Weight::from_parts(2_964_000, 0)
            .saturating_add(Weight::from_parts(694_311, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }

    /// `p` is from 0 to 1000.
    fn kill_prefix(p: u32) -> Weight {
        // At least 5_138 ns.
        Weight::from_parts(5_218_000, 76)
            .saturating_add(Weight::from_parts(1_395_974, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 70).saturating_mul(p.into()))
    }

    fn authorize_upgrade() -> Weight {
        // At least 14_972 ns.
        Weight::from_parts(19_639_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn apply_authorized_upgrade() -> Weight {
        // At least 119_594_367 ns.
        Weight::from_parts(126_719_667_000, 67035)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
