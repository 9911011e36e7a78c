//! Costs of `pallet_validator_staking`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 20, repeats: 10, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_validator_staking` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_validator_staking::WeightInfo for WeightInfo<T> {
    fn register() -> Weight {
        // At least 78_917 ns.
        Weight::from_parts(81_080_000, 5518)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn set_profile() -> Weight {
        // At least 16_765 ns.
        Weight::from_parts(17_326_000, 4111)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_commission() -> Weight {
        // At least 106_298 ns.
        Weight::from_parts(111_896_000, 6196)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn bond_more() -> Weight {
        // At least 145_687 ns.
        Weight::from_parts(151_156_000, 6196)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn unbond() -> Weight {
        // At least 144_986 ns.
        Weight::from_parts(148_411_000, 6196)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(10))
    }

    fn leave() -> Weight {
        // At least 345_234 ns.
        Weight::from_parts(353_346_000, 14330)
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().writes(11))
    }

    fn unjail() -> Weight {
        // At least 56_584 ns.
        Weight::from_parts(59_379_000, 5518)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// `m` is from 0 to 11.
    fn on_block(m: u32) -> Weight {
        // At least 42_423 ns.
        Weight::from_parts(44_630_929, 3608)
            .saturating_add(Weight::from_parts(4_875_679, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(m.into()))
    }

    /// `r` is from 300 to 999.
    /// `m` is from 1 to 100.
    fn on_session(r: u32, m: u32) -> Weight {
        // At least 30_123_710 ns.
        Weight::from_parts(8_875_356_456, 732630)
            .saturating_add(Weight::from_parts(21_673_956, 0).saturating_mul(r.into()))
            .saturating_add(Weight::from_parts(187_344_337, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(326))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(816))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 6125).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 3121).saturating_mul(r.into()))
    }

    /// `o` is from 1 to 100.
    fn punish(o: u32) -> Weight {
        // At least 180_108 ns.
        Weight::from_parts(91_830_360, 7887)
            .saturating_add(Weight::from_parts(144_218_854, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 3640).saturating_mul(o.into()))
    }
}
