//! Costs of `pallet_utility`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_utility` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_utility::WeightInfo for WeightInfo<T> {
    /// `c` is from 0 to 1000.
    fn batch(c: u32) -> Weight {
        // At least 5_308 ns.
        Weight::from_parts(4_903_672, 1489)
            .saturating_add(Weight::from_parts(3_659_003, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }

    fn as_derivative() -> Weight {
        // At least 7_451 ns.
        Weight::from_parts(7_771_000, 1489).saturating_add(T::DbWeight::get().reads(1))
    }

    /// `c` is from 0 to 1000.
    fn batch_all(c: u32) -> Weight {
        // At least 5_348 ns.
        Weight::from_parts(7_341_170, 1489)
            .saturating_add(Weight::from_parts(3_922_338, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }

    fn dispatch_as() -> Weight {
        // At least 7_431 ns.
        Weight::from_parts(7_802_000, 0)
    }

    /// `c` is from 0 to 1000.
    fn force_batch(c: u32) -> Weight {
        // At least 5_508 ns.
        Weight::from_parts(15_075_092, 1489)
            .saturating_add(Weight::from_parts(3_587_351, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }

    fn dispatch_as_fallible() -> Weight {
        // At least 7_511 ns.
        Weight::from_parts(7_822_000, 0)
    }

    fn if_else() -> Weight {
        // At least 12_038 ns.
        Weight::from_parts(12_830_000, 1489).saturating_add(T::DbWeight::get().reads(1))
    }
}
