//! A chain with this pallet and balances, whose ticks and nodes a test names. Every story ends in `do_try_state`.

use std::collections::BTreeMap;

use ergon_primitives::{
    nodes::{NodeKey, Nodes, PoolId, Worker},
    orders::{segments, Answer, Challenge, OrderId, Pledge, Receipt, Redemption, SEGMENT_BYTES},
    staking::{Burned, ChainTime, Minted, SessionIndex, Supply},
    time::{Tick, Timing},
    work::{Work, WorkLedger},
    Hash,
};
use frame_support::{
    derive_impl,
    migrations::MultiStepMigrator,
    parameter_types,
    traits::{fungible::Balanced, ConstU128, Get, Imbalance, OnInitialize},
};
use sp_core::{sr25519, Pair};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError};

use crate as pallet_work_orders;
use crate::*;

pub(crate) type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlockU32<Test>;

/// What every account of the story starts with.
pub(crate) const MONEY: Balance = 1_000_000;
/// Burned for a credit.
pub(crate) const BURN: Balance = 10;
/// Held for an order's room.
pub(crate) const DEPOSIT: Balance = 7;
/// Who orders.
pub(crate) const OWNER: u8 = 1;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        WorkOrders: pallet_work_orders,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type Block = Block;
    type Lookup = IdentityLookup<AccountId>;
    type MultiBlockMigrator = World;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<5>;
}

parameter_types! {
    /// Slots of 8 ticks, a window of 40 slots.
    pub static Clock: Timing = Timing { tick_ms: 1_000, ticks_per_slot: 8, slots_per_epoch: 4, window_slots: 40 };
    /// Tick of the block.
    pub static Now: Tick = 800;
    /// Nodes that are drawn, in this order, whatever the seed: not those of the parties.
    pub static Workers: Vec<Worker<AccountId>> = Vec::new();
    /// Pools that accounts stand in.
    pub static PoolsOf: BTreeMap<AccountId, PoolId> = BTreeMap::new();
    /// Seeds that were drawn with.
    pub static Seeds: Vec<Hash> = Vec::new();
    /// What was written down.
    pub static Ledger: BTreeMap<AccountId, Work> = BTreeMap::new();
    /// What was burned.
    pub static BurnedSum: Balance = 0;
    /// What a credit costs.
    pub static Price: Balance = BURN;
    /// What somebody gave the pallet's account.
    pub static Given: Balance = 0;
    /// Whether a migration runs.
    pub static Migrating: bool = false;
}

pub struct World;

impl ChainTime for World {
    fn tick() -> Tick {
        Now::get()
    }
    fn session() -> SessionIndex {
        0
    }
}

impl MultiStepMigrator for World {
    fn ongoing() -> bool {
        Migrating::get()
    }
    fn step() -> frame_support::weights::Weight {
        frame_support::weights::Weight::zero()
    }
}

