#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod draw;
mod lists;
mod members;
mod nodes;
mod pools;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod scenes;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{Endpoint, Funder, Listed, Name, Node, Pool, PoolView, Standing, MAX_NODES, MAX_OWNED};
pub use weights::WeightInfo;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ergon_primitives::{
        nodes::{NodeKey, PoolId, Service, Services},
        Balance, Hash,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible, Contains, Get},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::sr25519;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Who runs pools, and what it costs to be known.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = Hash> {
        /// The money: deposits are held in their owner's account.
        type Currency: fungible::MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;
        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;
        /// Who is an entity: the operators, which are the registered validators. At most `MAX_REGISTERED`.
        type Entities: Contains<Self::AccountId>;
        /// Entities that a draw tries: the active set, each once, at most `MAX_VALIDATORS`.
        type Members: Get<Vec<Self::AccountId>>;
        /// Those of them whose nodes are drawn: who is not jailed.
        type Eligible: Contains<Self::AccountId>;
        /// What is held for a pool.
        #[pallet::constant]
        type PoolDeposit: Get<Balance>;
        /// What is held for a node: it must make a flood of keys dear.
        #[pallet::constant]
        type NodeDeposit: Get<Balance>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Makes entities for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    pub trait BenchmarkHelper<AccountId> {
        /// Makes `who` an entity that is eligible, with money for several deposits. Again changes nothing.
        fn entity(who: &AccountId);

        /// Makes these the active set.
        fn set_members(members: &[AccountId]);
    }

    /// Why the pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit for a pool.
        #[codec(index = 0)]
        Pool,
        /// The deposits for nodes.
        #[codec(index = 1)]
        Node,
    }

    /// Every pool. Written by `pools.rs`; its count of nodes by `members.rs`.
    #[pallet::storage]
    pub type Pools<T: Config> = CountedStorageMap<_, Twox64Concat, PoolId, Pool<T::AccountId>>;

    /// The pool that an operator runs. Written by `pools.rs`.
    #[pallet::storage]
    pub type PoolOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, PoolId>;

    /// Number of the next pool. Written by `pools.rs`.
    #[pallet::storage]
    pub type NextPool<T> = StorageValue<_, PoolId, ValueQuery>;

    /// Every node. Written by `nodes.rs`; where it stands by `members.rs`.
    #[pallet::storage]
    pub type Registry<T: Config> = StorageMap<_, Blake2_128Concat, NodeKey, Node<T::AccountId>>;

    /// Who owns nodes. Written by `nodes.rs`; where they stand by `members.rs`.
    #[pallet::storage]
    pub type Funders<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Funder, ValueQuery>;

    /// Nodes of a pool that offer the service, if there are any. Written by `lists.rs`.
    #[pallet::storage]
    pub type Serving<T> = StorageDoubleMap<_, Twox64Concat, Service, Twox64Concat, PoolId, Listed>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    // The fields say it by their names: accounts, keys, numbers of pools, amounts in the smallest unit.
    #[allow(missing_docs)]
    pub enum Event<T: Config> {
        /// An entity has a pool.
        PoolCreated { pool: PoolId, operator: T::AccountId, name: Name, deposit: Balance },
        /// A pool is offered to another entity, or to none any more.
        PoolOffered { pool: PoolId, operator: T::AccountId, to: Option<T::AccountId> },
        /// A pool works for another entity from now on.
        PoolAccepted { pool: PoolId, from: T::AccountId, returned: Balance, to: T::AccountId, deposit: Balance },
        /// A pool is no more. Who asked for it asks for nothing.
        PoolClosed { pool: PoolId, operator: T::AccountId, returned: Balance },
        /// A node is known.
        NodeRegistered { node: NodeKey, owner: T::AccountId, services: Services, endpoint: Endpoint, deposit: Balance },
        /// A node offers this from now on, and is reached there.
        NodeUpdated { node: NodeKey, services: Services, endpoint: Endpoint },
        /// A node is known no more. If it was in a pool, `NodeLeft` said so before.
        NodeRemoved { node: NodeKey, owner: T::AccountId, returned: Balance },
        /// A node's owner asks to join a pool.
        JoinAsked { node: NodeKey, owner: T::AccountId, pool: PoolId },
        /// A node's owner asks for this pool no more, or the operator turned it away.
        RequestDropped { node: NodeKey, owner: T::AccountId, pool: PoolId },
        /// A node is in a pool.
        NodeJoined { node: NodeKey, owner: T::AccountId, pool: PoolId, operator: T::AccountId },
        /// A node left a pool, or was expelled.
        NodeLeft { node: NodeKey, owner: T::AccountId, pool: PoolId, expelled: bool },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only registered validators run pools.
        NotEntity,
        /// It runs a pool already. One may be closed, or accepted by another.
        HasPool,
        /// It runs another pool, or its nodes are in one or ask for one. An account stands in one pool only: leave that first.
        OtherPool,
        /// There are as many pools as there can be. Anybody may clear and close those whose operators are gone.
        TooManyPools,
        /// All pool numbers were used.
        NoNumberLeft,
        /// No pool has this number.
        UnknownPool,
        /// Only its operator may do this to a pool.
        NotOperator,
        /// The pool is not offered to this account.
        NotOffered,
        /// Nodes must leave, or be expelled, before their pool closes.
        PoolNotEmpty,
        /// The pool's operator is no registered validator any more, so nobody can join it.
        OperatorGone,
        /// No node is registered with this key.
        UnknownNode,
        /// The node is another's.
        NotOwner,
        /// The key is registered, by this or another owner.
        AlreadyRegistered,
        /// A node must offer something.
        NoService,
        /// The node's key did not sign that this owner may register it on this chain.
        BadConsent,
        /// The owner has as many nodes as one may have.
        TooManyNodes,
        /// The node asks for this pool already: its operator must admit it.
        AlreadyAsked,
        /// The node is in a pool: it must leave it first.
        AlreadyInPool,
        /// The node's owner did not ask to join, or asked for a pool that is closed.
        NotAsked,
        /// The node is in no pool and asks for none.
        NoPool,
        /// The pool has as many nodes as one may have.
        PoolFull,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes a pool. By a registered validator that runs none; holds the pool deposit.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::create_pool())]
        pub fn create_pool(origin: OriginFor<T>, name: Name) -> DispatchResult {
            Self::do_create_pool(ensure_signed(origin)?, name)
        }

        /// Offers a pool to another registered validator, or to nobody any more. By its operator.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::offer_pool())]
        pub fn offer_pool(origin: OriginFor<T>, pool: PoolId, to: Option<T::AccountId>) -> DispatchResult {
            Self::do_offer_pool(ensure_signed(origin)?, pool, to)
        }

        /// Takes over a pool that was offered. What its nodes worked so far, and what they have begun, stays with the entity
        /// before.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::accept_pool())]
        pub fn accept_pool(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            Self::do_accept_pool(ensure_signed(origin)?, pool)
        }

        /// Closes an empty pool. By its operator, or by anybody if that is no registered validator any more.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::close_pool())]
        pub fn close_pool(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            Self::do_close_pool(ensure_signed(origin)?, pool)
        }

        /// Registers a node for who signs, who pays its deposit and is its owner. `consent` is the node key's signature of
        /// `ergon_primitives::nodes::consent`.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::register_node())]
        pub fn register_node(
            origin: OriginFor<T>,
            key: NodeKey,
            services: Services,
            endpoint: Endpoint,
            consent: sr25519::Signature,
        ) -> DispatchResult {
            Self::do_register_node(ensure_signed(origin)?, key, services, endpoint, &consent)
        }

        /// Says what a node offers and where it is reached. By its owner.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::update_node())]
        pub fn update_node(
            origin: OriginFor<T>,
            key: NodeKey,
            services: Services,
            endpoint: Endpoint,
        ) -> DispatchResult {
            Self::do_update_node(ensure_signed(origin)?, key, services, endpoint)
        }

        /// Takes a node off the register, also out of its pool, and returns its deposit. By its owner.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::remove_node())]
        pub fn remove_node(origin: OriginFor<T>, key: NodeKey) -> DispatchResult {
            Self::do_remove_node(ensure_signed(origin)?, key)
        }

        /// Asks for a node to be taken into a pool, instead of any that was asked before. By its owner; if that is the pool's
        /// operator, the node is in it at once.
        #[pallet::call_index(7)]
        #[pallet::weight(<T as Config>::WeightInfo::join())]
        pub fn join(origin: OriginFor<T>, key: NodeKey, pool: PoolId) -> DispatchResult {
            Self::do_join(ensure_signed(origin)?, key, pool)
        }

        /// Takes a node in whose owner asks for it. By the pool's operator.
        #[pallet::call_index(8)]
        #[pallet::weight(<T as Config>::WeightInfo::admit())]
        pub fn admit(origin: OriginFor<T>, key: NodeKey) -> DispatchResult {
            Self::do_admit(ensure_signed(origin)?, key)
        }

        /// Takes a node out of its pool, or its request back. By its owner, at any time.
        #[pallet::call_index(9)]
        #[pallet::weight(<T as Config>::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>, key: NodeKey) -> DispatchResult {
            Self::do_leave(ensure_signed(origin)?, key)
        }

        /// Takes a node out of a pool, or turns its request away. By the pool's operator, or by anybody if that is no
        /// registered validator any more.
        #[pallet::call_index(10)]
        #[pallet::weight(<T as Config>::WeightInfo::expel())]
        pub fn expel(origin: OriginFor<T>, key: NodeKey) -> DispatchResult {
            Self::do_expel(ensure_signed(origin)?, key)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A pool and its nodes.
        pub fn pool(id: PoolId) -> Option<PoolView<T::AccountId>> {
            Some(PoolView { pool: Pools::<T>::get(id)?, nodes: Self::nodes_in(id) })
        }

        /// A node.
        pub fn node(key: NodeKey) -> Option<Node<T::AccountId>> {
            Registry::<T>::get(key)
        }
    }
}
