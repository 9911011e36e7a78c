//! Costs of the schedule: estimates, set several times above what its operations suggest, until its benchmarks have been
//! run on reference hardware.

use frame_support::weights::{constants::RocksDbWeight, Weight};

const MICROSECOND: u64 = 1_000_000;

/// Estimated costs of `pallet-work-credits`.
pub struct Weights;

impl pallet_work_credits::WeightInfo for Weights {
    fn on_block() -> Weight {
        Weight::from_parts(100 * MICROSECOND, 0).saturating_add(RocksDbWeight::get().reads_writes(6, 3))
    }

    fn on_gap(entries: u32) -> Weight {
        // At most as many operators as entries are read and written.
        let entries = u64::from(entries);
        Self::on_block()
            .saturating_add(Weight::from_parts(10 * MICROSECOND, 0).saturating_mul(entries))
            .saturating_add(RocksDbWeight::get().reads_writes(entries, entries))
    }

    fn on_slot(validators: u32) -> Weight {
        let validators = u64::from(validators);
        Weight::from_parts(1_000 * MICROSECOND, 0)
            .saturating_add(Weight::from_parts(20 * MICROSECOND, 0).saturating_mul(validators))
            .saturating_add(RocksDbWeight::get().reads_writes(validators.saturating_add(10), 10))
    }

    fn note_vrf() -> Weight {
        // Two multi-scalar multiplications in Wasm.
        Weight::from_parts(2_000 * MICROSECOND, 0).saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
}
