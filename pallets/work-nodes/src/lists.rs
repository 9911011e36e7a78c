//! The lists that draws are made from: nodes by service and pool. Only this file writes them.
//!
//! Removal puts the last entry into the gap: the order means nothing, because who draws takes places by chance.

use alloc::{collections::BTreeSet, vec::Vec};
use ergon_primitives::{
    nodes::{NodeKey, PoolId, Service, Services},
    BlockNumber,
};
use frame_support::pallet_prelude::DispatchResult;
use sp_runtime::{traits::UniqueSaturatedInto, BoundedVec};

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

    fn height() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    fn enter(service: Service, pool: PoolId, key: &NodeKey) -> DispatchResult {
        let mut listed = Serving::<T>::get(service, pool)
            .unwrap_or_else(|| Listed { since: Self::height(), nodes: BoundedVec::new() });
        listed.nodes.try_push(*key).map_err(|_| Error::<T>::PoolFull)?;
        Serving::<T>::insert(service, pool, listed);
        Ok(())
    }

    fn strike(service: Service, pool: PoolId, key: &NodeKey) {
        Serving::<T>::mutate_exists(service, pool, |listed| {
            if let Some(Listed { nodes, .. }) = listed {
                if let Some(place) = nodes.iter().position(|node| node == key) {
                    nodes.swap_remove(place);
                }
                if nodes.is_empty() {
                    *listed = None;
                }
            }
        });
    }

    /// `pool` works for another from now on, who is not drawn with it for orders that are open: he may know their seed.
    pub(crate) fn list_anew(pool: PoolId) {
        for service in SERVICES {
            Serving::<T>::mutate(service, pool, |listed| {
                if let Some(listed) = listed {
                    listed.since = Self::height();
                }
            });
        }
    }

    /// Nodes of a pool: each offers something, so the lists together hold them all.
    pub(crate) fn nodes_in(pool: PoolId) -> Vec<NodeKey> {
        let listed = SERVICES.into_iter().filter_map(|service| Serving::<T>::get(service, pool));
        listed.flat_map(|listed| listed.nodes).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
