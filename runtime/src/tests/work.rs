//! Work on the whole runtime: what a credit costs, what draws go by, and a block full of proofs.

use ergon_primitives::{
    nodes::{consent, Service, Services},
    orders::{Proof, Receipt, Redemption},
    work::{seat_value, Beacon, SignedBeacon},
};
use frame_support::traits::Get;
use sp_core::sr25519;

use super::*;

const MB: u64 = 1_000_000;
/// Who offers to relay.
const OPERATOR: Sr25519Keyring = Sr25519Keyring::Alice;
/// Who pays.
const PAYER: Sr25519Keyring = Sr25519Keyring::Ferdie;

fn node() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[7; 32])
}

fn client() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[8; 32])
}

/// A pool of the operator with one relay in it.
fn offer() {
    let (owner, key) = (OPERATOR.to_account_id(), node().public());
    let signature = node().sign(&consent(&System::block_hash(0), &owner));
    let services = Services { relay: true, storage: false };
    let endpoint = b"127.0.0.1:7000".to_vec().try_into().expect("short");
    assert_ok!(WorkNodes::create_pool(signed(OPERATOR), b"one".to_vec().try_into().expect("short")));
    assert_ok!(WorkNodes::register_node(signed(OPERATOR), key, services, endpoint, signature));
    assert_ok!(WorkNodes::join(signed(OPERATOR), key, 0));
}

/// What a credit costs, in blocks' rewards that come to who made them.
fn turns() -> Balance {
    WorkOrders::burn_per_credit(Service::Relay).expect("somebody offers it") / (7 * ERGN)
}

#[test]
fn a_credit_costs_more_the_fewer_stand_for_election() {
    on_short_slots(|| {
        blocks(START..START + 7);
        assert_eq!(WorkOrders::burn_per_credit(Service::Relay), None, "nobody offers it");
        block(START + 7, offer);
        assert_eq!(pallet_work_credits::Candidates::<Runtime>::get(), Some(4));
        let timing = configs::ChainClock::get();
        assert_eq!(turns(), seat_value(&timing, 4, 1));
        // As if there were more, or none of the others were.
        pallet_work_credits::Candidates::<Runtime>::put(24);
        assert_eq!(turns(), seat_value(&timing, 24, 1));
        pallet_work_credits::Candidates::<Runtime>::put(1);
        assert_eq!(turns(), seat_value(&timing, 1, 1));
        // In an emergency the first who is back will lead alone.
        pallet_work_credits::Candidates::<Runtime>::put(0);
        assert_eq!(turns(), seat_value(&timing, 1, 1));
        assert!(seat_value(&timing, 24, 1) < seat_value(&timing, 4, 1));
        assert!(seat_value(&timing, 4, 1) < seat_value(&timing, 1, 1));
    });
}

#[test]
fn an_election_counts_those_who_stand() {
    on_short_slots(|| {
        blocks(START..START + 7);
        assert_eq!(pallet_work_credits::Candidates::<Runtime>::get(), Some(4));
        block(START + 7, || {
            let proof = Box::new(double_seal(Sr25519Keyring::Dave, START));
            assert_ok!(Equivocation::report_double_seal(signed(PAYER), proof));
        });
        blocks(START + 8..START + 20);
        assert_eq!(pallet_work_credits::Candidates::<Runtime>::get(), Some(3));
    });
}

#[test]
fn every_author_changes_what_the_next_draw_goes_by() {
    on_short_slots(|| {
        let mut seen = std::collections::BTreeSet::new();
        for tick in START..START + 50 {
            block(tick, || ());
            assert!(seen.insert(configs::LatestRandomness::get()), "tick {tick}");
        }
    });
}

/// As a block takes it in: the pool's judgement, the weight and the call.
fn apply(call: RuntimeCall) {
    let extrinsic = UncheckedExtrinsic::new_bare(call);
    Executive::apply_extrinsic(extrinsic).expect("is valid").expect("is done");
}

#[test]
fn a_block_full_of_proofs_stays_within_its_weight_and_pays_each() {
    on_short_slots(|| {
        blocks(START..START + 7);
        block(START + 7, offer);
        let open = || {
            assert_ok!(WorkOrders::open_session(signed(PAYER), client().public(), 5 * MB, 1, ERGN, Balance::MAX));
        };
        block(START + 8, || (0..16).for_each(|_| open()));
        blocks(START + 9..START + 17);
        let genesis = System::block_hash(0);
        let earned = Balances::free_balance(OPERATOR.to_account_id());
        let issued = Balances::total_issuance();
        block(START + 17, || {
            let beacon = Beacon {
                slot: configs::ChainClock::get().slot_of(START + 17),
                number: System::block_number() - 1,
                hash: System::parent_hash(),
            };
            for key in [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie, Sr25519Keyring::Dave] {
                let signature = AuthoritySignature::from(key.sign(&beacon.payload()));
                let signed = SignedBeacon { beacon, key: key.public().into(), signature };
                apply(RuntimeCall::WorkTally(pallet_work_tally::Call::beacon { signed }));
            }
            for session in 0..16 {
                let receipt = Receipt { session, relay: node().public(), bytes: 5 * MB, sequence: 1 };
                let redemption = Redemption {
                    receipt,
                    client: client().sign(&receipt.payload(&genesis)),
                    relay: node().sign(&receipt.redemption(&genesis)),
                };
                assert!(WorkOrders::refusal(&Proof::Redemption(redemption.clone())).is_none());
                apply(RuntimeCall::WorkOrders(pallet_work_orders::Call::redeem { redemption: redemption.clone() }));
                // What is said of a proof is more precise than what pools say.
                let error: &str = WorkOrders::refusal(&Proof::Redemption(redemption)).expect("is over").into();
                assert_eq!(error, "UnknownOrder");
            }
            let (used, limits) =
                (System::block_weight().total(), <Runtime as frame_system::Config>::BlockWeights::get());
            assert!(used.all_lt(limits.max_block), "{used:?} of {:?}", limits.max_block);
        });
        let author = 7 * ERGN;
        let gained = Balances::free_balance(OPERATOR.to_account_id()) - earned;
        assert!([16 * 5 * ERGN, 16 * 5 * ERGN + author].contains(&gained), "{gained}");
        assert!(Balances::total_issuance() >= issued, "what is burned was burned at the draw");
        let tally = WorkTally::tally();
        let (credits, beacons) = (tally[0].credits, tally.iter().filter(|entry| entry.live_score > Default::default()));
        assert_eq!((tally[0].entity.clone(), credits, beacons.count()), (OPERATOR.to_account_id(), 16, 4));
    });
}
