//! Nodes that work for entities: their keys, what they offer, and how the chain draws them (SPEC section 1, "Work credits").

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{crypto::KeyTypeId, sr25519};

use crate::{BlockNumber, Hash};

/// Number of a pool of nodes. Never used twice.
pub type PoolId = u32;
/// Key of a node. It needs no account: what it signs is sent unsigned and free.
pub type NodeKey = sr25519::Public;

/// Where keystores keep node keys.
pub const NODE_KEY_TYPE: KeyTypeId = KeyTypeId(*b"work");

/// What nodes do for others.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Service {
    /// Passes bytes on.
    Relay,
    /// Holds data and proves it.
    Storage,
}

/// Which of them a node offers.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Services {
    /// [`Service::Relay`].
    pub relay: bool,
    /// [`Service::Storage`].
    pub storage: bool,
}

impl Services {
    /// Whether `service` is among them.
    pub fn offer(&self, service: Service) -> bool {
        match service {
            Service::Relay => self.relay,
            Service::Storage => self.storage,
        }
    }
}

/// A node as it is drawn. What it does from then on counts for this entity and is paid to this owner, whatever changes later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Worker<AccountId> {
    /// Its key.
    pub node: NodeKey,
    /// The operator whose work it does.
    pub entity: AccountId,
    /// Who registered it and is paid.
    pub owner: AccountId,
}

/// Where nodes are drawn from.
pub trait Nodes<AccountId> {
    /// Draws up to `count` nodes that offer `service`, each of another member of the active set: first the member, all alike, then
    /// one of its nodes, all alike. None of them is of the pool `closed`, or of one in which any of
    /// `parties` stands, and all of these entities offered the service when block `opened` was over: who knows the seed can take his own
    /// out, but not choose who comes instead. Fewer, if there are no more.
    fn draw(
        service: Service,
        seed: Hash,
        count: u32,
        parties: &[AccountId],
        closed: Option<PoolId>,
        opened: BlockNumber,
    ) -> Vec<Worker<AccountId>>;

    /// The pool that an account stands in, as its operator or with nodes of its own.
    fn pool_of(who: &AccountId) -> Option<PoolId>;

    /// Whether a node is registered with this key.
    fn is_node(key: &NodeKey) -> bool;

    /// Makes nodes with these keys, each of another entity, all that [`Self::draw`] finds.
    #[cfg(feature = "runtime-benchmarks")]
    fn make_offers(service: Service, keys: &[NodeKey]);
}

/// What a node signs to be registered by `owner`: so nobody registers a key that it does not hold.
pub fn consent<AccountId: Encode>(genesis: &Hash, owner: &AccountId) -> Vec<u8> {
    (b"ergon:node", genesis, owner).encode()
}
