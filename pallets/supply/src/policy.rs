//! The rates of a network, and the ledger. Pure: what is owed is computed here, what is paid is not.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{
    currency::{ERGN, SUPPLY_CAP},
    math::mul_div_floor,
    staking::{Burned, Minted},
    Balance,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, Percent};

/// Milliseconds of a year of 365 days.
const YEAR_MS: u128 = 365 * 24 * 3_600 * 1_000;

/// What a block earns.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(try_from = "RewardFields", into = "RewardFields")]
pub enum Reward {
    /// Always the same.
    Fixed(Balance),
    /// A share of the active stake, as an annual rate that falls from year to year.
    Apr {
        /// Rate of the first year.
        first: Perbill,
        /// How much lower each later year's is.
        step: Perbill,
        /// The lowest.
        floor: Perbill,
    },
}

/// A [`Reward`] in a genesis file: a field for each kind, one of them not null. Presets are merged into the default genesis field by
/// field, so the default's kind stays unless it is made null.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RewardFields {
    fixed: Option<Balance>,
    apr: Option<AprFields>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AprFields {
    first: Perbill,
    step: Perbill,
    floor: Perbill,
}

impl From<Reward> for RewardFields {
    fn from(reward: Reward) -> Self {
        match reward {
            Reward::Fixed(amount) => Self { fixed: Some(amount), apr: None },
            Reward::Apr { first, step, floor } => Self { fixed: None, apr: Some(AprFields { first, step, floor }) },
        }
    }
}

impl TryFrom<RewardFields> for Reward {
    type Error = &'static str;

    fn try_from(fields: RewardFields) -> Result<Self, Self::Error> {
        match fields {
            RewardFields { fixed: Some(amount), apr: None } => Ok(Self::Fixed(amount)),
            RewardFields { fixed: None, apr: Some(AprFields { first, step, floor }) } => {
                Ok(Self::Apr { first, step, floor })
            }
            _ => Err("supply.policy.reward needs one of `fixed` and `apr`, and the other null"),
        }
    }
}

impl Reward {
    /// What a block earns when `age` ticks of `tick_ms` have passed since the first, with `stake` in the active set. Rounded
    /// down.
    pub fn of_block(&self, age: u64, tick_ms: u64, stake: Balance) -> Balance {
        match self {
            Self::Fixed(amount) => *amount,
            Self::Apr { .. } => {
                let lived = u128::from(age).saturating_mul(tick_ms.into());
                let year = lived.checked_div(YEAR_MS).and_then(|year| u32::try_from(year).ok()).unwrap_or(u32::MAX);
                // Below 10^9 × 6 × 10^4.
                let rate = u128::from(self.rate(year).deconstruct()).saturating_mul(tick_ms.into());
                let whole = YEAR_MS.saturating_mul(Perbill::one().deconstruct().into());
                mul_div_floor(stake, rate, whole).unwrap_or(0)
            }
        }
    }

    /// The annual rate in `year`, counted from 0; zero if the reward is no rate.
    pub fn rate(&self, year: u32) -> Perbill {
        match self {
            Self::Fixed(_) => Perbill::zero(),
            Self::Apr { first, step, floor } => {
                let fallen = step.deconstruct().saturating_mul(year);
                Perbill::from_parts(first.deconstruct().saturating_sub(fallen)).max(*floor)
            }
        }
    }
}

/// Who gets a fee. What is left goes to the treasury.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FeeShares {
    /// Burned.
    pub burned: Percent,
    /// For the author's validator and its delegators, as a block reward is.
    pub stakers: Percent,
    /// For the author alone.
    pub author: Percent,
}

/// The rates of a network. Those out of bounds do not decode, so that nobody can even propose them.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// What a block earns in all.
    pub reward: Reward,
    /// Share of it that is kept for workers, and not minted while none is due.
    pub workers: Percent,
    /// Who gets fees.
    pub fees: FeeShares,
}

