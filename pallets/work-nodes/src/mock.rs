//! A chain with this pallet, money, and validators that a test names. Every story ends in `do_try_state`.

use ergon_primitives::{
    nodes::{consent, NodeKey, Nodes, PoolId, Service, Services, Worker},
    Balance, Hash,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{fungible::InspectHold, ConstU128, Contains, Get},
};
use sp_core::{sr25519, Pair};
use sp_runtime::{BoundedVec, BuildStorage};

use crate as pallet_work_nodes;
use crate::*;

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        WorkNodes: pallet_work_nodes,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<Balance>;
    type Block = Block;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
}

/// What every account of a story starts with: 1 to 50.
pub(crate) const MONEY: Balance = 1_000;

parameter_types! {
    /// Registered validators.
    pub static Registered: Vec<AccountId> = Vec::new();
    /// Those of them that are not in the active set.
    pub static Inactive: Vec<AccountId> = Vec::new();
    /// Those of them that are jailed.
    pub static Jailed: Vec<AccountId> = Vec::new();
    pub static PoolDeposit: Balance = 100;
    pub static NodeDeposit: Balance = 10;
}

pub struct Validators;

impl Contains<AccountId> for Validators {
    fn contains(who: &AccountId) -> bool {
        Registered::get().contains(who)
    }
}

pub struct Free;

impl Contains<AccountId> for Free {
    fn contains(who: &AccountId) -> bool {
        !Jailed::get().contains(who)
    }
}

pub struct Active;

impl Get<Vec<AccountId>> for Active {
    fn get() -> Vec<AccountId> {
        Registered::get().into_iter().filter(|who| !Inactive::get().contains(who)).collect()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for Validators {
    fn entity(who: &AccountId) {
        make_entity(who);
    }

    fn set_members(members: &[AccountId]) {
        set_members(members);
    }
}

impl Config for Test {
    type Currency = Balances;
    type Eligible = Free;
    type Entities = Validators;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = Validators;
    type Members = Active;
    type NodeDeposit = NodeDeposit;
    type PoolDeposit = PoolDeposit;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = ();
}

/// Makes `who` a validator with money.
pub(crate) fn make_entity(who: &AccountId) {
    use frame_support::traits::fungible::Mutate;
    if !Registered::get().contains(who) {
        Registered::mutate(|all| all.push(*who));
        assert_ok!(Balances::mint_into(who, MONEY));
    }
}

/// Makes these the active set.
pub(crate) fn set_members(members: &[AccountId]) {
    members.iter().for_each(make_entity);
    Inactive::set(Registered::get().into_iter().filter(|who| !members.contains(who)).collect());
}

pub(crate) const GENESIS: Hash = Hash::repeat_byte(9);
pub(crate) const RELAY: Services = Services { relay: true, storage: false };
pub(crate) const STORAGE: Services = Services { relay: false, storage: true };
pub(crate) const BOTH: Services = Services { relay: true, storage: true };

/// Runs a story with the validators 1 to `validators`, and checks the invariants at its end.
pub(crate) fn story(validators: AccountId, tell: impl FnOnce()) {
    broken_story(validators, tell, || WorkNodes::do_try_state().expect("invariants hold"));
}

/// Runs a story that does not end in order, but in `last`.
pub(crate) fn broken_story(validators: AccountId, tell: impl FnOnce(), last: impl FnOnce()) {
    Registered::set((1..=validators).collect());
    Jailed::set(Vec::new());
    Inactive::set(Vec::new());
    PoolDeposit::set(100);
    NodeDeposit::set(10);
    let balances = (1..=50).map(|who| (who, MONEY)).collect();
    let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
    let storage = RuntimeGenesisConfig { balances, ..Default::default() }.build_storage().expect("genesis builds");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        System::initialize(&1, &GENESIS, &Default::default());
        tell();
        last();
    });
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn pair(node: u64) -> sr25519::Pair {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&node.to_le_bytes());
    sr25519::Pair::from_seed(&seed)
}

/// Key of the node with this number.
pub(crate) fn key(node: u64) -> NodeKey {
    pair(node).public()
}

/// What it signs to be `owner`'s on the chain `genesis`.
pub(crate) fn consent_on(genesis: &Hash, node: u64, owner: AccountId) -> sr25519::Signature {
    pair(node).sign(&consent(genesis, &owner))
}

pub(crate) fn bytes<const MOST: u32>(text: &str) -> BoundedVec<u8, frame_support::traits::ConstU32<MOST>> {
    BoundedVec::truncate_from(text.as_bytes().to_vec())
}

/// `operator` makes a pool.
pub(crate) fn create(operator: AccountId) -> PoolId {
    assert_ok!(WorkNodes::create_pool(signed(operator), bytes("pool")));
    PoolOf::<Test>::get(operator).expect("it runs one now")
}

/// `owner` registers a node.
pub(crate) fn register(owner: AccountId, node: u64, services: Services) -> frame_support::dispatch::DispatchResult {
    let consent = consent_on(&GENESIS, node, owner);
    WorkNodes::register_node(signed(owner), key(node), services, bytes("1.2.3.4:30333"), consent)
}

/// `owner` registers a node, asks to join `pool`, and is admitted.
pub(crate) fn member(owner: AccountId, node: u64, services: Services, pool: PoolId) {
    assert_ok!(register(owner, node, services));
    assert_ok!(WorkNodes::join(signed(owner), key(node), pool));
    let operator = Pools::<Test>::get(pool).expect("it is there").operator;
    if operator != owner {
        assert_ok!(WorkNodes::admit(signed(operator), key(node)));
    }
}

pub(crate) fn standing(node: u64) -> Standing {
    Registry::<Test>::get(key(node)).expect("it is registered").standing
}

/// What `who` has held for pools and for nodes.
pub(crate) fn held(who: AccountId) -> (Balance, Balance) {
    let of = |reason: HoldReason| Balances::balance_on_hold(&reason.into(), &who);
    (of(HoldReason::Pool), of(HoldReason::Node))
}

/// Draws with the seed of this number.
pub(crate) fn draw(service: Service, seed: u64, count: u32, parties: &[AccountId]) -> Vec<Worker<AccountId>> {
    <WorkNodes as Nodes<AccountId>>::draw(service, Hash::from_low_u64_be(seed), count, parties, None, 1_000)
}

/// Entities that fifty draws of three find.
pub(crate) fn entities(service: Service, parties: &[AccountId]) -> Vec<AccountId> {
    let found = (0..50).flat_map(|seed| draw(service, seed, 3, parties)).map(|worker| worker.entity);
    found.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
