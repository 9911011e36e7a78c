//! Whole blocks on the native runtime: sessions, finality, schedule and money together, as no pallet's own tests have them.

use codec::Encode;
use ergon_primitives::{
    currency::{ERGN, EXISTENTIAL_DEPOSIT},
    double_seal::DoubleSealProof,
    time::Tick,
    vrf,
};
use frame_support::weights::Weight;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Contains};
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot, AURA_ENGINE_ID};
use sp_core::{crypto::VrfSecret, Pair};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
    traits::{Dispatchable, Header as _, TransactionExtension},
    Digest, DigestItem, DispatchError,
};

use crate::*;

mod equivocation;
mod governance;
mod staking;
mod work;

/// First tick of these stories: the first of a session of `short_slots`, whose sessions are 24 ticks.
const START: Tick = 24_000;

/// Runs a story on the genesis of the test preset and checks all invariants at its end.
fn on_short_slots(story: impl FnOnce()) {
    sp_io::TestExternalities::default().execute_with(|| {
        Runtime::build_state(genesis::whole(genesis::SHORT_SLOTS)).expect("the preset builds");
        story();
        WorkCredits::do_try_state().expect("the schedule is sound");
        Equivocation::do_try_state().expect("the register of keys is sound");
        ValidatorStaking::do_try_state().expect("the register of validators is sound");
        Delegation::do_try_state().expect("the delegations are sound");
        Supply::do_try_state().expect("all money is accounted for");
        WorkTally::do_try_state().expect("the ledgers of work are sound");
        Quorum::do_try_state().expect("the rounds of signatures are sound");
        WorkNodes::do_try_state().expect("pools and nodes are sound");
        WorkOrders::do_try_state().expect("the orders are sound");
        let in_pools = pallet_delegation::Pools::<Runtime>::iter_values().map(|pool| pool.in_pot()).sum::<Balance>();
        let fees =
            pallet_validator_staking::Earnings::<Runtime>::iter_values().map(|earned| earned.in_pot).sum::<Balance>();
        let pot = Balances::free_balance(Delegation::pot_account());
        assert_eq!(pot, EXISTENTIAL_DEPOSIT + in_pools + fees, "the pot has what it owes");
    });
}

/// Makes the block of `tick` with the right author's VRF and runs `calls` in it.
fn block(tick: Tick, calls: impl FnOnce()) {
    let number = System::block_number() + 1;
    let parent = System::parent_hash();
    let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(tick).encode())] };
    Executive::initialize_block(&Header::new(number, Default::default(), Default::default(), parent, digest));
    // As calls, which the filter of calls sees, as in a block.
    let inherent = |call: RuntimeCall| {
        assert_ok!(call.dispatch(RuntimeOrigin::none()));
    };
    inherent(RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: tick * 1_000 }));
    let claim = pallet_work_credits::PendingClaim::<Runtime>::get().expect("the block has no VRF yet");
    let author = Sr25519Keyring::iter().find(|key| AuraId::from(key.public()) == claim.key).expect("a well-known key");
    let signature = author.pair().vrf_sign(&vrf::sign_data(tick, &claim.randomness));
    inherent(RuntimeCall::WorkCredits(pallet_work_credits::Call::note_vrf { vrf: signature.into() }));
    System::note_finished_initialize();
    calls();
    System::note_finished_extrinsics();
    Executive::finalize_block();
}

fn blocks(ticks: impl IntoIterator<Item = Tick>) {
    ticks.into_iter().for_each(|tick| block(tick, || ()));
}

/// The proof that `key` sealed `tick` twice.
fn double_seal(key: Sr25519Keyring, tick: Tick) -> DoubleSealProof<Header> {
    let header = |number| {
        let mut header =
            Header::new(number, Default::default(), Default::default(), Default::default(), Default::default());
        header.digest.push(DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(tick).encode()));
        let seal: AuthoritySignature = key.pair().sign(header.hash().as_ref()).into();
        header.digest.push(CompatibleDigestItem::aura_seal(seal));
        header
    };
    DoubleSealProof {
        offender: key.public().into(),
        slot: Slot::from(tick),
        first_header: header(1),
        second_header: header(2),
    }
}

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

/// What clients put around a call: an immortal transaction without a tip.
fn extension() -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(generic::Era::Immortal),
        frame_system::CheckNonce::from(0),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// Session keys of a well-known name, with the proof that `owner` holds them.
