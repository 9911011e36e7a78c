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
        // At least 3_666 ns.
        Weight::from_parts(60_187_566, 0).saturating_add(Weight::from_parts(371, 0).saturating_mul(b.into()))
    }

    /// `b` is from 0 to 3932160.
    fn remark_with_event(b: u32) -> Weight {
        // At least 6_409 ns.
        Weight::from_parts(10_005_987, 0).saturating_add(Weight::from_parts(1_301, 0).saturating_mul(b.into()))
    }

    fn set_heap_pages() -> Weight {
        // At least 4_998 ns.
        Weight::from_parts(5_318_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_code() -> Weight {
        // At least 112_715_973 ns.
        Weight::from_parts(115_021_907_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    /// `i` is from 0 to 1000.
    fn set_storage(i: u32) -> Weight {
        // At least 2_725 ns.
        Weight::from_parts(2_874_000, 0)
            .saturating_add(Weight::from_parts(934_749, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }

    /// `i` is from 0 to 1000.
    fn kill_storage(i: u32) -> Weight {
        // At least 2_754 ns.
        Weight::from_parts(2_925_000, 0)
            .saturating_add(Weight::from_parts(676_624, 0).saturating_mul(i.into()))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
    }

    /// `p` is from 0 to 1000.
    fn kill_prefix(p: u32) -> Weight {
        // At least 4_878 ns.
        Weight::from_parts(5_027_000, 61)
            .saturating_add(Weight::from_parts(1_353_245, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 70).saturating_mul(p.into()))
    }

    fn authorize_upgrade() -> Weight {
        // At least 13_610 ns.
        Weight::from_parts(26_229_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn apply_authorized_upgrade() -> Weight {
        // At least 117_518_996 ns.
        Weight::from_parts(119_181_131_000, 1518)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
