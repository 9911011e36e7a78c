//! Referenda among those who stake; what they may change; upgrades; safe mode.
//!
//! One track, with the origin root: text (`system.remarkWithEvent`), parameters (`parameters.setParameter`), upgrades
//! (`system.authorizeUpgrade`, `system.setCode`) and payments of the treasury (`balances.forceTransfer`) all go through it. A vote
//! counts with the stake it names, and no other money can vote.

use alloc::borrow::Cow;
use ergon_primitives::{
    currency::{deposit, ERGN},
    staking::Rules,
};
use frame_support::{
    dynamic_params::{dynamic_pallet_params, dynamic_params},
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    parameter_types,
    traits::{ConstU32, Contains, EnsureOriginWithArg, Get},
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureSigned};
use pallet_conviction_voting::{AccountVote, Conviction, Status, TallyOf, VotingHooks};
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use pallet_supply::Policy;
use sp_runtime::{str_array, DispatchError, DispatchResult, Perbill};

use crate::*;

/// What referenda may set. A value out of its bounds does not decode, so it cannot be proposed. `None` is what genesis says.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
    use super::*;

    /// Staking.
    #[dynamic_pallet_params]
    #[codec(index = 0)]
    pub mod staking {
        /// The rules; in force from the next session on.
        #[codec(index = 0)]
        pub static RulesInForce: Option<Rules> = None;
    }

    /// Money.
    #[dynamic_pallet_params]
    #[codec(index = 1)]
    pub mod supply {
        /// Block reward and shares of fees.
        #[codec(index = 0)]
        pub static Rates: Option<Policy> = None;
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
    fn default() -> Self {
        Self::Staking(dynamic_params::staking::Parameters::RulesInForce(
            dynamic_params::staking::RulesInForce,
            Some(Some(Rules::default())),
        ))
    }
}

/// Root may set every parameter.
pub struct RootSetsParameters;

impl EnsureOriginWithArg<RuntimeOrigin, RuntimeParametersKey> for RootSetsParameters {
    type Success = ();

    fn try_origin(origin: RuntimeOrigin, _: &RuntimeParametersKey) -> Result<(), RuntimeOrigin> {
        frame_system::ensure_root(origin.clone()).map_err(|_| origin)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin(_: &RuntimeParametersKey) -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::root())
    }
}

impl pallet_parameters::Config for Runtime {
    type AdminOrigin = RootSetsParameters;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = RuntimeParameters;
    type WeightInfo = weights::pallet_parameters::WeightInfo<Runtime>;
}

/// Blocks of the unbonding time, if every tick has one. All times of a vote are parts of it, so that whoever votes cannot have
/// taken its stake out before what was voted is in force.
fn unbonding_blocks() -> BlockNumber {
    u32::try_from(ValidatorStaking::rules().unbonding_ticks).unwrap_or(BlockNumber::MAX)
}

/// A day, where unbonding takes 21.
pub struct Day;

impl Get<BlockNumber> for Day {
    fn get() -> BlockNumber {
        (unbonding_blocks() / 21).max(1)
    }
}

/// A week.
pub struct Week;

impl Get<BlockNumber> for Week {
    fn get() -> BlockNumber {
        (unbonding_blocks() / 3).max(2)
    }
}

/// The one track: a week to decide, a day to prepare, to confirm and until enactment. Passed with more ayes than nays, and a
/// third of all stake among the ayes.
pub struct OneTrack;

impl TracksInfo<Balance, BlockNumber> for OneTrack {
    type Id = u16;
    type RuntimeOrigin = <RuntimeOrigin as frame_support::traits::OriginTrait>::PalletsOrigin;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<u16, Balance, BlockNumber>>> {
        // The SDK's benchmarks want referenda that pass later than at once. It costs the same.
        let ceil = |share| if cfg!(feature = "runtime-benchmarks") { Perbill::one() } else { share };
        let flat = |share| Curve::LinearDecreasing { length: Perbill::one(), floor: share, ceil: ceil(share) };
        let info = TrackInfo {
            name: str_array("root"),
            max_deciding: 10,
            decision_deposit: 1_000 * ERGN,
            prepare_period: Day::get(),
            decision_period: Week::get(),
            confirm_period: Day::get(),
            min_enactment_period: Day::get(),
            // More than half.
            min_approval: flat(Perbill::from_parts(500_000_001)),
            min_support: flat(Perbill::from_percent(33)),
        };
        core::iter::once(Cow::Owned(Track { id: 0, info }))
    }

