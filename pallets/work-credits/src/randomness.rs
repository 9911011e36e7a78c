//! The randomness that breaks ties: one VRF a block, folded, and used two epochs later. Only this file writes
//! `EpochRandomness`, `NextRandomness` and `GatheredRandomness`, and only it takes `PendingClaim`.
//!
//! What is gathered in epoch *e* is complete when *e + 1* begins, waits there as the next epoch's, and is in use from
//! *e + 2*: when a leader could still add to it or withhold, it does not yet decide anything.

use ergon_primitives::{time::EpochNumber, vrf::TickVrf};
use frame_support::pallet_prelude::*;
use sp_core::sr25519;
use sp_io::hashing::blake2_256;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Moves the randomness on when a block is the first of an epoch. A gap of several epochs moves it once: what was
    /// gathered before the gap still waits an epoch.
    pub(crate) fn turn_epoch(last: EpochNumber, now: EpochNumber) {
        if now <= last {
            return;
        }
        EpochRandomness::<T>::put(NextRandomness::<T>::get());
        NextRandomness::<T>::put(blake2_256(&(now, GatheredRandomness::<T>::get()).encode()));
    }

    /// Checks the block's VRF and folds its output in. The proof is not folded: the author could choose among many.
    pub(crate) fn do_note_vrf(vrf: &TickVrf) -> DispatchResult {
        let claim = PendingClaim::<T>::take().ok_or(Error::<T>::DuplicateVrf)?;
        let tick = *pallet_aura::CurrentSlot::<T>::get();
        let key: sr25519::Public = claim.key.into();
        let output = vrf.verify(&key, tick, &claim.randomness).ok_or(Error::<T>::InvalidVrf)?;
        GatheredRandomness::<T>::mutate(|gathered| *gathered = blake2_256(&(*gathered, output).encode()));
        Ok(())
    }
}
