//! Who is drawn for work, and who is linked with whom. Reads only.
//!
//! A draw tries the members of the active set by chance, each once, until it has enough: first the member, all alike, however many nodes
//! its pool has, then one of them, all alike. A member is passed over if it is not eligible, has no pool that offered the service in
//! time, or a party stands in that pool. Those outside of the set are not drawn: they could not lead with what they earn, but could enter
//! the set with it, those first whom chance gave most.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use ergon_primitives::{
    nodes::{NodeKey, Nodes, PoolId, Service, Worker},
    orders::MAX_PLACES,
    time::MAX_VALIDATORS,
    BlockNumber, Hash,
};
use frame_support::traits::{Contains, Get};
use sp_io::hashing::blake2_128;

use crate::*;

/// A place out of `len`, if there is any. At most 32 out of 2^64: no place is likelier than another by more than one in 2^59.
fn place(random: u64, len: usize) -> Option<usize> {
    let rest = random.checked_rem(u64::try_from(len).ok()?)?;
    usize::try_from(rest).ok()
}

/// Members in the order in which they are tried, each with the number that chooses its node: by a hash of the seed and the member. So
/// which of two comes first depends on nothing else, whatever others come and go.
pub(crate) fn tried<AccountId: Encode + Ord>(members: Vec<AccountId>, seed: Hash) -> Vec<(AccountId, u64)> {
    let key = |member: AccountId| (blake2_128(&(seed, &member).encode()), member);
    let mut keyed: Vec<_> = members.into_iter().take(MAX_VALIDATORS as usize).map(key).collect();
    keyed.sort();
    // Half of the hash for the node: the order says little of it.
    let random = |hash: [u8; 16]| <(u64, u64)>::decode(&mut &hash[..]).unwrap_or_default().1;
    keyed.into_iter().map(|(hash, member)| (member, random(hash))).collect()
}

impl<T: Config> Pallet<T> {
    /// The pool that an account stands in: it runs it, or owns a node in it. There is one at most.
    pub fn stands_in(who: &T::AccountId) -> Option<PoolId> {
        PoolOf::<T>::get(who).or_else(|| {
            let funder = Funders::<T>::get(who);
            funder.pool.filter(|_| funder.in_pool > 0)
        })
    }

    /// Whether nodes of this operator's pool can be drawn, if it is in the active set.
    pub fn offers(operator: &T::AccountId, service: Service) -> bool {
        T::Eligible::contains(operator)
            && PoolOf::<T>::get(operator).is_some_and(|pool| Serving::<T>::contains_key(service, pool))
    }

    /// A node of `entity`, if it is eligible and its pool is not among those `closed`.
    fn worker(
        service: Service,
        entity: T::AccountId,
        random: u64,
        closed: &[PoolId],
        opened: BlockNumber,
    ) -> Option<Worker<T::AccountId>> {
        let pool = PoolOf::<T>::get(&entity).filter(|pool| !closed.contains(pool))?;
        let Listed { since, nodes } = Serving::<T>::get(service, pool)?;
        if since > opened || !T::Eligible::contains(&entity) {
            return None;
        }
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
        closed: Option<PoolId>,
        opened: BlockNumber,
    ) -> Vec<Worker<T::AccountId>> {
        let closed: Vec<PoolId> = parties.iter().filter_map(Self::stands_in).chain(closed).collect();
        let worker = |(entity, random)| Self::worker(service, entity, random, &closed, opened);
        tried(T::Members::get(), seed).into_iter().filter_map(worker).take(count.min(MAX_PLACES) as usize).collect()
    }

    fn pool_of(who: &T::AccountId) -> Option<PoolId> {
        Self::stands_in(who)
    }

    fn is_node(key: &NodeKey) -> bool {
        Registry::<T>::contains_key(key)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_offers(service: Service, keys: &[NodeKey]) {
        T::Helper::set_members(&scenes::offers::<T>(service, keys));
    }
}
