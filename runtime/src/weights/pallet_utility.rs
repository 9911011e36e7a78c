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
        // At least 5_588 ns.
        Weight::from_parts(7_159_783, 0).saturating_add(Weight::from_parts(3_341_688, 0).saturating_mul(c.into()))
    }

    fn as_derivative() -> Weight {
        // At least 5_308 ns.
        Weight::from_parts(5_788_000, 0)
    }

    /// `c` is from 0 to 1000.
    fn batch_all(c: u32) -> Weight {
        // At least 5_538 ns.
        Weight::from_parts(6_672_475, 0).saturating_add(Weight::from_parts(3_680_209, 0).saturating_mul(c.into()))
    }

    fn dispatch_as() -> Weight {
        // At least 7_672 ns.
        Weight::from_parts(8_142_000, 0)
    }

    /// `c` is from 0 to 1000.
    fn force_batch(c: u32) -> Weight {
        // At least 5_468 ns.
        Weight::from_parts(5_629_000, 0).saturating_add(Weight::from_parts(3_382_440, 0).saturating_mul(c.into()))
    }

    fn dispatch_as_fallible() -> Weight {
        // At least 7_932 ns.
        Weight::from_parts(8_273_000, 0)
    }

    fn if_else() -> Weight {
        // At least 9_484 ns.
        Weight::from_parts(9_855_000, 0)
    }
}
