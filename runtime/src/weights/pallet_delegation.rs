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
        // At least 156_343 ns.
        Weight::from_parts(161_370_000, 33165)
            .saturating_add(T::DbWeight::get().reads(21))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn bond_more() -> Weight {
        // At least 262_230 ns.
        Weight::from_parts(265_926_000, 19190)
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn undelegate() -> Weight {
        // At least 256_492 ns.
        Weight::from_parts(260_999_000, 19190)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(16))
    }

    fn undelegate_all() -> Weight {
        // At least 259_306 ns.
        Weight::from_parts(265_566_000, 19190)
            .saturating_add(T::DbWeight::get().reads(20))
            .saturating_add(T::DbWeight::get().writes(12))
    }

    fn redelegate() -> Weight {
        // At least 373_957 ns.
        Weight::from_parts(384_653_000, 22830)
            .saturating_add(T::DbWeight::get().reads(23))
            .saturating_add(T::DbWeight::get().writes(11))
    }

    fn cancel_unbonding() -> Weight {
        // At least 291_524 ns.
        Weight::from_parts(297_543_000, 19190)
            .saturating_add(T::DbWeight::get().reads(22))
            .saturating_add(T::DbWeight::get().writes(16))
    }

    fn set_compounding() -> Weight {
        // At least 199_047 ns.
        Weight::from_parts(206_938_000, 19190)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    /// `c` is from 0 to 16.
    fn release(c: u32) -> Weight {
        // At least 4_486 ns.
        Weight::from_parts(36_642_682, 19190)
            .saturating_add(Weight::from_parts(118_650_495, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(c.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(c.into())))
            .saturating_add(Weight::from_parts(0, 2873).saturating_mul(c.into()))
    }

    fn sweep_idle() -> Weight {
        // At least 7_972 ns.
        Weight::from_parts(8_433_000, 1917)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn sweep_one() -> Weight {
        // At least 177_143 ns.
        Weight::from_parts(180_328_000, 19190)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn reward() -> Weight {
        // At least 26_019 ns.
        Weight::from_parts(27_551_000, 5518)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn slash() -> Weight {
        // At least 59_138 ns.
        Weight::from_parts(61_231_000, 4630)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn end_epoch() -> Weight {
        // At least 20_130 ns.
        Weight::from_parts(20_811_000, 7115)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
