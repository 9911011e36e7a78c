//! Who is drawn for work, and who is linked with whom. Reads only.
//!
//! A draw tries pools by chance, each once, until it has enough: first the pool, all alike, however many nodes it has, then one of
//! its nodes, all alike. A pool is passed over if its operator is not eligible, or if a party stands in it. So all nodes of a pool
//! are passed over together, and who has more of them gets no more of the draws.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use ergon_primitives::{
    nodes::{NodeKey, Nodes, PoolId, Service, Worker},
    orders::MAX_PLACES,
    BlockNumber, Hash,
};
use frame_support::traits::Contains;
use sp_io::hashing::blake2_128;

use crate::*;

/// Pools that a draw passes over, at most, before it gives up.
pub(crate) const SPARE_ATTEMPTS: u32 = 16;

/// A place out of `len`, if there is any. At most 1,000 out of 2^64: no place is likelier than another by more than one in 2^54.
fn place(random: u64, len: usize) -> Option<usize> {
    let rest = random.checked_rem(u64::try_from(len).ok()?)?;
    usize::try_from(rest).ok()
}

/// Pools in the order in which they are tried, each with the number that chooses its node: by a hash of the seed and the pool. So
/// which of two comes first depends on nothing else, whatever others come and go. Only those that were listed when block `opened` was over.
pub(crate) fn tried(pools: &[(PoolId, BlockNumber)], seed: Hash, opened: BlockNumber) -> Vec<(PoolId, u64)> {
    let listed = pools.iter().filter(|(_, since)| *since <= opened);
    let mut keyed: Vec<([u8; 16], PoolId)> =
        listed.map(|(pool, _)| (blake2_128(&(seed, pool).encode()), *pool)).collect();
    keyed.sort();
    // Half of the hash for the node: the order says little of it.
    keyed.into_iter().map(|(hash, pool)| (pool, <(u64, u64)>::decode(&mut &hash[..]).unwrap_or_default().1)).collect()
}

impl<T: Config> Pallet<T> {
    /// The pool that an account stands in: it runs it, or owns a node in it. There is one at most.
    pub fn stands_in(who: &T::AccountId) -> Option<PoolId> {
        PoolOf::<T>::get(who).or_else(|| {
            let funder = Funders::<T>::get(who);
            funder.pool.filter(|_| funder.in_pool > 0)
        })
    }

    /// Whether `party` is linked with the node: it owns it, or stands in the same pool as its owner, as operator or with a node of
    /// its own.
    pub fn linked(party: &T::AccountId, key: &NodeKey) -> bool {
        let Some(node) = Registry::<T>::get(key) else { return false };
        if node.owner == *party {
            return true;
        }
        let pool = Self::stands_in(party);
        pool.is_some() && pool == Self::stands_in(&node.owner)
    }

    /// Pools that a draw chooses from, those whose operators are not eligible among them.
    pub fn offering(service: Service) -> u32 {
        Offering::<T>::decode_len(service).and_then(|len| u32::try_from(len).ok()).unwrap_or(0)
    }

    /// Whether nodes of this operator's pool can be drawn.
    pub fn offers(operator: &T::AccountId, service: Service) -> bool {
        T::Eligible::contains(operator)
            && PoolOf::<T>::get(operator).is_some_and(|pool| Serving::<T>::decode_len(service, pool).unwrap_or(0) > 0)
    }

    /// A node of `pool`, if its operator is eligible.
    fn worker(service: Service, pool: PoolId, random: u64) -> Option<Worker<T::AccountId>> {
        let entity = Pools::<T>::get(pool)?.operator;
        if !T::Eligible::contains(&entity) {
            return None;
        }
        let nodes = Serving::<T>::get(service, pool);
        let node = *nodes.get(place(random, nodes.len())?)?;
        let owner = Registry::<T>::get(node)?.owner;
        Some(Worker { node, entity, owner })
    }
}

impl<T: Config> Nodes<T::AccountId> for Pallet<T> {
    fn draw(
        service: Service,
        seed: Hash,
        count: u32,
        parties: &[T::AccountId],
        opened: BlockNumber,
    ) -> Vec<Worker<T::AccountId>> {
        let mut left = count.min(MAX_PLACES);
        let closed: Vec<PoolId> = parties.iter().filter_map(Self::stands_in).collect();
        let pools = tried(&Offering::<T>::get(service), seed, opened);
        let most = left.saturating_add(SPARE_ATTEMPTS) as usize;
        let mut drawn: Vec<Worker<T::AccountId>> = Vec::new();
        for (pool, random) in pools.into_iter().take(most) {
            if left == 0 {
                break;
            }
            if closed.contains(&pool) {
                continue;
            }
            // An entity runs one pool, and that comes once. Credit hangs on it, so it is asked all the same.
            let other = |worker: &Worker<T::AccountId>| drawn.iter().all(|before| before.entity != worker.entity);
            if let Some(worker) = Self::worker(service, pool, random).filter(other) {
                drawn.push(worker);
                left = left.saturating_sub(1);
            }
        }
        drawn
    }

    fn is_node(key: &NodeKey) -> bool {
        Registry::<T>::contains_key(key)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_worst_case(service: Service, keys: &[NodeKey]) {
        scenes::crowd::<T>(service, keys, |who| T::Helper::entity(who));
    }
}
