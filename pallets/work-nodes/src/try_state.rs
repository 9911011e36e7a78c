//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. Every pool has one operator who runs no other, and `PoolOf` says so; there are no more than validators can be, and none has a
//!    number that is still to come.
//! 2. Of every owner its record counts the nodes, where they stand, and no others; there are no more than one may have. Owners
//!    without nodes have none.
//! 3. Nobody stands in two pools: neither an owner nor an operator.
//! 4. A pool counts its nodes, and has no more than it may.
//! 5. The lists hold the nodes of each pool that offer a service, each once and no others, and none is empty; every node offers
//!    something.
//! 6. What accounts have held covers the deposits of their pools and nodes.

use alloc::{collections::BTreeMap, vec::Vec};
use ergon_primitives::{
    nodes::{NodeKey, PoolId},
    staking::MAX_REGISTERED,
    Balance,
};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

use crate::{types::SERVICES, *};

/// All nodes.
type All<T> = Vec<(NodeKey, Node<<T as frame_system::Config>::AccountId>)>;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let nodes: All<T> = Registry::<T>::iter().collect();
        Self::check_pools()?;
        Self::check_funders(&nodes)?;
        Self::check_one_pool(&nodes)?;
        Self::check_counts(&nodes)?;
        Self::check_lists(&nodes)?;
        Self::check_deposits(&nodes)
    }

    fn check_pools() -> Result<(), TryRuntimeError> {
        for (id, pool) in Pools::<T>::iter() {
            ensure!(PoolOf::<T>::get(&pool.operator) == Some(id), "1: an operator does not run its pool");
            ensure!(id < NextPool::<T>::get(), "1: a pool of the future");
        }
        ensure!(PoolOf::<T>::iter().count() == Pools::<T>::iter().count(), "1: an operator without a pool");
        ensure!(Pools::<T>::iter().count() == Pools::<T>::count() as usize, "1: pools are miscounted");
        ensure!(Pools::<T>::count() <= MAX_REGISTERED, "1: more pools than there may be");
        Ok(())
    }

    fn check_funders(nodes: &All<T>) -> Result<(), TryRuntimeError> {
        let mut funders: BTreeMap<T::AccountId, Funder> = BTreeMap::new();
        for (_, node) in nodes {
            let pool = Funders::<T>::get(&node.owner).pool;
            let funder = funders.entry(node.owner.clone()).or_insert(Funder { pool, ..Default::default() });
            funder.nodes = funder.nodes.saturating_add(1);
            match node.standing {
                Standing::Asks(asked) if pool == Some(asked) => funder.asking = funder.asking.saturating_add(1),
                Standing::In(joined) if pool == Some(joined) => funder.in_pool = funder.in_pool.saturating_add(1),
                _ => {}
            }
        }
        for (who, funder) in &funders {
            ensure!(Funders::<T>::get(who) == *funder, "2: an owner's nodes are miscounted");
            ensure!(funder.nodes <= MAX_OWNED, "2: an owner has too many nodes");
            ensure!(
                funder.pool.is_some() == (funder.asking > 0 || funder.in_pool > 0),
                "2: bound to a pool by nothing"
            );
        }
        ensure!(Funders::<T>::iter().all(|(who, _)| funders.contains_key(&who)), "2: an owner of nothing");
        Ok(())
    }

    fn check_one_pool(nodes: &All<T>) -> Result<(), TryRuntimeError> {
        for (_, node) in nodes {
            let Some(pool) = node.standing.pool() else { continue };
            if !Pools::<T>::contains_key(pool) {
                ensure!(matches!(node.standing, Standing::Asks(_)), "3: a node in a closed pool");
                continue;
            }
            ensure!(Funders::<T>::get(&node.owner).pool == Some(pool), "3: an owner in two pools");
            let runs = PoolOf::<T>::get(&node.owner);
            ensure!(runs.is_none_or(|runs| runs == pool), "3: an operator in another pool");
        }
        Ok(())
    }

    fn check_counts(nodes: &All<T>) -> Result<(), TryRuntimeError> {
        for (id, pool) in Pools::<T>::iter() {
            let count = nodes.iter().filter(|(_, node)| node.standing == Standing::In(id)).count();
            ensure!(pool.nodes as usize == count, "4: a pool's nodes are miscounted");
            ensure!(pool.nodes <= MAX_NODES, "4: a pool has too many nodes");
        }
        Ok(())
    }

    fn check_lists(nodes: &All<T>) -> Result<(), TryRuntimeError> {
        for service in SERVICES {
            let mut serving: BTreeMap<PoolId, Vec<NodeKey>> = BTreeMap::new();
            for (key, node) in nodes.iter().filter(|(_, node)| node.services.offer(service)) {
                if let Standing::In(pool) = node.standing {
                    serving.entry(pool).or_default().push(*key);
                }
            }
            serving.values_mut().for_each(|keys| keys.sort());
            let listed: BTreeMap<PoolId, Vec<NodeKey>> = Serving::<T>::iter_prefix(service)
                .map(|(pool, listed)| {
                    let mut keys = listed.nodes.into_inner();
                    keys.sort();
                    (pool, keys)
                })
                .collect();
            ensure!(listed == serving, "5: a pool's list is not of its nodes");
        }
        let offers = |node: &Node<T::AccountId>| SERVICES.into_iter().any(|service| node.services.offer(service));
        ensure!(nodes.iter().all(|(_, node)| offers(node)), "5: a node offers nothing");
        Ok(())
    }

    fn check_deposits(nodes: &All<T>) -> Result<(), TryRuntimeError> {
        for (_, pool) in Pools::<T>::iter() {
            let held = T::Currency::balance_on_hold(&HoldReason::Pool.into(), &pool.operator);
            ensure!(held >= pool.deposit, "6: a pool's deposit is gone");
        }
        let mut due: BTreeMap<&T::AccountId, Balance> = BTreeMap::new();
        for (_, node) in nodes {
            let sum = due.entry(&node.owner).or_default();
            *sum = sum.saturating_add(node.deposit);
        }
        for (who, sum) in due {
            let held = T::Currency::balance_on_hold(&HoldReason::Node.into(), who);
            ensure!(held >= sum, "6: a node's deposit is gone");
        }
        Ok(())
    }
}
