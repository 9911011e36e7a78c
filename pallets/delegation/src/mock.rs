//! Real balances, and validators, time and supply that a test sets by hand.

use ergon_primitives::{
    currency::{ERGN, MICRO_ERGN},
    staking::{Burned, ChainTime, Closed, Delegations, Minted, Rules, SessionIndex, Supply, Validators},
    time::Tick,
    Balance,
};
use frame_support::{
    derive_impl, parameter_types,
    storage::types::ValueQuery,
    traits::{
        fungible::{Balanced, Inspect, InspectHold},
        tokens::imbalance::Imbalance,
        ConstU128, ConstU32, Hooks,
    },
    weights::Weight,
};
use sp_runtime::{BuildStorage, Perbill};
use std::collections::BTreeMap;

use crate as pallet_delegation;
use crate::*;

pub(crate) type AccountId = u64;
/// What the calls are made on.
pub(crate) type Delegating = Pallet<Test>;

/// Validators that accept stake from the beginning: 100 to 109.
pub(crate) const V: AccountId = 100;
/// Another.
pub(crate) const W: AccountId = 101;
/// What each delegator, 1 to 20, has in genesis.
pub(crate) const WEALTH: Balance = 1_000_000 * ERGN;
/// Least balance of an account.
pub(crate) const ED: Balance = MICRO_ERGN;
/// Ticks until stake is released.
pub(crate) const UNBONDING: u64 = 100;
/// Ticks of a session.
pub(crate) const SESSION_TICKS: u64 = 10;
/// Sessions whose offences can be reported.
pub(crate) const REPORT_SESSIONS: u32 = 12;
/// Chunks that a block releases.
pub(crate) const RELEASES: u32 = 4;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Delegation: pallet_delegation,
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
    type ExistentialDeposit = ConstU128<ED>;
}

parameter_types! {
    /// What time it is.
    pub static Now: Tick = 0;
    /// Which session.
    pub static Session: SessionIndex = 0;
    /// The rules.
    pub static InForce: Rules = Rules { unbonding_ticks: UNBONDING, ..Rules::default() };
    /// Validators that take no stake, and why.
    pub static Shut: BTreeMap<AccountId, Closed> = BTreeMap::new();
    /// How many validators are registered.
    pub static Registered: u32 = 1;
    /// Stake of each validator's own.
    pub static OwnStake: Balance = 10_000 * ERGN;
}

/// What each validator has earned and not shared out yet; it is minted when it is. Like the sums below in storage, so that a
/// call that fails undoes it.
#[frame_support::storage_alias]
pub(crate) type Earned = StorageValue<Mock, BTreeMap<AccountId, Balance>, ValueQuery>;
/// What was minted.
#[frame_support::storage_alias]
pub(crate) type MintedSum = StorageValue<Mock, Balance, ValueQuery>;
/// What was burned by each cause: `Fees`, `Slash`, `UnjailFee`, `JailedExit`, `Dust`.
#[frame_support::storage_alias]
pub(crate) type BurnedSums = StorageValue<Mock, [Balance; 5], ValueQuery>;

pub struct Clock;

impl ChainTime for Clock {
    fn tick() -> Tick {
        Now::get()
    }
    fn session() -> SessionIndex {
        Session::get()
    }
}

/// Counts what is made and unmade.
pub struct Ledger;

impl Supply<CreditOf<Test>> for Ledger {
    fn mint(_: Minted, amount: Balance) -> CreditOf<Test> {
        MintedSum::mutate(|sum| *sum += amount);
        Balances::issue(amount)
    }
    fn burn(cause: Burned, credit: CreditOf<Test>) {
        let index = match cause {
            Burned::Fees => 0,
            Burned::Slash => 1,
            Burned::UnjailFee => 2,
            Burned::JailedExit => 3,
            Burned::Dust => 4,
            Burned::WorkOrders => 5,
        };
        BurnedSums::mutate(|sums| sums[index] += credit.peek());
        drop(credit);
    }
}

/// Validators from [`V`] on.
pub struct Register;

impl Validators<AccountId> for Register {
    fn accepts(validator: &AccountId) -> Result<(), Closed> {
        match Shut::get().get(validator) {
            Some(why) => Err(*why),
            None if *validator < V => Err(Closed::Unknown),
            None => Ok(()),
        }
    }
    fn own_stake(_: &AccountId) -> Balance {
        OwnStake::get()
    }
    fn total_own_stake() -> Balance {
        OwnStake::get() * Balance::from(Registered::get())
    }
    fn count() -> u32 {
        Registered::get()
    }
    fn share_out(validator: &AccountId) {
        if let Some(amount) = Earned::mutate(|earned| earned.remove(validator)) {
            reward(*validator, amount);
        }
    }
}

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Supply = Ledger;
    type Validators = Register;
    type Time = Clock;
    type Rules = InForce;
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type MinChunk = ConstU128<1>;
    type ReleasesPerBlock = ConstU32<RELEASES>;
    type SweepPerBlock = ConstU32<3>;
    type WeightInfo = Costs;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = Register;
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for Register {
    fn validator(seed: u32) -> AccountId {
        V + AccountId::from(seed)
    }

    fn earn(validator: &AccountId) {
        Earned::mutate(|earned| earned.insert(*validator, ERGN));
    }
}

