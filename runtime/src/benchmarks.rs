//! What `scripts/weights.sh` measures: every pallet in use that has weights. GRANDPA's are the SDK's own formula, which adds
//! to the proof of an equivocation what its benchmark leaves out; Aura, Authorship, Historical and Offences have none.

use alloc::vec::Vec;
use codec::Encode;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_runtime::DigestItem;

use crate::*;

frame_benchmarking::define_benchmarks!(
    [frame_system, frame_system_benchmarking::Pallet::<Runtime>]
    [frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
    [pallet_balances, Balances]
    [pallet_equivocation, Equivocation]
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
        // Only validators may register; the measured call is the dearest, a first registration.
        pallet_session::Validators::<Runtime>::append(owner.clone());
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}
