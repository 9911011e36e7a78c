//! Costs of `pallet_transaction_payment`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_transaction_payment` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_transaction_payment::WeightInfo for WeightInfo<T> {
    fn charge_transaction_payment() -> Weight {
        // At least 102_632 ns.
        Weight::from_parts(104_395_000, 8799)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}
