//! Networks of the well-known development keys.

use alloc::vec::Vec;
use ergon_primitives::{currency::ERGN, time::Timing};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

use crate::*;

/// A validator of the development keys: account, block key and vote key.
type Keys = (Sr25519Keyring, Ed25519Keyring);

const FOUR: [Keys; 4] = [
    (Sr25519Keyring::Alice, Ed25519Keyring::Alice),
    (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
    (Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
    (Sr25519Keyring::Dave, Ed25519Keyring::Dave),
];

pub(super) fn development() -> Value {
    network(&FOUR[..1], Timing { tick_ms: 1_000, slots_per_epoch: 2, ..Timing::default() })
}

pub(super) fn local_testnet() -> Value {
    network(&FOUR, Timing::default())
}

pub(super) fn short_slots() -> Value {
    network(&FOUR, Timing { tick_ms: 1_000, ticks_per_slot: 6, slots_per_epoch: 4, window_slots: 64 })
}

/// Every development account is rich, Alice has sudo.
fn network(validators: &[Keys], timing: Timing) -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: Sr25519Keyring::iter()
                .map(|k| (k.to_account_id(), 1_000_000 * ERGN))
                .chain([super::treasury()])
                .collect::<Vec<_>>(),
        },
        session: SessionConfig {
            keys: validators
                .iter()
                .map(|(block, vote)| {
                    let keys = SessionKeys { aura: block.public().into(), grandpa: vote.public().into() };
                    (block.to_account_id(), block.to_account_id(), keys)
                })
                .collect::<Vec<_>>(),
        },
        sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
        work_credits: WorkCreditsConfig { timing },
    })
}
