//! A chain whose sessions a test turns by hand, with the real session and offences pallets.

use codec::Encode;
use ergon_primitives::{double_seal::DoubleSealProof, AuraId};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, FindAuthor, OneSessionHandler},
    weights::Weight,
};
use frame_system::pallet_prelude::HeaderFor;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_consensus_slots::Slot;
use sp_core::{sr25519, Pair};
use sp_runtime::{
    impl_opaque_keys,
    traits::{Convert, ConvertInto},
    BoundToRuntimeAppPublic, BuildStorage, ConsensusEngineId, DigestItem, Perbill,
};
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

use crate as pallet_equivocation;
use crate::*;

pub(crate) type AccountId = u64;
pub(crate) type Header = HeaderFor<Test>;

/// Who makes every block.
pub(crate) const AUTHOR: AccountId = 77;
/// Sessions whose offences can be reported.
pub(crate) const REPORT_SESSIONS: u32 = 4;
/// Ticks at the beginning of a session that are sealed with the keys before.
pub(crate) const OLD_KEY_TICKS: u64 = 10;
/// Ticks from one session to the next.
pub(crate) const SESSION_TICKS: u64 = 100;

impl_opaque_keys! {
    pub struct Keys {
        pub aura: Handler,
    }
}

/// Takes the session key and does nothing with it.
pub struct Handler;

impl BoundToRuntimeAppPublic for Handler {
    type Public = AuraId;
}

impl OneSessionHandler<AccountId> for Handler {
    type Key = AuraId;
    fn on_genesis_session<'a, I>(_: I)
    where
        I: Iterator<Item = (&'a AccountId, AuraId)>,
    {
    }
    fn on_new_session<'a, I>(_: bool, _: I, _: I)
    where
        I: Iterator<Item = (&'a AccountId, AuraId)>,
    {
    }
    fn on_disabled(_: u32) {}
}

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Aura: pallet_aura,
        Authorship: pallet_authorship,
        Balances: pallet_balances,
        Offences: pallet_offences,
        Session: pallet_session,
        Equivocation: pallet_equivocation,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<u64>;
    type Block = frame_system::mocking::MockBlock<Test>;
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
    type MaxAuthorities = ConstU32<100>;
    type SlotDuration = ConstU64<1_000>;
}

pub struct Author;

impl FindAuthor<AccountId> for Author {
    fn find_author<'a, I: IntoIterator<Item = (ConsensusEngineId, &'a [u8])>>(_: I) -> Option<AccountId> {
        Some(AUTHOR)
    }
}

impl pallet_authorship::Config for Test {
    type EventHandler = ();
    type FindAuthor = Author;
}

parameter_types! {
    /// The set that the next planned session gets, if a test sets it.
    pub static Planned: Option<Vec<AccountId>> = None;
    /// What the handler of offences was told: session, fraction, how many offenders.
    pub static Punished: Vec<(SessionIndex, Perbill, usize)> = Vec::new();
}

pub struct Manager;

impl pallet_session::SessionManager<AccountId> for Manager {
    fn new_session(_: u32) -> Option<Vec<AccountId>> {
        Planned::take()
    }
    fn start_session(index: u32) {
        // Here sessions begin with a slot of ten ticks that still has the old keys.
        let first_tick = if index == 0 { 0 } else { *pallet_aura::CurrentSlot::<Test>::get() + OLD_KEY_TICKS };
        Equivocation::begin_session(index, first_tick, index * 10);
    }
    fn end_session(_: u32) {}
}

/// Sessions are turned by [`next_session`] alone.
pub struct Never;

impl pallet_session::ShouldEndSession<u64> for Never {
    fn should_end_session(_: u64) -> bool {
        false
    }
}

impl pallet_session::Config for Test {
    type Currency = Balances;
    type DisablingStrategy = ();
    type KeyDeposit = ConstU64<0>;
    type Keys = Keys;
    type NextSessionRotation = ();
    type RuntimeEvent = RuntimeEvent;
    type SessionHandler = <Keys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
    type SessionManager = Manager;
    type ShouldEndSession = Never;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type WeightInfo = ();
}

