//! A chain of the pallets the schedule touches, driven tick by tick. Every test ends in `do_try_state`.

use std::{cell::RefCell, collections::BTreeMap};

use codec::Encode;
use ergon_primitives::{
    time::{Tick, Timing},
    vrf::{sign_data, TickVrf},
    AuraId,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, OnFinalize, OnInitialize},
    weights::Weight,
};
use pallet_session::SessionManager;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_core::{crypto::VrfSecret, sr25519, Pair};
use sp_runtime::{impl_opaque_keys, testing::UintAuthorityId, traits::ConvertInto, BuildStorage, Digest, DigestItem};

use crate as pallet_work_credits;
use crate::*;

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

impl_opaque_keys! {
    pub struct Keys {
        pub aura: WorkCredits,
        pub dummy: Dummy,
    }
}

/// A second session key, so that sessions are not about the schedule alone.
pub struct Dummy;

impl sp_runtime::BoundToRuntimeAppPublic for Dummy {
    type Public = UintAuthorityId;
}

impl frame_support::traits::OneSessionHandler<AccountId> for Dummy {
    type Key = UintAuthorityId;
    fn on_genesis_session<'a, I>(_: I)
    where
        I: Iterator<Item = (&'a AccountId, Self::Key)>,
    {
    }
    fn on_new_session<'a, I>(_: bool, _: I, _: I)
    where
        I: Iterator<Item = (&'a AccountId, Self::Key)>,
    {
    }
    fn on_disabled(_: u32) {}
}

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Aura: pallet_aura,
        Balances: pallet_balances,
        Session: pallet_session,
        WorkCredits: pallet_work_credits,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<u64>;
    type Block = Block;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

impl pallet_timestamp::Config for Test {
    type MinimumPeriod = ConstU64<1>;
    type Moment = u64;
    type OnTimestampSet = ();
    type WeightInfo = ();
}

impl pallet_aura::Config for Test {
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<144>;
    type SlotDuration = ConstU64<1_000>;
}

parameter_types! {
    /// The set that the next planned session gets, if a test sets it.
    pub static Planned: Option<Vec<AccountId>> = None;
}

pub struct Manager;

impl SessionManager<AccountId> for Manager {
    fn new_session(_: u32) -> Option<Vec<AccountId>> {
        Planned::take()
    }
    fn start_session(_: u32) {}
    fn end_session(_: u32) {}
}

impl pallet_session::Config for Test {
    type Currency = Balances;
    type DisablingStrategy = ();
    type KeyDeposit = ConstU64<0>;
    type Keys = Keys;
    type NextSessionRotation = SlotSessions<Test>;
    type RuntimeEvent = RuntimeEvent;
    type SessionHandler = <Keys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
    type SessionManager = Manager;
    type ShouldEndSession = NeverByItself;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type WeightInfo = ();
}

/// Turns the real session pallet, at no cost.
pub struct Rotate;

impl RotateSession for Rotate {
    fn rotate() -> Weight {
        Session::rotate_session();
        Weight::zero()
    }
}

/// What was told of a block: tick, author, misses.
pub(crate) type BlockTold = (Tick, AccountId, Vec<(Tick, AccountId)>);

parameter_types! {
    /// What was told of blocks.
    pub static Told: Vec<BlockTold> = Vec::new();
    /// Who is in jail.
    pub static Jailed: Vec<AccountId> = Vec::new();
    /// What was told of slots: primary, and whether it opened its slot.
    pub static Led: Vec<(AccountId, bool)> = Vec::new();
}

/// Nobody works, and some are in jail.
pub struct Standings;

impl ergon_primitives::schedule::OperatorStanding<AccountId> for Standings {
    fn standing(operator: &AccountId) -> ergon_primitives::schedule::Standing {
        ergon_primitives::schedule::Standing {
            jailed: Jailed::get().contains(operator),
            ..<() as ergon_primitives::schedule::OperatorStanding<AccountId>>::standing(operator)
        }
    }
}

pub struct Notes;

impl ergon_primitives::staking::DutyObserver<AccountId> for Notes {
    fn on_block(tick: Tick, author: &AccountId, missed: &[(Tick, AccountId)]) {
        Told::mutate(|told| told.push((tick, *author, missed.to_vec())));
    }
    fn on_slot(primary: &AccountId, won: bool) {
        Led::mutate(|led| led.push((*primary, won)));
    }
}

impl Config for Test {
    type Observer = Notes;
    type Reliability = WorkCredits;
    type Sessions = Rotate;
    type Standing = Standings;
    type WeightInfo = Costs;
}

/// Costs that tell in a sum what was done: blocks in the units, entries in the thousands, validators in the millions.
pub struct Costs;

impl WeightInfo for Costs {
    fn on_block() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn on_gap(entries: u32) -> Weight {
        Weight::from_parts(1_000 * u64::from(entries), 0)
    }
    fn on_slot(validators: u32) -> Weight {
        Weight::from_parts(1_000_000 * u64::from(validators), 0)
    }
    fn take_from() -> Weight {
        Weight::zero()
    }
    fn note_vrf() -> Weight {
        Weight::zero()
    }
}

std::thread_local! {
    /// Every pair made in this test, by its public half: what a keystore would hold.
    static PAIRS: RefCell<BTreeMap<AuraId, sr25519::Pair>> = const { RefCell::new(BTreeMap::new()) };
}

pub(crate) fn key(who: AccountId) -> AuraId {
    let mut seed = [9u8; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    let pair = sr25519::Pair::from_seed(&seed);
    let key = AuraId::from(pair.public());
    PAIRS.with_borrow_mut(|pairs| pairs.insert(key.clone(), pair));
    key
}

/// The VRF of `tick` under `randomness` by a key that [`key`] made.
pub(crate) fn signed(key: &AuraId, tick: Tick, randomness: &[u8; 32]) -> TickVrf {
    PAIRS.with_borrow(|pairs| pairs[key].vrf_sign(&sign_data(tick, randomness)).into())
}

pub(crate) fn keys(who: AccountId) -> Keys {
    Keys { aura: key(who), dummy: UintAuthorityId(who) }
}

/// Slots of 6 ticks, epochs of 4 slots: every boundary comes soon.
pub(crate) const TIMING: Timing = Timing { tick_ms: 1_000, ticks_per_slot: 6, slots_per_epoch: 4, window_slots: 64 };

pub(crate) struct Chain {
    validators: u64,
    timing: Timing,
}

impl Chain {
    pub(crate) fn of(validators: u64) -> Self {
        Self { validators, timing: TIMING }
    }

    pub(crate) fn timing(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    pub(crate) fn genesis(&self) -> sp_io::TestExternalities {
        let keys = (0..self.validators).map(|who| (who, who, keys(who))).collect();
        RuntimeGenesisConfig {
            session: SessionConfig { keys, ..Default::default() },
            work_credits: WorkCreditsConfig { timing: self.timing, ..Default::default() },
            ..Default::default()
        }
        .build_storage()
        .expect("genesis builds")
        .into()
    }

    /// Runs a story and checks the invariants at its end.
    pub(crate) fn run(self, story: impl FnOnce()) {
        self.genesis().execute_with(|| {
            story();
            WorkCredits::do_try_state().expect("invariants hold");
        })
    }
}

/// Starts the block of `tick`: digest and hooks, no extrinsics.
pub(crate) fn begin(tick: Tick) {
    let number = System::block_number() + 1;
    let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(tick).encode())] };
    System::reset_events();
    System::initialize(&number, &Default::default(), &digest);
    AllPalletsWithSystem::on_initialize(number);
    assert_ok!(Timestamp::set(RuntimeOrigin::none(), tick * 1_000));
}

/// The VRF that the owner of `tick` must put into the block begun.
pub(crate) fn vrf(tick: Tick) -> TickVrf {
    let claim = PendingClaim::<Test>::get().expect("the block has no VRF yet");
    signed(&claim.key, tick, &claim.randomness)
}

/// The whole block of `tick` by its owner, whom it returns.
pub(crate) fn block(tick: Tick) -> AccountId {
    let author = WorkCredits::owner_at(tick).expect("every tick has an owner").operator;
    begin(tick);
    assert_ok!(WorkCredits::note_vrf(RuntimeOrigin::none(), vrf(tick)));
    AllPalletsWithSystem::on_finalize(System::block_number());
    author
}

/// Blocks at every tick of the range.
pub(crate) fn blocks(ticks: impl IntoIterator<Item = Tick>) {
    ticks.into_iter().for_each(|tick| {
        block(tick);
    });
}
