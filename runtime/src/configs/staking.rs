//! Validators, delegation, the supply of money, and the clock they go by.

use ergon_primitives::{
    currency::ERGN,
    schedule::FutureTicks,
    staking::{ChainTime, Rules, SessionIndex},
    time::Tick,
};
use frame_support::{
    traits::{ConstU128, ConstU32, Get},
    weights::Weight,
};
use sp_runtime::traits::Convert;

use super::{consensus::REPORT_SESSIONS, governance::dynamic_params};
use crate::*;

/// Tick and session of the block.
pub struct BlockTime;

impl ChainTime for BlockTime {
    fn tick() -> Tick {
        *pallet_aura::CurrentSlot::<Runtime>::get()
    }

    fn session() -> SessionIndex {
        pallet_session::CurrentIndex::<Runtime>::get()
    }
}

/// What a block earns its author and those who stake with it: the workers' share is not minted while nobody works.
pub struct AuthorsShare;

impl pallet_validator_staking::BlockReward for AuthorsShare {
    fn of_block(stake: Balance) -> Balance {
        let tick_ms = pallet_work_credits::Clock::<Runtime>::get().tick_ms;
        let whole = Supply::block_reward(BlockTime::tick(), tick_ms, stake);
        // Rounded up, so the authors' share is rounded down.
        whole.saturating_sub(Supply::policy().workers.mul_ceil(whole))
    }
}

/// How many validators the schedule's table is sure to reach: four slots of standby, and the fallbacks of the slot before them, who
/// are at the end of the queue that standby follows. Of more, those in the table could all be down, and the chain would stand still.
pub struct Reached;

impl Get<u32> for Reached {
    fn get() -> u32 {
        let ticks = pallet_work_credits::Clock::<Runtime>::get().ticks_per_slot;
        ticks.saturating_mul(4).saturating_add(ticks / 2)
    }
}

/// The rules of staking in force.
pub struct CurrentRules;

impl Get<Rules> for CurrentRules {
    fn get() -> Rules {
        ValidatorStaking::rules()
    }
}

impl pallet_supply::Config for Runtime {
    type Currency = Balances;
    type VotedPolicy = dynamic_params::supply::Rates;
}

impl pallet_validator_staking::Config for Runtime {
    type BlockReward = AuthorsShare;
    type Currency = Balances;
    type Delegations = Delegation;
    type FutureTicks = WorkCredits;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type MostMembers = Reached;
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = Supply;
    type Time = BlockTime;
    type VotedRules = dynamic_params::staking::RulesInForce;
    type WeightInfo = weights::pallet_validator_staking::WeightInfo<Runtime>;
}

impl pallet_delegation::Config for Runtime {
    type Currency = Balances;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type MinChunk = ConstU128<ERGN>;
    type ReleasesPerBlock = ConstU32<16>;
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type Rules = CurrentRules;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = Supply;
    type SweepPerBlock = ConstU32<100>;
    type Time = BlockTime;
    type Validators = ValidatorStaking;
    type WeightInfo = weights::pallet_delegation::WeightInfo<Runtime>;
}

/// Knows registered validators only, so that nobody else can register keys.
pub struct RegisteredValidators;

impl Convert<AccountId, Option<AccountId>> for RegisteredValidators {
    fn convert(who: AccountId) -> Option<AccountId> {
        pallet_validator_staking::Registry::<Runtime>::contains_key(&who).then_some(who)
    }
}

/// Turns the session, for the weight of doing so.
pub struct TurnSession;

impl pallet_work_credits::RotateSession for TurnSession {
    fn rotate() -> Weight {
        use pallet_validator_staking::WeightInfo;
        let registered = pallet_validator_staking::Registry::<Runtime>::count();
        // At most `MAX_VALIDATORS`, and those of the set before who made blocks in the first slot.
        let members = pallet_session::Validators::<Runtime>::decode_len().unwrap_or(0) as u32;
        let earners = members.saturating_add(pallet_work_credits::Clock::<Runtime>::get().ticks_per_slot);
        Session::rotate_session();
        <Runtime as pallet_validator_staking::Config>::WeightInfo::on_session(registered, earners)
            .saturating_add(<WorkCredits as FutureTicks<AccountId>>::weight())
    }
}
