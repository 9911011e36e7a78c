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
        // At least 77_976 ns.
        Weight::from_parts(80_059_000, 5518)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    fn set_profile() -> Weight {
        // At least 16_645 ns.
        Weight::from_parts(17_936_000, 4120)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn set_commission() -> Weight {
        // At least 106_568 ns.
        Weight::from_parts(141_571_000, 6196)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn bond_more() -> Weight {
        // At least 146_738 ns.
        Weight::from_parts(150_484_000, 6196)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    fn unbond() -> Weight {
        // At least 145_136 ns.
        Weight::from_parts(148_621_000, 6196)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(10))
    }

    fn leave() -> Weight {
        // At least 713_783 ns.
        Weight::from_parts(758_069_000, 260590)
            .saturating_add(T::DbWeight::get().reads(117))
            .saturating_add(T::DbWeight::get().writes(11))
    }

    fn unjail() -> Weight {
        // At least 57_326 ns.
        Weight::from_parts(61_502_000, 5518)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// `m` is from 0 to 11.
    fn on_block(m: u32) -> Weight {
        // At least 42_313 ns.
        Weight::from_parts(44_251_686, 3608)
            .saturating_add(Weight::from_parts(4_892_952, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(m.into()))
    }

    /// `r` is from 300 to 999.
    /// `m` is from 1 to 100.
    fn on_session(r: u32, m: u32) -> Weight {
        // At least 29_444_368 ns.
        Weight::from_parts(7_321_650_931, 732630)
            .saturating_add(Weight::from_parts(23_492_612, 0).saturating_mul(r.into()))
            .saturating_add(Weight::from_parts(193_212_885, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(326))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(816))
            .saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(m.into())))
            .saturating_add(Weight::from_parts(0, 6125).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 3130).saturating_mul(r.into()))
    }

    /// `o` is from 1 to 100.
    fn punish(o: u32) -> Weight {
        // At least 176_753 ns.
        Weight::from_parts(6_977_156, 7887)
            .saturating_add(Weight::from_parts(145_131_292, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 3640).saturating_mul(o.into()))
    }
}
