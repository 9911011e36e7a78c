//! Stake on the whole runtime: joining, earning, being punished, leaving.

use ergon_primitives::staking::{Delegations, Rules};
use sp_runtime::Perbill;

use super::*;

/// Ticks of a session.
const SESSION: Tick = 24;

fn validator(who: Sr25519Keyring) -> pallet_validator_staking::Validator {
    pallet_validator_staking::Registry::<Runtime>::get(who.to_account_id()).expect("registered")
}

fn register(who: Sr25519Keyring, vote: Ed25519Keyring, stake: Balance) {
    let profile =
        pallet_validator_staking::Profile { name: b"new".to_vec().try_into().expect("short"), ..Default::default() };
    let commission = Perbill::from_percent(5);
    assert_ok!(ValidatorStaking::register(signed(who), stake, commission, profile));
    let (keys, proof) = session_keys(who, vote, &who.to_account_id());
    assert_ok!(Session::set_keys(signed(who), keys, proof));
}

/// Blocks at all ticks of the range but those of `absent`.
fn blocks_without(absent: Sr25519Keyring, ticks: impl IntoIterator<Item = Tick>) {
    let absent = absent.to_account_id();
    for tick in ticks {
        if WorkCredits::owner_at(tick).is_some_and(|owner| owner.operator != absent) {
            block(tick, || ());
        }
    }
}

#[test]
fn a_newcomer_makes_blocks_earns_with_its_delegators_and_leaves() {
    let (eve, ferdie) = (Sr25519Keyring::Eve, Sr25519Keyring::Ferdie);
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, || {
            register(eve, Ed25519Keyring::Eve, 2_000 * ERGN);
            assert_ok!(Delegation::bond(signed(ferdie), eve.to_account_id(), 500 * ERGN, false));
        });
        let free = Balances::free_balance(ferdie.to_account_id());
        blocks(START + 4..START + 4 * SESSION + 1);
        let duties = pallet_work_credits::DutiesOf::<Runtime>::get(eve.to_account_id());
        let made = duties.owed - duties.missed;
        assert!(made > 3, "it makes blocks");
        // 7 ERGN a block; 5 % of them are Eve's first, and Ferdie has a fifth of the stake.
        let each = 7 * ERGN * 95 / 100 / 5;
        let pending = Delegation::delegations_of(&ferdie.to_account_id())[0].pending_reward;
        let gained = Balances::free_balance(ferdie.to_account_id()) - free + pending;
        // The block that began this session may be hers, and is not shared out yet.
        let owed = each * Balance::from(made);
        assert!((owed - each - ERGN / 1_000..=owed).contains(&gained), "{gained} for {made}");

        block(START + 4 * SESSION + 1, || {
            assert_ok!(ValidatorStaking::leave(signed(eve)));
        });
        blocks(START + 4 * SESSION + 2..START + 12 * SESSION);
        assert!(!pallet_validator_staking::Registry::<Runtime>::contains_key(eve.to_account_id()));
        assert!(!pallet_session::NextKeys::<Runtime>::contains_key(eve.to_account_id()), "its keys went with it");
        assert_eq!(Balances::reserved_balance(eve.to_account_id()), 0, "all that was held is free");
        assert_eq!(Delegation::delegated_to(&eve.to_account_id()), 500 * ERGN, "its delegators' stake is theirs");
        block(START + 12 * SESSION, || {
            assert_ok!(Delegation::undelegate_all(signed(ferdie), eve.to_account_id()));
        });
    });
}

