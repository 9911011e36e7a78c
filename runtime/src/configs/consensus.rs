//! The schedule, sessions and finality.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use ergon_primitives::{
    currency::deposit,
    schedule::FutureTicks,
    time::{MAX_TABLE_LEN, MAX_VALIDATORS},
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, Contains, Get, KeyOwnerProofSystem},
    weights::Weight,
};
use pallet_session::{historical as pallet_session_historical, SessionManager};
use sp_consensus_grandpa::{Equivocation as Votes, EquivocationProof, SetId, KEY_TYPE as GRANDPA_KEY};
use sp_runtime::{
    traits::Convert,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError, Perbill,
};
use sp_session::MembershipProof;
use sp_staking::{
    offence::{Kind, Offence, OffenceError, OffenceReportSystem, ReportOffence},
    SessionIndex,
};

use crate::*;

/// Blocks that a report of a double vote may wait in a pool: an hour, at one block a tick.
const REPORT_LONGEVITY: u64 = 3_600 / 5;
/// Sessions whose double votes and double-sealed ticks can be reported: the 21 days of unbonding, of one hour each.
pub(super) const REPORT_SESSIONS: u32 = 21 * 24;

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
    type EventHandler = ValidatorStaking;
    type FindAuthor = WorkCredits;
}

impl pallet_work_credits::Config for Runtime {
    type Observer = ValidatorStaking;
    type Reliability = WorkCredits;
    type Sessions = super::staking::TurnSession;
    type Standing = super::work::WorkStanding;
    type WeightInfo = weights::pallet_work_credits::WeightInfo<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type IdentificationTuple = pallet_session_historical::IdentificationTuple<Self>;
    type OnOffenceHandler = ValidatorStaking;
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
/// Reports that GRANDPA's pallet takes.
type StockReports =
    pallet_grandpa::EquivocationReportSystem<Runtime, BySession, Equivocation, ConstU64<REPORT_LONGEVITY>>;
/// A double vote, and who shall have held the key.
type DoubleVoteEvidence = (EquivocationProof<Hash, BlockNumber>, MembershipProof);

/// GRANDPA's offence, the same for all rounds of a session.
struct DoubleVote(pallet_grandpa::EquivocationOffence<Voter>);

impl Offence<Voter> for DoubleVote {
    const ID: Kind = <pallet_grandpa::EquivocationOffence<Voter> as Offence<Voter>>::ID;
    type Slot = SessionIndex;

    fn offenders(&self) -> Vec<Voter> {
        self.0.offenders()
    }

    fn session_index(&self) -> SessionIndex {
        self.0.session_index()
    }

    fn validator_set_count(&self) -> u32 {
        self.0.validator_set_count()
    }

    fn slot(&self) -> SessionIndex {
        self.0.session_index()
    }

    fn slash_fraction(&self, offenders_count: u32) -> Perbill {
        self.0.slash_fraction(offenders_count)
    }
}

/// Records a voter's double votes once for each session. By round, as GRANDPA tells them, whoever has the key could fill blocks
/// and state with rounds that never were, for nothing.
pub(super) struct BySession;

impl ReportOffence<AccountId, Voter, pallet_grandpa::EquivocationOffence<Voter>> for BySession {
    fn report_offence(
        reporters: Vec<AccountId>,
        offence: pallet_grandpa::EquivocationOffence<Voter>,
    ) -> Result<(), OffenceError> {
        Offences::report_offence(reporters, DoubleVote(offence))
    }

