//! Redeeming a relay's receipts.
//!
//! Free of disputes by construction: the client signs how much it has got, the relay signs which of these receipts it wants
//! settled, and that is the end of its part. A client that signs too little is one that the relay stops serving; a relay that
//! redeems an old receipt gets less.

use ergon_primitives::{
    orders::{OrderId, Redemption},
    work::{Work, WorkLedger},
};
use frame_support::{ensure, pallet_prelude::*};
use sp_runtime::traits::Verify;

use crate::{types::relay_pay, *};

/// A place of an order, looked up.
pub(crate) type Found<T> = (Order<<T as frame_system::Config>::AccountId>, usize);

impl<T: Config> Pallet<T> {
    /// The running order `id`, if its time is not over.
    pub(crate) fn running(id: OrderId) -> Result<Order<T::AccountId>, Error<T>> {
        let order = Orders::<T>::get(id).ok_or(Error::<T>::UnknownOrder)?;
        let Stage::Running { until } = order.stage else { return Err(Error::<T>::NotDrawn) };
        ensure!(Self::now() <= until, Error::<T>::Late);
        Ok(order)
    }

    /// Whether a redemption would settle a place, and which. Cheap questions first, signatures last. Changes nothing.
    pub(crate) fn judge_redemption(redemption: &Redemption) -> Result<Found<T>, Error<T>> {
        let Redemption { receipt, client, relay } = redemption;
        let order = Self::running(receipt.session)?;
        let Job::Relay { client: signer, volume, .. } = order.job else { return Err(Error::<T>::WrongJob) };
        let place = order.place_of(&receipt.relay).ok_or(Error::<T>::WrongNode)?;
        let is_open = order.places.get(place).is_some_and(|place| place.progress == Progress::Drawn);
        ensure!(is_open, Error::<T>::AlreadyRedeemed);
        ensure!(receipt.bytes > 0 && receipt.sequence > 0, Error::<T>::NothingRelayed);
        ensure!(receipt.bytes <= volume, Error::<T>::BeyondVolume);
        let genesis = Self::genesis();
        ensure!(client.verify(&receipt.payload(&genesis)[..], &signer), Error::<T>::BadClientSignature);
        ensure!(relay.verify(&receipt.redemption(&genesis)[..], &receipt.relay), Error::<T>::BadNodeSignature);
        Ok((order, place))
    }

    pub(crate) fn do_redeem(redemption: &Redemption) -> DispatchResult {
        let (mut order, index) = Self::judge_redemption(redemption)?;
        let receipt = redemption.receipt;
        let Job::Relay { price_per_mb, .. } = order.job else { return Err(Error::<T>::WrongJob.into()) };
        let place = order.places.get_mut(index).ok_or(Error::<T>::WrongNode)?;
        // Not above what is held for the place, because the bytes are not above the volume.
        let due = relay_pay(receipt.bytes, price_per_mb).unwrap_or(place.left).min(place.left);
        let whole = core::mem::take(&mut place.left);
        place.progress = Progress::Redeemed { bytes: receipt.bytes };
        let worker = place.worker.clone();
        let paid = Self::pay(&worker.owner, due);
        order.unearned = order.unearned.saturating_add(whole.saturating_sub(paid));
        T::Ledger::add(&worker.entity, Work { units: 1, bytes: receipt.bytes });
        Self::deposit_event(Event::Redeemed {
            session: receipt.session,
            relay: receipt.relay,
            entity: worker.entity,
            bytes: receipt.bytes,
            paid,
        });
        Self::store(receipt.session, order);
        Ok(())
    }
}
