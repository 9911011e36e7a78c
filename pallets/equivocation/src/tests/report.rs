//! Reports: sound ones are recorded once, whoever the offender has become; all others change nothing.

// The SDK's own reports still use it, see `lib.rs`.
#![allow(deprecated)]

use crate::{mock::*, *};
use codec::Encode;
use ergon_primitives::double_seal::{self, DoubleSealProof};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, pallet_prelude::*, traits::Hooks};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_consensus_slots::Slot;
use sp_core::Pair;
use sp_runtime::{traits::ValidateUnsigned, DigestItem, Perbill};

fn report(proof: &DoubleSealProof<Header>) -> frame_support::dispatch::DispatchResultWithPostInfo {
    Equivocation::report_double_seal(RuntimeOrigin::none(), Box::new(proof.clone()))
}

fn validity(source: TransactionSource, proof: &DoubleSealProof<Header>) -> TransactionValidity {
    Equivocation::validate_unsigned(source, &Call::report_double_seal { proof: Box::new(proof.clone()) })
}

#[test]
fn a_sound_report_is_recorded_and_free() {
    story(|| {
        let proof = proof(3, 7);
        let post = report(&proof).expect("sound");
        assert_eq!(post.pays_fee, Pays::No);
        assert_eq!(offenders(0), vec![3]);
        System::assert_has_event(
            Event::DoubleSealed { validator: 3, key: pair(3).public().into(), tick: 7, session: 0 }.into(),
        );
        let details = pallet_offences::Reports::<Test>::iter_values().next().expect("recorded");
        assert_eq!(details.reporters, vec![AUTHOR], "the author reports what nobody signed");
    });
}

#[test]
fn anybody_may_sign_a_report() {
    story(|| {
        assert_ok!(Equivocation::report_double_seal(RuntimeOrigin::signed(50), Box::new(proof(3, 7))));
        let details = pallet_offences::Reports::<Test>::iter_values().next().expect("recorded");
        assert_eq!(details.reporters, vec![50]);
        let root = Equivocation::report_double_seal(RuntimeOrigin::root(), Box::new(proof(4, 7)));
        assert_eq!(root.expect_err("root is nobody").error, DispatchError::BadOrigin);
    });
}

#[test]
fn a_replayed_report_changes_nothing() {
    story(|| {
        assert_ok!(report(&proof(3, 7)));
        assert_noop!(report(&proof(3, 7)), Error::<Test>::AlreadyReported);
        // Another tick, the same headers the other way round, later in the session or in the next one: all the same crime.
        assert_noop!(report(&proof(3, 8)), Error::<Test>::AlreadyReported);
        let mut turned = proof(3, 7);
        std::mem::swap(&mut turned.first_header, &mut turned.second_header);
        assert_noop!(report(&turned), Error::<Test>::AlreadyReported);
        next_session();
        assert_noop!(report(&proof(3, 7)), Error::<Test>::AlreadyReported);
        assert_eq!(recorded(), 1);
        at(110);
        assert_ok!(report(&proof(3, 110)));
        assert_eq!((offenders(0), offenders(1)), (vec![3], vec![3]), "a new session, a new crime");
    });
}

#[test]
fn those_of_one_session_did_it_together() {
    story(|| {
        for who in 0..4 {
            assert_ok!(report(&proof(who, 2 + who)));
        }
        // min((3k / 10)², 1), and each later report tells of all before.
        let told: Vec<_> =
            Punished::get().into_iter().map(|(_, fraction, count)| (fraction.deconstruct(), count)).collect();
        assert_eq!(told, vec![(90_000_000, 1), (360_000_000, 2), (810_000_000, 3), (1_000_000_000, 4)]);
        assert_eq!(Punished::get()[3].1, Perbill::one());
    });
}

#[test]
fn whoever_changes_keys_is_found_all_the_same() {
    story(|| {
        // Before the deed: registered, but the old key is in force for two more sessions.
        change_key(3, 33);
        assert_ok!(report(&proof(3, 5)));
        next_session();
        at(110);
        assert_ok!(report(&proof(3, 110)));
        next_session();
        at(210);
        assert_ok!(report(&proof(33, 210)));
        assert_eq!([offenders(0), offenders(1), offenders(2)], [vec![3], vec![3], vec![3]]);
    });
}

