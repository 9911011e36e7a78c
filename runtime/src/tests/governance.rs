//! Referenda from proposal to enactment, who may vote, and safe mode.

use ergon_primitives::{
    staking::Rules,
    work::{Beacon, SignedBeacon},
};
use frame_support::{
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    traits::{schedule::DispatchTime, StorePreimage},
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};

use super::*;
use configs::{dynamic_params, RuntimeParameters};

fn aye(balance: Balance) -> AccountVote<Balance> {
    AccountVote::Standard { vote: Vote { aye: true, conviction: Conviction::Locked1x }, balance }
}

fn nay(balance: Balance) -> AccountVote<Balance> {
    AccountVote::Standard { vote: Vote { aye: false, conviction: Conviction::Locked1x }, balance }
}

/// Proposes `call`, with both deposits paid. The first of a story has the number 0.
fn propose(call: RuntimeCall) {
    let origin = Box::new(frame_system::RawOrigin::Root.into());
    let proposal = Preimage::bound(call).expect("a preimage that fits");
    let call = |call: pallet_referenda::Call<Runtime>| {
        assert_ok!(RuntimeCall::Referenda(call).dispatch(signed(Sr25519Keyring::Ferdie)));
    };
    call(pallet_referenda::Call::submit {
        proposal_origin: origin,
        proposal,
        enactment_moment: DispatchTime::After(1),
    });
    let index = pallet_referenda::ReferendumCount::<Runtime>::get() - 1;
    call(pallet_referenda::Call::place_decision_deposit { index });
}

fn more_validators() -> RuntimeCall {
    let rules = Rules { max_validators: 20, ..ValidatorStaking::rules() };
    let parameter =
        dynamic_params::staking::Parameters::RulesInForce(dynamic_params::staking::RulesInForce, Some(Some(rules)));
    RuntimeCall::Parameters(pallet_parameters::Call::set_parameter { key_value: RuntimeParameters::Staking(parameter) })
}

/// Whether a referendum is approved and carried out, with these votes of validators that have 1,000 each.
fn passes(votes: &[(Sr25519Keyring, AccountVote<Balance>)]) -> bool {
    let mut passed = false;
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, || {
            propose(more_validators());
            for (who, vote) in votes {
                assert_ok!(ConvictionVoting::vote(signed(*who), 0, *vote));
            }
        });
        // A week is 40 blocks here, a day 5, and rules turn with a session.
        blocks(START + 4..START + 96);
        passed = ValidatorStaking::rules().max_validators == 20;
    });
    passed
}

#[test]
fn a_third_of_all_stake_carries_a_change_of_the_rules() {
    use Sr25519Keyring::{Alice, Bob, Charlie};
    assert!(passes(&[(Alice, aye(1_000 * ERGN)), (Bob, aye(400 * ERGN))]));
    assert!(!passes(&[(Alice, aye(1_000 * ERGN))]), "a quarter is not a third");
    assert!(!passes(&[]), "nobody");
    let against = [(Alice, aye(1_000 * ERGN)), (Bob, aye(400 * ERGN)), (Charlie, nay(1_000 * ERGN))];
    assert!(passes(&against), "1,400 are more than 1,000");
    let halves = [
        (Alice, aye(1_000 * ERGN)),
        (Bob, aye(400 * ERGN)),
        (Charlie, nay(1_000 * ERGN)),
        (Sr25519Keyring::Dave, nay(400 * ERGN)),
    ];
    assert!(!passes(&halves), "a tie is no majority");
}

#[test]
fn only_stake_votes_and_each_unit_once() {
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, || {
            propose(more_validators());
            let (alice, ferdie) = (Sr25519Keyring::Alice, Sr25519Keyring::Ferdie);
            let vote = |who, vote| ConvictionVoting::vote(signed(who), 0, vote);
            assert!(vote(ferdie, aye(ERGN)).is_err(), "money that is not staked");
            assert!(vote(alice, aye(1_000 * ERGN + 1)).is_err(), "more than is staked");
            let locked = Vote { aye: true, conviction: Conviction::Locked6x };
            assert!(vote(alice, AccountVote::Standard { vote: locked, balance: ERGN }).is_err(), "no weight by time");
            assert!(vote(alice, AccountVote::Split { aye: ERGN, nay: ERGN }).is_err());
            let delegate = RuntimeCall::ConvictionVoting(pallet_conviction_voting::Call::delegate {
                class: 0,
                to: alice.to_account_id().into(),
                conviction: Conviction::Locked6x,
                balance: 1_000 * ERGN,
            });
            let refused = delegate.dispatch(signed(ferdie)).expect_err("is filtered").error;
            assert_eq!(refused, DispatchError::from(frame_system::Error::<Runtime>::CallFiltered));
            assert_ok!(Delegation::bond(signed(ferdie), alice.to_account_id(), 200 * ERGN, false));
            assert_ok!(vote(ferdie, aye(200 * ERGN)));
            // The same stake again changes the vote, and does not add to it.
            assert_ok!(vote(ferdie, aye(100 * ERGN)));
            // What is on its way out has no vote.
            assert_ok!(Delegation::undelegate(signed(ferdie), alice.to_account_id(), 100 * ERGN));
            assert!(vote(ferdie, aye(101 * ERGN)).is_err());
            let info = pallet_referenda::ReferendumInfoFor::<Runtime>::get(0).expect("it runs");
            let pallet_referenda::ReferendumInfo::Ongoing(status) = info else { panic!("it is over") };
            assert_eq!(status.tally.ayes, 100 * ERGN);
        });
    });
}

