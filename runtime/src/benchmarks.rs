//! What `scripts/weights.sh` measures: every pallet in use that has weights. GRANDPA's are the SDK's own formula, which adds
//! to the proof of an equivocation what its benchmark leaves out; Aura, Authorship, Historical and Offences have none.

use alloc::vec::Vec;
use codec::Encode;
use ergon_primitives::{currency::ERGN, schedule::Owner};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_runtime::DigestItem;

use crate::*;

frame_benchmarking::define_benchmarks!(
    [frame_system, frame_system_benchmarking::Pallet::<Runtime>]
    [frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
    [pallet_balances, Balances]
    [pallet_conviction_voting, ConvictionVoting]
    [pallet_delegation, Delegation]
    [pallet_equivocation, Equivocation]
    [pallet_migrations, MultiBlockMigrations]
    [pallet_multisig, Multisig]
    [pallet_parameters, Parameters]
    [pallet_preimage, Preimage]
    [pallet_proxy, Proxy]
    [pallet_quorum, Quorum]
    [pallet_referenda, Referenda]
    [pallet_safe_mode, SafeMode]
    [pallet_scheduler, Scheduler]
    [pallet_session, cumulus_pallet_session_benchmarking::Pallet::<Runtime>]
    [pallet_sudo, Sudo]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_utility, Utility]
    [pallet_validator_staking, ValidatorStaking]
    [pallet_vesting, Vesting]
    [pallet_work_credits, WorkCredits]
    [pallet_work_nodes, WorkNodes]
    [pallet_work_orders, WorkOrders]
    [pallet_work_tally, WorkTally]
);

impl frame_system_benchmarking::Config for Runtime {}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {
    /// Gives the block an author, who is paid: the preset's validator owns every tick.
    fn setup_benchmark_environment() {
        System::deposit_log(DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(1).encode()));
        // Remembered from here on, as in a block after the first fee. Looking it up reads only what the schedule reads, and
        // weighs, in every block.
        assert!(Authorship::author().is_some(), "every tick has an owner");
    }
}

impl cumulus_pallet_session_benchmarking::Config for Runtime {
    fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
        // Only validators may register.
        RegisterValidator::register(&owner);
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}

/// Makes validators for benchmarks of those who delegate to them, or register keys.
pub struct RegisterValidator;

impl RegisterValidator {
    fn register(who: &AccountId) {
        use frame_support::traits::fungible::Mutate;
        use pallet_validator_staking::Registry;
        if Registry::<Runtime>::contains_key(who) {
            return;
        }
        let stake = ValidatorStaking::rules().min_self_stake;
        Balances::mint_into(who, 2 * stake).expect("mints");
        let profile = pallet_validator_staking::Profile {
            name: b"bench".to_vec().try_into().expect("short"),
            ..Default::default()
        };
        ValidatorStaking::register(RuntimeOrigin::signed(who.clone()), stake, Default::default(), profile)
            .expect("registers");
    }

    /// Makes these the active set.
    fn activate(members: impl IntoIterator<Item = (AccountId, AuraId)>) {
        let owners = members.into_iter().map(|(operator, key)| Owner { operator, key }).collect();
        pallet_work_credits::ActiveSet::<Runtime>::put(sp_runtime::BoundedVec::<_, _>::truncate_from(owners));
    }
}

impl pallet_validator_staking::BenchmarkHelper<AccountId> for RegisterValidator {
    fn delegate_to(validator: &AccountId) {
        pallet_delegation::fill_pool::<Runtime>(validator);
    }
}

impl pallet_work_tally::BenchmarkHelper<AccountId> for RegisterValidator {
    fn register(who: &AccountId, key: Option<AuraId>) {
        Self::register(who);
        if let Some(key) = key {
            pallet_session::KeyOwner::<Runtime>::insert((sp_core::crypto::key_types::AURA, key.encode()), who);
        }
    }

    fn set_slot(slot: ergon_primitives::time::SlotNumber) {
        let timing = pallet_work_credits::Clock::<Runtime>::get();
        pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(*timing.ticks_of(slot).start()));
    }
}

impl pallet_quorum::BenchmarkHelper<AccountId> for RegisterValidator {
    fn set_members(members: Vec<(AccountId, AuraId)>) {
        members.iter().for_each(|(operator, _)| {
            Self::register(operator);
            WorkTally::fill_ledger(operator);
        });
        Self::activate(members);
    }

    fn set_slot(slot: ergon_primitives::time::SlotNumber) {
        <Self as pallet_work_tally::BenchmarkHelper<AccountId>>::set_slot(slot);
    }
}

impl pallet_work_nodes::BenchmarkHelper<AccountId> for RegisterValidator {
    fn entity(who: &AccountId) {
        Self::register(who);
    }

    fn set_members(members: &[AccountId]) {
        let key = AuraId::from(sp_core::sr25519::Public::default());
        Self::activate(members.iter().map(|who| (who.clone(), key.clone())));
    }
}

impl pallet_work_orders::BenchmarkHelper<AccountId> for RegisterValidator {
    fn offer(service: ergon_primitives::nodes::Service) {
        use pallet_work_nodes::{Listed, PoolOf, Serving};
        let members: Vec<_> = (0..ergon_primitives::time::MAX_VALIDATORS)
            .map(|member| {
                (frame_benchmarking::account("member", member, 0), AuraId::from(sp_core::sr25519::Public::default()))
            })
            .collect();
        for (pool, (operator, _)) in (2_000_000..).zip(&members) {
            PoolOf::<Runtime>::insert(operator, pool);
        }
        // Only the last of them offers.
        let nodes = sp_runtime::BoundedVec::truncate_from(alloc::vec![Default::default()]);
        Serving::<Runtime>::insert(service, 2_000_000 + members.len() as u32 - 1, Listed { since: 0, nodes });
        <Self as pallet_quorum::BenchmarkHelper<AccountId>>::set_members(members);
    }

    fn make_entity(who: &AccountId) {
        Self::register(who);
        WorkTally::fill_ledger(who);
    }

    fn set_slot(slot: ergon_primitives::time::SlotNumber) {
        <Self as pallet_work_tally::BenchmarkHelper<AccountId>>::set_slot(slot);
    }
}

impl pallet_delegation::BenchmarkHelper<AccountId> for RegisterValidator {
    fn validator(seed: u32) -> AccountId {
        let who = frame_benchmarking::account("validator", seed, 0);
        Self::register(&who);
        who
    }

    fn earn(validator: &AccountId) {
        use frame_support::traits::fungible::Mutate;
        // More fees than the validator's own part of the reward, so that it is paid out of the pot, too.
        let earned = pallet_validator_staking::types::Earned { unminted: ERGN, in_pot: 1_000 * ERGN };
        Balances::mint_into(&Delegation::pot_account(), earned.in_pot).expect("mints");
        pallet_validator_staking::Earnings::<Runtime>::insert(validator, earned);
    }
}
