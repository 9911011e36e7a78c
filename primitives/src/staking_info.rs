//! What the chain tells about stake: the shapes that runtime APIs return. Amounts are in units of the token.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, Percent};

use crate::{staking::SessionIndex, time::Tick, Balance};

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ValidatorInfo<AccountId> {
    /// Its account.
    pub account: AccountId,
    /// Its name, in UTF-8.
    pub name: Vec<u8>,
    /// Stake of its own.
    pub own_stake: Balance,
    /// Stake that others delegate to it.
    pub delegated: Balance,
    /// Share of rewards that it keeps first.
    pub commission: Perbill,
    /// Whether it is in the set of this session.
    pub active: bool,
    /// Whether it has session keys.
    pub has_keys: bool,
    /// Whether it is leaving.
    pub leaving: bool,
    /// End of its term in jail, which it leaves only when it asks to.
    pub jailed_until: Option<Tick>,
    /// Jailings that count now.
    pub strikes: u32,
    /// Whether it can never come back.
    pub tombstoned: bool,
    /// Share of owed ticks that it made blocks in; `None` while there are too few to tell.
    pub uptime: Option<Percent>,
    /// How well it keeps its duties.
    pub score: Percent,
}

/// One account's stake with one validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DelegationInfo<AccountId> {
    /// The validator.
    pub validator: AccountId,
    /// What the stake is worth now, slashes and compounded rewards included.
    pub value: Balance,
    /// Rewards on their way to the free balance; none if they compound.
    pub pending_reward: Balance,
    /// Whether rewards become stake.
    pub compounding: bool,
}

/// Stake on its way back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnbondingInfo<AccountId> {
    /// Number of the part, by which it can be cancelled.
    pub id: u64,
    /// The validator that it was delegated to.
    pub validator: AccountId,
    /// What will be released, as slashes stand now.
    pub amount: Balance,
    /// When it is released.
    pub release: Tick,
}

/// What an account earned with a validator in an epoch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EpochReward<AccountId> {
    /// The epoch.
    pub epoch: SessionIndex,
    /// The validator.
    pub validator: AccountId,
    /// The reward.
    pub amount: Balance,
}

/// Where all money is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SupplyInfo {
    /// All there is.
    pub issuance: Balance,
    /// What genesis had.
    pub genesis: Balance,
    /// Minted since, by cause: block rewards, worker rewards.
    pub minted: [Balance; 2],
    /// Burned since, by cause: fees, slashes, fees for leaving jail, unstaking in jail, dust, orders of work.
    pub burned: [Balance; 6],
    /// Validators' own stake.
    pub own_stake: Balance,
    /// Stake delegated.
    pub delegated: Balance,
    /// The treasury's free balance.
    pub treasury: Balance,
}

/// What it takes to be, and to stop, the set.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SetInfo {
    /// Members of this session.
    pub active: u32,
    /// Registered validators.
    pub registered: u32,
    /// Those of them in jail.
    pub jailed: u32,
    /// Least stake, own and delegated, with which a newcomer would enter now.
    pub entry_stake: Balance,
    /// Stake behind the cheapest third of the seats: whoever has it can stop finality, because votes count by seat.
    pub third_of_seats: Balance,
    /// What stake in the set earns in a year, commission not deducted, if every tick has a block.
    pub apr: Perbill,
}
