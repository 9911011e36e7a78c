//! Which nodes stand in which pool: with the consent of their owner and of the pool's operator, and in one pool for each account.
//!
//! Where a node stands is written in four places: its own record, its owner's, the pool's count and the lists. Only [`Pallet::place`]
//! changes it, in all of them.

use ergon_primitives::nodes::{NodeKey, PoolId, Services};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Contains};

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_join(who: T::AccountId, key: NodeKey, id: PoolId) -> DispatchResult {
        let mut node = Self::owned_by(&who, &key)?;
        let pool = Pools::<T>::get(id).ok_or(Error::<T>::UnknownPool)?;
        let own = pool.operator == who;
        ensure!(!matches!(node.standing, Standing::In(_)), Error::<T>::AlreadyInPool);
        ensure!(own || node.standing != Standing::Asks(id), Error::<T>::AlreadyAsked);
        // What this node asked for before does not bind its owner: it is replaced.
        let mut funder = Funders::<T>::get(&who);
        funder.forget(node.standing);
        ensure!(PoolOf::<T>::get(&who).is_none_or(|runs| runs == id), Error::<T>::OtherPool);
        ensure!(Self::bound_to(&funder).is_none_or(|bound| bound == id), Error::<T>::OtherPool);
        if own {
            return Self::take_in(&key, &mut node, id, pool);
        }
        ensure!(T::Entities::contains(&pool.operator), Error::<T>::OperatorGone);
        Self::part(&key, &mut node, false)?;
        Self::place(&key, &mut node, Standing::Asks(id))?;
        Self::deposit_event(Event::JoinAsked { node: key, owner: who, pool: id });
        Ok(())
    }

    pub(crate) fn do_admit(who: T::AccountId, key: NodeKey) -> DispatchResult {
        let mut node = Registry::<T>::get(key).ok_or(Error::<T>::UnknownNode)?;
        let Standing::Asks(id) = node.standing else { return Err(Error::<T>::NotAsked.into()) };
        let pool = Pools::<T>::get(id).ok_or(Error::<T>::NotAsked)?;
        ensure!(pool.operator == who, Error::<T>::NotOperator);
        Self::take_in(&key, &mut node, id, pool)
    }

    pub(crate) fn do_leave(who: T::AccountId, key: NodeKey) -> DispatchResult {
        let mut node = Self::owned_by(&who, &key)?;
        ensure!(node.standing != Standing::Alone, Error::<T>::NoPool);
        Self::part(&key, &mut node, false)
    }

    pub(crate) fn do_expel(who: T::AccountId, key: NodeKey) -> DispatchResult {
        let mut node = Registry::<T>::get(key).ok_or(Error::<T>::UnknownNode)?;
        let id = node.standing.pool().ok_or(Error::<T>::NoPool)?;
        let pool = Pools::<T>::get(id).ok_or(Error::<T>::NoPool)?;
        Self::ensure_rules(&who, &pool)?;
        Self::part(&key, &mut node, true)
    }

    /// The pool that binds a funder: an account stands in one only. One that is closed binds nobody.
    pub(crate) fn bound_to(funder: &Funder) -> Option<PoolId> {
        funder.pool.filter(|pool| Pools::<T>::contains_key(pool))
    }

    /// Makes `node`, whose owner wants it, a member of `pool`, whose operator wants it.
    fn take_in(key: &NodeKey, node: &mut Node<T::AccountId>, id: PoolId, pool: Pool<T::AccountId>) -> DispatchResult {
        ensure!(T::Entities::contains(&pool.operator), Error::<T>::OperatorGone);
        ensure!(pool.nodes < MAX_NODES, Error::<T>::PoolFull);
        if node.standing != Standing::Asks(id) {
            Self::part(key, node, false)?;
        }
        Self::place(key, node, Standing::In(id))?;
        Self::deposit_event(Event::NodeJoined {
            node: *key,
            owner: node.owner.clone(),
            pool: id,
            operator: pool.operator,
        });
        Ok(())
    }

    /// Takes `node` out of wherever it stands and says so. Nothing if it stands nowhere.
    pub(crate) fn part(key: &NodeKey, node: &mut Node<T::AccountId>, expelled: bool) -> DispatchResult {
        let standing = node.standing;
        Self::place(key, node, Standing::Alone)?;
        let owner = node.owner.clone();
        match standing {
            Standing::Alone => {}
            Standing::Asks(pool) => Self::deposit_event(Event::RequestDropped { node: *key, owner, pool }),
            Standing::In(pool) => Self::deposit_event(Event::NodeLeft { node: *key, owner, pool, expelled }),
        }
        Ok(())
    }

    /// Writes where `node` stands from now on, everywhere.
    fn place(key: &NodeKey, node: &mut Node<T::AccountId>, to: Standing) -> DispatchResult {
        let from = core::mem::replace(&mut node.standing, to);
        if from == to {
            return Ok(());
        }
        if let Standing::In(pool) = from {
            Self::list(key, pool, node.services, Services::default())?;
            Self::count(pool, |nodes| nodes.saturating_sub(1));
        }
        if let Standing::In(pool) = to {
            Self::list(key, pool, Services::default(), node.services)?;
            Self::count(pool, |nodes| nodes.saturating_add(1));
        }
        Funders::<T>::mutate(&node.owner, |funder| {
            funder.forget(from);
            funder.note(to);
        });
        Registry::<T>::insert(key, &*node);
        Ok(())
    }

    fn count(pool: PoolId, change: impl FnOnce(u32) -> u32) {
        Pools::<T>::mutate(pool, |pool| {
            if let Some(pool) = pool {
                pool.nodes = change(pool.nodes);
            }
        });
    }
}
