//! Holding, paying, burning and giving back an order's money. Only this file touches balances.
//!
//! Rounding: what a relay gets is rounded up, for the relay, and never more than what is held for its place. Nothing else is
//! divided. What is held is always what [`Order::held`] says; `try_state` compares.

use ergon_primitives::{orders::OrderId, staking::Burned, Balance};
use frame_support::{
    pallet_prelude::*,
    traits::{
        fungible::{BalancedHold, MutateHold},
        tokens::{Fortitude, Precision, Restriction},
        Imbalance,
    },
};

use crate::*;
use ergon_primitives::staking::Supply as _;

impl<T: Config> Pallet<T> {
    /// Holds `amount` of the owner's money.
    pub(crate) fn hold(owner: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Order.into(), owner, amount)
    }

    /// Pays out of what is held. Returns what was paid: nothing, if `to` cannot take it; then it is its owner's again.
    pub(crate) fn pay(owner: &T::AccountId, to: &T::AccountId, amount: Balance) -> Balance {
        let paid = T::Currency::transfer_on_hold(
            &HoldReason::Order.into(),
            owner,
            to,
            amount,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Force,
        );
        paid.unwrap_or_else(|_| {
            Self::release(owner, amount);
            0
        })
    }

    /// Burns out of what is held. Returns what was burned.
    pub(crate) fn burn(owner: &T::AccountId, amount: Balance) -> Balance {
        let (credit, missing) = T::Currency::slash(&HoldReason::Order.into(), owner, amount);
        frame_support::defensive_assert!(missing == 0, "what an order costs is held");
        let burned = credit.peek();
        T::Supply::burn(Burned::WorkOrders, credit);
        burned
    }

    /// Gives back out of what is held.
    pub(crate) fn release(owner: &T::AccountId, amount: Balance) {
        let released = T::Currency::release(&HoldReason::Order.into(), owner, amount, Precision::BestEffort);
        frame_support::defensive_assert!(released == Ok(amount), "what an order costs is held");
    }

    /// Stores an order that has changed, or closes it if it is over.
    pub(crate) fn store(id: OrderId, order: Order<T::AccountId>) {
        if order.is_over() {
            Self::close(id, order);
        } else {
            Orders::<T>::insert(id, order);
        }
    }

    /// Ends an order: what is left goes back.
    pub(crate) fn close(id: OrderId, order: Order<T::AccountId>) {
        // Opening refuses what does not fit, and it only falls from there.
        let refunded = order.held().unwrap_or_default();
        Self::release(&order.owner, refunded);
        Orders::<T>::remove(id);
        Self::deposit_event(Event::Closed { order: id, owner: order.owner, refunded });
    }
}