impl Nodes<AccountId> for World {
    fn draw(
        _: Service,
        seed: Hash,
        count: u32,
        parties: &[AccountId],
        closed: Option<PoolId>,
        _: BlockNumber,
    ) -> Vec<Worker<AccountId>> {
        Seeds::mutate(|seeds| seeds.push(seed));
        let free = |worker: &Worker<AccountId>| {
            let pool = Self::pool_of(&worker.entity);
            !parties.contains(&worker.entity) && !parties.contains(&worker.owner) && (pool.is_none() || pool != closed)
        };
        Workers::get().into_iter().filter(free).take(count as usize).collect()
    }
    fn pool_of(who: &AccountId) -> Option<PoolId> {
        PoolsOf::get().get(who).copied()
    }
    fn is_node(key: &NodeKey) -> bool {
        Workers::get().iter().any(|worker| worker.node == *key)
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn make_offers(_: Service, keys: &[NodeKey]) {
        Workers::set(keys.iter().enumerate().map(|(i, key)| worker_of(100 + i as u8, *key)).collect());
    }
}

impl WorkLedger<AccountId> for World {
    fn knows(_: &AccountId) -> bool {
        true
    }
    fn add(entity: &AccountId, work: Work) {
        Ledger::mutate(|ledger| {
            let sum = ledger.entry(entity.clone()).or_default();
            *sum = sum.plus(work);
        });
    }
}

impl Supply<CreditOf<Test>> for World {
    fn mint(_: Minted, amount: Balance) -> CreditOf<Test> {
        Balances::issue(amount)
    }
    fn burn(cause: Burned, credit: CreditOf<Test>) {
        assert_eq!(cause, Burned::WorkOrders);
        BurnedSum::mutate(|sum| *sum += credit.peek());
    }
}

impl CreditPrice for World {
    fn of(_: Service) -> Option<Balance> {
        Some(Price::get()).filter(|price| *price > 0)
    }
}

impl Get<Hash> for World {
    fn get() -> Hash {
        sp_core::H256::from_low_u64_be(System::block_number().into())
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for World {
    fn make_entity(_: &AccountId) {}
    fn offer(_: Service) {}
    fn set_slot(slot: ergon_primitives::time::SlotNumber) {
        Now::set(*Clock::get().ticks_of(slot).start());
    }
}

impl Config for Test {
    type Clock = Clock;
    type CreditPrice = World;
    type Currency = Balances;
    type DrawWeight = ();
    type Deposit = ConstU128<DEPOSIT>;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = World;
    type Ledger = World;
    type Nodes = World;
    type Randomness = World;
    type Supply = World;
    type Time = World;
    type WeightInfo = ();
}

pub(crate) fn account(who: u8) -> AccountId {
    AccountId::new([who; 32])
}

pub(crate) fn pair(who: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[who; 32])
}

pub(crate) fn key(who: u8) -> NodeKey {
    pair(who).public()
}

fn worker_of(who: u8, node: NodeKey) -> Worker<AccountId> {
    Worker { node, entity: account(who), owner: account(who + 100) }
}

/// The client of all sessions.
pub(crate) const CLIENT: u8 = 9;

/// Runs a story in which nodes 11, 12 and 13 of the entities 11, 12 and 13, owned by 111, 112 and 113, are drawn in this order.
pub(crate) fn story(tell: impl FnOnce()) {
    Now::set(800);
    Workers::set((11..=13).map(|who| worker_of(who, key(who))).collect());
    PoolsOf::set(BTreeMap::new());
    Seeds::set(Vec::new());
    Ledger::set(BTreeMap::new());
    BurnedSum::set(0);
    Price::set(BURN);
    Given::set(0);
    Migrating::set(false);
    let balances = [OWNER, 2, 3].map(|who| (account(who), MONEY)).to_vec();
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    };
    sp_io::TestExternalities::from(storage.build_storage().expect("genesis builds")).execute_with(|| {
        next_block();
        tell();
        WorkOrders::do_try_state().expect("invariants hold");
        let sum: Balance = Orders::<Test>::iter_values().map(|order| order.money().expect("fits")).sum();
        assert_eq!(free_of(&WorkOrders::account()), sum + Given::get(), "to the unit");
    });
}

/// The next block, in the next tick.
pub(crate) fn next_block() {
    Now::mutate(|tick| *tick += 1);
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &System::block_hash(number - 1), &Default::default());
    WorkOrders::on_initialize(number);
}

pub(crate) fn blocks(count: u32) {
    (0..count).for_each(|_| next_block());
}

/// A block, the first of the next slot.
pub(crate) fn next_slot() {
    let ticks = u64::from(Clock::get().ticks_per_slot);
    Now::mutate(|tick| *tick = (*tick / ticks + 1) * ticks - 1);
    next_block();
}

/// Blocks in every tick up to the first of the next slot.
pub(crate) fn through_slot() {
    let ticks = u64::from(Clock::get().ticks_per_slot);
    next_block();
    while !Now::get().is_multiple_of(ticks) {
        next_block();
    }
}

pub(crate) fn free(who: u8) -> Balance {
    free_of(&account(who))
}

pub(crate) fn free_of(who: &AccountId) -> Balance {
    Balances::free_balance(who)
}

pub(crate) fn open_session(volume: u64, relays: u8, price_per_mb: Balance) -> Result<OrderId, DispatchError> {
    let id = NextOrder::<Test>::get();
    let origin = RuntimeOrigin::signed(account(OWNER));
    WorkOrders::open_session(origin, key(CLIENT), volume, relays, price_per_mb, BURN)?;
    Ok(id)
}

/// A session whose relays are drawn.
pub(crate) fn session(volume: u64, relays: u8, price_per_mb: Balance) -> OrderId {
    let id = open_session(volume, relays, price_per_mb).expect("opens");
    blocks(DRAW_DELAY);
    id
}

/// Data of a deal: `length` bytes, none like another's.
pub(crate) fn data(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 + i / 251) as u8).collect()
}

