//! What is stored of pools, nodes and those who fund them. Pure.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{
    nodes::{NodeKey, PoolId, Service, Services},
    Balance, BlockNumber,
};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// Most nodes of a pool.
pub const MAX_NODES: u32 = 32;
/// Most nodes of an owner.
pub const MAX_OWNED: u32 = 32;
/// All services.
pub const SERVICES: [Service; 2] = [Service::Relay, Service::Storage];

/// How a pool calls itself: bytes that nobody checked.
pub type Name = BoundedVec<u8, ConstU32<64>>;
/// Where a node is reached: bytes that nobody checked.
pub type Endpoint = BoundedVec<u8, ConstU32<128>>;

/// A pool: the nodes that work for one entity.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pool<AccountId> {
    /// The entity that its work counts for.
    pub operator: AccountId,
    /// To whom it is offered.
    pub offered: Option<AccountId>,
    /// What is held of its operator for it.
    pub deposit: Balance,
    /// Its nodes.
    pub nodes: u32,
    /// How it calls itself.
    pub name: Name,
}

/// Nodes of a pool that offer a service.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Listed {
    /// The block since which the pool offers it, run by who runs it now.
    pub since: BlockNumber,
    /// The nodes, in no order.
    pub nodes: BoundedVec<NodeKey, ConstU32<MAX_NODES>>,
}

/// Where a node stands. A pool's number is never used twice, so who asked for one that is closed asks for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Standing {
    /// In no pool.
    #[default]
    Alone,
    /// Its owner asks to join this pool.
    Asks(PoolId),
    /// In this pool.
    In(PoolId),
}

impl Standing {
    /// The pool that it is in or asks for.
    pub fn pool(self) -> Option<PoolId> {
        match self {
            Self::Alone => None,
            Self::Asks(pool) | Self::In(pool) => Some(pool),
        }
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Node<AccountId> {
    /// Who registered it and is paid.
    pub owner: AccountId,
    /// What is held of its owner for it.
    pub deposit: Balance,
    /// What it offers: something.
    pub services: Services,
    /// Where it stands.
    pub standing: Standing,
    /// Where it is reached.
    pub endpoint: Endpoint,
}

/// Who owns nodes, and the one pool that they stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Funder {
    /// Nodes that it owns.
    pub nodes: u32,
    /// The pool that some of them are in or ask for. If it is closed, it binds nobody.
    pub pool: Option<PoolId>,
    /// Nodes that ask for it.
    pub asking: u32,
    /// Nodes that are in it.
    pub in_pool: u32,
}

impl Funder {
    /// One of its nodes stands there no more.
    pub(crate) fn forget(&mut self, standing: Standing) {
        match standing {
            // Of a closed pool: another took its place in this record, where it is not counted.
            _ if standing.pool() != self.pool => {}
            Standing::Alone => {}
            Standing::Asks(_) => self.asking = self.asking.saturating_sub(1),
            Standing::In(_) => self.in_pool = self.in_pool.saturating_sub(1),
        }
        if self.asking == 0 && self.in_pool == 0 {
            self.pool = None;
        }
    }

    /// One of its nodes stands there now. The caller has seen to it that no other pool binds it.
    pub(crate) fn note(&mut self, standing: Standing) {
        if standing == Standing::Alone {
            return;
        }
        if self.pool != standing.pool() {
            // What was counted asked for a pool that is closed.
            *self = Self { nodes: self.nodes, pool: standing.pool(), asking: 0, in_pool: 0 };
        }
        match standing {
            Standing::Alone => {}
            Standing::Asks(_) => self.asking = self.asking.saturating_add(1),
            Standing::In(_) => self.in_pool = self.in_pool.saturating_add(1),
        }
    }
}

/// A pool and its nodes, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PoolView<AccountId> {
    /// What is stored of it.
    pub pool: Pool<AccountId>,
    /// Keys of its nodes, by key.
    pub nodes: Vec<NodeKey>,
}