impl Default for Policy {
    /// 10 ERGN a block, 30 % of them for workers; fees for the author, a tenth for the treasury.
    fn default() -> Self {
        Self {
            reward: Reward::Fixed(10 * ERGN),
            workers: Percent::from_percent(30),
            fees: FeeShares { burned: Percent::zero(), stakers: Percent::zero(), author: Percent::from_percent(90) },
        }
    }
}

impl Decode for Policy {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        // In the order of the fields, as `Encode` is derived.
        let policy =
            Self { reward: Decode::decode(input)?, workers: Decode::decode(input)?, fees: Decode::decode(input)? };
        policy.validate().map_err(|_| "rates out of bounds")?;
        Ok(policy)
    }
}

/// Why a [`Policy`] cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPolicy {
    /// A block may earn 1,000 ERGN at most.
    Reward,
    /// The rate of the first year may be 25 % at most, and no later one higher.
    Rate,
    /// The shares of a fee are more than all of it.
    Fees,
}

impl Policy {
    /// Checks the bounds that genesis must keep.
    pub fn validate(&self) -> Result<(), InvalidPolicy> {
        match &self.reward {
            Reward::Fixed(amount) if *amount > 1_000 * ERGN => return Err(InvalidPolicy::Reward),
            Reward::Apr { first, floor, .. } if *first > Perbill::from_percent(25) || floor > first => {
                return Err(InvalidPolicy::Rate)
            }
            _ => {}
        }
        let FeeShares { burned, stakers, author } = self.fees;
        let shares = [burned, stakers, author].map(|share| u32::from(share.deconstruct()));
        if shares.iter().sum::<u32>() > 100 {
            return Err(InvalidPolicy::Fees);
        }
        Ok(())
    }
}

/// All money that came and went, by cause.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// What genesis had.
    pub genesis: Balance,
    /// Minted for blocks.
    pub block_rewards: Balance,
    /// Minted for workers.
    pub worker_rewards: Balance,
    /// Burned from fees.
    pub fees: Balance,
    /// Burned for offences.
    pub slashes: Balance,
    /// Burned for leaving jail early.
    pub unjail_fees: Balance,
    /// Burned for unstaking in jail.
    pub jailed_exits: Balance,
    /// Burned because it was too little to be anybody's.
    pub dust: Balance,
    /// The protocol's share of orders of work.
    pub work_orders: Balance,
}

impl Ledger {
    /// Everything minted since genesis.
    pub fn total_minted(&self) -> Balance {
        self.block_rewards.saturating_add(self.worker_rewards)
    }

    /// Everything burned since genesis.
    pub fn total_burned(&self) -> Balance {
        [self.fees, self.slashes, self.unjail_fees, self.jailed_exits, self.dust, self.work_orders]
            .iter()
            .fold(0, |sum: Balance, burned| sum.saturating_add(*burned))
    }

    /// What there must be. `None` if more was burned than there was.
    pub fn expected_issuance(&self) -> Option<Balance> {
        self.genesis.checked_add(self.total_minted())?.checked_sub(self.total_burned())
    }

    // No sum can overflow: money has a cap, and whatever is burned was minted before, so 2^128 units would take the
    // whole cap to be burned and minted 10^17 times.

    pub(crate) fn minted(&mut self, cause: Minted, amount: Balance) {
        let total = match cause {
            Minted::BlockReward => &mut self.block_rewards,
            Minted::WorkerReward => &mut self.worker_rewards,
        };
        *total = total.saturating_add(amount);
    }

    pub(crate) fn burned(&mut self, cause: Burned, amount: Balance) {
        let total = match cause {
            Burned::Fees => &mut self.fees,
            Burned::Slash => &mut self.slashes,
            Burned::UnjailFee => &mut self.unjail_fees,
            Burned::JailedExit => &mut self.jailed_exits,
            Burned::Dust => &mut self.dust,
            Burned::WorkOrders => &mut self.work_orders,
        };
        *total = total.saturating_add(amount);
    }

    /// Room below the cap.
    pub fn unissued(&self) -> Balance {
        SUPPLY_CAP.saturating_sub(self.expected_issuance().unwrap_or(SUPPLY_CAP))
    }
}