fn session_keys(block: Sr25519Keyring, vote: Ed25519Keyring, owner: &AccountId) -> (SessionKeys, Vec<u8>) {
    let keys = SessionKeys { aura: block.public().into(), grandpa: vote.public().into() };
    let statement = [b"POP_", owner.encode().as_slice()].concat();
    (keys, (block.pair().sign(&statement), vote.pair().sign(&statement)).encode())
}

#[test]
fn new_session_keys_author_and_vote_two_sessions_later() {
    on_short_slots(|| {
        blocks(START..START + 3);
        let bob = Sr25519Keyring::Bob.to_account_id();
        let (keys, proof) = session_keys(Sr25519Keyring::Eve, Ed25519Keyring::Eve, &bob);
        let set = pallet_grandpa::CurrentSetId::<Runtime>::get();
        block(START + 3, || {
            assert_ok!(Session::set_keys(signed(Sr25519Keyring::Bob), keys, proof));
        });
        blocks(START + 4..START + 80);

        let operators = pallet_work_credits::ActiveSet::<Runtime>::get();
        let eve = operators.iter().find(|owner| owner.key == AuraId::from(Sr25519Keyring::Eve.public()));
        assert_eq!(eve.map(|owner| owner.operator.clone()), Some(bob), "the operator is still Bob");
        let voters = Grandpa::grandpa_authorities();
        assert_eq!(voters.len(), 4);
        assert!(voters.iter().any(|(id, _)| *id == Ed25519Keyring::Eve.public().into()));
        assert_eq!(pallet_grandpa::CurrentSetId::<Runtime>::get(), set + 1, "one change of the set, no more");
    });
}

#[test]
fn sessions_without_new_keys_change_no_set() {
    on_short_slots(|| {
        blocks(START..START + 24 * 5);
        assert_eq!(pallet_session::CurrentIndex::<Runtime>::get(), 4);
        assert_eq!(pallet_grandpa::CurrentSetId::<Runtime>::get(), 0);
    });
}

#[test]
fn a_validator_cannot_take_its_keys_out_and_halt_the_chain() {
    let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
    assert!(!<Runtime as frame_system::Config>::BaseCallFilter::contains(&purge));
    on_short_slots(|| {
        blocks(START..START + 3);
        let all = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie, Sr25519Keyring::Dave];
        block(START + 3, || {
            for who in all {
                let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![purge.clone()] });
                for call in [purge.clone(), batch] {
                    let refused = call.dispatch(signed(who)).expect_err("purging is refused").error;
                    assert_eq!(refused, DispatchError::from(frame_system::Error::<Runtime>::CallFiltered));
                }
            }
        });
        blocks(START + 4..START + 80);
        assert_eq!(pallet_work_credits::ActiveSet::<Runtime>::get().len(), 4);
        assert_eq!(Grandpa::grandpa_authorities().len(), 4);
        assert_eq!(pallet_session::NextKeys::<Runtime>::iter().count(), 4);
    });
}

#[test]
fn who_is_no_validator_registers_no_keys_and_loses_no_deposit() {
    on_short_slots(|| {
        let ferdie = Sr25519Keyring::Ferdie;
        let account = ferdie.to_account_id();
        let had = Balances::free_balance(&account);
        blocks(START..START + 3);
        let (keys, proof) = session_keys(ferdie, Ed25519Keyring::Ferdie, &account);
        block(START + 3, || {
            assert_noop!(
                Session::set_keys(signed(ferdie), keys, proof),
                pallet_session::Error::<Runtime>::NoAssociatedValidatorId
            );
        });
        assert_eq!(Balances::free_balance(&account), had);
    });
}

#[test]
fn roots_of_sessions_too_old_to_be_reported_are_forgotten() {
    on_short_slots(|| {
        // A gap ends one session however long it is, so a block a session suffices.
        blocks((0..520).map(|session| START + session * 24));
        let (oldest, end) = pallet_session::historical::StoredRange::<Runtime>::get().expect("roots are stored");
        assert_eq!(end - oldest, 21 * 24 + 3, "21 days of hourly sessions, and the last, the current and the next one");
    });
}

/// Money that an account has paid.
fn paid(amount: Balance) -> frame_support::traits::fungible::Credit<AccountId, Balances> {
    use frame_support::traits::{
        fungible::Balanced,
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve},
    };
    let payer = Sr25519Keyring::Ferdie.to_account_id();
    Balances::withdraw(&payer, amount, Exact, Preserve, Polite).expect("it is rich")
}