pub struct Ledger;

impl OnOffenceHandler<AccountId, AccountId, Weight> for Ledger {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, AccountId>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        Punished::mutate(|punished| punished.push((session, fractions[0], offenders.len())));
        Weight::zero()
    }
}

impl pallet_offences::Config for Test {
    type IdentificationTuple = AccountId;
    type OnOffenceHandler = Ledger;
    type RuntimeEvent = RuntimeEvent;
}

/// Everybody can be punished.
pub struct Itself;

impl Convert<AccountId, Option<AccountId>> for Itself {
    fn convert(who: AccountId) -> Option<AccountId> {
        Some(who)
    }
}

impl Config for Test {
    type Offender = AccountId;
    type OffenderOf = Itself;
    type Offences = Offences;
    type PunishingWeight = ();
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type WeightInfo = Free;
}

/// Costs nothing: weights are measured on the real runtime.
pub struct Free;

impl WeightInfo for Free {
    fn report_double_seal() -> Weight {
        Weight::zero()
    }
}

/// The key pair of number `seed`.
pub(crate) fn pair(seed: u64) -> sr25519::Pair {
    let mut bytes = [5u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    sr25519::Pair::from_seed(&bytes)
}

pub(crate) fn keys(seed: u64) -> Keys {
    Keys { aura: pair(seed).public().into() }
}

/// Runs a story among validators 0 to 9, each with the key of its number, in block 1 of the first session; checks the
/// invariants at its end.
pub(crate) fn story(tell: impl FnOnce()) {
    let storage = RuntimeGenesisConfig {
        session: SessionConfig { keys: (0..10).map(|who| (who, who, keys(who))).collect(), ..Default::default() },
        ..Default::default()
    };
    let mut chain = sp_io::TestExternalities::from(storage.build_storage().expect("genesis builds"));
    chain.execute_with(|| {
        System::set_block_number(1);
        at(10);
        tell();
        Equivocation::do_try_state().expect("invariants hold");
    });
}

/// Moves to `tick`.
pub(crate) fn at(tick: Tick) {
    pallet_aura::CurrentSlot::<Test>::put(Slot::from(tick));
}

/// Begins the next session at its tick.
pub(crate) fn next_session() {
    let index = u64::from(pallet_session::CurrentIndex::<Test>::get()) + 1;
    at(index * SESSION_TICKS);
    Session::rotate_session();
}

/// Changes the registered key of `who` to that of `seed`; in force from the session after the next.
pub(crate) fn change_key(who: AccountId, seed: u64) {
    pallet_session::NextKeys::<Test>::insert(who, keys(seed));
}

/// Seals `header` with the key of `seed`.
pub(crate) fn sealed(mut header: Header, seed: u64) -> Header {
    let signature: AuthoritySignature = pair(seed).sign(header.hash().as_ref()).into();
    header.digest.push(CompatibleDigestItem::aura_seal(signature));
    header
}

/// A header for `tick` that no other `number` shares, without its seal.
pub(crate) fn bare(tick: Tick, number: u64) -> Header {
    let mut header = Header::new_from_number(number);
    header.digest.push(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(Slot::from(tick)));
    header
}

/// The proof that the key of `seed` sealed `tick` twice.
pub(crate) fn proof(seed: u64, tick: Tick) -> DoubleSealProof<Header> {
    let header = |number| sealed(bare(tick, number), seed);
    DoubleSealProof {
        offender: pair(seed).public().into(),
        slot: Slot::from(tick),
        first_header: header(1),
        second_header: header(2),
    }
}

/// How many offences are recorded.
pub(crate) fn recorded() -> usize {
    pallet_offences::Reports::<Test>::iter().count()
}

/// Who is recorded for `session`.
pub(crate) fn offenders(session: SessionIndex) -> Vec<AccountId> {
    let reports = pallet_offences::ConcurrentReportsIndex::<Test>::get(*b"ergon:doubleseal", session.encode());
    reports.iter().filter_map(pallet_offences::Reports::<Test>::get).map(|report| report.offender).collect()
}