    fn check_integrity() -> Result<(), &'static str> {
        // There is one, and its times are in the state, which is not there when this is asked.
        Ok(())
    }

    fn track_for(origin: &Self::RuntimeOrigin) -> Result<u16, ()> {
        match frame_system::RawOrigin::try_from(origin.clone()) {
            Ok(frame_system::RawOrigin::Root) => Ok(0),
            _ => Err(()),
        }
    }
}

parameter_types! {
    pub const SubmissionDeposit: Balance = deposit(2, 512) + 10 * ERGN;
    /// Migrations may use half of a block.
    pub MaxServiceWeight: Weight = Perbill::from_percent(50) * configs::MAXIMUM_BLOCK_WEIGHT;
    /// Safe mode that root enters lasts a week, of 5 s blocks, unless it is left or extended.
    pub const SafeModeBlocks: BlockNumber = 7 * 24 * 720;
}

impl pallet_referenda::Config for Runtime {
    type AlarmInterval = frame_support::traits::ConstU32<1>;
    type BlockNumberProvider = System;
    type CancelOrigin = EnsureRoot<AccountId>;
    type Currency = Balances;
    type KillOrigin = EnsureRoot<AccountId>;
    type MaxQueued = ConstU32<50>;
    type Preimages = Preimage;
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type Scheduler = Scheduler;
    // Nothing is burned unseen: what is slashed goes to the treasury.
    type Slash = configs::ToTreasury;
    type SubmissionDeposit = SubmissionDeposit;
    type SubmitOrigin = frame_support::traits::AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type Tally = TallyOf<Runtime>;
    type Tracks = OneTrack;
    // So that all of it, from the first vote to enactment, takes less than the unbonding time.
    type UndecidingTimeout = Week;
    type Votes = Balance;
    type WeightInfo = weights::pallet_referenda::WeightInfo<Runtime>;
}

/// All stake, what is unbonding included.
pub struct AllStake;

impl Get<Balance> for AllStake {
    fn get() -> Balance {
        // What is unbonding does not vote, but counts: else taking out stake would make the rest's votes weigh more.
        [
            pallet_validator_staking::TotalOwnStake::<Runtime>::get(),
            pallet_validator_staking::TotalUnbonding::<Runtime>::get(),
            pallet_delegation::TotalDelegated::<Runtime>::get(),
            pallet_delegation::TotalUnbonding::<Runtime>::get(),
        ]
        .iter()
        .fold(0, |sum: Balance, part| sum.saturating_add(*part))
    }
}

/// Lets stake vote and nothing else, each unit once: no more than is held for staking, without conviction beyond one time.
pub struct StakeVotes;

impl StakeVotes {
    /// What `who` has staked and has not begun to take out, so that it answers for what it votes until that is in force.
    fn stake_of(who: &AccountId) -> Balance {
        let own = pallet_validator_staking::Registry::<Runtime>::get(who).map_or(0, |validator| validator.own_stake);
        // At most `MAX_DELEGATIONS`.
        pallet_delegation::DelegationOf::<Runtime>::iter_prefix_values(who)
            .fold(own, |sum, delegation| sum.saturating_add(delegation.held))
    }
}

impl VotingHooks<AccountId, u32, Balance> for StakeVotes {
    fn on_before_vote(who: &AccountId, _: u32, vote: AccountVote<Balance>) -> DispatchResult {
        match vote {
            AccountVote::Standard { vote, balance } if vote.conviction == Conviction::Locked1x => {
                // The SDK's benchmarks vote with accounts that only have money.
                if balance > Self::stake_of(who) && !cfg!(feature = "runtime-benchmarks") {
                    return Err(DispatchError::Other("only what is staked can vote: name no more than your stake"));
                }
                Ok(())
            }
            _ => Err(DispatchError::Other("stake votes one to one: choose a standard vote with conviction 1x")),
        }
    }

    fn on_remove_vote(_: &AccountId, _: u32, _: Status) {}

