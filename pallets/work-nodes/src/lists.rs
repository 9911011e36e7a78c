//! The lists that draws are made from: pools by service, and nodes by service and pool. Only this file writes them.
//!
//! A pool is in a service's list as long as one of its nodes offers it. Removal puts the last entry into the gap: the order means
//! nothing, because who draws takes places by chance.

use alloc::{collections::BTreeSet, vec::Vec};
use ergon_primitives::nodes::{NodeKey, PoolId, Service, Services};
use frame_support::pallet_prelude::DispatchResult;
use sp_runtime::traits::UniqueSaturatedInto;

use crate::{types::SERVICES, *};

impl<T: Config> Pallet<T> {
    /// A node in `pool` offered `before` and offers `after` from now on.
    pub(crate) fn list(key: &NodeKey, pool: PoolId, before: Services, after: Services) -> DispatchResult {
        for service in SERVICES {
            match (before.offer(service), after.offer(service)) {
                (false, true) => Self::enter(service, pool, key)?,
                (true, false) => Self::strike(service, pool, key),
                _ => {}
            }
        }
        Ok(())
    }

    fn enter(service: Service, pool: PoolId, key: &NodeKey) -> DispatchResult {
        let mut nodes = Serving::<T>::get(service, pool);
        if nodes.is_empty() {
            // There are no more pools than the list has places.
            let since = frame_system::Pallet::<T>::block_number().unique_saturated_into();
            Offering::<T>::try_mutate(service, |pools| pools.try_push((pool, since)))
                .map_err(|_| Error::<T>::TooManyPools)?;
        }
        nodes.try_push(*key).map_err(|_| Error::<T>::PoolFull)?;
        Serving::<T>::insert(service, pool, nodes);
        Ok(())
    }

    fn strike(service: Service, pool: PoolId, key: &NodeKey) {
        let mut nodes = Serving::<T>::get(service, pool);
        if let Some(place) = nodes.iter().position(|node| node == key) {
            nodes.swap_remove(place);
        }
        if !nodes.is_empty() {
            return Serving::<T>::insert(service, pool, nodes);
        }
        Serving::<T>::remove(service, pool);
        Offering::<T>::mutate(service, |pools| {
            if let Some(place) = pools.iter().position(|(other, _)| *other == pool) {
                pools.swap_remove(place);
            }
        });
    }

    /// Nodes of a pool: each offers something, so the lists together hold them all.
    pub(crate) fn nodes_in(pool: PoolId) -> Vec<NodeKey> {
        let all: BTreeSet<_> = SERVICES.into_iter().flat_map(|service| Serving::<T>::get(service, pool)).collect();
        all.into_iter().collect()
    }
}
