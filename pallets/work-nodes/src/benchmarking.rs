//! One benchmark per call, and one of the longest draw. Pools are the last of full lists, where to take one out takes longest.

use alloc::{vec, vec::Vec};
use ergon_primitives::{
    nodes::{consent as consent_payload, NodeKey, Nodes, PoolId, Service, Services, NODE_KEY_TYPE},
    orders::MAX_PLACES,
    staking::MAX_REGISTERED,
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

/// All places of the lists but one.
fn fill_lists<T: Config>() {
    for service in SERVICES {
        let pools = scenes::numbers(MAX_REGISTERED.saturating_sub(1));
        scenes::put_list::<T>(service, &pools);
    }
}

/// A pool of `operator`.
fn new_pool<T: Config>(operator: &T::AccountId) -> Result<PoolId, BenchmarkError> {
    Pallet::<T>::create_pool(RawOrigin::Signed(operator.clone()).into(), name())?;
    PoolOf::<T>::get(operator).ok_or(BenchmarkError::Stop("it was just made"))
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

/// A pool of `operator` with one node of `owner`, the last of full lists.
fn new_member<T: Config>(
    operator: &T::AccountId,
    owner: &T::AccountId,
    services: Services,
) -> Result<(PoolId, NodeKey), BenchmarkError> {
    fill_lists::<T>();
    let pool = new_pool::<T>(operator)?;
    let key = new_node::<T>(owner, services)?;
    Pallet::<T>::join(RawOrigin::Signed(owner.clone()).into(), key, pool)?;
    Pallet::<T>::admit(RawOrigin::Signed(operator.clone()).into(), key)?;
    Ok((pool, key))
}

/// Pools that are listed for both services.
fn listed<T: Config>() -> (usize, usize) {
    (Offering::<T>::get(Service::Relay).len(), Offering::<T>::get(Service::Storage).len())
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
        let (_, key) = new_member::<T>(&operator, &owner, RELAY)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key, STORAGE, endpoint());
        assert_eq!(listed::<T>(), (999, 1_000));
        Ok(())
    }

    #[benchmark]
    fn remove_node() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (_, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key);
        assert!(!Registry::<T>::contains_key(key));
        assert_eq!(listed::<T>(), (999, 999));
        Ok(())
    }

    #[benchmark]
    fn join() -> Result<(), BenchmarkError> {
        let operator = entity::<T>("operator");
        fill_lists::<T>();
        let key = new_node::<T>(&operator, BOTH)?;
        let pool = new_pool::<T>(&operator)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key, pool);
        assert_eq!(listed::<T>(), (1_000, 1_000));
        Ok(())
    }

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        fill_lists::<T>();
        let pool = new_pool::<T>(&operator)?;
        let key = new_node::<T>(&owner, BOTH)?;
        Pallet::<T>::join(RawOrigin::Signed(owner).into(), key, pool)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key);
        assert_eq!(listed::<T>(), (1_000, 1_000));
        Ok(())
    }

    #[benchmark]
    fn leave() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (_, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), key);
        assert_eq!(listed::<T>(), (999, 999));
        Ok(())
    }

    #[benchmark]
    fn expel() -> Result<(), BenchmarkError> {
        let (operator, owner) = (entity::<T>("operator"), entity::<T>("owner"));
        let (_, key) = new_member::<T>(&operator, &owner, BOTH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(operator), key);
        assert_eq!(listed::<T>(), (999, 999));
        Ok(())
    }

    #[benchmark]
    fn draw() {
        let (seed, nodes) = scenes::longest_draw::<T>(Service::Relay, T::Helper::entity);
        // Who orders, and who is served: known to the register, and in pools that are not drawn.
        let parties: Vec<_> = (0..4).map(|index| scenes::account::<T>("party", index)).collect();
        for party in &parties {
            Funders::<T>::insert(party, Funder { nodes: 1, pool: Some(0), asking: 0, in_pool: 1 });
        }
        let drawn;
        #[block]
        {
            drawn = <Pallet<T> as Nodes<T::AccountId>>::draw(Service::Relay, seed, MAX_PLACES, &parties, 0);
        }
        assert_eq!(drawn.iter().map(|worker| worker.node).collect::<Vec<_>>(), nodes);
    }
}
