//! Nodes: registered, changed and removed by their owners.
//!
//! What a node is about to do for an order is not touched: orders keep their own copy of its key, entity and owner.

use ergon_primitives::{
    nodes::{consent as consent_payload, NodeKey, Services},
    Hash,
};
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    traits::{fungible::MutateHold, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::sr25519;
use sp_runtime::traits::Zero;

use crate::{types::SERVICES, *};

impl<T: Config> Pallet<T> {
    /// Hash of block 0: `frame_system` forgets those of old blocks, but never this one.
    pub(crate) fn genesis() -> Hash {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }

    // Cheap questions first, the signature last but one: the money is asked for when all else is right.
    pub(crate) fn do_register_node(
        owner: T::AccountId,
        key: NodeKey,
        services: Services,
        endpoint: Endpoint,
        consent: &sr25519::Signature,
    ) -> DispatchResult {
        Self::ensure_some(services)?;
        ensure!(!Registry::<T>::contains_key(key), Error::<T>::AlreadyRegistered);
        let mut funder = Funders::<T>::get(&owner);
        ensure!(funder.nodes < MAX_OWNED, Error::<T>::TooManyNodes);
        let payload = consent_payload(&Self::genesis(), &owner);
        ensure!(sp_io::crypto::sr25519_verify(consent, &payload, &key), Error::<T>::BadConsent);
        let deposit = T::NodeDeposit::get();
        T::Currency::hold(&HoldReason::Node.into(), &owner, deposit)?;
        funder.nodes = funder.nodes.saturating_add(1);
        Funders::<T>::insert(&owner, funder);
        let standing = Standing::Alone;
        let node = Node { owner: owner.clone(), deposit, services, standing, endpoint: endpoint.clone() };
        Registry::<T>::insert(key, node);
        Self::deposit_event(Event::NodeRegistered { node: key, owner, services, endpoint, deposit });
        Ok(())
    }

    pub(crate) fn do_update_node(
        who: T::AccountId,
        key: NodeKey,
        services: Services,
        endpoint: Endpoint,
    ) -> DispatchResult {
        Self::ensure_some(services)?;
        let mut node = Self::owned_by(&who, &key)?;
        if let Standing::In(pool) = node.standing {
            Self::list(&key, pool, node.services, services)?;
        }
        node.services = services;
        node.endpoint = endpoint.clone();
        Registry::<T>::insert(key, node);
        Self::deposit_event(Event::NodeUpdated { node: key, services, endpoint });
        Ok(())
    }

    pub(crate) fn do_remove_node(who: T::AccountId, key: NodeKey) -> DispatchResult {
        let mut node = Self::owned_by(&who, &key)?;
        Self::part(&key, &mut node, false)?;
        let returned = Self::give_back(HoldReason::Node, &who, node.deposit)?;
        Registry::<T>::remove(key);
        let mut funder = Funders::<T>::get(&who);
        funder.nodes = funder.nodes.saturating_sub(1);
        if funder.nodes == 0 {
            Funders::<T>::remove(&who);
        } else {
            Funders::<T>::insert(&who, funder);
        }
        Self::deposit_event(Event::NodeRemoved { node: key, owner: who, returned });
        Ok(())
    }

    /// The node with this key, which must be `who`'s.
    pub(crate) fn owned_by(who: &T::AccountId, key: &NodeKey) -> Result<Node<T::AccountId>, Error<T>> {
        let node = Registry::<T>::get(key).ok_or(Error::<T>::UnknownNode)?;
        ensure!(node.owner == *who, Error::<T>::NotOwner);
        Ok(node)
    }

    fn ensure_some(services: Services) -> DispatchResult {
        ensure!(SERVICES.into_iter().any(|service| services.offer(service)), Error::<T>::NoService);
        Ok(())
    }
}