#[test]
fn rules_too_far_from_genesis_are_voted_for_nothing() {
    on_short_slots(|| {
        blocks(START..START + 3);
        let far = Rules { unbonding_ticks: 1, ..ValidatorStaking::rules() };
        block(START + 3, || {
            let parameter = dynamic_params::staking::Parameters::RulesInForce(
                dynamic_params::staking::RulesInForce,
                Some(Some(far)),
            );
            assert_ok!(Parameters::set_parameter(RuntimeOrigin::root(), RuntimeParameters::Staking(parameter)));
        });
        blocks(START + 4..START + 50);
        assert_eq!(ValidatorStaking::rules().unbonding_ticks, 120);
    });
}

fn transfer() -> RuntimeCall {
    let dest = Sr25519Keyring::Bob.to_account_id().into();
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: ERGN })
}

#[test]
fn after_a_migration_that_failed_only_governance_works_and_leads_out() {
    use Sr25519Keyring::{Alice, Bob, Ferdie};
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, || {
            assert_eq!(
                <Runtime as pallet_migrations::Config>::FailedMigrationHandler::failed(Some(0)),
                FailedMigrationHandling::ForceUnstuck
            );
        });
        assert!(SafeMode::is_entered());
        block(START + 4, || {
            let refused = transfer().dispatch(signed(Ferdie)).expect_err("refused in safe mode").error;
            assert_eq!(refused, DispatchError::from(frame_system::Error::<Runtime>::CallFiltered));
            // Scores go on, or after some days only newcomers could lead. This one is judged, and too old.
            let sign_of_life = Beacon { slot: 0, number: 0, hash: Hash::default() };
            let signature = Alice.pair().sign(&sign_of_life.payload()).into();
            let beacon = pallet_work_tally::Call::beacon {
                signed: SignedBeacon { beacon: sign_of_life, key: Alice.public().into(), signature },
            };
            let refused = RuntimeCall::WorkTally(beacon).dispatch(RuntimeOrigin::none()).expect_err("too old").error;
            assert_eq!(refused, DispatchError::from(pallet_work_tally::Error::<Runtime>::SlotOver));
            propose(RuntimeCall::SafeMode(pallet_safe_mode::Call::force_exit {}));
            for who in [Alice, Bob] {
                let vote = RuntimeCall::ConvictionVoting(pallet_conviction_voting::Call::vote {
                    poll_index: 0,
                    vote: aye(1_000 * ERGN),
                });
                // As many stakers do: in a batch.
                let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![vote] });
                assert_ok!(batch.dispatch(signed(who)));
            }
            let hidden = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![transfer()] });
            assert!(hidden.dispatch(signed(Ferdie)).is_err(), "what a batch holds is filtered too");
        });
        blocks(START + 5..START + 80);
        assert!(!SafeMode::is_entered(), "voted to leave it");
        block(START + 80, || {
            assert_ok!(transfer().dispatch(signed(Ferdie)));
        });
    });
}

#[test]
fn the_treasury_pays_what_was_voted() {
    use Sr25519Keyring::{Alice, Bob, Eve};
    on_short_slots(|| {
        blocks(START..START + 3);
        let treasury = configs::treasury_account();
        let before = Balances::free_balance(Eve.to_account_id());
        block(START + 3, || {
            assert_ok!(Balances::transfer_keep_alive(signed(Alice), treasury.clone().into(), 50 * ERGN));
            propose(RuntimeCall::Balances(pallet_balances::Call::force_transfer {
                source: treasury.clone().into(),
                dest: Eve.to_account_id().into(),
                value: 20 * ERGN,
            }));
            for who in [Alice, Bob] {
                assert_ok!(ConvictionVoting::vote(signed(who), 0, aye(1_000 * ERGN)));
            }
        });
        blocks(START + 4..START + 80);
        assert_eq!(Balances::free_balance(Eve.to_account_id()) - before, 20 * ERGN);
    });
}
