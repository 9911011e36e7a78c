//! The chain: the three pallets as the runtime has them, with the real session pallet, turned by steps.

use ergon_primitives::{
    currency::{ERGN, MILLI_ERGN},
    schedule::FutureTicks,
    staking::{ChainTime, Rules, SessionIndex},
    time::Tick,
    Balance,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, ConstU32, FindAuthor, Get, OneSessionHandler},
    weights::Weight,
};
use sp_runtime::{
    impl_opaque_keys, testing::UintAuthorityId, traits::Convert, BoundToRuntimeAppPublic, BuildStorage,
    ConsensusEngineId, Percent,
};

pub type AccountId = u64;

/// Validators of genesis: 0 to this.
pub const GENESIS: u64 = 5;
/// Accounts: 0 to this. The first ones may be validators, all may delegate.
pub const ACCOUNTS: u64 = 16;
/// What each of the first hundred has.
pub const WEALTH: Balance = 100_000 * ERGN;
/// Ticks of a session.
pub const SESSION: Tick = 50;
/// Sessions whose offences can be reported.
pub const REPORTS: u32 = 12;

impl_opaque_keys! {
    pub struct Keys {
        pub dummy: Handler,
    }
}

/// Takes the session key and does nothing with it.
pub struct Handler;

impl BoundToRuntimeAppPublic for Handler {
    type Public = UintAuthorityId;
}

impl OneSessionHandler<AccountId> for Handler {
    type Key = UintAuthorityId;
    fn on_genesis_session<'a, I>(_: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)>,
    {
    }
    fn on_new_session<'a, I>(_: bool, _: I, _: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)>,
    {
    }
    fn on_disabled(_: u32) {}
}

