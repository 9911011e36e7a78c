//! What the node and clients may ask the runtime.

use alloc::{vec, vec::Vec};
use codec::Encode;
use ergon_primitives::{
    double_seal::DoubleSealProof,
    nodes::{NodeKey, Service},
    order_info::{DealInfo, NodeWork, SessionInfo},
    orders::{Challenge, OrderId, Proof},
    quorum::{RoundInfo, Topic},
    schedule::{Duties, Schedule, SlotRecord},
    staking_info::{DelegationInfo, EpochReward, SetInfo, SupplyInfo, UnbondingInfo, ValidatorInfo},
    time::{EpochNumber, SlotNumber, Tick, Timing},
    vrf::VrfClaim,
    work::{SignedBeacon, Tally},
};
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::KeyOwnerProofSystem,
    weights::Weight,
};
use frame_system::offchain::{CreateBare, SubmitTransaction};
use pallet_grandpa::AuthorityId as GrandpaId;
use sp_api::impl_runtime_apis;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult,
};
use sp_session::OpaqueGeneratedSessionKeys;

use crate::*;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let key_owner_proof = key_owner_proof.decode()?;
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            Equivocation::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl ergon_primitives::api::WorkCreditsApi<Block, AccountId, AuraId> for Runtime {
        fn timing() -> Timing {
            pallet_work_credits::Clock::<Runtime>::get()
        }

        fn schedule() -> Schedule<AccountId, AuraId> {
            WorkCredits::schedule()
        }

        fn slot_record(slot: SlotNumber) -> Option<SlotRecord<AccountId>> {
            WorkCredits::slot_record(slot)
        }

        fn slot_records(first: SlotNumber, count: u32) -> Vec<SlotRecord<AccountId>> {
            WorkCredits::slot_records(first, count)
        }

        fn next_slots() -> Vec<SlotRecord<AccountId>> {
            WorkCredits::next_slots()
        }

        fn duties() -> Vec<(AccountId, Duties)> {
            WorkCredits::active_duties()
        }

        fn vrf_claim(tick: Tick) -> Option<VrfClaim<AuraId>> {
            WorkCredits::vrf_claim(tick)
        }
    }

    impl ergon_primitives::api::WorkTallyApi<Block, AccountId> for Runtime {
        fn tally() -> Vec<Tally<AccountId>> {
            WorkTally::tally()
        }

        fn last_tally() -> Option<(EpochNumber, Vec<Tally<AccountId>>)> {
            pallet_work_tally::LastTally::<Runtime>::get().map(|(epoch, tally)| (epoch, tally.into_inner()))
        }

        fn standing(key: AuraId) -> Option<Tally<AccountId>> {
            WorkTally::tally_of(&key)
        }

        fn beacon_due(key: AuraId) -> Option<SlotNumber> {
            WorkTally::beacon_due(&key)
        }

        fn submit_beacon(signed: SignedBeacon) -> bool {
            type Call = pallet_work_tally::Call<Runtime>;
            let beacon = <Runtime as CreateBare<Call>>::create_bare(Call::beacon { signed }.into());
            SubmitTransaction::<Runtime, Call>::submit_transaction(beacon).is_ok()
        }
    }

    impl ergon_primitives::quorum_api::QuorumApi<Block, AccountId> for Runtime {
        fn topic() -> Option<Topic> {
            Quorum::topic()
        }

        fn rounds() -> Vec<RoundInfo<AccountId>> {
            Quorum::rounds()
        }
    }

    impl ergon_primitives::api::WorkOrdersApi<Block, AccountId> for Runtime {
        fn session(id: OrderId) -> Option<SessionInfo<AccountId>> {
            order_info::session(id)
        }

        fn deal(id: OrderId) -> Option<DealInfo<AccountId>> {
            order_info::deal(id)
        }

        fn challenges() -> Vec<Challenge> {
            WorkOrders::challenges().into_iter().map(|open| open.challenge).collect()
        }

        fn work_of(node: NodeKey) -> NodeWork {
            order_info::work_of(&node)
        }

        fn burn_per_credit(service: Service) -> Option<Balance> {
            WorkOrders::burn_per_credit(service)
        }

        fn extrinsic(proof: Proof) -> Vec<u8> {
            type Call = pallet_work_orders::Call<Runtime>;
            let call = match proof {
                Proof::Redemption(redemption) => Call::redeem { redemption },
                Proof::Pledge(pledge) => Call::pledge { pledge },
                Proof::Answer(answer) => Call::answer { answer },
            };
            <Runtime as CreateBare<Call>>::create_bare(call.into()).encode()
        }

        fn refusal(proof: Proof) -> Option<Vec<u8>> {
            let error: &'static str = WorkOrders::refusal(&proof)?.into();
            Some(error.into())
        }
    }

    impl ergon_primitives::api::StakingApi<Block, AccountId> for Runtime {
        fn validators() -> Vec<ValidatorInfo<AccountId>> {
            staking_info::validators()
        }

        fn validator(who: AccountId) -> Option<ValidatorInfo<AccountId>> {
            staking_info::validator(who)
        }

        fn delegations(who: AccountId) -> Vec<DelegationInfo<AccountId>> {
            staking_info::delegations(&who)
        }

        fn unbonding(who: AccountId) -> Vec<UnbondingInfo<AccountId>> {
            staking_info::unbonding(&who)
        }

        fn history(who: AccountId) -> Vec<EpochReward<AccountId>> {
            staking_info::history(&who)
        }

        fn supply() -> SupplyInfo {
            staking_info::supply()
        }

        fn set() -> SetInfo {
            staking_info::set()
        }
    }

    impl ergon_primitives::api::DoubleSealApi<Block> for Runtime {
        fn submit_double_seal_report(proof: DoubleSealProof<<Block as BlockT>::Header>) -> Option<()> {
            type Call = pallet_equivocation::Call<Runtime>;
            if !Equivocation::is_reportable(&proof) {
                return None;
            }
            let call = Call::report_double_seal { proof: proof.into() };
            let report = <Runtime as CreateBare<Call>>::create_bare(call.into());
            // Refused if the pool has it already, which is as good.
            let _ = SubmitTransaction::<Runtime, Call>::submit_transaction(report);
            Some(())
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
        fn query_call_info(call: RuntimeCall, len: u32) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)?;
            genesis::check()
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            vec![
                genesis::DEVELOPMENT.into(),
                genesis::LOCAL_TESTNET.into(),
                genesis::SHORT_SLOTS.into(),
                genesis::TESTNET.into(),
                genesis::MAINNET.into(),
            ]
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            use frame_support::traits::StorageInfoTrait;
            let mut list = Vec::new();
            list_benchmarks!(list, extra);
            (list, AllPalletsWithSystem::storage_info())
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            use frame_support::traits::WhitelistedStorageKeys;
            let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
            let mut batches = Vec::new();
            let params = (&config, &whitelist);
            add_benchmarks!(params, batches);
            Ok(batches)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            let used = Executive::try_runtime_upgrade(checks).expect("an upgrade that fails its dry run must be seen");
            (used, configs::MAXIMUM_BLOCK_WEIGHT)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("a block that fails its dry run must be seen")
        }
    }
}
