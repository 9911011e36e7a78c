//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// A block that begins nothing.
    fn on_block() -> Weight;
    /// What the first block of a slot adds.
    fn on_slot() -> Weight;
    /// A batch of so many signatures, with the work that is counted for them.
    fn submit(signatures: u32) -> Weight;
}

impl WeightInfo for () {
    fn on_block() -> Weight {
        Weight::zero()
    }
    fn on_slot() -> Weight {
        Weight::zero()
    }
    fn submit(_: u32) -> Weight {
        Weight::zero()
    }
}
