//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// A report, judged when it enters the block and again when it is executed.
    fn report_double_seal() -> Weight;
}
