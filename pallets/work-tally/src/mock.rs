//! A chain with this pallet, a clock and validators that a test names. Every story ends in `do_try_state`.

use std::collections::BTreeMap;

use ergon_primitives::{
    staking::{ChainTime, SessionIndex},
    time::{SlotNumber, Tick, Timing},
    work::{Beacon, SignedBeacon},
    AuraId,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, Contains, Get, OnInitialize},
};
use sp_core::{sr25519, Pair};
use sp_runtime::{traits::Convert, BuildStorage};

use crate as pallet_work_tally;
use crate::*;

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        WorkTally: pallet_work_tally,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type BlockHashCount = ConstU32<250>;
}

parameter_types! {
    /// Slots of 6 ticks, epochs of 4 slots, a window of 5 epochs.
    pub static Clock: Timing = Timing { tick_ms: 1_000, ticks_per_slot: 6, slots_per_epoch: 4, window_slots: 20 };
    /// Tick of the block.
    pub static Now: Tick = 0;
    /// Registered validators.
    pub static Registered: Vec<AccountId> = Vec::new();
    /// Who has registered which key.
    pub static Keys: BTreeMap<AuraId, AccountId> = BTreeMap::new();
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

impl Contains<AccountId> for World {
    fn contains(who: &AccountId) -> bool {
        Registered::get().contains(who)
    }
}

impl Get<Vec<AccountId>> for World {
    fn get() -> Vec<AccountId> {
        Registered::get()
    }
}

impl Convert<AuraId, Option<AccountId>> for World {
    fn convert(key: AuraId) -> Option<AccountId> {
        Keys::get().get(&key).copied()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for World {
    fn register(who: &AccountId, key: Option<AuraId>) {
        Registered::mutate(|all| all.push(*who));
        if let Some(key) = key {
            Keys::mutate(|keys| keys.insert(key, *who));
        }
    }
    fn set_slot(slot: SlotNumber) {
        Now::set(*Clock::get().ticks_of(slot).start());
    }
}

impl Config for Test {
    type AllEntities = World;
    type Clock = Clock;
    type Entities = World;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = World;
    type KeyOwner = World;
    type Time = World;
    type WeightInfo = Costs;
}

/// Costs that tell in a sum what was done: blocks in the units, slots in the hundreds, entities in the thousands.
pub struct Costs;

impl WeightInfo for Costs {
    fn on_block() -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(1, 0)
    }
    fn on_slot() -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(100, 0)
    }
    fn on_epoch(entities: u32) -> frame_support::weights::Weight {
        frame_support::weights::Weight::from_parts(1_000 * u64::from(entities), 0)
    }
    fn beacon() -> frame_support::weights::Weight {
        frame_support::weights::Weight::zero()
    }
}

/// The first slot of stories, and the first of its epoch.
pub(crate) const SLOT: SlotNumber = 400;

fn pair(who: AccountId) -> sr25519::Pair {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    sr25519::Pair::from_seed(&seed)
}

pub(crate) fn key(who: AccountId) -> AuraId {
    pair(who).public().into()
}

/// Makes `who` a validator with a key.
pub(crate) fn register(who: AccountId) {
    Registered::mutate(|all| all.push(who));
    Keys::mutate(|keys| keys.insert(key(who), who));
}

/// Runs a story with the validators 1 to `validators`, and checks the invariants at its end.
pub(crate) fn story(validators: AccountId, tell: impl FnOnce()) {
    Registered::set(Vec::new());
    Keys::set(BTreeMap::new());
    let storage = RuntimeGenesisConfig::default().build_storage().expect("genesis builds");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        (1..=validators).for_each(register);
        tell();
        WorkTally::do_try_state().expect("invariants hold");
    });
}

/// A block in the first tick of `slot`, or the next tick of it. Returns its weight in the units of [`Costs`].
pub(crate) fn block_in(slot: SlotNumber) -> u64 {
    let ticks = Clock::get().ticks_of(slot);
    Now::set((Now::get() + 1).clamp(*ticks.start(), *ticks.end()));
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &sp_core::H256::from_low_u64_be(number.into()), &Default::default());
    WorkTally::on_initialize(number).ref_time()
}

/// The beacon that `who` would send for `slot` now.
pub(crate) fn beacon(who: AccountId, slot: SlotNumber) -> SignedBeacon {
    let number = System::block_number() - 1;
    let beacon = Beacon { slot, number, hash: System::block_hash(number) };
    SignedBeacon { beacon, key: key(who), signature: pair(who).sign(&beacon.payload()).into() }
}

/// The beacon that `who` would send for `slot` after one more block in it.
pub(crate) fn beacon_after(who: AccountId, slot: SlotNumber) -> SignedBeacon {
    block_in(slot);
    beacon(who, slot)
}

/// Sends it.
pub(crate) fn send(who: AccountId, slot: SlotNumber) -> Result<(), sp_runtime::DispatchError> {
    WorkTally::beacon(RuntimeOrigin::none(), beacon(who, slot))
}

/// A slot with one block in which `who` send their beacons.
pub(crate) fn slot_with(slot: SlotNumber, who: &[AccountId]) {
    block_in(slot);
    for who in who {
        send(*who, slot).expect("counts");
    }
}

/// Score of `who` as it is, in percent, whether it is young or not.
pub(crate) fn score(who: AccountId) -> u32 {
    let tally = WorkTally::tally().into_iter().find(|tally| tally.entity == who).expect("has a ledger");
    tally.live_score.deconstruct() / 10_000_000
}
