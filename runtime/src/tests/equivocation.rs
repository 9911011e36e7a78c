//! Double-sealed ticks and double votes on the whole runtime, by validators that try to get away.

use codec::Decode;
use ergon_primitives::double_seal::DoubleSealProof;
use finality_grandpa::{Message, Prevote};
use frame_support::{assert_noop, assert_ok, traits::KeyOwnerProofSystem};
use sp_consensus_grandpa::{localized_payload, Equivocation as Votes, EquivocationProof, KEY_TYPE};
use sp_session::MembershipProof;
use sp_staking::offence::Kind;

use super::*;

const DOUBLE_SEAL: Kind = *b"ergon:doubleseal";
const DOUBLE_VOTE: Kind = *b"grandpa:equivoca";

type Prevotes = finality_grandpa::Equivocation<
    sp_consensus_grandpa::AuthorityId,
    Prevote<Hash, BlockNumber>,
    sp_consensus_grandpa::AuthoritySignature,
>;

/// Two votes of `key` in one round.
fn prevotes(key: Ed25519Keyring, set_id: u64, round: u64) -> Prevotes {
    prevotes_for(key, set_id, round, 1)
}

/// Two votes of `key` in one round, for blocks of height `number`.
fn prevotes_for(key: Ed25519Keyring, set_id: u64, round: u64, number: BlockNumber) -> Prevotes {
    let vote = |byte| {
        let vote = Prevote { target_hash: Hash::repeat_byte(byte), target_number: number };
        let payload = localized_payload(round, set_id, &Message::Prevote(vote.clone()));
        (vote, key.pair().sign(&payload).into())
    };
    Prevotes { round_number: round, identity: key.public().into(), first: vote(1), second: vote(2) }
}

/// The proof that `key` voted for two blocks in one round.
fn double_vote(key: Ed25519Keyring, set_id: u64) -> EquivocationProof<Hash, BlockNumber> {
    EquivocationProof::new(set_id, Votes::Prevote(prevotes(key, set_id, 1)))
}

/// The same for a round that may never have been.
fn double_vote_in(key: Ed25519Keyring, round: u64) -> EquivocationProof<Hash, BlockNumber> {
    EquivocationProof::new(0, Votes::Prevote(prevotes(key, 0, round)))
}

fn ownership(key: Ed25519Keyring) -> Option<MembershipProof> {
    Equivocation::prove((KEY_TYPE, sp_consensus_grandpa::AuthorityId::from(key.public())))
}

fn report_vote(proof: EquivocationProof<Hash, BlockNumber>, owner: MembershipProof) -> sp_runtime::DispatchResult {
    let reported = Grandpa::report_equivocation_unsigned(RuntimeOrigin::none(), Box::new(proof), owner);
    reported.map(|_| ()).map_err(|error| error.error)
}

fn report_seal(proof: DoubleSealProof<Header>) -> sp_runtime::DispatchResult {
    let reported = Equivocation::report_double_seal(RuntimeOrigin::none(), Box::new(proof));
    reported.map(|_| ()).map_err(|error| error.error)
}

/// Who is recorded for an offence of `kind`.
fn recorded(kind: Kind) -> Vec<AccountId> {
    let reports = pallet_offences::ConcurrentReportsIndex::<Runtime>::iter_prefix(kind).flat_map(|(_, ids)| ids);
    reports.filter_map(pallet_offences::Reports::<Runtime>::get).map(|details| details.offender.0).collect()
}

fn change_bobs_keys() {
    let bob = Sr25519Keyring::Bob.to_account_id();
    let (keys, proof) = session_keys(Sr25519Keyring::Eve, Ed25519Keyring::Eve, &bob);
    assert_ok!(Session::set_keys(signed(Sr25519Keyring::Bob), keys, proof));
}

#[test]
fn whoever_changes_keys_before_the_report_is_recorded_all_the_same() {
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, change_bobs_keys);
        // The old keys are in force for two more sessions, and answer for what they do in them.
        block(START + 4, || {
            let owner = ownership(Ed25519Keyring::Bob).expect("a key in force");
            assert_ok!(report_vote(double_vote(Ed25519Keyring::Bob, 0), owner));
            assert_ok!(report_seal(double_seal(Sr25519Keyring::Bob, START + 1)));
        });
        let bob = Sr25519Keyring::Bob.to_account_id();
        assert_eq!(recorded(DOUBLE_VOTE), vec![bob.clone()]);
        assert_eq!(recorded(DOUBLE_SEAL), vec![bob]);
        let author = pallet_offences::Reports::<Runtime>::iter_values().flat_map(|details| details.reporters).next();
        assert!(author.is_some(), "the author of the block reports");
    });
}

#[test]
fn what_old_keys_did_is_reported_after_they_are_gone() {
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, change_bobs_keys);
        let owner = ownership(Ed25519Keyring::Bob).expect("a key in force");
        blocks(START + 4..START + 80);
        assert_eq!(ownership(Ed25519Keyring::Bob), None, "the new key is in force");
        block(START + 80, || {
            assert_ok!(report_vote(double_vote(Ed25519Keyring::Bob, 0), owner));
            assert_ok!(report_seal(double_seal(Sr25519Keyring::Bob, START + 1)));
        });
        let bob = Sr25519Keyring::Bob.to_account_id();
        assert_eq!([recorded(DOUBLE_VOTE), recorded(DOUBLE_SEAL)], [vec![bob.clone()], vec![bob]]);
    });
}

