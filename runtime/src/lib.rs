//! Ergon's runtime: the pallets, their numbers and the version. [`configs`] configures them by group, [`apis`] says what
//! the node may ask, [`genesis`] holds one preset per network.

#![cfg_attr(not(feature = "std"), no_std)]
// The runtime macro expands to code that is deep for a recursive macro.
#![recursion_limit = "256"]
// The SDK's macros make public items without docs; ours are documented.
#![allow(missing_docs)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

#[cfg(feature = "runtime-benchmarks")]
#[macro_use]
mod benchmarks;

pub mod apis;
pub mod configs;
pub mod genesis;
mod migrations;
mod order_info;
mod staking_info;
mod version;
pub mod weights;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use sp_runtime::{generic, impl_opaque_keys};
use sp_version::RuntimeVersion;

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};
pub use ergon_primitives::{
    AccountId, Address, AuraId, Balance, BlockNumber, Hash, Header, Nonce, OpaqueBlock, Signature,
};
pub use version::VERSION;

/// A block with this runtime's extrinsics.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Extrinsic, version 4.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Checks and changes around every transaction. Each of them encodes as nothing or is known to every client.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Dispatches blocks and extrinsics to the pallets.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

impl_opaque_keys! {
    /// A validator's session keys. Tools expect the name `aura`; its handler is the schedule.
    pub struct SessionKeys {
        /// sr25519: signs blocks and their VRF.
        pub aura: WorkCredits,
        /// ed25519: signs finality votes.
        pub grandpa: Grandpa,
    }
}

#[frame_support::runtime]
mod runtime {
    /// The runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // Time and consensus. The order matters: Aura tells the tick, Session turns the set, then the schedule follows both.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(4)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(5)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(6)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(7)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(8)]
    pub type WorkCredits = pallet_work_credits;
    #[runtime::pallet_index(9)]
    pub type Equivocation = pallet_equivocation;
    // After the schedule: an election goes by what its parent's state says.
    #[runtime::pallet_index(10)]
    pub type WorkTally = pallet_work_tally;
    #[runtime::pallet_index(11)]
    pub type Quorum = pallet_quorum;
    #[runtime::pallet_index(12)]
    pub type WorkNodes = pallet_work_nodes;
    #[runtime::pallet_index(13)]
    pub type WorkOrders = pallet_work_orders;

    // Money.
    #[runtime::pallet_index(20)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(21)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(22)]
    pub type Vesting = pallet_vesting;

    // Stake. After Session and Balances, whose genesis it reads.
    #[runtime::pallet_index(30)]
    pub type ValidatorStaking = pallet_validator_staking;
    #[runtime::pallet_index(31)]
    pub type Delegation = pallet_delegation;
    // Last of these: its genesis counts all the money that theirs make.
    #[runtime::pallet_index(32)]
    pub type Supply = pallet_supply;

    // Tools.
    #[runtime::pallet_index(40)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(41)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(42)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(43)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(44)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(45)]
    pub type Sudo = pallet_sudo;

    // Governance.
    #[runtime::pallet_index(50)]
    pub type Referenda = pallet_referenda;
    #[runtime::pallet_index(51)]
    pub type ConvictionVoting = pallet_conviction_voting;
    #[runtime::pallet_index(52)]
    pub type Parameters = pallet_parameters;
    #[runtime::pallet_index(53)]
    pub type MultiBlockMigrations = pallet_migrations;
    #[runtime::pallet_index(54)]
    pub type SafeMode = pallet_safe_mode;
}
