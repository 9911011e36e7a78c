//! What calls cost, a file per pallet, made by `scripts/weights.sh`.

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_balances;
pub mod pallet_conviction_voting;
pub mod pallet_delegation;
pub mod pallet_equivocation;
pub mod pallet_migrations;
pub mod pallet_multisig;
pub mod pallet_parameters;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_quorum;
pub mod pallet_referenda;
pub mod pallet_safe_mode;
pub mod pallet_scheduler;
pub mod pallet_session;
pub mod pallet_sudo;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_utility;
pub mod pallet_validator_staking;
pub mod pallet_vesting;
pub mod pallet_work_credits;
pub mod pallet_work_nodes;
pub mod pallet_work_orders;
pub mod pallet_work_tally;