    fn lock_balance_on_unsuccessful_vote(_: &AccountId, _: u32) -> Option<Balance> {
        None
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn on_vote_worst_case(who: &AccountId) {
        for seed in 0..ergon_primitives::staking::MAX_DELEGATIONS {
            let delegation = pallet_delegation::DelegationFor::<Runtime>::worst_case(ERGN);
            let validator: AccountId = frame_benchmarking::account("voted", seed, 0);
            pallet_delegation::DelegationOf::<Runtime>::insert(who, validator, delegation);
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn on_remove_vote_worst_case(_: &AccountId) {}
}

impl pallet_conviction_voting::Config for Runtime {
    type BlockNumberProvider = System;
    type Currency = Balances;
    type MaxTurnout = AllStake;
    type MaxVotes = ConstU32<60>;
    type Polls = Referenda;
    type RuntimeEvent = RuntimeEvent;
    type VoteLockingPeriod = Day;
    type VotingHooks = StakeVotes;
    type WeightInfo = weights::pallet_conviction_voting::WeightInfo<Runtime>;
}

/// What works in safe mode: inherents, beacons, governance, sessions, reports of offences, and a validator's way out of jail; also through the
/// accounts of several people, who may have most of the stake. What they call is filtered again.
pub struct CallsInSafeMode;

impl Contains<RuntimeCall> for CallsInSafeMode {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::System(..)
                | RuntimeCall::Timestamp(..)
                | RuntimeCall::WorkCredits(..)
                | RuntimeCall::WorkTally(..)
                | RuntimeCall::WorkOrders(
                    pallet_work_orders::Call::redeem { .. }
                        | pallet_work_orders::Call::pledge { .. }
                        | pallet_work_orders::Call::answer { .. }
                )
                | RuntimeCall::Quorum(..)
                | RuntimeCall::Session(..)
                | RuntimeCall::Grandpa(..)
                | RuntimeCall::Equivocation(..)
                | RuntimeCall::Scheduler(..)
                | RuntimeCall::Preimage(..)
                | RuntimeCall::Sudo(..)
                | RuntimeCall::Utility(..)
                | RuntimeCall::Multisig(..)
                | RuntimeCall::Proxy(..)
                | RuntimeCall::ValidatorStaking(
                    pallet_validator_staking::Call::unjail { .. } | pallet_validator_staking::Call::bond_more { .. }
                )
                | RuntimeCall::Referenda(..)
                | RuntimeCall::ConvictionVoting(..)
                | RuntimeCall::MultiBlockMigrations(..)
        )
    }
}

impl pallet_safe_mode::Config for Runtime {
    type Currency = Balances;
    type EnterDepositAmount = ();
    type EnterDuration = SafeModeBlocks;
    type ExtendDepositAmount = ();
    type ExtendDuration = SafeModeBlocks;
    type ForceDepositOrigin = EnsureRoot<AccountId>;
    type ForceEnterOrigin = EnsureRootWithSuccess<AccountId, SafeModeBlocks>;
    type ForceExitOrigin = EnsureRoot<AccountId>;
    type ForceExtendOrigin = EnsureRootWithSuccess<AccountId, SafeModeBlocks>;
    type Notify = ();
    type ReleaseDelay = ();
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = weights::pallet_safe_mode::WeightInfo<Runtime>;
    type WhitelistedCalls = CallsInSafeMode;
}

/// A migration that failed: safe mode without end, and governance goes on in it.
pub struct SafeModeAndGovernance;

impl FailedMigrationHandler for SafeModeAndGovernance {
    fn failed(_: Option<u32>) -> FailedMigrationHandling {
        let entered = if SafeMode::is_entered() {
            <SafeMode as frame_support::traits::SafeMode>::extend(BlockNumber::MAX)
        } else {
            <SafeMode as frame_support::traits::SafeMode>::enter(BlockNumber::MAX)
        };
        if entered.is_err() {
            log::error!(target: "runtime::governance", "a migration failed and safe mode could not be entered");
        }
        // Stuck, the chain would take no transaction at all, and nobody could mend it.
        FailedMigrationHandling::ForceUnstuck
    }
}

impl pallet_migrations::Config for Runtime {
    type CursorMaxLen = ConstU32<65_536>;
    type FailedMigrationHandler = SafeModeAndGovernance;
    type IdentifierMaxLen = ConstU32<256>;
    type MaxServiceWeight = MaxServiceWeight;
    type MigrationStatusHandler = ();
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = crate::migrations::MultiBlock;
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_migrations::WeightInfo<Runtime>;
}
