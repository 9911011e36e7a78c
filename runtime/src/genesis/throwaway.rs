//! Networks of the well-known development keys.

use alloc::vec::Vec;
use ergon_primitives::{currency::ERGN, staking::Rules, time::Timing};
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

/// Ticks of 1 s.
const MINUTE: u64 = 60;

pub(super) fn development() -> Value {
    let timing = Timing { tick_ms: 1_000, slots_per_epoch: 2, window_slots: 336, ..Timing::default() };
    // One session of 48 ticks is enough to be judged; stake is free after 100 blocks.
    let rules = Rules { unbonding_ticks: 100, uptime_ticks: 40, ..quick_rules() };
    network(&FOUR[..1], timing, rules)
}

pub(super) fn local_testnet() -> Value {
    network(&FOUR, Timing::default(), Rules::default())
}

pub(super) fn short_slots() -> Value {
    let timing = Timing { tick_ms: 1_000, ticks_per_slot: 6, slots_per_epoch: 4, window_slots: 64 };
    // More validators would not fit into the table.
    let rules = Rules { unbonding_ticks: 2 * MINUTE, uptime_ticks: 10 * MINUTE, max_validators: 27, ..quick_rules() };
    network(&FOUR, timing, rules)
}

/// The specification's rules, with stakes and times that a person can wait for.
fn quick_rules() -> Rules {
    Rules {
        min_self_stake: 1_000 * ERGN,
        uptime_owed: 10,
        jail_ticks: 5 * MINUTE,
        strike_ticks: 60 * MINUTE,
        commission_ticks: MINUTE,
        ..Rules::default()
    }
}

/// Every development account is rich, Alice has sudo. The shares of team, early backers and foundation are as in every network
/// (`super::distribution`).
fn network(validators: &[Keys], timing: Timing, rules: Rules) -> Value {
    let year = 365 * 24 * 3_600 * 1_000 / timing.tick_ms;
    let shares = super::Distribution {
        team: Sr25519Keyring::One.to_account_id(),
        early: Sr25519Keyring::Two.to_account_id(),
        foundation: Sr25519Keyring::FerdieStash.to_account_id(),
    };
    let others = Sr25519Keyring::iter().map(|k| k.to_account_id()).filter(|who| !shares.names(who));
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: others
                .map(|who| (who, 1_000_000 * ERGN))
                .chain(shares.balances())
                .chain(super::own_accounts())
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
        validator_staking: ValidatorStakingConfig { rules },
        vesting: VestingConfig { vesting: shares.vesting(year) },
        work_credits: WorkCreditsConfig { timing },
    })
}
