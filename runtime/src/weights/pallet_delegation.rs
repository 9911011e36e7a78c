//! Costs of `pallet_delegation`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_delegation` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_delegation::WeightInfo for WeightInfo<T> {
    fn bond() -> Weight {
        // At least 266_567 ns.
        Weight::from_parts(275_560_000, 33165)
            .saturating_add(T::DbWeight::get().reads(24))
            .saturating_add(T::DbWeight::get().writes(10))
    }

    fn bond_more() -> Weight {
        // At least 357_212 ns.
        Weight::from_parts(372_204_000, 19190)
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().writes(10))
    }

    fn undelegate() -> Weight {
        // At least 362_590 ns.
        Weight::from_parts(381_378_000, 19190)
            .saturating_add(T::DbWeight::get().reads(22))
            .saturating_add(T::DbWeight::get().writes(18))
    }

    fn undelegate_all() -> Weight {
        // At least 356_201 ns.
        Weight::from_parts(372_144_000, 19190)
            .saturating_add(T::DbWeight::get().reads(22))
            .saturating_add(T::DbWeight::get().writes(14))
    }

    fn redelegate() -> Weight {
        // At least 573_864 ns.
        Weight::from_parts(617_430_000, 22830)
            .saturating_add(T::DbWeight::get().reads(26))
            .saturating_add(T::DbWeight::get().writes(15))
    }

    fn cancel_unbonding() -> Weight {
        // At least 295_670 ns.
        Weight::from_parts(309_191_000, 19190)
            .saturating_add(T::DbWeight::get().reads(22))
            .saturating_add(T::DbWeight::get().writes(16))
    }

    fn set_compounding() -> Weight {
        // At least 308_179 ns.
        Weight::from_parts(337_372_000, 19190)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(10))
    }

    /// `c` is from 0 to 16.
    fn release(c: u32) -> Weight {
        // At least 4_537 ns.
        Weight::from_parts(55_577_814, 19190)
            .saturating_add(Weight::from_parts(118_381_295, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(c.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(c.into())))
            .saturating_add(Weight::from_parts(0, 2873).saturating_mul(c.into()))
    }

    fn sweep_idle() -> Weight {
        // At least 8_042 ns.
        Weight::from_parts(8_572_000, 1917)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn sweep_one() -> Weight {
        // At least 174_590 ns.
        Weight::from_parts(179_768_000, 19190)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn reward() -> Weight {
        // At least 25_668 ns.
        Weight::from_parts(27_321_000, 5518)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn slash() -> Weight {
        // At least 58_357 ns.
        Weight::from_parts(59_870_000, 4630)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn end_epoch() -> Weight {
        // At least 19_789 ns.
        Weight::from_parts(20_861_000, 7115)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
