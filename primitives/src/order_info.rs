//! What the chain tells about orders of work: the shapes that the runtime API returns to workers and clients.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_core::sr25519;

use crate::{nodes::NodeKey, orders::OrderId, time::Tick};

/// What a relay's receipt was settled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Settled {
    /// Bytes that the client has signed for.
    pub bytes: u64,
    /// What the relay's owner was due for them.
    pub pay: u128,
}

/// A relay of a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PlaceInfo<AccountId = crate::AccountId> {
    /// The relay.
    pub node: NodeKey,
    /// The operator whose work it does.
    pub entity: AccountId,
    /// Where it is reached: `host:port`.
    pub endpoint: Vec<u8>,
    /// Its receipt, if it is settled: nothing more is paid then. When all are, the session is over, and only events tell of it.
    pub settled: Option<Settled>,
}

/// A relay session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SessionInfo<AccountId = crate::AccountId> {
    /// Who pays.
    pub owner: AccountId,
    /// Whose receipts count.
    pub client: sr25519::Public,
    /// Most bytes that each relay is paid for, in both directions.
    pub volume: u64,
    /// What each relay is paid for a million bytes.
    pub price_per_mb: u128,
    /// Its relays, in the order of the route. None before they are drawn.
    pub relays: Vec<PlaceInfo<AccountId>>,
    /// Whether they are drawn.
    pub drawn: bool,
    /// The last tick whose block settles a receipt; `None` before relays are drawn.
    pub expires: Option<Tick>,
}

/// A holder of a deal's data.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HolderInfo<AccountId = crate::AccountId> {
    /// The node.
    pub node: NodeKey,
    /// The operator whose work it does.
    pub entity: AccountId,
    /// Where it is reached: `host:port`.
    pub endpoint: Vec<u8>,
    /// Whether it gave its word that it holds the data.
    pub pledged: bool,
    /// Whether nothing is asked of it any more.
    pub ended: bool,
    /// Challenges that are still to come.
    pub left: u32,
    /// Challenges that it did not answer.
    pub missed: u32,
}

/// A storage deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DealInfo<AccountId = crate::AccountId> {
    /// Who pays.
    pub owner: AccountId,
    /// Root of the tree of the data's segments.
    pub root: [u8; 32],
    /// Length of the data.
    pub bytes: u64,
    /// Its holders. None before they are drawn.
    pub holders: Vec<HolderInfo<AccountId>>,
    /// Challenges that each holder is asked.
    pub challenges_each: u32,
    /// Whether holders are drawn.
    pub drawn: bool,
}

/// Orders that a node works for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct NodeWork {
    /// Sessions that it is a relay of.
    pub sessions: Vec<OrderId>,
    /// Deals that it is a holder of.
    pub deals: Vec<OrderId>,
}
