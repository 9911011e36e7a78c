//! From one session to the next: judge, share out, release, elect.
//!
//! Trigger: `pallet-session` rotates, at the first block of an epoch. In order: [`SessionManager::end_session`] judges the
//! members, shares out what they earned and closes their epoch; `start_session` takes over voted rules; `new_session` plans the
//! session after the next, whose members are then queued for one session. A new set is announced only if members or keys differ:
//! each change of GRANDPA's set lengthens every later warp proof.
//!
//! Work: reads every registered validator (1,000 at most) and its pool, and changes at most 100 members and 100 whose stake is
//! due. It does not depend on how many delegators there are.

use alloc::vec::Vec;
use ergon_primitives::{
    staking::{Delegations, SessionIndex},
    time::MAX_VALIDATORS,
    Balance,
};
use frame_support::traits::Get;
use pallet_session::SessionManager;

use crate::*;

/// A candidate and all stake behind it.
type Standing<AccountId> = (Balance, AccountId);

impl<T: Config> Pallet<T> {
    /// Whoever may be in the set, by stake, the most first; equals by account.
    fn ranking(all: &[(T::AccountId, Validator)]) -> Vec<Standing<T::AccountId>> {
        let rules = Self::rules();
        let mut candidates: Vec<_> = all
            .iter()
            // Without keys it could neither make blocks nor vote.
            .filter(|(who, validator)| {
                validator.is_candidate(&rules) && pallet_session::NextKeys::<T>::contains_key(who)
            })
            .map(|(who, validator)| (Self::total_stake(who, validator), who.clone()))
            .collect();
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        candidates
    }

    /// Whoever has keys and has not asked to leave, though jailed or short of stake: better than the set of before, whose members may have
    /// left by now.
    fn last_resort(all: &[(T::AccountId, Validator)]) -> Vec<Standing<T::AccountId>> {
        let mut rest: Vec<_> = all
            .iter()
            .filter(|(who, validator)| {
                !validator.tombstoned
                    && validator.intent == types::Intent::Candidate
                    && pallet_session::NextKeys::<T>::contains_key(who)
            })
            .map(|(who, validator)| (Self::total_stake(who, validator), who.clone()))
            .collect();
        rest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        rest
    }

    /// Seats of the set.
    fn seats() -> usize {
        Self::rules().max_validators.min(T::MostMembers::get()) as usize
    }

    /// The members of session `index`; `None` if there is nobody.
    fn elect(index: SessionIndex, all: &[(T::AccountId, Validator)]) -> Option<Vec<T::AccountId>> {
        let mut elected = Self::ranking(all);
        if elected.is_empty() {
            log::error!(target: LOG_TARGET, "nobody stands for election for session {index}: the jailed and the poor have to do");
            Self::deposit_event(Event::NoCandidates { session: index });
            elected = Self::last_resort(all);
        }
        elected.truncate(Self::seats());
        let (least_stake, _) = elected.last().cloned()?;
        // At most `max_validators`.
        let validators = elected.len() as u32;
        Self::deposit_event(Event::SetPlanned { session: index, validators, least_stake });
        let mut members: Vec<_> = elected.into_iter().map(|(_, who)| who).collect();
        // In an order that does not follow the stake, or every delegation would change the set.
        members.sort();
        Some(members)
    }

    /// Whether `members` with their registered keys differ from what is queued.
    fn differs(members: &[T::AccountId]) -> bool {
        let queued = pallet_session::QueuedKeys::<T>::get();
        queued.len() != members.len()
            || queued.iter().zip(members).any(|((who, keys), member)| {
                who != member || pallet_session::NextKeys::<T>::get(member).as_ref() != Some(keys)
            })
    }

    /// Least total stake with which a newcomer would be elected now.
    pub fn entry_stake() -> Balance {
        let rules = Self::rules();
        let ranking = Self::ranking(&Self::all());
        let last = Self::seats().checked_sub(1).and_then(|last| ranking.get(last));
        last.map_or(rules.min_self_stake, |(stake, _)| stake.saturating_add(1).max(rules.min_self_stake))
    }
}

impl<T: Config> SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(index: SessionIndex) -> Option<Vec<T::AccountId>> {
        let all = Self::all();
        let members = Self::elect(index, &all);
        members.filter(|members| Self::differs(members))
    }

    fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        // Session's genesis comes before this pallet's, and tools rewrite `session.keys` of a plain spec: so the accounts there
        // are the validators, and are registered by this pallet's genesis.
        let mut members: Vec<_> = pallet_session::NextKeys::<T>::iter_keys().collect();
        members.sort();
        Some(members)
    }

    fn start_session(index: SessionIndex) {
        Self::turn_rules(index);
        let members = pallet_session::Validators::<T>::get();
        let stake = members.iter().filter_map(|who| Some(Self::total_stake(who, &Registry::<T>::get(who)?)));
        ActiveStake::<T>::put(stake.fold(0, Balance::saturating_add));
    }

    fn end_session(index: SessionIndex) {
        let members = pallet_session::Validators::<T>::get();
        Self::judge_session(index, &members);
        // Whoever left the set with the session before still had ticks in the first slot of this one.
        let authors: Vec<_> = Earnings::<T>::iter_keys().take(MAX_VALIDATORS as usize).collect();
        for who in members.iter().chain(authors.iter().filter(|who| !members.contains(who))) {
            Self::share_out(who);
            T::Delegations::end_epoch(index, who);
        }
        Self::release_due(&Self::all());
    }
}
