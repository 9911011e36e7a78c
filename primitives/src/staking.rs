//! What validators, delegators and the supply of money tell each other (SPEC section 2): the numbers, the causes by which money
//! comes and goes, and the traits between their pallets. The rules themselves are the pallets'.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, Percent};

use crate::{
    currency::{ERGN, EXISTENTIAL_DEPOSIT},
    time::{Tick, MAX_VALIDATORS},
    Balance,
};

/// Number of a session, counted by the chain from genesis.
pub type SessionIndex = u32;

/// Most validators that can be registered at once; the active set is chosen among them at each session's end.
pub const MAX_REGISTERED: u32 = 1_000;
/// Most validators that one account can delegate to.
pub const MAX_DELEGATIONS: u32 = 10;
/// Most parts of an account's stake that can be unbonding at once.
pub const MAX_UNBONDING: u32 = 32;
/// Epochs whose rewards are remembered.
pub const HISTORY_EPOCHS: u32 = 100;

/// The rules of staking. An offence is judged by those of its own session.
///
/// Rules out of bounds do not decode, so that nobody can even propose them.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rules {
    /// Least stake of a validator's own, to register and to be a candidate.
    pub min_self_stake: Balance,
    /// Least amount of a delegation.
    pub min_delegation: Balance,
    /// Most members of the active set.
    pub max_validators: u32,
    /// Share of all stake that no validator may pass by delegation, once there are [`Rules::CAP_FROM`] validators.
    pub power_cap: Percent,
    /// Ticks until unbonded stake is released.
    pub unbonding_ticks: u64,
    /// Ticks that a window of uptime lasts at least.
    pub uptime_ticks: u64,
    /// Owed ticks that a window of uptime has at least.
    pub uptime_owed: u32,
    /// Uptime below which a validator is jailed.
    pub min_uptime: Percent,
    /// Ticks that jail lasts.
    pub jail_ticks: u64,
    /// Price of leaving jail before that; burned.
    pub unjail_fee: Balance,
    /// Ticks without a jailing after which one of those before is forgotten.
    pub strike_ticks: u64,
    /// Share of self-stake and of delegations that the first and the second jailing cost.
    pub strike_slashes: [Perbill; 2],
    /// Share of delegations that the third jailing costs; of the self-stake it costs all.
    pub final_slash: Perbill,
    /// Least share that double-signing costs.
    pub equivocation_slash: Perbill,
    /// Share that unstaking in jail costs.
    pub jailed_exit_penalty: Perbill,
    /// Most that a commission rises at once.
    pub commission_step: Perbill,
    /// Ticks from one rise of a commission to the next.
    pub commission_ticks: u64,
}

/// Why [`Rules`] cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidRules {
    /// The least stakes must be at least 1 ERGN and at most 1,000,000.
    MinStake,
    /// The active set must have room for 1 to 100 validators.
    MaxValidators,
    /// The power cap must be at least 5 %.
    PowerCap,
    /// Every duration must be from 1 tick to 10 years of 5 s ticks.
    Duration,
    /// The least uptime must be at most 95 %, and the window must have 1 to 100,000 owed ticks.
    Uptime,
    /// A slash, penalty or step must be at most one half.
    Share,
    /// The fee for leaving jail must be at most 100,000 ERGN.
    UnjailFee,
}

impl Rules {
    /// Whether no duration or count that protects others is less than a third of that of `genesis`, or more than ten times it.
    /// A vote that made unbonding a tick would end all slashing of what unbonds, and the time of all votes.
    pub fn is_near(&self, genesis: &Self) -> bool {
        let near = |value: u64, measure: u64| {
            let least = measure.div_ceil(3);
            (least..=measure.saturating_mul(10)).contains(&value)
        };
        near(self.unbonding_ticks, genesis.unbonding_ticks)
            && near(self.uptime_ticks, genesis.uptime_ticks)
            && near(self.uptime_owed.into(), genesis.uptime_owed.into())
            && near(self.jail_ticks, genesis.jail_ticks)
            && near(self.strike_ticks, genesis.strike_ticks)
            && near(self.commission_ticks, genesis.commission_ticks)
    }
}

impl Decode for Rules {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        // In the order of the fields, as `Encode` is derived.
        let rules = Self {
            min_self_stake: Decode::decode(input)?,
            min_delegation: Decode::decode(input)?,
            max_validators: Decode::decode(input)?,
            power_cap: Decode::decode(input)?,
            unbonding_ticks: Decode::decode(input)?,
            uptime_ticks: Decode::decode(input)?,
            uptime_owed: Decode::decode(input)?,
            min_uptime: Decode::decode(input)?,
            jail_ticks: Decode::decode(input)?,
            unjail_fee: Decode::decode(input)?,
            strike_ticks: Decode::decode(input)?,
            strike_slashes: Decode::decode(input)?,
            final_slash: Decode::decode(input)?,
            equivocation_slash: Decode::decode(input)?,
            jailed_exit_penalty: Decode::decode(input)?,
            commission_step: Decode::decode(input)?,
            commission_ticks: Decode::decode(input)?,
        };
        rules.validate().map_err(|_| "rules of staking out of bounds")?;
        Ok(rules)
    }
}

