//! Worst cases that benchmarks and tests share: registers as full as they can be, written directly.

use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use ergon_primitives::{
    nodes::{NodeKey, PoolId, Service, Services},
    orders::MAX_PLACES,
    staking::MAX_REGISTERED,
    Hash,
};
use sp_runtime::{traits::TrailingZeroInput, BoundedVec};

use crate::{draw::SPARE_ATTEMPTS, *};

/// Numbers of pools of a scene: from here on, far from those that calls make.
pub(crate) const FIRST: PoolId = 1_000_000;

/// An account by a name and a number.
pub(crate) fn account<T: Config>(name: &str, index: u32) -> T::AccountId {
    let seed = sp_io::hashing::blake2_256(&(name, index).encode());
    T::AccountId::decode(&mut TrailingZeroInput::new(&seed)).expect("any bytes are an account")
}

/// Numbers of `pools` pools of a scene.
pub(crate) fn numbers(pools: u32) -> Vec<PoolId> {
    (FIRST..FIRST.saturating_add(pools)).collect()
}

/// Writes a pool of `operator` with the one node `key`, in every place of its list for `service`.
fn put_pool<T: Config>(service: Service, pool: PoolId, operator: &T::AccountId, key: NodeKey) {
    let name = BoundedVec::truncate_from(vec![b'n'; 64]);
    let offered = Some(operator.clone());
    Pools::<T>::insert(pool, Pool { operator: operator.clone(), offered, deposit: 0, nodes: MAX_NODES, name });
    Serving::<T>::insert(service, pool, BoundedVec::truncate_from(vec![key; MAX_NODES as usize]));
}

/// Writes a node in `pool`.
fn put_node<T: Config>(pool: PoolId, key: NodeKey, owner: &T::AccountId) {
    let node = Node {
        owner: owner.clone(),
        deposit: 0,
        services: Services { relay: true, storage: true },
        standing: Standing::In(pool),
        endpoint: BoundedVec::truncate_from(vec![b'e'; 128]),
    };
    Registry::<T>::insert(key, node);
    Funders::<T>::insert(owner, Funder { nodes: 1, pool: Some(pool), asking: 0, in_pool: 1 });
}

/// Lists pools as those that offer the service, since genesis.
pub(crate) fn put_list<T: Config>(service: Service, pools: &[PoolId]) {
    Offering::<T>::insert(service, BoundedVec::truncate_from(pools.iter().map(|pool| (*pool, 0)).collect()));
}

/// 1,000 pools, run by as many entities as there are keys, each with its key's node: whichever pools are drawn, the nodes are these.
/// Without keys nobody is found.
pub(crate) fn crowd<T: Config>(service: Service, keys: &[NodeKey], entity: impl Fn(&T::AccountId)) {
    let pools = numbers(MAX_REGISTERED);
    if keys.is_empty() {
        let ghost = account::<T>("ghost", 0);
        pools.iter().for_each(|pool| put_pool::<T>(service, *pool, &ghost, NodeKey::default()));
    }
    for (index, key) in (0u32..).zip(keys) {
        let operator = account::<T>("operator", index);
        entity(&operator);
        let of_this: Vec<_> = pools.iter().skip(index as usize).step_by(keys.len()).copied().collect();
        of_this.iter().for_each(|pool| put_pool::<T>(service, *pool, &operator, *key));
        if let Some(pool) = of_this.first() {
            PoolOf::<T>::insert(&operator, pool);
            put_node::<T>(*pool, *key, &account::<T>("owner", index));
        }
    }
    put_list::<T>(service, &pools);
}

/// 1,000 pools for a draw of three with the seed that is returned, which passes over as many as it may and finds three with its last
/// attempts; and those three, in their order.
pub(crate) fn longest_draw<T: Config>(service: Service, entity: impl Fn(&T::AccountId)) -> (Hash, Vec<NodeKey>) {
    let seed = Hash::repeat_byte(7);
    let pools = numbers(MAX_REGISTERED);
    for (index, pool) in (0u32..).zip(&pools) {
        put_pool::<T>(service, *pool, &account::<T>("ghost", index), NodeKey::default());
    }
    let mut found = Vec::new();
    let listed: Vec<_> = pools.iter().map(|pool| (*pool, 0)).collect();
    let tried = draw::tried(&listed, seed, 0).into_iter().take((MAX_PLACES + SPARE_ATTEMPTS) as usize);
    for (index, (pool, _)) in (0u32..).zip(tried).skip(SPARE_ATTEMPTS as usize) {
        let operator = account::<T>("operator", index);
        entity(&operator);
        let key = NodeKey::from_raw(sp_io::hashing::blake2_256(&index.encode()));
        put_pool::<T>(service, pool, &operator, key);
        put_node::<T>(pool, key, &account::<T>("owner", index));
        found.push(key);
    }
    put_list::<T>(service, &pools);
    (seed, found)
}