#[test]
fn a_fee_goes_to_author_and_treasury_to_the_last_unit() {
    use frame_support::traits::OnUnbalanced;
    on_short_slots(|| {
        let treasury = configs::treasury_account();
        for (fee, tip) in [(10, 0), (7, 3), (1, 0), (EXISTENTIAL_DEPOSIT, ERGN)] {
            let tick = START + System::block_number() as Tick;
            block(tick, || {
                let author = Authorship::author().expect("every block has one");
                let issuance = Balances::total_issuance();
                let before = [&author, &treasury].map(Balances::free_balance);
                configs::SplitFees::on_unbalanceds([paid(fee), paid(tip)].into_iter());
                let gain = [Balances::free_balance(&author) - before[0], Balances::free_balance(&treasury) - before[1]];
                assert_eq!(gain, [fee * 9 / 10 + tip, fee - fee * 9 / 10], "fee {fee}, tip {tip}");
                assert_eq!(Balances::total_issuance(), issuance, "nothing lost or made");
            });
        }
    });
}

#[test]
fn an_author_without_an_account_leaves_its_share_to_the_treasury() {
    use frame_support::traits::OnUnbalanced;
    on_short_slots(|| {
        block(START, || {
            let author = Authorship::author().expect("every block has one");
            let set = |amount| Balances::force_set_balance(RuntimeOrigin::root(), author.clone().into(), amount);
            let had = Balances::free_balance(&author);
            assert_ok!(set(0));
            let before = Balances::free_balance(configs::treasury_account());
            configs::SplitFees::on_unbalanceds([paid(10)].into_iter());
            assert_eq!(Balances::free_balance(&author), 0);
            assert_eq!(Balances::free_balance(configs::treasury_account()), before + 10);
            assert_ok!(set(had));
        });
    });
}

#[test]
fn a_block_has_room_for_its_own_work_and_many_transfers() {
    use pallet_validator_staking::WeightInfo as StakingCosts;
    use pallet_work_credits::WeightInfo;
    use pallet_work_tally::WeightInfo as TallyCosts;
    type Costs = weights::pallet_work_credits::WeightInfo<Runtime>;
    let limits = <Runtime as frame_system::Config>::BlockWeights::get();
    // The worst block of the schedule: the first of a slot, after a gap of a whole table, with 100 validators.
    let of_slot = Costs::on_block()
        .saturating_add(Costs::on_gap(144))
        .saturating_add(Costs::on_slot(100))
        .saturating_add(Costs::note_vrf());
    assert!(of_slot.ref_time() < limits.max_block.ref_time() / 10, "{of_slot:?}");
    // And the worst of work: every queue full, a batch of all signatures.
    let of_work = worst_of_work(limits.max_block);
    assert!(of_work.ref_time() < limits.max_block.ref_time() / 5, "{of_work:?}");
    assert!(of_work.proof_size() < 5_000_000, "{of_work:?}");
    let of_slot = of_slot.saturating_add(of_work);
    // The worst of an epoch: all members are jailed, and as many validators as there can be are ranked.
    let of_epoch = of_slot
        .saturating_add(<weights::pallet_validator_staking::WeightInfo<Runtime> as StakingCosts>::on_session(
            1_000, 112,
        ))
        .saturating_add(Costs::take_from())
        .saturating_add(<weights::pallet_work_tally::WeightInfo<Runtime> as TallyCosts>::on_epoch(1_000));
    assert!(of_epoch.ref_time() < limits.max_block.ref_time() / 2, "{of_epoch:?}");
    let to = Sr25519Keyring::Bob.to_account_id().into();
    let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest: to, value: ERGN });
    let normal = limits.get(frame_support::dispatch::DispatchClass::Normal);
    let each = transfer
        .get_dispatch_info()
        .call_weight
        .saturating_add(extension().weight(&transfer))
        .saturating_add(normal.base_extrinsic);
    for (worst, least) in [(of_slot, 1_000), (of_epoch, 100)] {
        let room = normal.max_total.expect("limited").saturating_sub(worst);
        let transfers = room.ref_time() / each.ref_time();
        assert!(transfers > least, "{transfers} transfers");
    }
}

