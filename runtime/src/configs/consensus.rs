//! The schedule, sessions and finality.

use alloc::vec::Vec;
use ergon_primitives::{
    currency::deposit,
    time::{MAX_TABLE_LEN, MAX_VALIDATORS},
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, Contains},
};
use pallet_session::historical as pallet_session_historical;
use sp_runtime::{traits::Convert, Perbill};
use sp_staking::{
    offence::{Kind, Offence, OffenceError, ReportOffence},
    SessionIndex,
};

use crate::*;

/// Blocks that a report of a double vote may wait in a pool: an hour, at one block a tick.
const REPORT_LONGEVITY: u64 = 3_600 / 5;
/// Sessions whose double votes and double-sealed ticks can be reported: the 21 days of unbonding, of one hour each.
const REPORT_SESSIONS: u32 = 21 * 24;

parameter_types! {
    /// A tick is an Aura slot; its length is a genesis value.
    pub TickDuration: u64 = pallet_work_credits::Clock::<Runtime>::get().tick_ms;
    /// What whoever registers session keys stores: an account with both keys, and each key with its owner.
    pub const KeyDeposit: Balance = deposit(3, 32 + 64 + 2 * (4 + 32 + 32));
}

impl pallet_aura::Config for Runtime {
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type AuthorityId = AuraId;
    // Goes by table index, not by validator, and panics.
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<MAX_TABLE_LEN>;
    type SlotDuration = TickDuration;
}

impl pallet_authorship::Config for Runtime {
    type EventHandler = ();
    type FindAuthor = WorkCredits;
}

impl pallet_work_credits::Config for Runtime {
    type Reliability = WorkCredits;
    // Nobody counts work yet: leaders rotate by tie-break and cooldown.
    type Standing = ();
    type WeightInfo = weights::pallet_work_credits::WeightInfo<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type IdentificationTuple = pallet_session_historical::IdentificationTuple<Self>;
    type OnOffenceHandler = ();
    type RuntimeEvent = RuntimeEvent;
}

// Reports are unsigned extrinsics that the reporting author puts into its own block.
impl<Call> frame_system::offchain::CreateTransactionBase<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<Call> frame_system::offchain::CreateBare<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

type Voter = pallet_session_historical::IdentificationTuple<Runtime>;

/// GRANDPA's offence, the same for all rounds of a set of voters.
struct DoubleVote(pallet_grandpa::EquivocationOffence<Voter>);

impl Offence<Voter> for DoubleVote {
    const ID: Kind = <pallet_grandpa::EquivocationOffence<Voter> as Offence<Voter>>::ID;
    type Slot = sp_consensus_grandpa::SetId;

    fn offenders(&self) -> Vec<Voter> {
        self.0.offenders()
    }

    fn session_index(&self) -> SessionIndex {
        self.0.session_index()
    }

    fn validator_set_count(&self) -> u32 {
        self.0.validator_set_count()
    }

    fn slot(&self) -> Self::Slot {
        self.0.time_slot.set_id
    }

    fn slash_fraction(&self, offenders_count: u32) -> Perbill {
        self.0.slash_fraction(offenders_count)
    }
}

/// Records a voter's double votes once for each set of voters, and counts all of a set together.
///
/// By round, as GRANDPA tells them, whoever has the key could fill blocks and state with rounds that never were, for nothing. By
/// session it could be recorded again for each in which the set voted, because a report names any of these. And either way those
/// who plot together could report themselves one by one, in rounds or sessions of their own, not to be counted together. A set
/// ends when its members or their keys change.
pub struct OncePerVoterSet;

impl ReportOffence<AccountId, Voter, pallet_grandpa::EquivocationOffence<Voter>> for OncePerVoterSet {
    fn report_offence(
        reporters: Vec<AccountId>,
        offence: pallet_grandpa::EquivocationOffence<Voter>,
    ) -> Result<(), OffenceError> {
        Offences::report_offence(reporters, DoubleVote(offence))
    }

    fn is_known_offence(offenders: &[Voter], time_slot: &pallet_grandpa::TimeSlot) -> bool {
        <Offences as ReportOffence<AccountId, Voter, DoubleVote>>::is_known_offence(offenders, &time_slot.set_id)
    }
}

impl pallet_grandpa::Config for Runtime {
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, OncePerVoterSet, Equivocation, ConstU64<REPORT_LONGEVITY>>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<{ REPORT_SESSIONS as u64 }>;
    type RuntimeEvent = RuntimeEvent;
    // The SDK's formula: what its benchmarks measure leaves out whatever a report costs besides checking the proof.
    type WeightInfo = ();
}

/// Names a validator as the offences pallet does.
pub struct Offender;

