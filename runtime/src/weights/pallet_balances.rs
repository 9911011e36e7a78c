//! Costs of `pallet_balances`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_balances` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_balances::WeightInfo for WeightInfo<T> {
    fn transfer_allow_death() -> Weight {
        // At least 62_973 ns.
        Weight::from_parts(64_165_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn transfer_keep_alive() -> Weight {
        // At least 48_913 ns.
        Weight::from_parts(50_085_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_set_balance_creating() -> Weight {
        // At least 24_546 ns.
        Weight::from_parts(25_348_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_set_balance_killing() -> Weight {
        // At least 24_376 ns.
        Weight::from_parts(25_228_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_transfer() -> Weight {
        // At least 63_715 ns.
        Weight::from_parts(64_806_000, 6196)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn transfer_all() -> Weight {
        // At least 60_901 ns.
        Weight::from_parts(63_054_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_unreserve() -> Weight {
        // At least 20_350 ns.
        Weight::from_parts(20_771_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `u` is from 1 to 1000.
    fn upgrade_accounts(u: u32) -> Weight {
        // At least 20_000 ns.
        Weight::from_parts(20_451_000, 990)
            .saturating_add(Weight::from_parts(17_930_954, 0).saturating_mul(u.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(u.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(u.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(u.into()))
    }

    fn force_adjust_total_issuance() -> Weight {
        // At least 6_950 ns.
        Weight::from_parts(7_441_000, 0)
    }

    fn burn_allow_death() -> Weight {
        // At least 37_686 ns.
        Weight::from_parts(38_578_000, 0)
    }

    fn burn_keep_alive() -> Weight {
        // At least 24_567 ns.
        Weight::from_parts(24_987_000, 0)
    }
}