frame_support::construct_runtime! {
    pub enum World {
        System: frame_system,
        Balances: pallet_balances,
        Authorship: pallet_authorship,
        Session: pallet_session,
        Staking: pallet_validator_staking,
        Delegation: pallet_delegation,
        Supply: pallet_supply,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for World {
    type AccountData = pallet_balances::AccountData<Balance>;
    type Block = frame_system::mocking::MockBlock<World>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for World {
    type AccountStore = System;
    type Balance = Balance;
    type DustRemoval = pallet_supply::BurnDust<World>;
    type ExistentialDeposit = ConstU128<MILLI_ERGN>;
}

pub struct Nobody;

impl FindAuthor<AccountId> for Nobody {
    fn find_author<'a, I: IntoIterator<Item = (ConsensusEngineId, &'a [u8])>>(_: I) -> Option<AccountId> {
        None
    }
}

impl pallet_authorship::Config for World {
    type EventHandler = ();
    type FindAuthor = Nobody;
}

/// Sessions are turned by a step.
pub struct Never;

impl pallet_session::ShouldEndSession<u64> for Never {
    fn should_end_session(_: u64) -> bool {
        false
    }
}

/// Only validators have keys.
pub struct Registered;

impl Convert<AccountId, Option<AccountId>> for Registered {
    fn convert(who: AccountId) -> Option<AccountId> {
        pallet_validator_staking::Registry::<World>::contains_key(who).then_some(who)
    }
}

impl pallet_session::Config for World {
    type Currency = Balances;
    type DisablingStrategy = ();
    type KeyDeposit = ConstU128<0>;
    type Keys = Keys;
    type NextSessionRotation = ();
    type RuntimeEvent = RuntimeEvent;
    type SessionHandler = <Keys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
    type SessionManager = Staking;
    type ShouldEndSession = Never;
    type ValidatorId = AccountId;
    type ValidatorIdOf = Registered;
    type WeightInfo = ();
}

parameter_types! {
    /// What time it is.
    pub static Now: Tick = 1_000;
}

pub struct Clock;

impl ChainTime for Clock {
    fn tick() -> Tick {
        Now::get()
    }
    fn session() -> SessionIndex {
        pallet_session::CurrentIndex::<World>::get()
    }
}

/// There is no schedule here.
pub struct NoTicks;

impl FutureTicks<AccountId> for NoTicks {
    fn take_from(_: &[AccountId]) {}
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// What a block earns.
pub struct Reward;

impl pallet_validator_staking::BlockReward for Reward {
    fn of_block(stake: Balance) -> Balance {
        Supply::block_reward(Now::get(), 5_000, stake)
    }
}

/// The rules in force.
pub struct InForce;

impl Get<Rules> for InForce {
    fn get() -> Rules {
        Staking::rules()
    }
}

/// Governance sets nothing.
pub struct Unvoted;

impl<V> Get<Option<V>> for Unvoted {
    fn get() -> Option<V> {
        None
    }
}

impl pallet_supply::Config for World {
    type Currency = Balances;
    type VotedPolicy = Unvoted;
}

impl pallet_validator_staking::Config for World {
    type BlockReward = Reward;
    type Currency = Balances;
    type Delegations = Delegation;
    type FutureTicks = NoTicks;
    type MostMembers = ConstU32<100>;
    type ReportSessions = ConstU32<REPORTS>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = Supply;
    type Time = Clock;
    type VotedRules = Unvoted;
    type WeightInfo = Free;
}

impl pallet_delegation::Config for World {
    type Currency = Balances;
    type MinChunk = ConstU128<ERGN>;
    type ReleasesPerBlock = ConstU32<4>;
    type ReportSessions = ConstU32<REPORTS>;
    type Rules = InForce;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = Supply;
    type SweepPerBlock = ConstU32<100>;
    type Time = Clock;
    type Validators = Staking;
    type WeightInfo = Free;
}

/// Costs nothing: weights are measured on the real runtime.
pub struct Free;

impl pallet_validator_staking::WeightInfo for Free {
    fn register() -> Weight {
        Weight::zero()
    }
    fn set_profile() -> Weight {
        Weight::zero()
    }
    fn set_commission() -> Weight {
        Weight::zero()
    }
    fn bond_more() -> Weight {
        Weight::zero()
    }
    fn unbond() -> Weight {
        Weight::zero()
    }
    fn leave() -> Weight {
        Weight::zero()
    }
    fn unjail() -> Weight {
        Weight::zero()
    }
    fn on_block(_: u32) -> Weight {
        Weight::zero()
    }
    fn on_session(_: u32, _: u32) -> Weight {
        Weight::zero()
    }
    fn punish(_: u32) -> Weight {
        Weight::zero()
    }
}

impl pallet_delegation::WeightInfo for Free {
    fn bond() -> Weight {
        Weight::zero()
    }
    fn bond_more() -> Weight {
        Weight::zero()
    }
    fn undelegate() -> Weight {
        Weight::zero()
    }
    fn undelegate_all() -> Weight {
        Weight::zero()
    }
    fn redelegate() -> Weight {
        Weight::zero()
    }
    fn cancel_unbonding() -> Weight {
        Weight::zero()
    }
    fn set_compounding() -> Weight {
        Weight::zero()
    }
    fn release(_: u32) -> Weight {
        Weight::zero()
    }
    fn sweep_idle() -> Weight {
        Weight::zero()
    }
    fn sweep_one() -> Weight {
        Weight::zero()
    }
    fn reward() -> Weight {
        Weight::zero()
    }
    fn slash() -> Weight {
        Weight::zero()
    }
    fn end_epoch() -> Weight {
        Weight::zero()
    }
}

/// The specification's rules, with times that a sequence can live through.
pub fn rules() -> Rules {
    Rules {
        max_validators: 8,
        unbonding_ticks: 4 * SESSION,
        uptime_ticks: SESSION,
        uptime_owed: 5,
        min_uptime: Percent::from_percent(75),
        jail_ticks: 2 * SESSION,
        strike_ticks: 20 * SESSION,
        commission_ticks: SESSION,
        ..Rules::default()
    }
}

/// The chain at its genesis.
pub fn new() -> sp_io::TestExternalities {
    with_accounts(ACCOUNTS, rules())
}

/// The same, with as many accounts and these rules.
pub fn with_accounts(accounts: u64, rules: Rules) -> sp_io::TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: BalancesConfig {
            // There is not money enough for a hundred thousand rich.
            balances: (0..accounts).map(|who| (who, if who < 100 { WEALTH } else { 1_000 * ERGN })).collect(),
            ..Default::default()
        },
        session: SessionConfig { keys: (0..GENESIS).map(|who| (who, who, keys(who))).collect(), ..Default::default() },
        staking: StakingConfig { rules, ..Default::default() },
        ..Default::default()
    };
    let mut chain = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    chain.execute_with(|| {
        Now::set(1_000);
        System::set_block_number(1);
    });
    chain
}

/// The session keys of `who`.
pub fn keys(who: AccountId) -> Keys {
    Keys { dummy: UintAuthorityId(who) }
}
