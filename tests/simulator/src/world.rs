//! The chain: the pallets of work with balances, and what a test names: time, validators, randomness. One simulation per thread.

// The SDK's macros make public items without docs; ours are documented.
#![allow(missing_docs)]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use codec::Encode;
use ergon_primitives::{
    currency::{ERGN, MILLI_ERGN},
    nodes::Service,
    staking::{Burned, ChainTime, Minted, SessionIndex, Supply},
    time::{Tick, Timing},
    work::seat_value,
    AuraId, Balance, Hash,
};
use frame_support::{
    derive_impl,
    traits::{fungible::Balanced, ConstU128, ConstU32, Contains, Get, OnInitialize, UnfilteredDispatchable},
};
use pallet_work_orders::CreditOf;
use sp_io::hashing::blake2_256;
use sp_runtime::{
    traits::{Convert, IdentityLookup},
    AccountId32, BuildStorage, DispatchError,
};

use crate::kinds::{NODE_DEPOSIT, ORDER_DEPOSIT, POOL_DEPOSIT, REWARD};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlockU32<World>;

frame_support::construct_runtime! {
    pub enum World {
        System: frame_system,
        Balances: pallet_balances,
        WorkTally: pallet_work_tally,
        WorkNodes: pallet_work_nodes,
        WorkOrders: pallet_work_orders,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for World {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type Block = Block;
    type BlockHashCount = ConstU32<250>;
    type Lookup = IdentityLookup<AccountId>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for World {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<MILLI_ERGN>;
}

/// What the simulation tells the chain.
#[derive(Default)]
struct Facts {
    seed: u64,
    timing: Timing,
    tick: Tick,
    entities: Vec<AccountId>,
    members: BTreeSet<AccountId>,
    keys: BTreeMap<AuraId, AccountId>,
}

thread_local! {
    static FACTS: RefCell<Facts> = RefCell::default();
}

fn fact<R>(read: impl FnOnce(&Facts) -> R) -> R {
    FACTS.with(|facts| read(&facts.borrow()))
}

/// A hash that belongs to this simulation.
pub fn hash(name: &str, number: u64) -> Hash {
    fact(|facts| blake2_256(&(facts.seed, name, number).encode())).into()
}

/// Stands for the pallets that are not there: consensus, staking, supply.
pub struct Rest;

impl ChainTime for Rest {
    fn tick() -> Tick {
        fact(|facts| facts.tick)
    }
    fn session() -> SessionIndex {
        0
    }
}

impl Get<Timing> for Rest {
    fn get() -> Timing {
        fact(|facts| facts.timing)
    }
}

impl Contains<AccountId> for Rest {
    fn contains(who: &AccountId) -> bool {
        fact(|facts| facts.members.contains(who))
    }
}

impl Get<Vec<AccountId>> for Rest {
    fn get() -> Vec<AccountId> {
        fact(|facts| facts.entities.clone())
    }
}

impl Convert<AuraId, Option<AccountId>> for Rest {
    fn convert(key: AuraId) -> Option<AccountId> {
        fact(|facts| facts.keys.get(&key).cloned())
    }
}

impl Get<Hash> for Rest {
    fn get() -> Hash {
        hash("block", System::block_number().into())
    }
}

impl Supply<CreditOf<World>> for Rest {
    fn mint(_: Minted, amount: Balance) -> CreditOf<World> {
        Balances::issue(amount)
    }
    // Dropped, it is gone from what was issued.
    fn burn(_: Burned, _: CreditOf<World>) {}
}

impl pallet_work_orders::CreditPrice for Rest {
    fn of(service: Service) -> Option<Balance> {
        (offering(service) > 0).then(burn)
    }
}

/// Entities that offer the service. All are in the set.
pub fn offering(service: Service) -> u32 {
    let entities = fact(|facts| facts.entities.clone());
    entities.iter().filter(|entity| WorkNodes::offers(entity, service)).count() as u32
}

/// What a credit burns.
pub fn burn() -> Balance {
    fact(|facts| seat_value(&facts.timing, facts.entities.len() as u32, REWARD))
}

impl pallet_work_tally::Config for World {
    type AllEntities = Rest;
    type Clock = Rest;
    type Entities = Rest;
    type KeyOwner = Rest;
    type Time = Rest;
    type WeightInfo = ();
}

impl pallet_work_nodes::Config for World {
    type Currency = Balances;
    type Eligible = Rest;
    type Entities = Rest;
    type Members = Rest;
    type NodeDeposit = ConstU128<NODE_DEPOSIT>;
    type PoolDeposit = ConstU128<POOL_DEPOSIT>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = ();
}

impl pallet_work_orders::Config for World {
    type Clock = Rest;
    type CreditPrice = Rest;
    type Currency = Balances;
    type Deposit = ConstU128<ORDER_DEPOSIT>;
    type DrawWeight = ();
    type Ledger = WorkTally;
    type Nodes = WorkNodes;
    type Randomness = Rest;
    type Supply = Rest;
    type Time = Rest;
    type WeightInfo = ();
}

/// What each payer has: users bring money from outside, so they never run out.
const WEALTH: Balance = 1_000_000_000_000 * ERGN;

/// The chain before its first block, with these validators and their keys, and these payers.
pub fn begin(
    seed: u64,
    timing: Timing,
    validators: &[(AccountId, AuraId)],
    payers: &[AccountId],
) -> sp_io::TestExternalities {
    let entities: Vec<_> = validators.iter().map(|(who, _)| who.clone()).collect();
    let small = entities.iter().map(|who| (who.clone(), 1_000 * ERGN));
    let balances = small.chain(payers.iter().map(|who| (who.clone(), WEALTH))).collect();
    let members = entities.iter().cloned().collect();
    let keys = validators.iter().map(|(who, key)| (key.clone(), who.clone())).collect();
    FACTS.with(|facts| *facts.borrow_mut() = Facts { seed, timing, tick: 0, entities, members, keys });
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    };
    sp_io::TestExternalities::from(storage.build_storage().expect("genesis builds"))
}

/// Hash of the first block.
pub fn genesis() -> Hash {
    System::block_hash(0)
}

/// Makes it `tick`.
pub fn set_tick(tick: Tick) {
    FACTS.with(|facts| facts.borrow_mut().tick = tick);
}

/// Begins the next block, in the tick that it is.
pub fn open_block() {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &hash("header", (number - 1).into()), &Default::default());
    AllPalletsWithSystem::on_initialize(number);
}

/// Sends a call as a block runs it: one that is refused changes nothing. The pallets judge what is unsigned once more when they
/// run it, so what pools would refuse is refused here too.
pub fn send(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> Result<(), DispatchError> {
    call.into().dispatch_bypass_filter(origin).map(|_| ()).map_err(|refused| refused.error)
}

/// What happened to orders in this block.
pub fn happened() -> Vec<pallet_work_orders::Event<World>> {
    let events = System::read_events_no_consensus().map(|record| record.event);
    events
        .filter_map(|event| match event {
            RuntimeEvent::WorkOrders(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Checks the invariants of the three pallets. Panics if one is broken.
pub fn check() {
    WorkTally::do_try_state().expect("invariants of work-tally hold");
    WorkNodes::do_try_state().expect("invariants of work-nodes hold");
    WorkOrders::do_try_state().expect("invariants of work-orders hold");
}