#[test]
fn a_dead_validator_is_jailed_and_others_get_its_ticks() {
    let bob = Sr25519Keyring::Bob;
    on_short_slots(|| {
        // The window of the preset is 600 ticks.
        for session in 0..40 {
            blocks_without(bob, START + session * SESSION..START + (session + 1) * SESSION);
            if validator(bob).jailed_until.is_some() {
                break;
            }
        }
        assert_eq!(validator(bob).own_stake, 950 * ERGN, "5 % of the stake");
        let now = *pallet_aura::CurrentSlot::<Runtime>::get();
        let account = bob.to_account_id();
        let owns = |tick| WorkCredits::owner_at(tick).is_some_and(|owner| owner.operator == account);
        assert!(!(now + 1..now + 24).any(owns), "its ticks to come are others'");
        let next = (now / SESSION + 1) * SESSION;
        blocks(now + 1..next + 2 * SESSION + 2);
        assert!(!pallet_session::Validators::<Runtime>::get().contains(&account));
        assert_eq!(Grandpa::grandpa_authorities().len(), 3);
        let tick = next + 2 * SESSION + 2;
        block(tick, || {
            assert_ok!(ValidatorStaking::bond_more(signed(bob), 50 * ERGN));
            assert_ok!(ValidatorStaking::unjail(signed(bob)));
        });
        assert_eq!(Supply::ledger().unjail_fees, 1_000 * ERGN);
        blocks(tick + 1..tick + 3 * SESSION);
        assert!(pallet_session::Validators::<Runtime>::get().contains(&account), "and back");
    });
}

#[test]
fn a_double_seal_costs_stake_and_seat_in_the_block_that_reports_it() {
    let bob = Sr25519Keyring::Bob;
    on_short_slots(|| {
        blocks(START..START + 3);
        block(START + 3, || {
            assert_ok!(Delegation::bond(signed(Sr25519Keyring::Ferdie), bob.to_account_id(), 100 * ERGN, true));
        });
        blocks(START + 4..START + 8);
        let before = Delegation::delegated_to(&bob.to_account_id());
        block(START + 8, || {
            let proof = double_seal(bob, START + 6);
            assert_ok!(Equivocation::report_double_seal(RuntimeOrigin::none(), Box::new(proof)));
        });
        // One of four: (3/4)^2, rounded up.
        assert!(validator(bob).tombstoned);
        let left = 1_000 * ERGN * 7 / 16;
        assert!(validator(bob).own_stake.abs_diff(left) <= ERGN / 1_000, "{}", validator(bob).own_stake);
        let delegated = Delegation::delegated_to(&bob.to_account_id());
        // What was earned since is shared out before it is slashed: a few ERGN, so much less than half of it remains of a hundred.
        assert!((before * 7 / 16..before / 2).contains(&delegated), "{delegated} of {before}");
        blocks(START + 9..START + 4 * SESSION);
        assert_eq!(pallet_session::Validators::<Runtime>::get().len(), 3);
        assert!(Supply::ledger().slashes >= 562 * ERGN);
    });
}

#[test]
fn the_first_block_of_an_epoch_takes_transactions() {
    on_short_slots(|| {
        blocks(START..START + SESSION);
        let (session, limits) = (Session::current_index(), <Runtime as frame_system::Config>::BlockWeights::get());
        block(START + SESSION, || {
            assert_eq!(Session::current_index(), session + 1, "this is it");
            let used = System::block_weight().total();
            assert!(used.ref_time() < limits.max_block.ref_time() / 2, "{used:?}");
        });
    });
}

#[test]
fn rules_that_a_network_may_not_have_do_not_even_decode() {
    use configs::{dynamic_params::staking, RuntimeParameters};
    let call = |rules| {
        let parameter = staking::Parameters::RulesInForce(staking::RulesInForce, Some(Some(rules)));
        RuntimeCall::Parameters(pallet_parameters::Call::set_parameter {
            key_value: RuntimeParameters::Staking(parameter),
        })
        .encode()
    };
    let decodes = |call: Vec<u8>| <RuntimeCall as codec::Decode>::decode(&mut &call[..]).is_ok();
    assert!(decodes(call(Rules::default())));
    assert!(!decodes(call(Rules { max_validators: 0, ..Rules::default() })));
    assert!(!decodes(call(Rules { equivocation_slash: Perbill::one(), ..Rules::default() })));
}
