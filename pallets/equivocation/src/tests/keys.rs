//! The register: whose key it was, in which session.

use crate::{mock::*, *};
use ergon_primitives::AuraId;
use frame_support::traits::KeyOwnerProofSystem;
use sp_core::{crypto::key_types::AURA, Pair};

fn key(seed: u64) -> AuraId {
    pair(seed).public().into()
}

fn owner(session: u32, seed: u64) -> Option<AccountId> {
    Equivocation::holder(session, AURA, key(seed).as_ref()).map(|holder| holder.validator)
}

#[test]
fn a_session_is_found_by_any_of_its_ticks() {
    story(|| {
        for _ in 0..6 {
            next_session();
        }
        at(699);
        assert_eq!(Equivocation::session_of(610), Some(6));
        assert_eq!(Equivocation::session_of(699), Some(6));
        assert_eq!(Equivocation::session_of(10_000), Some(6));
        assert_eq!(Equivocation::session_of(609), Some(5));
        assert_eq!(Equivocation::session_of(411), Some(4));
        assert_eq!(Equivocation::session_of(310), Some(3), "the first of four sessions");
        assert_eq!(Equivocation::session_of(309), None);
    });
}

#[test]
fn the_first_session_has_all_ticks_before_the_second() {
    story(|| {
        assert_eq!(Equivocation::session_of(0), Some(0));
        next_session();
        assert_eq!(Equivocation::session_of(109), Some(0));
        assert_eq!(Equivocation::session_of(110), Some(1));
    });
}

#[test]
fn sessions_with_the_same_keys_share_them() {
    story(|| {
        for _ in 0..20 {
            next_session();
            assert_eq!(KeySets::<Test>::iter().count(), 1);
        }
        change_key(3, 33);
        next_session();
        next_session();
        assert_eq!(KeySets::<Test>::iter().count(), 2);
        assert_eq!((owner(21, 3), owner(22, 3)), (Some(3), None));
        assert_eq!((owner(21, 33), owner(22, 33)), (None, Some(3)));
        for _ in 0..REPORT_SESSIONS {
            next_session();
        }
        assert_eq!(KeySets::<Test>::iter().count(), 1, "the old set goes with its last session");
    });
}

#[test]
fn a_key_that_changes_hands_is_its_holders_of_the_time() {
    story(|| {
        // Validator 1 takes another key, and later 2 takes the one that 1 had.
        change_key(1, 31);
        next_session();
        next_session();
        change_key(2, 1);
        next_session();
        next_session();
        assert_eq!([1, 2, 3, 4].map(|session| owner(session, 1)), [Some(1), None, None, Some(2)]);
    });
}

#[test]
fn a_proof_of_ownership_holds_for_its_session_only() {
    story(|| {
        next_session();
        let proof = Equivocation::prove((AURA, key(4))).expect("a validator's key");
        assert_eq!((proof.session, proof.validator_count), (1, 10));
        assert_eq!(Equivocation::prove((AURA, key(99))), None);

        change_key(4, 34);
        Planned::set(Some((0..9).collect()));
        next_session();
        next_session();
        assert_eq!(Equivocation::check_proof((AURA, key(4)), proof.clone()), Some(4), "after it changed keys");
        assert_eq!(Equivocation::prove((AURA, key(4))), None, "now it holds another");
        for (session, validator_count) in [(1, 9), (1, 1), (3, 9), (3, 10), (9, 10)] {
            let forged = sp_session::MembershipProof { session, validator_count, ..proof.clone() };
            assert_eq!(Equivocation::check_proof((AURA, key(4)), forged), None, "{session}, {validator_count}");
        }
        let other = sp_core::crypto::key_types::GRANDPA;
        assert_eq!(Equivocation::check_proof((other, key(4)), proof), None, "of another kind");
    });
}