    fn is_known_offence(_: &[Voter], _: &pallet_grandpa::TimeSlot) -> bool {
        // By round it cannot be told; `VoteReports` asks by session.
        false
    }
}

/// GRANDPA's reports, dated by the votes themselves.
///
/// A report names a session, and the stock system takes any in which the set voted. Stake answers for an offence by its session, so
/// whoever reports could slash those who left before it, or spare those who left after. A vote names the block it is for, and nobody
/// votes for a block that is not there: the later of both says when it was, as far as anything does. An offender can sign for any
/// block, and so choose for deeds that it makes up; for each it pays, and none hides another (`pallets/staking/src/deeds.rs`).
pub struct VoteReports;

impl VoteReports {
    /// The evidence, with the proof of ownership for the session of the votes.
    fn dated((proof, _): DoubleVoteEvidence) -> Option<DoubleVoteEvidence> {
        // Its parts are private, its encoding is not.
        let (set_id, votes) = <(SetId, Votes<Hash, BlockNumber>)>::decode(&mut &proof.encode()[..]).ok()?;
        let block = match &votes {
            Votes::Prevote(votes) => votes.first.0.target_number.max(votes.second.0.target_number),
            Votes::Precommit(votes) => votes.first.0.target_number.max(votes.second.0.target_number),
        };
        // Within the sessions of the set.
        let sessions = pallet_grandpa::SetIdSession::<Runtime>::get;
        let last = sessions(set_id)?;
        let first = match set_id.checked_sub(1) {
            Some(before) => sessions(before)?.saturating_add(1),
            None => 0,
        };
        let session = Equivocation::session_of_block(block)?.max(first).min(last);
        let owner = Equivocation::prove_in(session, GRANDPA_KEY, proof.offender().as_ref())?;
        Some((proof, owner))
    }
}

impl OffenceReportSystem<Option<AccountId>, DoubleVoteEvidence> for VoteReports {
    type Longevity = ConstU64<REPORT_LONGEVITY>;

    fn publish_evidence(evidence: DoubleVoteEvidence) -> Result<(), ()> {
        StockReports::publish_evidence(evidence)
    }

    fn check_evidence(evidence: DoubleVoteEvidence) -> Result<(), TransactionValidityError> {
        let evidence = Self::dated(evidence).ok_or(InvalidTransaction::BadProof)?;
        let key = (GRANDPA_KEY, evidence.0.offender().clone());
        let offender = Equivocation::check_proof(key, evidence.1.clone()).ok_or(InvalidTransaction::BadProof)?;
        if <Offences as ReportOffence<AccountId, Voter, DoubleVote>>::is_known_offence(&[offender], &evidence.1.session)
        {
            return Err(InvalidTransaction::Stale.into());
        }
        StockReports::check_evidence(evidence)
    }

    fn process_evidence(reporter: Option<AccountId>, evidence: DoubleVoteEvidence) -> Result<(), DispatchError> {
        let evidence = Self::dated(evidence).ok_or(pallet_grandpa::Error::<Runtime>::InvalidKeyOwnershipProof)?;
        StockReports::process_evidence(reporter, evidence)
    }
}

/// What it costs to punish a whole set, as each report may do.
pub struct PunishAll;

impl Get<Weight> for PunishAll {
    fn get() -> Weight {
        use pallet_validator_staking::WeightInfo;
        <Runtime as pallet_validator_staking::Config>::WeightInfo::punish(MAX_VALIDATORS)
            .saturating_add(<WorkCredits as FutureTicks<AccountId>>::weight())
    }
}

/// The SDK's formula, because what its benchmarks measure leaves out whatever a report costs besides checking the proof; and the
/// punishment.
pub struct GrandpaCosts;

impl pallet_grandpa::WeightInfo for GrandpaCosts {
    fn report_equivocation(validators: u32, nominators: u32) -> Weight {
        <() as pallet_grandpa::WeightInfo>::report_equivocation(validators, nominators).saturating_add(PunishAll::get())
    }

