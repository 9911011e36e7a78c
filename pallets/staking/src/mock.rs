//! A chain with the real session pallet, whose ticks and sessions a test turns by hand. Delegation is a number per validator.

use std::collections::BTreeMap;

use ergon_primitives::{
    currency::ERGN,
    schedule::FutureTicks,
    staking::{Burned, ChainTime, Delegations, DutyObserver, Minted, Rules, SessionIndex, Supply},
    time::Tick,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::Balanced, ConstU128, ConstU32, FindAuthor, Imbalance, OneSessionHandler},
    weights::Weight,
};
use pallet_authorship::EventHandler;
use sp_runtime::{
    impl_opaque_keys, testing::UintAuthorityId, BoundToRuntimeAppPublic, BuildStorage, ConsensusEngineId, Perbill,
    Percent,
};

use crate as pallet_validator_staking;
use crate::*;

pub(crate) type AccountId = u64;

/// Who holds rewards of delegators.
pub(crate) const POT: AccountId = 999;
/// Ticks of a session.
pub(crate) const SESSION: Tick = 100;
/// Validators of genesis: 1 to 6.
pub(crate) const GENESIS: u64 = 6;
/// What a block earns.
pub(crate) const REWARD: Balance = 7 * ERGN;
/// What every account of the story starts with: 1 to 30.
pub(crate) const MONEY: Balance = 100_000 * ERGN;

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
    pub enum Test {
        System: frame_system,
        Authorship: pallet_authorship,
        Balances: pallet_balances,
        Session: pallet_session,
        Staking: pallet_validator_staking,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<Balance>;
    type Block = frame_system::mocking::MockBlock<Test>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<{ ERGN / 1_000 }>;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
}

pub struct Nobody;

impl FindAuthor<AccountId> for Nobody {
    fn find_author<'a, I: IntoIterator<Item = (ConsensusEngineId, &'a [u8])>>(_: I) -> Option<AccountId> {
        None
    }
}

impl pallet_authorship::Config for Test {
    type EventHandler = ();
    type FindAuthor = Nobody;
}

/// Sessions are turned by [`next_session`] alone.
pub struct Never;

impl pallet_session::ShouldEndSession<u64> for Never {
    fn should_end_session(_: u64) -> bool {
        false
    }
}

/// Only validators have keys.
pub struct Registered;

impl sp_runtime::traits::Convert<AccountId, Option<AccountId>> for Registered {
    fn convert(who: AccountId) -> Option<AccountId> {
        Registry::<Test>::contains_key(who).then_some(who)
    }
}

impl pallet_session::Config for Test {
    type Currency = Balances;
    type DisablingStrategy = ();
    type KeyDeposit = ConstU128<ERGN>;
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
    pub static Now: Tick = 0;
    pub static Delegated: BTreeMap<AccountId, Balance> = BTreeMap::new();
    /// What delegators got.
    pub static Rewarded: BTreeMap<AccountId, Balance> = BTreeMap::new();
    /// Slashes that reached delegators: validator, session, share.
    pub static Cut: Vec<(AccountId, SessionIndex, Perbill)> = Vec::new();
    /// Slashes that reached only what delegators had taken out: validator, session, the later one, share.
    pub static CutGone: Vec<(AccountId, SessionIndex, SessionIndex, Perbill)> = Vec::new();
    /// Epochs closed.
    pub static Epochs: Vec<(SessionIndex, AccountId)> = Vec::new();
    /// Whose ticks to come were taken.
    pub static Taken: Vec<AccountId> = Vec::new();
    pub static MintedSum: Balance = 0;
    pub static BurnedSum: BTreeMap<&'static str, Balance> = BTreeMap::new();
    pub static Voted: Option<Rules> = None;
    pub static Reach: u32 = 100;
}

pub struct World;

impl ChainTime for World {
    fn tick() -> Tick {
        Now::get()
    }
    fn session() -> SessionIndex {
        pallet_session::CurrentIndex::<Test>::get()
    }
}

impl Delegations<AccountId> for World {
    fn delegated_to(validator: &AccountId) -> Balance {
        Delegated::get().get(validator).copied().unwrap_or(0)
    }
    fn pot() -> AccountId {
        POT
    }
    fn reward(validator: &AccountId, amount: Balance) {
        Rewarded::mutate(|all| *all.entry(*validator).or_default() += amount);
    }
    fn slash(validator: &AccountId, offence: SessionIndex, share: Perbill) {
        Cut::mutate(|all| all.push((*validator, offence, share)));
    }
    fn slash_gone(validator: &AccountId, offence: SessionIndex, later: SessionIndex, share: Perbill) {
        CutGone::mutate(|all| all.push((*validator, offence, later, share)));
    }
    fn end_epoch(epoch: SessionIndex, validator: &AccountId) {
        Epochs::mutate(|all| all.push((epoch, *validator)));
    }
}

