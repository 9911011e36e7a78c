//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// A block that follows its parent at the next tick.
    fn on_block() -> Weight;
    /// What missed ticks of `entries` table entries add.
    fn on_gap(entries: u32) -> Weight;
    /// What the first block of a slot adds, with `validators` active.
    fn on_slot(validators: u32) -> Weight;
    /// Giving the ticks of excluded operators to others.
    fn take_from() -> Weight;
    /// The VRF inherent.
    fn note_vrf() -> Weight;
}
