//! One benchmark per call, and one of the longest draw. Lists of nodes are full, and the node is their last.

use alloc::{vec, vec::Vec};
use ergon_primitives::{
    nodes::{consent as consent_payload, NodeKey, Nodes, PoolId, Service, Services, NODE_KEY_TYPE},
    orders::MAX_PLACES,
};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use sp_core::sr25519;
use sp_runtime::BoundedVec;

use crate::{scenes, types::SERVICES, *};

const BOTH: Services = Services { relay: true, storage: true };
const RELAY: Services = Services { relay: true, storage: false };
const STORAGE: Services = Services { relay: false, storage: true };

fn name() -> Name {
    BoundedVec::truncate_from(vec![b'n'; 64])
}

fn endpoint() -> Endpoint {
    BoundedVec::truncate_from(vec![b'e'; 128])
}

/// An entity, with money.
fn entity<T: Config>(who: &str) -> T::AccountId {
    let who = scenes::account::<T>(who, 0);
    T::Helper::entity(&who);
    who
}

/// A pool of `operator`, whose lists have one place left.
fn new_pool<T: Config>(operator: &T::AccountId) -> Result<PoolId, BenchmarkError> {
    Pallet::<T>::create_pool(RawOrigin::Signed(operator.clone()).into(), name())?;
    let pool = PoolOf::<T>::get(operator).ok_or(BenchmarkError::Stop("it was just made"))?;
    let nodes: BoundedVec<_, _> = BoundedVec::truncate_from(vec![NodeKey::default(); MAX_NODES as usize - 1]);
    SERVICES.iter().for_each(|service| Serving::<T>::insert(service, pool, Listed { since: 0, nodes: nodes.clone() }));
    Ok(pool)
}

/// A key, and its consent to be `owner`'s.
fn new_key<T: Config>(owner: &T::AccountId) -> (NodeKey, sr25519::Signature) {
    let key = sp_io::crypto::sr25519_generate(NODE_KEY_TYPE, None);
    let payload = consent_payload(&Pallet::<T>::genesis(), owner);
    let consent = sp_io::crypto::sr25519_sign(NODE_KEY_TYPE, &key, &payload).expect("the key was just made");
    (key, consent)
}

/// A node of `owner`, in no pool.
fn new_node<T: Config>(owner: &T::AccountId, services: Services) -> Result<NodeKey, BenchmarkError> {
    let (key, consent) = new_key::<T>(owner);
    Pallet::<T>::register_node(RawOrigin::Signed(owner.clone()).into(), key, services, endpoint(), consent)?;
    Ok(key)
}

/// A pool of `operator` with one node of `owner`, the last of those listed.
fn new_member<T: Config>(
    operator: &T::AccountId,
    owner: &T::AccountId,
    services: Services,
) -> Result<(PoolId, NodeKey), BenchmarkError> {
    let pool = new_pool::<T>(operator)?;
    let key = new_node::<T>(owner, services)?;
    Pallet::<T>::join(RawOrigin::Signed(owner.clone()).into(), key, pool)?;
    Pallet::<T>::admit(RawOrigin::Signed(operator.clone()).into(), key)?;
    Ok((pool, key))
}

/// Nodes of a pool that are listed for each service.
fn listed<T: Config>(pool: PoolId) -> [usize; 2] {
    SERVICES.map(|service| Serving::<T>::get(service, pool).map_or(0, |listed| listed.nodes.len()))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn create_pool() -> Result<(), BenchmarkError> {
        let who = entity::<T>("operator");
        new_node::<T>(&who, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), name());
        assert!(PoolOf::<T>::contains_key(&who));
        Ok(())
    }

    #[benchmark]
    fn offer_pool() -> Result<(), BenchmarkError> {
        let (who, to) = (entity::<T>("operator"), entity::<T>("other"));
        let pool = new_pool::<T>(&who)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), pool, Some(to.clone()));
        assert_eq!(Pools::<T>::get(pool).and_then(|pool| pool.offered), Some(to));
        Ok(())
    }

    #[benchmark]
    fn accept_pool() -> Result<(), BenchmarkError> {
        let (who, to) = (entity::<T>("operator"), entity::<T>("other"));
        let pool = new_pool::<T>(&who)?;
        let key = new_node::<T>(&to, BOTH)?;
        Pallet::<T>::join(RawOrigin::Signed(to.clone()).into(), key, pool)?;
        Pallet::<T>::offer_pool(RawOrigin::Signed(who).into(), pool, Some(to.clone()))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), pool);
        assert_eq!(PoolOf::<T>::get(to), Some(pool));
        Ok(())
    }

    #[benchmark]
    fn close_pool() -> Result<(), BenchmarkError> {
        let who = entity::<T>("operator");
        let pool = new_pool::<T>(&who)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), pool);
        assert!(!Pools::<T>::contains_key(pool));
        Ok(())
    }

    #[benchmark]
    fn register_node() -> Result<(), BenchmarkError> {
        let owner = entity::<T>("owner");
        let (key, consent) = new_key::<T>(&owner);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key, BOTH, endpoint(), consent);
        assert!(Registry::<T>::contains_key(key));
        Ok(())
    }

    #[benchmark]
    fn update_node() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (pool, key) = new_member::<T>(&operator, &owner, RELAY)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key, STORAGE, endpoint());
        assert_eq!(listed::<T>(pool), [31, 32]);
        Ok(())
    }

    #[benchmark]
    fn remove_node() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (pool, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key);
        assert!(!Registry::<T>::contains_key(key));
        assert_eq!(listed::<T>(pool), [31, 31]);
        Ok(())
    }

    #[benchmark]
    fn join() -> Result<(), BenchmarkError> {
        let operator = entity::<T>("operator");
        let key = new_node::<T>(&operator, BOTH)?;
        let pool = new_pool::<T>(&operator)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key, pool);
        assert_eq!(listed::<T>(pool), [32, 32]);
        Ok(())
    }

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let pool = new_pool::<T>(&operator)?;
        let key = new_node::<T>(&owner, BOTH)?;
        Pallet::<T>::join(RawOrigin::Signed(owner).into(), key, pool)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key);
        assert_eq!(listed::<T>(pool), [32, 32]);
        Ok(())
    }

    #[benchmark]
    fn leave() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (pool, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key);
        assert_eq!(listed::<T>(pool), [31, 31]);
        Ok(())
    }

    #[benchmark]
    fn expel() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (pool, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key);
        assert_eq!(listed::<T>(pool), [31, 31]);
        Ok(())
    }

    #[benchmark]
    fn draw(d: Linear<1, 16>) {
        let (seed, nodes) = scenes::longest_draw::<T>(Service::Relay, T::Helper::set_members, T::Helper::entity);
        // Who orders, and who is served: known to the register, and in pools that are not drawn.
        let parties: Vec<_> = (0..4).map(|index| scenes::account::<T>("party", index)).collect();
        for party in &parties {
            Funders::<T>::insert(party, Funder { nodes: 1, pool: Some(0), asking: 0, in_pool: 1 });
        }
        let mut drawn = Vec::new();
        #[block]
        {
            for _ in 0..d {
                drawn.push(<Pallet<T> as Nodes<T::AccountId>>::draw(
                    Service::Relay,
                    seed,
                    MAX_PLACES,
                    &parties,
                    None,
                    0,
                ));
            }
        }
        assert_eq!(drawn.len(), d as usize);
        for drawn in drawn {
            assert_eq!(drawn.iter().map(|worker| worker.node).collect::<Vec<_>>(), nodes);
        }
    }
}