#[test]
fn the_first_slot_of_a_session_is_judged_by_the_keys_before() {
    story(|| {
        // In one go, 3 takes a new key and 4 the one that 3 had: both from session 2 on, but not in its first slot.
        change_key(3, 33);
        change_key(4, 3);
        next_session();
        next_session();
        at(220);
        assert_ok!(report(&proof(3, 209)));
        assert_eq!((offenders(1), offenders(2)), (vec![3], vec![]), "whose key it was when the slot was elected");
        assert_ok!(report(&proof(3, 210)));
        assert_eq!(offenders(2), vec![4]);
        // After an outage the table repeats, so the session before answers for keys that are gone.
        assert_ok!(report(&proof(4, 215)));
        assert_eq!(offenders(1).len(), 2);
        next_session();
        at(320);
        assert_noop!(report(&proof(4, 311)), Error::<Test>::UnknownKey);
    });
}

#[test]
fn whoever_leaves_is_found_all_the_same() {
    story(|| {
        next_session();
        Planned::set(Some((0..9).collect()));
        next_session();
        next_session();
        pallet_session::NextKeys::<Test>::remove(9);
        assert_ok!(report(&proof(9, 120)));
        assert_eq!(offenders(1), vec![9]);
        assert_eq!(Punished::get(), vec![(1, Perbill::from_percent(9), 1)], "one of ten, as it was then");
    });
}

#[test]
fn whoever_takes_over_the_key_is_not_blamed_for_before() {
    story(|| {
        change_key(1, 31);
        next_session();
        next_session();
        change_key(2, 1);
        next_session();
        next_session();
        at(410);
        assert_ok!(report(&proof(1, 111)));
        assert_eq!(offenders(1), vec![1]);
        assert_ok!(report(&proof(1, 410)));
        assert_eq!(offenders(4), vec![2]);
    });
}

#[test]
fn stale_and_early_reports_are_refused() {
    story(|| {
        assert_ok!(report(&proof(1, 10)));
        assert_noop!(report(&proof(2, 11)), Error::<Test>::TickInFuture);
        for _ in 0..REPORT_SESSIONS {
            next_session();
        }
        assert_noop!(report(&proof(2, 10)), Error::<Test>::TickTooOld);
        assert_noop!(report(&proof(2, 109)), Error::<Test>::TickTooOld);
        assert_ok!(report(&proof(2, 110)));
    });
}

#[test]
fn forged_reports_are_refused() {
    story(|| {
        let good = proof(3, 7);
        let refused = |proof: &DoubleSealProof<Header>, error: Error<Test>| {
            assert_noop!(report(proof), error);
        };
        let with = |change: &dyn Fn(&mut DoubleSealProof<Header>)| {
            let mut proof = good.clone();
            change(&mut proof);
            proof
        };
        // One block, sealed twice or named twice.
        let again = sealed(bare(7, 1), 3);
        assert_ne!(again, good.first_header, "sr25519 seals differ");
        refused(&with(&|p| p.second_header = again.clone()), Error::InvalidProof);
        refused(&with(&|p| p.second_header = p.first_header.clone()), Error::InvalidProof);
        // Another tick, in one header, in both, or in the claim.
        refused(&with(&|p| p.second_header = sealed(bare(8, 2), 3)), Error::InvalidProof);
        refused(&with(&|p| p.slot = Slot::from(8)), Error::InvalidProof);
        // Another's key, in one header or in the claim; a stranger's key.
        refused(&with(&|p| p.second_header = sealed(bare(7, 2), 4)), Error::InvalidProof);
        refused(&with(&|p| p.offender = pair(4).public().into()), Error::InvalidProof);
        refused(&proof(99, 7), Error::UnknownKey);
        // No seal, a seal that is not the last item, a false seal, two ticks.
        refused(&with(&|p| p.second_header = bare(7, 2)), Error::InvalidProof);
        refused(&with(&|p| p.second_header.digest.push(DigestItem::Other(vec![1]))), Error::InvalidProof);
        refused(&with(&|p| p.second_header.number = 5), Error::InvalidProof);
        let mut two_ticks = bare(7, 2);
        two_ticks.digest.push(bare(8, 2).digest.logs[0].clone());
        refused(&with(&|p| p.second_header = sealed(two_ticks.clone(), 3)), Error::InvalidProof);
        assert_eq!(recorded(), 0);
        assert_ok!(report(&good));
    });
}

