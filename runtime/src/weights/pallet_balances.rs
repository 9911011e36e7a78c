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
        // At least 70_095 ns.
        Weight::from_parts(71_977_000, 3593)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn transfer_keep_alive() -> Weight {
        // At least 52_037 ns.
        Weight::from_parts(53_289_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_set_balance_creating() -> Weight {
        // At least 25_368 ns.
        Weight::from_parts(27_331_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_set_balance_killing() -> Weight {
        // At least 25_759 ns.
        Weight::from_parts(27_150_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_transfer() -> Weight {
        // At least 71_266 ns.
        Weight::from_parts(72_929_000, 6196)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn transfer_all() -> Weight {
        // At least 64_516 ns.
        Weight::from_parts(66_169_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_unreserve() -> Weight {
        // At least 21_081 ns.
        Weight::from_parts(22_103_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// `u` is from 1 to 1000.
    fn upgrade_accounts(u: u32) -> Weight {
        // At least 21_312 ns.
        Weight::from_parts(21_953_000, 990)
            .saturating_add(Weight::from_parts(17_922_462, 0).saturating_mul(u.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(u.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(u.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(u.into()))
    }

    fn force_adjust_total_issuance() -> Weight {
        // At least 6_630 ns.
        Weight::from_parts(8_193_000, 0)
    }

    fn burn_allow_death() -> Weight {
        // At least 41_822 ns.
        Weight::from_parts(43_045_000, 1613)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn burn_keep_alive() -> Weight {
        // At least 24_377 ns.
        Weight::from_parts(24_967_000, 0)
    }
}
