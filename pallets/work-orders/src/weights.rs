//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// Opening an order.
    fn open() -> Weight;
    /// A relay's receipt, with its signatures.
    fn redeem() -> Weight;
    /// A pledge, with its signature.
    fn pledge() -> Weight;
    /// An answer, with its signature and the longest path.
    fn answer() -> Weight;
    /// A block in which nothing is due.
    fn on_block() -> Weight;
    /// Judging so many challenges whose deadline is over.
    fn judge(challenges: u32) -> Weight;
    /// Asking so many.
    fn ask(challenges: u32) -> Weight;
    /// Closing orders whose time is over, each with three pledges.
    fn close(orders: u32) -> Weight;
    /// Drawing the nodes of orders, three for each.
    fn draw(orders: u32) -> Weight;
}

impl WeightInfo for () {
    fn open() -> Weight {
        Weight::zero()
    }
    fn redeem() -> Weight {
        Weight::zero()
    }
    fn pledge() -> Weight {
        Weight::zero()
    }
    fn answer() -> Weight {
        Weight::zero()
    }
    fn on_block() -> Weight {
        Weight::zero()
    }
    fn judge(_: u32) -> Weight {
        Weight::zero()
    }
    fn ask(_: u32) -> Weight {
        Weight::zero()
    }
    fn close(_: u32) -> Weight {
        Weight::zero()
    }
    fn draw(_: u32) -> Weight {
        Weight::zero()
    }
}