/// Ten years of ticks of 5 s.
const MAX_TICKS: u64 = 10 * 365 * 24 * 720;

impl Rules {
    /// Validators from which on the power cap applies: with fewer, an equal share is above it.
    pub const CAP_FROM: u32 = 6;

    /// Checks the bounds that genesis and governance must keep.
    pub fn validate(&self) -> Result<(), InvalidRules> {
        let stake = ERGN..=1_000_000 * ERGN;
        if !stake.contains(&self.min_self_stake) || !stake.contains(&self.min_delegation) {
            return Err(InvalidRules::MinStake);
        }
        if !(1..=MAX_VALIDATORS).contains(&self.max_validators) {
            return Err(InvalidRules::MaxValidators);
        }
        if self.power_cap < Percent::from_percent(5) {
            return Err(InvalidRules::PowerCap);
        }
        let durations =
            [self.unbonding_ticks, self.uptime_ticks, self.jail_ticks, self.strike_ticks, self.commission_ticks];
        if durations.iter().any(|ticks| !(1..=MAX_TICKS).contains(ticks)) {
            return Err(InvalidRules::Duration);
        }
        if self.min_uptime > Percent::from_percent(95) || !(1..=100_000).contains(&self.uptime_owed) {
            return Err(InvalidRules::Uptime);
        }
        let [first, second] = self.strike_slashes;
        let shares =
            [first, second, self.final_slash, self.equivocation_slash, self.jailed_exit_penalty, self.commission_step];
        if shares.iter().any(|share| *share > Perbill::from_percent(50)) {
            return Err(InvalidRules::Share);
        }
        if self.unjail_fee > 100_000 * ERGN || self.unjail_fee < EXISTENTIAL_DEPOSIT {
            return Err(InvalidRules::UnjailFee);
        }
        Ok(())
    }
}

/// Ticks of 5 s in a day.
const DAY: u64 = 24 * 720;

impl Default for Rules {
    /// The values of SPEC section 2, for ticks of 5 s.
    fn default() -> Self {
        Self {
            min_self_stake: 10_000 * ERGN,
            min_delegation: 100 * ERGN,
            max_validators: MAX_VALIDATORS,
            power_cap: Percent::from_percent(20),
            unbonding_ticks: 21 * DAY,
            uptime_ticks: DAY,
            uptime_owed: 100,
            min_uptime: Percent::from_percent(75),
            jail_ticks: 7 * DAY,
            unjail_fee: 1_000 * ERGN,
            strike_ticks: 30 * DAY,
            strike_slashes: [Perbill::from_percent(5), Perbill::from_percent(10)],
            final_slash: Perbill::from_percent(10),
            equivocation_slash: Perbill::from_percent(5),
            jailed_exit_penalty: Perbill::from_percent(10),
            commission_step: Perbill::from_percent(1),
            commission_ticks: DAY,
        }
    }
}

/// How new money comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Minted {
    /// For the author of a block and its delegators.
    BlockReward,
    /// For workers.
    WorkerReward,
}

/// How money ceases to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Burned {
    /// The burned share of fees.
    Fees,
    /// Stake taken for an offence.
    Slash,
    /// Fees for leaving jail early.
    UnjailFee,
    /// The price of unstaking in jail.
    JailedExit,
    /// What division leaves over, and balances too small to keep an account.
    Dust,
    /// The protocol's share of orders of work.
    WorkOrders,
}

/// Makes money and unmakes it, and keeps account of both. `Credit` is an amount that no account holds yet.
pub trait Supply<Credit> {
    /// Makes `amount`, or less if the cap leaves no room for all of it.
    fn mint(cause: Minted, amount: Balance) -> Credit;
    /// Unmakes `credit`.
    fn burn(cause: Burned, credit: Credit);
}

/// What time it is on the chain.
pub trait ChainTime {
    /// Tick of this block.
    fn tick() -> Tick;
    /// The current session.
    fn session() -> SessionIndex;
}

/// Why a validator takes no more stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No validator has this account.
    Unknown,
    /// It has left, or is leaving.
    Leaving,
    /// It is in jail.
    Jailed,
    /// It signed twice, or was jailed for the third time: it never comes back.
    Tombstoned,
}