impl FutureTicks<AccountId> for World {
    fn take_from(operators: &[AccountId]) {
        Taken::mutate(|all| all.extend(operators));
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

impl BlockReward for World {
    fn of_block(_: Balance) -> Balance {
        REWARD
    }
}

impl Supply<CreditOf<Test>> for World {
    fn mint(_: Minted, amount: Balance) -> CreditOf<Test> {
        MintedSum::mutate(|sum| *sum += amount);
        <Balances as Balanced<AccountId>>::issue(amount)
    }
    fn burn(cause: Burned, credit: CreditOf<Test>) {
        let name = match cause {
            Burned::Fees => "fees",
            Burned::Slash => "slash",
            Burned::UnjailFee => "unjail",
            Burned::JailedExit => "exit",
            Burned::Dust => "dust",
            Burned::WorkOrders => "orders",
        };
        BurnedSum::mutate(|sum| *sum.entry(name).or_default() += credit.peek());
    }
}

impl Config for Test {
    type BlockReward = World;
    type Currency = Balances;
    type Delegations = World;
    type FutureTicks = World;
    type MostMembers = Reach;
    type ReportSessions = ConstU32<20>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = World;
    type Time = World;
    type VotedRules = Voted;
    type WeightInfo = Free;
}

/// Costs nothing: weights are measured on the real runtime.
pub struct Free;

impl WeightInfo for Free {
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

/// The specification's rules, with times short enough for a story.
pub(crate) fn rules() -> Rules {
    Rules {
        max_validators: 8,
        unbonding_ticks: 5 * SESSION,
        uptime_ticks: 3 * SESSION,
        uptime_owed: 10,
        min_uptime: Percent::from_percent(75),
        jail_ticks: 4 * SESSION,
        strike_ticks: 30 * SESSION,
        commission_ticks: SESSION,
        ..Rules::default()
    }
}

/// Runs a story among the validators of genesis, each with the least stake; checks invariants and issuance at its end.
pub(crate) fn story(tell: impl FnOnce()) {
    story_with(rules(), tell);
}

pub(crate) fn story_with(rules: Rules, tell: impl FnOnce()) {
    let genesis = RuntimeGenesisConfig {
        balances: BalancesConfig { balances: (1..=30).map(|who| (who, MONEY)).collect(), ..Default::default() },
        session: SessionConfig { keys: (1..=GENESIS).map(|who| (who, who, keys(who))).collect(), ..Default::default() },
        staking: StakingConfig { rules, stake: None, validators: vec![] },
        ..Default::default()
    };
    // What is not in storage outlives a story.
    Now::set(0);
    Delegated::set(Default::default());
    Rewarded::set(Default::default());
    Cut::set(Default::default());
    CutGone::set(Default::default());
    Epochs::set(Default::default());
    Taken::set(Default::default());
    MintedSum::set(0);
    BurnedSum::set(Default::default());
    Voted::set(None);
    Reach::set(100);
    let mut chain = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    chain.execute_with(|| {
        System::set_block_number(1);
        System::inc_providers(&POT);
        let before = Balances::total_issuance();
        tell();
        Staking::do_try_state().expect("invariants hold");
        let burned: Balance = BurnedSum::get().values().sum();
        assert_eq!(
            Balances::total_issuance(),
            before + MintedSum::get() - burned,
            "money comes and goes by the ledger"
        );
    });
}

pub(crate) fn keys(who: AccountId) -> Keys {
    Keys { dummy: UintAuthorityId(who) }
}

pub(crate) fn set_keys(who: AccountId) {
    use codec::Encode;
    use sp_runtime::RuntimeAppPublic;
    let mut keys = keys(who);
    let proof = keys.dummy.generate_proof_of_possession(&who.encode()).expect("test keys sign");
    frame_support::assert_ok!(Session::set_keys(RuntimeOrigin::signed(who), keys, proof.encode()));
}

pub(crate) fn profile(name: &str) -> Profile {
    Profile { name: name.as_bytes().to_vec().try_into().expect("short"), ..Default::default() }
}

/// Ends the session; a tick of the next one has come.
pub(crate) fn next_session() {
    Now::mutate(|now| *now = (*now / SESSION + 1) * SESSION);
    Session::rotate_session();
}

/// The members of this session.
pub(crate) fn members() -> Vec<AccountId> {
    pallet_session::Validators::<Test>::get()
}

/// A session in which `members` own its first 20 ticks each in turn, and those of `absent` miss theirs; then the next begins.
pub(crate) fn session_without(absent: &[AccountId]) {
    let members = members();
    let start = Now::get();
    let mut missed = Vec::new();
    let ticks = 20 * members.len() as u64;
    for i in 0..ticks.min(SESSION - 1) {
        let (tick, who) = (start + i, members[i as usize % members.len()]);
        Now::set(tick);
        if absent.contains(&who) {
            missed.push((tick, who));
        } else {
            Staking::on_block(tick, &who, &std::mem::take(&mut missed));
            Staking::note_author(who);
        }
    }
    next_session();
}

/// The validator `who`.
pub(crate) fn validator(who: AccountId) -> Validator {
    Registry::<Test>::get(who).expect("registered")
}

/// Everything burned for `cause`.
pub(crate) fn burned(cause: &str) -> Balance {
    BurnedSum::get().get(cause).copied().unwrap_or(0)
}
