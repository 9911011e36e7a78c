//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// A first delegation to a validator.
    fn bond() -> Weight;
    /// More of an existing one.
    fn bond_more() -> Weight;
    /// Unbonding of a part.
    fn undelegate() -> Weight;
    /// Unbonding of all, which ends the delegation.
    fn undelegate_all() -> Weight;
    /// Stake from one validator to another.
    fn redelegate() -> Weight;
    /// A chunk back to where it was.
    fn cancel_unbonding() -> Weight;
    /// From one part of a pool to the other.
    fn set_compounding() -> Weight;
    /// A look at the queue of unbonding, and the release of `chunks`.
    fn release(chunks: u32) -> Weight;
    /// A look at where the sweep stands.
    fn sweep_idle() -> Weight;
    /// One delegation of the sweep.
    fn sweep_one() -> Weight;
    /// Sharing out a reward. Paid by whoever calls it.
    fn reward() -> Weight;
    /// A slash. Paid by whoever calls it.
    fn slash() -> Weight;
    /// Remembering the counters of one validator. Paid by whoever calls it.
    fn end_epoch() -> Weight;
}