pub(crate) fn tree(data: &[u8]) -> ergon_merkle::Tree {
    ergon_merkle::Tree::new::<ergon_merkle::Software, _>(data.chunks(SEGMENT_BYTES as usize))
}

pub(crate) fn open_deal(length: usize, holders: u8, challenges: u32, price: Balance) -> Result<OrderId, DispatchError> {
    let id = NextOrder::<Test>::get();
    let (origin, root) = (RuntimeOrigin::signed(account(OWNER)), tree(&data(length)).root());
    WorkOrders::open_deal(origin, root, length as u64, holders, challenges, price, BURN)?;
    Ok(id)
}

/// A deal whose holders are drawn.
pub(crate) fn deal(length: usize, holders: u8, challenges: u32, price: Balance) -> OrderId {
    let id = open_deal(length, holders, challenges, price).expect("opens");
    blocks(DRAW_DELAY);
    id
}

pub(crate) fn genesis() -> Hash {
    System::block_hash(0)
}

/// The receipt of `relay` with both signatures.
pub(crate) fn receipt(session: OrderId, relay: u8, bytes: u64, sequence: u32) -> Redemption {
    sign(Receipt { session, relay: key(relay), bytes, sequence }, CLIENT, relay)
}

pub(crate) fn sign(receipt: Receipt, client: u8, relay: u8) -> Redemption {
    Redemption {
        receipt,
        client: pair(client).sign(&receipt.payload(&genesis())),
        relay: pair(relay).sign(&receipt.redemption(&genesis())),
    }
}

/// Sends a call as a block does: judged, then done. A refusal changes nothing.
pub(crate) fn send(call: Call<Test>) -> Result<(), DispatchError> {
    use frame_support::{pallet_prelude::TransactionSource, traits::UnfilteredDispatchable};
    let storage_root = || sp_io::storage::root(sp_core::storage::StateVersion::V1);
    #[allow(deprecated)]
    let judged =
        <WorkOrders as frame_support::unsigned::ValidateUnsigned>::validate_unsigned(TransactionSource::InBlock, &call);
    let before = storage_root();
    let done = call.dispatch_bypass_filter(RuntimeOrigin::none()).map(|_| ()).map_err(|refused| refused.error);
    assert_eq!(judged.is_ok(), done.is_ok(), "pools and blocks judge alike: {judged:?}, {done:?}");
    if done.is_err() {
        assert_eq!(storage_root(), before, "what is refused changes nothing");
    }
    done
}

pub(crate) fn redeem(redemption: Redemption) -> Result<(), DispatchError> {
    send(Call::redeem { redemption })
}

pub(crate) fn pledge(deal: OrderId, node: u8) -> Result<(), DispatchError> {
    let signature = pair(node).sign(&Pledge::payload(&genesis(), deal, &key(node)));
    send(Call::pledge { pledge: Pledge { deal, node: key(node), signature } })
}

/// The right answer of `node` to its open challenge, if it has one.
pub(crate) fn answer_of(node: u8, data: &[u8]) -> Option<Answer> {
    let open = OpenChallenges::<Test>::get();
    let challenge = open.iter().map(|open| open.challenge).find(|challenge| challenge.node == key(node))?;
    Some(answer_to(&challenge, data))
}

/// The right answer to `challenge`.
pub(crate) fn answer_to(challenge: &Challenge, data: &[u8]) -> Answer {
    let node = (11..=13).find(|who| key(*who) == challenge.node).expect("one of the story's nodes");
    let start = challenge.segment as usize * SEGMENT_BYTES as usize;
    let end = (start + SEGMENT_BYTES as usize).min(data.len());
    assert!(challenge.segment < segments(data.len() as u64));
    Answer {
        deal: challenge.deal,
        node: key(node),
        slot: challenge.slot,
        segment: data[start..end].to_vec().try_into().expect("a segment"),
        proof: tree(data).proof(challenge.segment).expect("it has one").try_into().expect("short"),
        signature: pair(node).sign(&Answer::payload(&genesis(), challenge.deal, &key(node), challenge.slot)),
    }
}

pub(crate) fn answer(answer: Answer) -> Result<(), DispatchError> {
    send(Call::answer { answer })
}

/// What counts for entity `who`.
pub(crate) fn work(who: u8) -> Work {
    Ledger::get().get(&account(who)).copied().unwrap_or_default()
}
