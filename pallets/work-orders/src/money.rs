//! Taking, paying, burning and giving back orders' money. Only this file touches balances.
//!
//! It lies in the pallet's own account, not on hold in the owners': a lock (of vesting, of a vote) is satisfied by money on hold, and
//! what is paid out of a hold would be paid out of the lock. So an order is paid by a transfer, which no lock lets pass.
//!
//! Rounding: what a relay gets is rounded up, for the relay, and never more than what its place still has. Nothing else is divided.
//! The account has what [`Order::money`] says of all orders together; `try_state` compares.

use ergon_primitives::{
    orders::OrderId,
    staking::{Burned, Supply as _},
    Balance,
};
use frame_support::{
    pallet_prelude::*,
    traits::{
        fungible::{Balanced, Mutate},
        tokens::{Fortitude, Precision, Preservation},
        Imbalance,
    },
    PalletId,
};
use sp_runtime::traits::AccountIdConversion;

use crate::*;

/// Owner of the account.
const ORDERS_ID: PalletId = PalletId(*b"ergn/ord");

impl<T: Config> Pallet<T> {
    /// Account that has the money of all orders. Nobody holds its key.
    pub fn account() -> T::AccountId {
        ORDERS_ID.into_account_truncating()
    }

    /// Takes what an order can cost.
    pub(crate) fn charge(owner: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Currency::transfer(owner, &Self::account(), amount, Preservation::Preserve).map(|_| ())
    }

    /// Pays. Returns what was paid: nothing, if `to` cannot take it.
    pub(crate) fn pay(to: &T::AccountId, amount: Balance) -> Balance {
        T::Currency::transfer(&Self::account(), to, amount, Preservation::Expendable).unwrap_or(0)
    }

    /// Burns. Returns what was burned.
    pub(crate) fn burn(amount: Balance) -> Balance {
        let withdrawn = T::Currency::withdraw(
            &Self::account(),
            amount,
            Precision::Exact,
            Preservation::Expendable,
            Fortitude::Polite,
        );
        frame_support::defensive_assert!(withdrawn.is_ok(), "what an order costs is there");
        let credit = withdrawn.unwrap_or_default();
        let burned = credit.peek();
        T::Supply::burn(Burned::WorkOrders, credit);
        burned
    }

    /// Stores an order that has changed, or closes it if it is over.
    pub(crate) fn store(id: OrderId, order: Order<T::AccountId>) {
        if order.is_over() {
            Self::close(id, order);
        } else {
            Orders::<T>::insert(id, order);
        }
    }

    /// Ends an order: what is left goes back, all at once. With the deposit that is more than the least that an account must have, so
    /// also an owner whose account is gone gets it.
    pub(crate) fn close(id: OrderId, order: Order<T::AccountId>) {
        // Opening refuses what does not fit, and it only falls from there.
        let refunded = order.money().unwrap_or_default();
        let paid = Self::pay(&order.owner, refunded);
        frame_support::defensive_assert!(paid == refunded, "what an order has left is there");
        Orders::<T>::remove(id);
        Self::deposit_event(Event::Closed { order: id, owner: order.owner, refunded: paid });
    }
}
