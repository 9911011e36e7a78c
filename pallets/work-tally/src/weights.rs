//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// A block that begins nothing.
    fn on_block() -> Weight;
    /// What the first block of a slot adds.
    fn on_slot() -> Weight;
    /// What the first block of an epoch adds, if `entities` have left and as many have come.
    fn on_epoch(entities: u32) -> Weight;
    /// A beacon, its signature included.
    fn beacon() -> Weight;
}

impl WeightInfo for () {
    fn on_block() -> Weight {
        Weight::zero()
    }
    fn on_slot() -> Weight {
        Weight::zero()
    }
    fn on_epoch(_: u32) -> Weight {
        Weight::zero()
    }
    fn beacon() -> Weight {
        Weight::zero()
    }
}