    fn note_stalled() -> Weight {
        <() as pallet_grandpa::WeightInfo>::note_stalled()
    }
}

impl pallet_grandpa::Config for Runtime {
    type EquivocationReportSystem = VoteReports;
    type KeyOwnerProof = MembershipProof;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<{ REPORT_SESSIONS as u64 }>;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = GrandpaCosts;
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
    type PunishingWeight = PunishAll;
    type ReportSessions = ConstU32<REPORT_SESSIONS>;
    type WeightInfo = weights::pallet_equivocation::WeightInfo<Runtime>;
}

/// A validator stands for itself: what answers for it, staking finds by its account.
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

/// Calls that nobody may make. Root may, so referenda can.
///
/// - `Session::purge_keys` would take a validator out of the set whatever its duties, and with the last one halt the chain.
///   Whoever leaves by `ValidatorStaking::leave` has its keys purged, and its deposit back, when it is gone.
/// - `Balances::burn` unmakes money that nobody would keep account of.
/// - `ConvictionVoting::delegate` would let money vote that is not staked.
pub struct RefusedCalls;

impl Contains<RuntimeCall> for RefusedCalls {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. })
                | RuntimeCall::Balances(pallet_balances::Call::burn { .. })
                | RuntimeCall::ConvictionVoting(pallet_conviction_voting::Call::delegate { .. })
        )
    }
}

/// Plans sessions by stake, and has the keys of each registered.
pub struct SessionChanges;

impl SessionChanges {
    /// Whether a change of GRANDPA's voters was lost: it takes none while a forced one waits, and is told of each once. Then its
    /// authorities are others than those queued, and nothing is on its way.
    fn lost_by_grandpa() -> bool {
        if pallet_session::QueuedChanged::<Runtime>::get() || pallet_grandpa::PendingChange::<Runtime>::exists() {
            return false;
        }
        let voters = Grandpa::grandpa_authorities();
        let queued = pallet_session::QueuedKeys::<Runtime>::get();
        voters.len() != queued.len() || voters.iter().zip(&queued).any(|((id, _), (_, keys))| *id != keys.grandpa)
    }
}

impl pallet_session::SessionManager<AccountId> for SessionChanges {
    fn new_session(index: u32) -> Option<Vec<AccountId>> {
        let members = ValidatorStaking::new_session(index);
        if members.is_none() && Self::lost_by_grandpa() {
            let queued = pallet_session::QueuedKeys::<Runtime>::get();
            return Some(queued.into_iter().map(|(who, _)| who).collect());
        }
        members
    }

    fn new_session_genesis(index: u32) -> Option<Vec<AccountId>> {
        ValidatorStaking::new_session_genesis(index)
    }

    fn start_session(index: u32) {
        ValidatorStaking::start_session(index);
        // The slot that begins now is elected with the keys before.
        let timing = pallet_work_credits::Clock::<Runtime>::get();
        let slot = timing.slot_of(*pallet_aura::CurrentSlot::<Runtime>::get());
        let first_tick = if index == 0 { 0 } else { *timing.ticks_of(slot.saturating_add(1)).start() };
        let first_block = if index == 0 { 0 } else { System::block_number() };
        Equivocation::begin_session(index, first_tick, first_block);
    }

    fn end_session(index: u32) {
        ValidatorStaking::end_session(index);
        // One root a session is stored; one older than any report that is still accepted proves nothing any more.
        if let Some(oldest) = index.checked_sub(REPORT_SESSIONS).filter(|oldest| *oldest > 0) {
            Historical::prune_up_to(oldest);
        }
    }
}

impl pallet_session_historical::SessionManager<AccountId, ()> for SessionChanges {
    fn new_session(index: u32) -> Option<Vec<(AccountId, ())>> {
        <Self as SessionManager<_>>::new_session(index).map(unexposed)
    }

    fn new_session_genesis(index: u32) -> Option<Vec<(AccountId, ())>> {
        <Self as SessionManager<_>>::new_session_genesis(index).map(unexposed)
    }

    fn start_session(index: u32) {
        <Self as SessionManager<_>>::start_session(index);
    }

    fn end_session(index: u32) {
        <Self as SessionManager<_>>::end_session(index);
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
    type ShouldEndSession = pallet_work_credits::NeverByItself;
    type ValidatorId = AccountId;
    type ValidatorIdOf = super::staking::RegisteredValidators;
    type WeightInfo = weights::pallet_session::WeightInfo<Runtime>;
}
