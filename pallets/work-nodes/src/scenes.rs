//! Worst cases that benchmarks and tests share: registers as full as they can be, written directly.

use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use ergon_primitives::{
    nodes::{NodeKey, PoolId, Service, Services},
    orders::MAX_PLACES,
    time::MAX_VALIDATORS,
    Hash,
};
use sp_runtime::{traits::TrailingZeroInput, BoundedVec};

use crate::*;

/// Numbers of pools of a scene: from here on, far from those that calls make.
pub(crate) const FIRST: PoolId = 1_000_000;

/// An account by a name and a number.
pub(crate) fn account<T: Config>(name: &str, index: u32) -> T::AccountId {
    let seed = sp_io::hashing::blake2_256(&(name, index).encode());
    T::AccountId::decode(&mut TrailingZeroInput::new(&seed)).expect("any bytes are an account")
}

/// Writes a pool of `operator` with the one node `key`, in every place of its list for `service`.
fn put_pool<T: Config>(service: Service, pool: PoolId, operator: &T::AccountId, key: NodeKey) {
    let name = BoundedVec::truncate_from(vec![b'n'; 64]);
    let offered = Some(operator.clone());
    Pools::<T>::insert(pool, Pool { operator: operator.clone(), offered, deposit: 0, nodes: MAX_NODES, name });
    PoolOf::<T>::insert(operator, pool);
    let nodes = BoundedVec::truncate_from(vec![key; MAX_NODES as usize]);
    Serving::<T>::insert(service, pool, Listed { since: 0, nodes });
    let owner = account::<T>("owner", pool);
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

/// Pools of as many entities as there are keys, each with its key's node. Returns the entities.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn offers<T: Config>(service: Service, keys: &[NodeKey]) -> Vec<T::AccountId> {
    let offer = |(index, key): (u32, &NodeKey)| {
        let operator = account::<T>("operator", index);
        T::Helper::entity(&operator);
        put_pool::<T>(service, FIRST.saturating_add(index), &operator, *key);
        operator
    };
    (0u32..).zip(keys).map(offer).collect()
}

/// A full set for a draw of three with the seed that is returned, which finds three with its last attempts: all records of the others
/// are read, to find that their nodes are none. And the nodes of those three, in their order.
pub(crate) fn longest_draw<T: Config>(
    service: Service,
    set_members: impl Fn(&[T::AccountId]),
    entity: impl Fn(&T::AccountId),
) -> (Hash, Vec<NodeKey>) {
    let seed = Hash::repeat_byte(7);
    let members: Vec<_> = (0..MAX_VALIDATORS).map(|index| account::<T>("operator", index)).collect();
    set_members(&members);
    let mut found = Vec::new();
    for (index, (operator, _)) in (0u32..).zip(draw::tried(members, seed)) {
        entity(&operator);
        let key = NodeKey::from_raw(sp_io::hashing::blake2_256(&index.encode()));
        put_pool::<T>(service, FIRST.saturating_add(index), &operator, key);
        if index < MAX_VALIDATORS.saturating_sub(MAX_PLACES) {
            Registry::<T>::remove(key);
        } else {
            found.push(key);
        }
    }
    (seed, found)
}
