//! What is stored of a validator, and the small questions it answers about itself.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{
    staking::{Closed, Rules, SessionIndex},
    time::Tick,
    Balance,
};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec, Perbill, Percent};

use crate::Deeds;

/// Most parts of its own stake that a validator can have unbonding at once.
pub const MAX_OWN_CHUNKS: u32 = 8;

/// Whether a validator wants to be in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Intent {
    /// It stands for election.
    Candidate,
    /// It is leaving: elected no more, and forgotten once its stake is released.
    Leaving,
}

/// A part of a validator's own stake on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct OwnChunk {
    /// What is left of it.
    pub amount: Balance,
    /// Last session whose offences it answers for.
    pub liable_until: SessionIndex,
    /// When it is released.
    pub release: Tick,
}

/// A validator, as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Validator {
    /// Stake of its own: held in its account.
    pub own_stake: Balance,
    /// What is on its way out: held too.
    pub unbonding: BoundedVec<OwnChunk, ConstU32<MAX_OWN_CHUNKS>>,
    /// Share of rewards that it keeps before they are shared out.
    pub commission: Perbill,
    /// When it last raised that.
    pub commission_raised: Option<Tick>,
    /// Whether it stands for election.
    pub intent: Intent,
    /// Until when it is in jail; it stays there after that, until it asks to be let out.
    pub jailed_until: Option<Tick>,
    /// Until when it would have been in jail, had it not paid: unstaking costs as much as in jail.
    pub bailed_until: Option<Tick>,
    /// Jailings that are remembered; see [`Validator::strikes_at`].
    pub strikes: u32,
    /// When the last of them was.
    pub last_strike: Tick,
    /// Sessions in which it is known to have signed twice, and what that has cost. If there are any, it never comes back.
    pub deeds: Deeds,
    /// Never in the set again.
    pub tombstoned: bool,
}

impl Validator {
    /// A new one.
    pub(crate) fn new(own_stake: Balance, commission: Perbill) -> Self {
        Self {
            own_stake,
            unbonding: BoundedVec::new(),
            commission,
            commission_raised: None,
            intent: Intent::Candidate,
            jailed_until: None,
            bailed_until: None,
            strikes: 0,
            last_strike: 0,
            deeds: Deeds::default(),
            tombstoned: false,
        }
    }

    /// Whether it takes new stake, of its own or of others.
    pub fn is_open(&self) -> Result<(), Closed> {
        if self.tombstoned {
            return Err(Closed::Tombstoned);
        }
        if self.intent == Intent::Leaving {
            return Err(Closed::Leaving);
        }
        if self.jailed_until.is_some() {
            return Err(Closed::Jailed);
        }
        Ok(())
    }

    /// Whether it may be in the set.
    pub fn is_candidate(&self, rules: &Rules) -> bool {
        self.is_open().is_ok() && self.own_stake >= rules.min_self_stake
    }

    /// Whether it is in jail, or would be at `now` had it not paid.
    pub(crate) fn is_in_its_term(&self, now: Tick) -> bool {
        self.jailed_until.is_some() || self.bailed_until.is_some_and(|until| now < until)
    }

    /// Jailings that count at `now`: one fewer for each [`Rules::strike_ticks`] since the last.
    pub fn strikes_at(&self, now: Tick, rules: &Rules) -> u32 {
        let faded = now.saturating_sub(self.last_strike).checked_div(rules.strike_ticks).unwrap_or(0);
        self.strikes.saturating_sub(u32::try_from(faded).unwrap_or(u32::MAX))
    }

    /// Everything held in its account.
    pub fn held(&self) -> Balance {
        self.unbonding.iter().fold(self.own_stake, |sum, chunk| sum.saturating_add(chunk.amount))
    }
}

/// What is remembered of a validator that has left, in case it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Past {
    /// Its last commission.
    pub commission: Perbill,
    /// Jailings that were remembered when it left.
    pub strikes: u32,
    /// When the last of them was.
    pub last_strike: Tick,
}

/// How a validator presents itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Profile {
    /// Its name.
    pub name: BoundedVec<u8, ConstU32<64>>,
    /// Where to learn more.
    pub website: BoundedVec<u8, ConstU32<128>>,
    /// In its own words.
    pub description: BoundedVec<u8, ConstU32<512>>,
}

/// What a validator has earned since its rewards were shared out last.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Earned {
    /// Block rewards, not minted yet.
    pub unminted: Balance,
    /// Shares of fees, in the pot already.
    pub in_pot: Balance,
}

/// Why a validator lost stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Cause {
    /// It missed too many of its ticks.
    Absence,
    /// It signed two blocks for one tick, or two votes in one round.
    Equivocation,
}

/// The rules of all sessions from one on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RulesVersion {
    /// First session that they hold for.
    pub since: SessionIndex,
    /// The rules.
    pub rules: Rules,
}

/// How well a validator keeps its duties, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Performance {
    /// Share of its owed ticks that it produced, over its window; `None` while that is too short to tell.
    pub uptime: Option<Percent>,
    /// Four fifths of the uptime, and a fifth of the share of its slots that it opened itself.
    pub score: Percent,
}
