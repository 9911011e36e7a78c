//! What `scripts/weights.sh` measures: every pallet in use that has weights. GRANDPA's are the SDK's own formula, which adds
//! to the proof of an equivocation what its benchmark leaves out; Aura, Authorship, Historical and Offences have none.

use alloc::vec::Vec;
use codec::Encode;

use crate::*;

frame_benchmarking::define_benchmarks!(
    [frame_system, frame_system_benchmarking::Pallet::<Runtime>]
    [frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
    [pallet_balances, Balances]
    [pallet_multisig, Multisig]
    [pallet_preimage, Preimage]
    [pallet_proxy, Proxy]
    [pallet_scheduler, Scheduler]
    [pallet_session, cumulus_pallet_session_benchmarking::Pallet::<Runtime>]
    [pallet_sudo, Sudo]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_utility, Utility]
    [pallet_work_credits, WorkCredits]
);

impl frame_system_benchmarking::Config for Runtime {}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

impl cumulus_pallet_session_benchmarking::Config for Runtime {
    fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}
