//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs. Each with the longest lists.
pub trait WeightInfo {
    /// `create_pool`.
    fn create_pool() -> Weight;
    /// `offer_pool`.
    fn offer_pool() -> Weight;
    /// `accept_pool`.
    fn accept_pool() -> Weight;
    /// `close_pool`.
    fn close_pool() -> Weight;
    /// `register_node`, its signature included.
    fn register_node() -> Weight;
    /// `update_node` of a node that is in a pool and changes what it offers.
    fn update_node() -> Weight;
    /// `remove_node` of a node that is in a pool.
    fn remove_node() -> Weight;
    /// `join` by the pool's operator, which admits at once.
    fn join() -> Weight;
    /// `admit`.
    fn admit() -> Weight;
    /// `leave` of a full pool.
    fn leave() -> Weight;
    /// `expel` from a full pool.
    fn expel() -> Weight;
    /// `draws` draws of one service in one block, of `MAX_PLACES` nodes each, that need all their attempts. For those who draw.
    fn draw(draws: u32) -> Weight;
}

impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::zero()
    }
    fn offer_pool() -> Weight {
        Weight::zero()
    }
    fn accept_pool() -> Weight {
        Weight::zero()
    }
    fn close_pool() -> Weight {
        Weight::zero()
    }
    fn register_node() -> Weight {
        Weight::zero()
    }
    fn update_node() -> Weight {
        Weight::zero()
    }
    fn remove_node() -> Weight {
        Weight::zero()
    }
    fn join() -> Weight {
        Weight::zero()
    }
    fn admit() -> Weight {
        Weight::zero()
    }
    fn leave() -> Weight {
        Weight::zero()
    }
    fn expel() -> Weight {
        Weight::zero()
    }
    fn draw(_: u32) -> Weight {
        Weight::zero()
    }
}
