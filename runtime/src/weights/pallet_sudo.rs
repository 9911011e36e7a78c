//! Costs of `pallet_sudo`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_sudo` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_sudo::WeightInfo for WeightInfo<T> {
    fn set_key() -> Weight {
        // At least 10_485 ns.
        Weight::from_parts(11_036_000, 1517)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn sudo() -> Weight {
        // At least 11_106 ns.
        Weight::from_parts(11_928_000, 1517).saturating_add(T::DbWeight::get().reads(1))
    }

    fn sudo_as() -> Weight {
        // At least 11_286 ns.
        Weight::from_parts(11_898_000, 1517).saturating_add(T::DbWeight::get().reads(1))
    }

    fn remove_key() -> Weight {
        // At least 9_655 ns.
        Weight::from_parts(10_225_000, 1517)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn check_only_sudo_account() -> Weight {
        // At least 5_177 ns.
        Weight::from_parts(5_478_000, 1517).saturating_add(T::DbWeight::get().reads(1))
    }
}
