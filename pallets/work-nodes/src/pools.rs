//! Pools: who runs them, and how one passes from an entity to another.
//!
//! Nothing that was worked moves with a pool. Credit is written down for an entity, and the orders that a pool's nodes have begun
//! name the entity that they were drawn for: if credits went with the pool, the same credits could lead twice, first for one
//! entity and then, its cooldown dodged, for the next.
//!
//! A pool whose operator is no registered validator any more is idle: nobody is drawn from it, nobody can join it, its nodes may leave,
//! and anybody may expel them and close it. So those who are gone cannot fill the 1,000 places. Its operator may still offer it.

use ergon_primitives::{nodes::PoolId, staking::MAX_REGISTERED};
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    traits::{fungible::MutateHold, tokens::Precision, Contains, Get},
};

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_create_pool(who: T::AccountId, name: Name) -> DispatchResult {
        Self::ensure_may_run(&who, None)?;
        ensure!(Pools::<T>::count() < MAX_REGISTERED, Error::<T>::TooManyPools);
        let id = NextPool::<T>::get();
        NextPool::<T>::put(id.checked_add(1).ok_or(Error::<T>::NoNumberLeft)?);
        let deposit = T::PoolDeposit::get();
        T::Currency::hold(&HoldReason::Pool.into(), &who, deposit)?;
        Pools::<T>::insert(id, Pool { operator: who.clone(), offered: None, deposit, nodes: 0, name: name.clone() });
        PoolOf::<T>::insert(&who, id);
        Self::deposit_event(Event::PoolCreated { pool: id, operator: who, name, deposit });
        Ok(())
    }

    pub(crate) fn do_offer_pool(who: T::AccountId, id: PoolId, to: Option<T::AccountId>) -> DispatchResult {
        let mut pool = Pools::<T>::get(id).ok_or(Error::<T>::UnknownPool)?;
        ensure!(pool.operator == who, Error::<T>::NotOperator);
        pool.offered = to.clone();
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::PoolOffered { pool: id, operator: who, to });
        Ok(())
    }

    pub(crate) fn do_accept_pool(who: T::AccountId, id: PoolId) -> DispatchResult {
        let mut pool = Pools::<T>::get(id).ok_or(Error::<T>::UnknownPool)?;
        ensure!(pool.offered.as_ref() == Some(&who), Error::<T>::NotOffered);
        Self::ensure_may_run(&who, Some(id))?;
        let deposit = T::PoolDeposit::get();
        T::Currency::hold(&HoldReason::Pool.into(), &who, deposit)?;
        let from = core::mem::replace(&mut pool.operator, who.clone());
        let returned = Self::give_back(HoldReason::Pool, &from, core::mem::replace(&mut pool.deposit, deposit))?;
        pool.offered = None;
        Pools::<T>::insert(id, pool);
        PoolOf::<T>::remove(&from);
        PoolOf::<T>::insert(&who, id);
        Self::list_anew(id);
        Self::deposit_event(Event::PoolAccepted { pool: id, from, returned, to: who, deposit });
        Ok(())
    }

    pub(crate) fn do_close_pool(who: T::AccountId, id: PoolId) -> DispatchResult {
        let pool = Pools::<T>::get(id).ok_or(Error::<T>::UnknownPool)?;
        Self::ensure_rules(&who, &pool)?;
        ensure!(pool.nodes == 0, Error::<T>::PoolNotEmpty);
        let returned = Self::give_back(HoldReason::Pool, &pool.operator, pool.deposit)?;
        Pools::<T>::remove(id);
        PoolOf::<T>::remove(&pool.operator);
        Self::deposit_event(Event::PoolClosed { pool: id, operator: pool.operator, returned });
        Ok(())
    }

    /// Whether `who` may become the operator of a pool, which is `pool` if it is there already.
    fn ensure_may_run(who: &T::AccountId, pool: Option<PoolId>) -> DispatchResult {
        ensure!(T::Entities::contains(who), Error::<T>::NotEntity);
        ensure!(!PoolOf::<T>::contains_key(who), Error::<T>::HasPool);
        let bound = Self::bound_to(&Funders::<T>::get(who));
        ensure!(bound.is_none() || bound == pool, Error::<T>::OtherPool);
        Ok(())
    }

    /// Whether `who` may turn nodes out of `pool` or close it: its operator, or anybody if that is no entity any more.
    pub(crate) fn ensure_rules(who: &T::AccountId, pool: &Pool<T::AccountId>) -> DispatchResult {
        ensure!(*who == pool.operator || !T::Entities::contains(&pool.operator), Error::<T>::NotOperator);
        Ok(())
    }

    /// Releases a deposit: as it was taken, whatever deposits are now. Returns what was there.
    pub(crate) fn give_back(
        reason: HoldReason,
        to: &T::AccountId,
        deposit: ergon_primitives::Balance,
    ) -> Result<ergon_primitives::Balance, sp_runtime::DispatchError> {
        T::Currency::release(&reason.into(), to, deposit, Precision::BestEffort)
    }
}
