//! Stake from one validator to another, at once. It stays liable for what its former validator did while it was there.
//!
//! Stake that is still liable elsewhere does not move on, so that it is liable in two places at most and nobody can outrun an
//! offence by hopping.

use ergon_primitives::{
    staking::{ChainTime, Validators},
    Balance,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{types::Moved, *};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_redelegate(
        who: &T::AccountId,
        from: &T::AccountId,
        to: &T::AccountId,
        amount: Balance,
    ) -> DispatchResult {
        ensure!(from != to, Error::<T>::SameValidator);
        Self::ensure_open(who, to)?;
        T::Validators::share_out(from);
        T::Validators::share_out(to);
        let mut source = Self::settle(who, from).ok_or(Error::<T>::NotDelegated)?;
        let existing = Self::settle(who, to);
        Self::ensure_leaves_enough(&source, amount)?;
        let liable = source.moved.iter().fold(0, |sum: Balance, record| sum.saturating_add(record.amount));
        ensure!(amount <= source.held.saturating_sub(liable), Error::<T>::StillLiable);

        // The set of the next session was chosen with it.
        let start = T::Time::session().saturating_add(1);
        let compounding = source.compounding;
        let keep = Self::mutate_pool(from, |pool| {
            pool.leave(&mut source, amount);
            // Counted before the delegation may go, so that the pool stays, with its slashes.
            pool.liable = pool.liable.saturating_add(1);
            pool.left_since(start)
        });
        // Before the target is opened: who moves all to a new validator keeps the number of its delegations.
        Self::save_or_remove(who, from, source);
        let mut target = match existing {
            Some(target) => target,
            None => Self::open(who, to, compounding)?,
        };
        ensure!(target.held.saturating_add(amount) >= T::Rules::get().min_delegation, Error::<T>::BelowMinimum);
        Self::add_moved(&mut target.moved, Moved { from: from.clone(), amount, start, keep })?;
        Self::add(who, to, target, amount)?;
        Self::deposit_event(Event::Redelegated { delegator: who.clone(), from: from.clone(), to: to.clone(), amount });
        Ok(())
    }

    /// Adds a record, which is counted already, to a list whose records are charged up to now.
    pub(crate) fn add_moved(list: &mut MovedFor<T>, record: MovedRecord<T>) -> DispatchResult {
        let same = |known: &&mut MovedRecord<T>| known.from == record.from && known.start == record.start;
        if let Some(known) = list.iter_mut().find(same) {
            // Both are charged up to now, so what they kept is the same.
            known.amount = known.amount.saturating_add(record.amount);
            Self::forget_liable(&record.from);
            return Ok(());
        }
        list.try_push(record).map_err(|_| Error::<T>::TooManyMoves)?;
        Ok(())
    }
}