#[test]
fn forged_replayed_and_strange_reports_of_votes_change_nothing() {
    on_short_slots(|| {
        blocks(START..START + 3);
        let owner = ownership(Ed25519Keyring::Bob).expect("a key in force");
        let sound = || double_vote(Ed25519Keyring::Bob, 0);
        block(START + 3, || {
            type Error = pallet_grandpa::Error<Runtime>;
            // The same vote twice is no double vote; another round than the one signed; another's signature.
            let forge = |change: &dyn Fn(&mut Prevotes)| {
                let mut votes = prevotes(Ed25519Keyring::Bob, 0, 1);
                change(&mut votes);
                EquivocationProof::new(0, Votes::Prevote(votes))
            };
            for forged in [
                forge(&|votes| votes.second = votes.first.clone()),
                forge(&|votes| votes.round_number = 2),
                forge(&|votes| votes.identity = Ed25519Keyring::Charlie.public().into()),
            ] {
                assert_noop!(report_vote(forged, owner.clone()), Error::InvalidEquivocationProof);
            }
            // Owned by nobody.
            assert_noop!(
                report_vote(double_vote(Ed25519Keyring::Eve, 0), owner.clone()),
                Error::InvalidKeyOwnershipProof
            );

            // Whatever session the report names, and of whatever size, the votes say which it was.
            let later = MembershipProof { session: 9, validator_count: 1, ..owner.clone() };
            assert_ok!(report_vote(sound(), later));
            assert_noop!(report_vote(sound(), owner.clone()), Error::DuplicateOffenceReport);
            let another_round = double_vote_in(Ed25519Keyring::Bob, 2);
            assert_noop!(report_vote(another_round, owner.clone()), Error::DuplicateOffenceReport);
        });
        assert_eq!(recorded(DOUBLE_VOTE).len(), 1);
    });
}

#[test]
fn what_is_too_old_to_be_reported_is_forgotten() {
    on_short_slots(|| {
        // A gap ends one session however long it is, so a block a session suffices.
        blocks((0..503).map(|session| START + session * 24));
        let owner = MembershipProof { session: 0, trie_nodes: vec![], validator_count: 4 };
        let last = START + 503 * 24;
        block(last, || {
            assert_ok!(report_seal(double_seal(Sr25519Keyring::Bob, START)));
        });
        block(last + 24, || {
            assert_noop!(
                report_seal(double_seal(Sr25519Keyring::Charlie, START)),
                pallet_equivocation::Error::<Runtime>::TickTooOld
            );
            assert!(report_vote(double_vote(Ed25519Keyring::Charlie, 0), owner).is_err());
        });
        assert_eq!(pallet_equivocation::Sessions::<Runtime>::iter().count(), 504, "21 days of hourly sessions");
        assert_eq!(pallet_equivocation::KeySets::<Runtime>::iter().count(), 1, "nobody changed keys");
    });
}

#[test]
fn a_report_finds_room_in_a_full_block() {
    // The pool puts it first, and what it weighs is a small part of what ordinary transactions may fill.
    let limits = <Runtime as frame_system::Config>::BlockWeights::get();
    let normal = limits.get(frame_support::dispatch::DispatchClass::Normal).max_total.expect("limited");
    let call =
        pallet_equivocation::Call::report_double_seal { proof: Box::new(double_seal(Sr25519Keyring::Bob, START)) };
    let weight = RuntimeCall::from(call).get_dispatch_info().call_weight;
    assert!(weight.ref_time() < normal.ref_time() / 10, "{weight:?}");
}

/// Sessions for which `kind` is recorded.
fn sessions_recorded(kind: Kind) -> Vec<u32> {
    let slots = pallet_offences::ConcurrentReportsIndex::<Runtime>::iter_key_prefix(kind);
    let mut sessions: Vec<u32> = slots.map(|slot| Decode::decode(&mut &slot[..]).expect("a session")).collect();
    sessions.sort();
    sessions
}

#[test]
fn a_vote_belongs_to_the_session_of_its_block_whatever_the_report_says() {
    on_short_slots(|| {
        // A set of three sessions, of 24 blocks each, and one more.
        blocks(START..START + 3 * 24 + 5);
        let vote = |round, number| {
            let votes = prevotes_for(Ed25519Keyring::Bob, 0, round, number);
            EquivocationProof::new(0, Votes::Prevote(votes))
        };
        let owner = ownership(Ed25519Keyring::Bob).expect("a key in force");
        let named = |session| MembershipProof { session, ..owner.clone() };
        block(START + 3 * 24 + 5, || {
            // The later first: it does not hide the earlier.
            assert_ok!(report_vote(vote(2, 30), named(0)));
            assert_ok!(report_vote(vote(1, 5), named(3)));
            let duplicate = pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport;
            assert_noop!(report_vote(vote(7, 26), named(2)), duplicate);
            // Nobody has made this block yet: it is the last session that there is.
            assert_ok!(report_vote(vote(9, 1_000_000), named(0)));
        });
        assert_eq!(sessions_recorded(DOUBLE_VOTE), [0, 1, 3]);
        assert_eq!(recorded(DOUBLE_VOTE).len(), 3);
    });
}
