//! Rewards credit themselves: blocks with room to spare settle delegation after delegation, in the order of the map, so that
//! nobody has to call for its reward and slashed money is burned.
//!
//! A pass begins with a session, and the next one not before this has come to its end: with more delegations than a session
//! settles, each still gets its turn. A delegation made behind the cursor waits for the next pass.

use ergon_primitives::staking::ChainTime;
use frame_support::{traits::Get, weights::Weight};

use crate::{types::Sweep, *};

impl<T: Config> Pallet<T> {
    /// Settles as many delegations as `remaining` and the pallet's own bound allow. Returns what it used.
    pub(crate) fn sweep(remaining: Weight) -> Weight {
        let mut used = T::WeightInfo::sweep_idle();
        if used.any_gt(remaining) {
            return Weight::zero();
        }
        let session = T::Time::session();
        let going_on = SweepAt::<T>::get().filter(|at| !at.done || at.session == session);
        let mut at = going_on.unwrap_or(Sweep { session, last: None, done: false });
        if at.done {
            return used;
        }
        let mut keys = match &at.last {
            Some((who, validator)) => {
                DelegationOf::<T>::iter_keys_from(DelegationOf::<T>::hashed_key_for(who, validator))
            }
            None => DelegationOf::<T>::iter_keys(),
        };
        for _ in 0..T::SweepPerBlock::get() {
            let after = used.saturating_add(T::WeightInfo::sweep_one());
            if after.any_gt(remaining) {
                break;
            }
            let Some((who, validator)) = keys.next() else {
                at.done = true;
                break;
            };
            Self::settle(&who, &validator);
            used = after;
            at.last = Some((who, validator));
        }
        SweepAt::<T>::put(at);
        used
    }
}
