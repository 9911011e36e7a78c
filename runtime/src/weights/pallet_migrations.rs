//! Costs of `pallet_migrations`, measured by `scripts/weights.sh` on 2026-11-21. Do not edit.
//!
//! Steps: 50, repeats: 20, processor: AMD EPYC.

#![allow(unused_parens, unused_imports, missing_docs, clippy::all)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls of `pallet_migrations` cost.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_migrations::WeightInfo for WeightInfo<T> {
    fn onboard_new_mbms() -> Weight {
        // At least 8_683 ns.
        Weight::from_parts(9_174_000, 67035)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn progress_mbms_none() -> Weight {
        // At least 2_444 ns.
        Weight::from_parts(2_654_000, 67035).saturating_add(T::DbWeight::get().reads(1))
    }

    fn exec_migration_completed() -> Weight {
        // At least 6_229 ns.
        Weight::from_parts(6_660_000, 3594)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn exec_migration_skipped_historic() -> Weight {
        // At least 12_128 ns.
        Weight::from_parts(12_539_000, 3731).saturating_add(T::DbWeight::get().reads(2))
    }

    fn exec_migration_advance() -> Weight {
        // At least 11_687 ns.
        Weight::from_parts(12_028_000, 3731).saturating_add(T::DbWeight::get().reads(2))
    }

    fn exec_migration_complete() -> Weight {
        // At least 13_550 ns.
        Weight::from_parts(13_851_000, 3731)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn exec_migration_fail() -> Weight {
        // At least 18_768 ns.
        Weight::from_parts(19_529_000, 3731)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn on_init_loop() -> Weight {
        // At least 170 ns.
        Weight::from_parts(211_000, 0)
    }

    fn force_set_cursor() -> Weight {
        // At least 3_345 ns.
        Weight::from_parts(3_545_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_set_active_cursor() -> Weight {
        // At least 3_816 ns.
        Weight::from_parts(3_986_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn force_onboard_mbms() -> Weight {
        // At least 6_860 ns.
        Weight::from_parts(7_211_000, 67035).saturating_add(T::DbWeight::get().reads(2))
    }

    /// `n` is from 0 to 256.
    fn clear_historic(n: u32) -> Weight {
        // At least 18_187 ns.
        Weight::from_parts(19_139_635, 3834)
            .saturating_add(Weight::from_parts(1_396_684, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2740).saturating_mul(n.into()))
    }

    /// `n` is from 0 to 2048.
    fn reset_pallet_migration(n: u32) -> Weight {
        // At least 1_673 ns.
        Weight::from_parts(12_200_710, 1425)
            .saturating_add(Weight::from_parts(790_253, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(n.into()))
    }
}
