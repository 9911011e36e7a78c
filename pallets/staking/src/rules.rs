//! The rules by session. Only this file writes `RulesVersions`.
//!
//! What governance votes holds from the next session on, and an offence is judged by the rules of its own session. So every
//! version is kept until no offence under it can be reported any more.

use ergon_primitives::staking::{ChainTime, Rules, SessionIndex};
use frame_support::{pallet_prelude::*, traits::Get};

use crate::{types::RulesVersion, *};

/// Most versions kept. Governance enacts a change a week or so; of more within the time of reports, the oldest are dropped, and
/// judged by the one after them.
pub(crate) const MAX_VERSIONS: u32 = 32;

impl<T: Config> Pallet<T> {
    /// The rules that hold now.
    pub fn rules() -> Rules {
        RulesVersions::<T>::get().last().map(|version| version.rules.clone()).unwrap_or_default()
    }

    /// The rules that held in `session`; the oldest known, for one before them.
    pub(crate) fn rules_in(session: SessionIndex) -> Rules {
        let versions = RulesVersions::<T>::get();
        let held = versions.iter().rev().find(|version| version.since <= session).or_else(|| versions.first());
        held.map(|version| version.rules.clone()).unwrap_or_default()
    }

    /// Genesis: the first version.
    pub(crate) fn begin_rules(rules: &Rules) {
        GenesisRules::<T>::put(rules);
        RulesVersions::<T>::put(BoundedVec::truncate_from(alloc::vec![RulesVersion {
            since: 0,
            rules: rules.clone()
        }]));
    }

    /// What shall hold: what governance has set, if it is not too far from what genesis said; else what holds now.
    fn wanted_rules(session: SessionIndex) -> Rules {
        let genesis = GenesisRules::<T>::get().unwrap_or_default();
        match T::VotedRules::get() {
            Some(voted) if voted.is_near(&genesis) => voted,
            Some(_) => {
                Self::deposit_event(Event::RulesRefused { since: session });
                Self::rules()
            }
            None => genesis,
        }
    }

    /// At the start of a session: takes over what governance has set.
    pub(crate) fn turn_rules(session: SessionIndex) {
        let voted = Self::wanted_rules(session);
        if Self::rules() == voted {
            return;
        }
        RulesVersions::<T>::mutate(|versions| {
            let oldest = session.saturating_sub(T::ReportSessions::get());
            // One that ended before the oldest session that counts judges nothing any more.
            while versions.get(1).is_some_and(|next| next.since <= oldest) || versions.is_full() {
                versions.remove(0);
            }
            versions.force_push(RulesVersion { since: session, rules: voted });
        });
        Self::deposit_event(Event::RulesChanged { since: session });
    }

    /// Session of this block.
    pub(crate) fn session() -> SessionIndex {
        T::Time::session()
    }
}