/// Everything that a block does for work before its transactions, at its worst. Prints the parts: the table of docs/work-credits.md.
fn worst_of_work(block: Weight) -> Weight {
    use pallet_quorum::WeightInfo as _;
    use pallet_work_nodes::WeightInfo as _;
    use pallet_work_orders::WeightInfo as _;
    use pallet_work_tally::WeightInfo as _;
    type Quorum = weights::pallet_quorum::WeightInfo<Runtime>;
    type Nodes = weights::pallet_work_nodes::WeightInfo<Runtime>;
    type Orders = weights::pallet_work_orders::WeightInfo<Runtime>;
    type Tally = weights::pallet_work_tally::WeightInfo<Runtime>;
    let orders = pallet_work_orders::MAX_ORDERS_PER_BLOCK;
    let challenges = pallet_work_orders::MAX_OPEN_CHALLENGES;
    // What the calls and hooks add to what was measured.
    let db = <Runtime as frame_system::Config>::DbWeight::get();
    let parts = [
        ("a block in which nothing is due", Tally::on_block() + Quorum::on_block() + Orders::on_block()),
        ("a slot begins", Tally::on_slot() + Quorum::on_slot() + db.writes(1)),
        ("signatures of 100 validators", Quorum::submit(100)),
        ("48 challenges are judged", Orders::judge(challenges) + db.reads_writes(2, 2) * u64::from(challenges)),
        ("16 challenges are asked", Orders::ask(pallet_work_orders::CHALLENGES_PER_SLOT)),
        ("nodes of 32 orders are drawn", (Orders::draw(orders) + Nodes::draw(orders)) * 2),
        ("32 orders are closed", Orders::close(2 * orders)),
        ("a session ends: 1,000 entities are ranked", Tally::on_epoch(1_000)),
        ("a beacon", Tally::beacon()),
        ("an order", Orders::open() + db.reads(3)),
        ("a receipt", Orders::redeem()),
        ("a pledge", Orders::pledge()),
        ("an answer", Orders::answer() + Orders::close(1)),
    ];
    for (what, weight) in parts {
        let (share, time) = (weight.ref_time() * 1_000 / block.ref_time(), weight.ref_time() / 1_000_000);
        println!("| {what} | {time} µs | {}.{} % |", share / 10, share % 10);
    }
    // A session ends once an hour, which is summed apart; the last ones are transactions.
    parts[..7].iter().fold(Weight::zero(), |sum, (_, weight)| sum.saturating_add(*weight))
}

#[test]
fn a_proxy_without_transfers_cannot_move_money_through_stake_or_vesting() {
    use frame_support::traits::InstanceFilter;
    type ProxyType = <Runtime as pallet_proxy::Config>::ProxyType;
    let eve = Sr25519Keyring::Eve.to_account_id();
    let schedule = pallet_vesting::VestingInfo::new(ERGN, ERGN, 0);
    for call in [
        RuntimeCall::Vesting(pallet_vesting::Call::vested_transfer { target: eve.clone().into(), schedule }),
        RuntimeCall::Delegation(pallet_delegation::Call::bond { validator: eve, amount: ERGN, compounding: false }),
        RuntimeCall::ValidatorStaking(pallet_validator_staking::Call::leave {}),
        RuntimeCall::WorkNodes(pallet_work_nodes::Call::create_pool { name: Default::default() }),
    ] {
        assert!(!ProxyType::NonTransfer.filter(&call), "{call:?}");
        assert!(ProxyType::Any.filter(&call));
    }
    assert!(ProxyType::NonTransfer.filter(&RuntimeCall::System(frame_system::Call::remark { remark: vec![] })));
}

#[test]
fn a_change_of_voters_that_a_forced_one_kept_out_is_announced_again() {
    on_short_slots(|| {
        blocks(START..START + 3);
        let bob = Sr25519Keyring::Bob.to_account_id();
        let (keys, proof) = session_keys(Sr25519Keyring::Eve, Ed25519Keyring::Eve, &bob);
        block(START + 3, || {
            assert_ok!(Session::set_keys(signed(Sr25519Keyring::Bob), keys, proof));
            // Signalled at START + 24 and in force 30 blocks later; the change of keys comes at START + 48.
            assert_ok!(Grandpa::note_stalled(RuntimeOrigin::root(), 30, 0));
        });
        let votes = || {
            let voters = Grandpa::grandpa_authorities();
            voters.iter().any(|(id, _)| *id == Ed25519Keyring::Eve.public().into())
        };
        blocks(START + 4..START + 60);
        assert!(!votes(), "it came while the forced one waited");
        blocks(START + 60..START + 6 * 24);
        assert!(votes());
    });
}