/// What delegation asks of the register of validators.
pub trait Validators<AccountId> {
    /// Whether `validator` takes new stake now.
    fn accepts(validator: &AccountId) -> Result<(), Closed>;
    /// Stake of its own.
    fn own_stake(validator: &AccountId) -> Balance;
    /// Stake that validators hold of their own, all together.
    fn total_own_stake() -> Balance;
    /// How many are in the set.
    fn count() -> u32;
    /// Shares out what `validator` has earned so far, so that a change of stake counts from now on only. Constant cost.
    fn share_out(validator: &AccountId);
}

/// What staking asks of delegation. All of constant cost, whatever the number of delegators.
pub trait Delegations<AccountId> {
    /// Stake delegated to `validator`, compounded rewards included.
    fn delegated_to(validator: &AccountId) -> Balance;
    /// Account that holds rewards until they are credited.
    fn pot() -> AccountId;
    /// Shares out `amount`, which is in the pot already, among the delegators of `validator`.
    fn reward(validator: &AccountId, amount: Balance);
    /// Takes `share` of what is delegated to `validator`, and of what was unbonded from it and answers for session `offence`.
    fn slash(validator: &AccountId, offence: SessionIndex, share: Perbill);
    /// Takes `share` of what was unbonded from `validator` and answers for session `offence`, but not for session `later`.
    fn slash_gone(validator: &AccountId, offence: SessionIndex, later: SessionIndex, share: Perbill);
    /// Remembers how the counters of `validator` stand at the end of `epoch`.
    fn end_epoch(epoch: SessionIndex, validator: &AccountId);
}

/// What the schedule tells whoever counts how operators keep their ticks.
pub trait DutyObserver<AccountId> {
    /// The block of `tick` was made by `author`; each of `missed`, all between the parent's tick and this, in order, has
    /// none. Of a long gap only the ticks that can count are told: see [`WITNESS_TICKS`].
    fn on_block(tick: Tick, author: &AccountId, missed: &[(Tick, AccountId)]);
    /// The elected slot of `primary` got its first block, by the primary itself if `won`; or is over without one.
    fn on_slot(primary: &AccountId, won: bool);
}

impl<AccountId> DutyObserver<AccountId> for () {
    fn on_block(_: Tick, _: &AccountId, _: &[(Tick, AccountId)]) {}
    fn on_slot(_: &AccountId, _: bool) {}
}

/// A missed tick counts only if other operators made blocks within this many ticks before it and after it.
pub const WITNESS_TICKS: u64 = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_decode_as_they_were_encoded_and_not_at_all_out_of_bounds() {
        let rules = Rules::default();
        assert_eq!(Rules::decode(&mut &rules.encode()[..]), Ok(rules.clone()));
        let forged = Rules { unbonding_ticks: 0, ..rules };
        assert!(Rules::decode(&mut &forged.encode()[..]).is_err());
    }

    #[test]
    fn rules_are_near_from_a_third_to_ten_times() {
        let genesis = Rules::default();
        let with = |unbonding_ticks| Rules { unbonding_ticks, ..Rules::default() }.is_near(&genesis);
        assert!(with(7 * DAY) && with(21 * DAY) && with(210 * DAY));
        assert!(!with(7 * DAY - 1) && !with(210 * DAY + 1) && !with(1));
    }

    #[test]
    fn the_rules_of_the_specification_are_valid_and_its_opposites_are_not() {
        assert_eq!(Rules::default().validate(), Ok(()));
        let with = |change: &dyn Fn(&mut Rules)| {
            let mut rules = Rules::default();
            change(&mut rules);
            rules.validate()
        };
        assert_eq!(with(&|r| r.min_self_stake = 0), Err(InvalidRules::MinStake));
        assert_eq!(with(&|r| r.min_delegation = ERGN - 1), Err(InvalidRules::MinStake));
        assert_eq!(with(&|r| r.max_validators = 0), Err(InvalidRules::MaxValidators));
        assert_eq!(with(&|r| r.max_validators = 101), Err(InvalidRules::MaxValidators));
        assert_eq!(with(&|r| r.power_cap = Percent::from_percent(4)), Err(InvalidRules::PowerCap));
        assert_eq!(with(&|r| r.unbonding_ticks = 0), Err(InvalidRules::Duration));
        assert_eq!(with(&|r| r.jail_ticks = u64::MAX), Err(InvalidRules::Duration));
        assert_eq!(with(&|r| r.min_uptime = Percent::from_percent(96)), Err(InvalidRules::Uptime));
        assert_eq!(with(&|r| r.uptime_owed = 0), Err(InvalidRules::Uptime));
        assert_eq!(with(&|r| r.final_slash = Perbill::from_percent(51)), Err(InvalidRules::Share));
        assert_eq!(with(&|r| r.unjail_fee = 0), Err(InvalidRules::UnjailFee));
    }
}
