//! Costs of `frame_system_extensions`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `frame_system_extensions` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for WeightInfo<T> {
    fn check_genesis() -> Weight {
        // At least 2_114 ns.
        Weight::from_parts(2_263_000, 0)
    }

    fn check_mortality_mortal_transaction() -> Weight {
        // At least 4_276 ns.
        Weight::from_parts(4_487_000, 0)
    }

    fn check_mortality_immortal_transaction() -> Weight {
        // At least 4_216 ns.
        Weight::from_parts(4_567_000, 0)
    }

    fn check_non_zero_sender() -> Weight {
        // At least 661 ns.
        Weight::from_parts(701_000, 0)
    }

    fn check_nonce() -> Weight {
        // At least 8_783 ns.
        Weight::from_parts(9_133_000, 3593)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn check_spec_version() -> Weight {
        // At least 470 ns.
        Weight::from_parts(521_000, 0)
    }

    fn check_tx_version() -> Weight {
        // At least 461 ns.
        Weight::from_parts(541_000, 0)
    }

    fn check_weight() -> Weight {
        // At least 4_747 ns.
        Weight::from_parts(4_947_000, 0)
    }

    fn weight_reclaim() -> Weight {
        // At least 2_714 ns.
        Weight::from_parts(2_934_000, 0)
    }
}