#[test]
fn nobody_escapes_by_a_large_header() {
    story(|| {
        let mut large = bare(7, 2);
        large.digest.push(DigestItem::PreRuntime(*b"junk", vec![0; double_seal::MAX_PROOF_BYTES]));
        let oversized = DoubleSealProof { second_header: sealed(large, 3), ..proof(3, 7) };
        assert_noop!(report(&oversized), Error::<Test>::ProofTooLarge);
        // The largest headers that a block can have fit twice: a table of 144 keys, 100 voters.
        let mut full = sealed(bare(7, 2), 3);
        full.digest.logs.insert(1, DigestItem::Consensus(*b"aura", vec![1; 144 * 32 + 8]));
        full.digest.logs.insert(1, DigestItem::Consensus(*b"FRNK", vec![1; 100 * 40 + 16]));
        assert!(full.encoded_size() < double_seal::MAX_HEADER_BYTES);
        // Nor by what follows the signature: such a seal is none, for importers either.
        let mut padded = sealed(bare(7, 2), 3);
        if let Some(DigestItem::Seal(_, seal)) = padded.digest.logs.last_mut() {
            seal.extend([0; 1_000]);
        }
        assert_eq!(double_seal::unseal(&padded), None);
    });
}

/// Begins block 2, of tick 11, with `items` in its header.
fn begin_with(items: Vec<DigestItem>) {
    story(|| {
        at(11);
        System::initialize(&2, &Default::default(), &sp_runtime::Digest { logs: items });
        Equivocation::on_initialize(2);
    });
}

/// Aura's item as its pallet reads it: a tick, and perhaps something behind it.
fn aura(tick: u64, behind: &[u8]) -> DigestItem {
    DigestItem::PreRuntime(*b"aura", [&tick.to_le_bytes(), behind].concat())
}

#[test]
fn a_block_that_names_its_tick_is_valid() {
    begin_with(vec![aura(11, &[])]);
}

// Importers skip an item with something behind the tick, stock Aura's pallet reads it: with two of them a block would have one
// tick for the one and another for the other, and could be sealed twice unseen.

#[test]
#[should_panic(expected = "must name its tick, once")]
fn a_block_with_two_ticks_is_invalid() {
    begin_with(vec![aura(11, &[0]), aura(11 - 6, &[])]);
}

#[test]
#[should_panic(expected = "must name its tick, once")]
fn a_block_whose_tick_only_the_runtime_reads_is_invalid() {
    begin_with(vec![aura(11, &[0])]);
}

#[test]
#[should_panic(expected = "must name its tick, once")]
fn a_block_whose_tick_the_runtime_does_not_read_is_invalid() {
    // Too short for a tick, so that Aura's pallet stays at its parent's.
    begin_with(vec![DigestItem::PreRuntime(*b"aura", vec![1]), aura(17, &[])]);
}

#[test]
#[should_panic(expected = "must name its tick, once")]
fn a_block_with_more_in_its_header_is_invalid() {
    begin_with(vec![aura(11, &[]), DigestItem::PreRuntime(*b"junk", vec![0])]);
}

#[test]
fn only_the_own_pool_and_blocks_take_unsigned_reports() {
    story(|| {
        let good = proof(3, 7);
        assert_eq!(validity(TransactionSource::External, &good), InvalidTransaction::Call.into());
        for source in [TransactionSource::Local, TransactionSource::InBlock] {
            let valid = validity(source, &good).expect("sound");
            assert!(!valid.propagate, "another author could not include it");
            assert_eq!(valid.priority, TransactionPriority::MAX);
            assert_eq!(valid.provides, validity(source, &proof(3, 8)).expect("sound").provides, "one per session");
            assert_ne!(valid.provides, validity(source, &proof(4, 7)).expect("sound").provides);
        }
        let call = |proof| Call::<Test>::report_double_seal { proof: Box::new(proof) };
        assert_ok!(<Equivocation as ValidateUnsigned>::pre_dispatch(&call(good.clone())));
        let forged = DoubleSealProof { second_header: good.first_header.clone(), ..good.clone() };
        assert_eq!(
            <Equivocation as ValidateUnsigned>::pre_dispatch(&call(forged)),
            Err(InvalidTransaction::BadProof.into()),
            "a false one makes its block invalid"
        );
        assert_ok!(report(&good));
        assert_eq!(validity(TransactionSource::Local, &good), InvalidTransaction::Stale.into());
    });
}

#[test]
fn a_seal_is_aura_signatures_over_the_rest() {
    let (unsealed, seal) = double_seal::unseal(&sealed(bare(7, 1), 3)).expect("sealed");
    assert_eq!(unsealed, bare(7, 1));
    let expected: AuthoritySignature = seal;
    assert!(sp_runtime::RuntimeAppPublic::verify(
        &ergon_primitives::AuraId::from(pair(3).public()),
        &unsealed.hash().as_ref(),
        &expected
    ));
    assert_eq!(double_seal::tick_of(&unsealed.digest), Some(7));
}
