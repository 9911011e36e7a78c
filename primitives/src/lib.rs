//! Types, units, constants and traits that Ergon's runtime, node and tests share.
//!
//! Pure and `no_std`: nothing here reads storage, a clock or a socket. [`time`] owns the arithmetic of ticks and slots,
//! [`schedule`] the shapes of the leader schedule, [`vrf`] the randomness each block carries, [`election`] the pure rule
//! that chooses leaders, [`double_seal`] the proof that a tick was sealed twice, [`staking`] what validators,
//! delegators and the supply of money tell each other, [`work`] what work counts and what it is worth, [`nodes`] who does it, [`orders`] what is signed
//! when it is paid, [`order_info`] what is told of it, [`quorum`] and [`quorum_api`] what validators sign together, [`placeholder`] the keys of networks not yet launched, [`api`] the runtime
//! API through which the node and clients read all of it.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod api;
pub mod currency;
pub mod double_seal;
pub mod election;
pub mod math;
pub mod nodes;
pub mod order_info;
pub mod orders;
pub mod placeholder;
pub mod quorum;
pub mod quorum_api;
pub mod schedule;
pub mod staking;
pub mod staking_info;
pub mod time;
pub mod vrf;
pub mod work;

use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};

/// Signature of an extrinsic: ed25519, sr25519 or ecdsa.
pub type Signature = MultiSignature;
/// Account: the public key, or its hash for ecdsa.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How an extrinsic names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Amount of the native token in its smallest unit; see [`currency`].
pub type Balance = u128;
/// Height of a block.
pub type BlockNumber = u32;
/// Number of transactions an account has sent.
pub type Nonce = u32;
/// Hash of a block or of a transaction.
pub type Hash = sp_core::H256;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block whose extrinsics are opaque bytes: all that the node needs.
pub type OpaqueBlock = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
/// Session key that signs blocks and their VRF.
pub type AuraId = sp_consensus_aura::sr25519::AuthorityId;