/// Costs that tell in a sum what was done: looks in the units, delegations in the thousands.
pub struct Costs;

impl WeightInfo for Costs {
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
    fn release(chunks: u32) -> Weight {
        Weight::from_parts(u64::from(chunks), 0)
    }
    fn sweep_idle() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn sweep_one() -> Weight {
        Weight::from_parts(1_000, 0)
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

/// The chain at its beginning: delegators 1 to 20.
pub(crate) fn genesis() -> sp_io::TestExternalities {
    // Cases of one property test share a thread.
    Now::set(0);
    Session::set(1);
    InForce::set(Rules { unbonding_ticks: UNBONDING, ..Rules::default() });
    Shut::set(BTreeMap::new());
    Registered::set(1);
    OwnStake::set(10_000 * ERGN);
    let storage = RuntimeGenesisConfig {
        balances: BalancesConfig { balances: (1..=20).map(|who| (who, WEALTH)).collect(), ..Default::default() },
        ..Default::default()
    };
    storage.build_storage().expect("genesis builds").into()
}

/// Money in genesis: what the delegators have, and the pot's reserve.
const GENESIS: Balance = 20 * WEALTH + ED;

/// Runs a story in block 1 and checks the invariants and the equation of supply at its end.
pub(crate) fn story(tell: impl FnOnce()) {
    genesis().execute_with(|| {
        System::set_block_number(1);
        tell();
        check();
    });
}

/// All that must hold at any time.
pub(crate) fn check() {
    Delegating::do_try_state().expect("invariants hold");
    assert_eq!(Balances::total_issuance() + burned_sum(), GENESIS + MintedSum::get(), "the equation of supply");
    let in_pools: Balance = Pools::<Test>::iter_values().map(|pool| pool.in_pot()).sum();
    assert_eq!(Balances::balance(&Delegating::pot_account()), ED + in_pools, "the pot has nothing else");
}

pub(crate) fn burned_sum() -> Balance {
    BurnedSums::get().iter().sum()
}

/// What was burned for offences.
pub(crate) fn slashed_sum() -> Balance {
    BurnedSums::get()[1]
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// `who` delegates `ergn` to `validator` and is paid.
pub(crate) fn bond(who: AccountId, validator: AccountId, ergn: Balance) {
    Delegating::bond(signed(who), validator, ergn * ERGN, false).expect("bonds");
}

/// `who` delegates `ergn` to `validator` and compounds.
pub(crate) fn compound(who: AccountId, validator: AccountId, ergn: Balance) {
    Delegating::bond(signed(who), validator, ergn * ERGN, true).expect("bonds");
}

/// Mints `amount` into the pot and shares it out among the delegators of `validator`.
pub(crate) fn reward(validator: AccountId, amount: Balance) {
    let credit = Ledger::mint(Minted::BlockReward, amount);
    Balances::resolve(&Delegating::pot_account(), credit).expect("the pot takes any amount");
    <Delegating as Delegations<AccountId>>::reward(&validator, amount);
}

/// Slashes for an offence in `offence`.
pub(crate) fn slash(validator: AccountId, offence: SessionIndex, percent: u32) {
    <Delegating as Delegations<AccountId>>::slash(&validator, offence, Perbill::from_percent(percent));
}

/// Ends the session of validators [`V`] to 109 and begins the next.
pub(crate) fn next_session() {
    for validator in V..V + 10 {
        Register::share_out(&validator);
        <Delegating as Delegations<AccountId>>::end_epoch(Session::get(), &validator);
    }
    Session::mutate(|session| *session += 1);
    Now::mutate(|now| *now += SESSION_TICKS);
}

/// One block with all the room in the world.
pub(crate) fn block() {
    Delegating::on_initialize(1);
    Delegating::on_idle(1, Weight::MAX);
}

/// Blocks until the sweep has been everywhere.
pub(crate) fn sweep() {
    let done = || SweepAt::<Test>::get().is_some_and(|at| at.done && at.session == Session::get());
    for _ in 0..1_000 {
        if done() {
            return;
        }
        block();
    }
    panic!("the sweep does not come to an end");
}

pub(crate) fn free(who: AccountId) -> Balance {
    Balances::balance(&who)
}

pub(crate) fn held(who: AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::Delegation.into(), &who)
}

/// What a delegation is worth, settled or not; 0 if there is none.
pub(crate) fn value(who: AccountId, validator: AccountId) -> Balance {
    Delegating::delegation_info(&who, &validator).map_or(0, |info| info.value)
}

/// What all that `who` ever had has come to: free, delegated, unbonding, pending.
pub(crate) fn worth(who: AccountId) -> Balance {
    let delegated =
        Delegating::delegations_of(&who).iter().map(|info| info.value + info.pending_reward).sum::<Balance>();
    let unbonding = Delegating::unbonding_of(&who).iter().map(|info| info.amount).sum::<Balance>();
    free(who) + delegated + unbonding
}