impl Convert<AccountId, Option<pallet_session_historical::IdentificationTuple<Runtime>>> for Offender {
    fn convert(who: AccountId) -> Option<pallet_session_historical::IdentificationTuple<Runtime>> {
        NoExposure::convert(who.clone()).map(|exposure| (who, exposure))
    }
}

impl pallet_equivocation::Config for Runtime {
    type Offender = pallet_session_historical::IdentificationTuple<Self>;
    type OffenderOf = Offender;
    type Offences = Offences;
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type WeightInfo = weights::pallet_equivocation::WeightInfo<Runtime>;
}

/// A validator stands for itself: there is no stake to expose yet.
pub struct NoExposure;

impl Convert<AccountId, Option<()>> for NoExposure {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

// The roots are for proofs of membership, which bridges and stock tools ask for. Reports of offences go by `Equivocation`.
impl pallet_session_historical::Config for Runtime {
    type FullIdentification = ();
    type FullIdentificationOf = NoExposure;
    type RuntimeEvent = RuntimeEvent;
}

/// Knows only validators of the current session, so that nobody else can register keys and have a deposit held for nothing.
pub struct OnlyValidators;

impl Convert<AccountId, Option<AccountId>> for OnlyValidators {
    fn convert(who: AccountId) -> Option<AccountId> {
        pallet_session::Validators::<Runtime>::get().contains(&who).then_some(who)
    }
}

/// Calls that nobody may make yet.
///
/// `purge_keys` takes a validator out of the session after the next, whatever the session manager plans. The members are those
/// of genesis, so it could never come back, and with the last one the chain would halt: GRANDPA refuses an empty set.
pub struct KeepValidators;

impl Contains<RuntimeCall> for KeepValidators {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Session(pallet_session::Call::purge_keys { .. }))
    }
}

/// Plans sessions. The members are those of genesis; a new set is announced only if one of them changed its keys, because
/// every change of GRANDPA's set lengthens every future warp proof.
pub struct SessionChanges;

impl pallet_session::SessionManager<AccountId> for SessionChanges {
    fn new_session(_: u32) -> Option<Vec<AccountId>> {
        let queued = pallet_session::QueuedKeys::<Runtime>::get();
        let changed =
            queued.iter().any(|(who, keys)| pallet_session::NextKeys::<Runtime>::get(who).as_ref() != Some(keys));
        changed.then(pallet_session::Validators::<Runtime>::get)
    }

    fn new_session_genesis(_: u32) -> Option<Vec<AccountId>> {
        // Tools rewrite `session.keys` of a plain spec, so the accounts there are the validators; whoever also fills
        // `session.nonAuthorityKeys` adds to them.
        let mut accounts: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
        accounts.sort();
        Some(accounts)
    }

    fn start_session(_: u32) {}

    fn end_session(_: u32) {}
}

impl pallet_session_historical::SessionManager<AccountId, ()> for SessionChanges {
    fn new_session(index: u32) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session(index).map(unexposed)
    }

    fn new_session_genesis(index: u32) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session_genesis(index).map(unexposed)
    }

    fn start_session(index: u32) {
        // The slot that begins now is elected with the keys before.
        let timing = pallet_work_credits::Clock::<Runtime>::get();
        let slot = timing.slot_of(*pallet_aura::CurrentSlot::<Runtime>::get());
        let first_tick = if index == 0 { 0 } else { *timing.ticks_of(slot.saturating_add(1)).start() };
        Equivocation::begin_session(index, first_tick);
    }

    fn end_session(index: u32) {
        // One root a session is stored; one older than any report that is still accepted proves nothing any more.
        if let Some(oldest) = index.checked_sub(REPORT_SESSIONS).filter(|oldest| *oldest > 0) {
            Historical::prune_up_to(oldest);
        }
    }
}

fn unexposed(accounts: Vec<AccountId>) -> Vec<(AccountId, ())> {
    accounts.into_iter().map(|who| (who, ())).collect()
}

impl pallet_session::Config for Runtime {
    type Currency = Balances;
    type DisablingStrategy = ();
    type KeyDeposit = KeyDeposit;
    type Keys = SessionKeys;
    type NextSessionRotation = pallet_work_credits::SlotSessions<Runtime>;
    type RuntimeEvent = RuntimeEvent;
    type SessionHandler = <SessionKeys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
    type SessionManager = pallet_session_historical::NoteHistoricalRoot<Self, SessionChanges>;
    type ShouldEndSession = pallet_work_credits::SlotSessions<Runtime>;
    type ValidatorId = AccountId;
    type ValidatorIdOf = OnlyValidators;
    type WeightInfo = weights::pallet_session::WeightInfo<Runtime>;
}
