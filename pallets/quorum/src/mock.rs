//! A chain with this pallet, a clock, a set and a ledger that a test names. Every story ends in `do_try_state`.

use std::collections::BTreeMap;

use codec::Encode;
use ergon_primitives::{
    quorum::{Batch, Topic},
    staking::{ChainTime, SessionIndex},
    time::{SlotNumber, Tick, Timing},
    work::{Work, WorkLedger},
    AuraId,
};
use frame_support::{
    derive_impl,
    inherent::ProvideInherent,
    parameter_types,
    traits::{ConstU32, Get},
};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_core::{sr25519, Pair, H256};
use sp_inherents::InherentData;
use sp_runtime::{
    generic,
    testing::TestSignature,
    traits::{BlakeTwo256, Dispatchable, Header as _},
    BoundedVec, BuildStorage, Digest,
};

use crate as pallet_quorum;
use crate::*;

pub(crate) type AccountId = u64;
type Header = generic::Header<u32, BlakeTwo256>;
pub(crate) type Extrinsic = generic::UncheckedExtrinsic<AccountId, RuntimeCall, TestSignature, ()>;
type Block = generic::Block<Header, Extrinsic>;
pub(crate) type Executive =
    frame_executive::Executive<Test, Block, frame_system::ChainContext<Test>, Test, AllPalletsWithSystem>;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Quorum: pallet_quorum,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type BlockHashCount = ConstU32<250>;
}

parameter_types! {
    /// Slots of 6 ticks.
    pub static Clock: Timing = Timing { tick_ms: 1_000, ticks_per_slot: 6, slots_per_epoch: 4, window_slots: 20 };
    /// Tick of the block.
    pub static Now: Tick = 0;
    /// The active set.
    pub static Set: Vec<(AccountId, AuraId)> = Vec::new();
    /// Work that was counted.
    pub static Counted: BTreeMap<AccountId, Work> = BTreeMap::new();
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

impl Get<Vec<(AccountId, AuraId)>> for World {
    fn get() -> Vec<(AccountId, AuraId)> {
        Set::get()
    }
}

impl WorkLedger<AccountId> for World {
    fn knows(_: &AccountId) -> bool {
        true
    }

    fn add(entity: &AccountId, work: Work) {
        Counted::mutate(|all| {
            let sum = all.entry(*entity).or_default();
            *sum = sum.plus(work);
        });
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for World {
    fn set_members(members: Vec<(AccountId, AuraId)>) {
        Set::set(members);
    }
    fn set_slot(slot: SlotNumber) {
        Now::set(*Clock::get().ticks_of(slot).start());
    }
}

impl Config for Test {
    type Clock = Clock;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = World;
    type Ledger = World;
    type Members = World;
    type Time = World;
    type WeightInfo = Costs;
}

/// Costs that tell in a sum what was done: blocks in the units, slots in the hundreds, signatures in the thousands.
pub struct Costs;

impl WeightInfo for Costs {
    fn on_block() -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(1, 0)
    }
    fn on_slot() -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(100, 0)
    }
    fn submit(signatures: u32) -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(1_000 * u64::from(signatures), 0)
    }
}

/// The first slot of stories.
pub(crate) const SLOT: SlotNumber = 400;

fn pair(who: AccountId) -> sr25519::Pair {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    sr25519::Pair::from_seed(&seed)
}

pub(crate) fn key(who: AccountId) -> AuraId {
    pair(who).public().into()
}

/// Operators with the keys of their own names.
pub(crate) fn set_of(who: impl IntoIterator<Item = AccountId>) -> Vec<(AccountId, AuraId)> {
    who.into_iter().map(|who| (who, key(who))).collect()
}

/// Runs a story with the validators 1 to `validators`, at places 0 and up, on a chain whose next block is the first
/// that can open a round; checks the invariants at its end.
pub(crate) fn story<R>(validators: AccountId, tell: impl FnOnce() -> R) -> R {
    Set::set(set_of(1..=validators));
    Counted::set(BTreeMap::new());
    Now::set(0);
    let storage = RuntimeGenesisConfig::default().build_storage().expect("genesis builds");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        (0..63).for_each(|_| block_in(SLOT - 1));
        let result = tell();
        Quorum::do_try_state().expect("invariants hold");
        result
    })
}

/// A block in the first tick of `slot`, or the next tick of it.
pub(crate) fn block_in(slot: SlotNumber) {
    let ticks = Clock::get().ticks_of(slot);
    Now::set((Now::get() + 1).clamp(*ticks.start(), *ticks.end()));
    let number = System::block_number() + 1;
    System::reset_events();
    let header = Header::new(number, H256::zero(), H256::zero(), parent_hash(number), Digest::default());
    Executive::initialize_block(&header);
}

/// Hash of the block below the one at height `number`.
pub(crate) fn parent_hash(number: u32) -> H256 {
    H256::repeat_byte(number as u8)
}

/// The topic of `slot`, while it takes signatures.
pub(crate) fn topic_of(slot: SlotNumber) -> Topic {
    Quorum::rounds().iter().map(|round| round.topic).find(|topic| topic.slot == slot).expect("has a round")
}

pub(crate) fn sign(who: AccountId, topic: &Topic) -> AuthoritySignature {
    pair(who).sign(&topic.payload()).into()
}

/// Signatures of `topic` by the validators at `places`, in that order.
pub(crate) fn signed(topic: &Topic, places: &[u8]) -> Vec<(u8, AuthoritySignature)> {
    places.iter().map(|place| (*place, sign(AccountId::from(*place) + 1, topic))).collect()
}

pub(crate) fn batch(slot: SlotNumber, signatures: Vec<(u8, AuthoritySignature)>) -> Batch {
    Batch { slot, signatures: BoundedVec::try_from(signatures).expect("fits") }
}

/// Good signatures of `slot`, by the validators at `places`.
pub(crate) fn good(slot: SlotNumber, places: &[u8]) -> Batch {
    batch(slot, signed(&topic_of(slot), places))
}

/// Submits in the running block.
pub(crate) fn submit(batch: Batch) -> Result<(), sp_runtime::DispatchError> {
    RuntimeCall::from(Call::submit { batch }).dispatch(RuntimeOrigin::none()).map(|_| ()).map_err(|e| e.error)
}

/// The extrinsic that an author makes of what its node offers.
pub(crate) fn create(offered: &impl Encode) -> Option<Extrinsic> {
    let mut data = InherentData::new();
    data.put_data(ergon_primitives::quorum::INHERENT_IDENTIFIER, offered).expect("is put once");
    let call = Quorum::create_inherent(&data)?;
    assert!(Quorum::is_inherent(&call) && Quorum::check_inherent(&call, &data).is_ok());
    Some(Extrinsic::new_bare(call.into()))
}

/// Units of each of the validators 1 to `validators`.
pub(crate) fn units(validators: AccountId) -> Vec<u64> {
    let counted = Counted::get();
    assert!(counted.values().all(|work| work.bytes == 0));
    (1..=validators).map(|who| counted.get(&who).map_or(0, |work| work.units)).collect()
}
