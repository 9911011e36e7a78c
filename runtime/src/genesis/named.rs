//! The public networks. Their validators are not known yet.

use alloc::vec::Vec;
use ergon_primitives::{currency::ERGN, placeholder, staking::Rules, time::Timing};
use frame_support::build_struct_json_patch;
use pallet_supply::{FeeShares, Policy, Reward};
use serde_json::Value;
use sp_core::{crypto::UncheckedFrom, ed25519, sr25519};
use sp_runtime::{Perbill, Percent};

use crate::*;

/// What a network's placeholders are called, and how it rewards.
pub(super) struct Draft {
    /// Names of accounts, block keys and vote keys; they differ from network to network, and so does the genesis hash.
    pub(super) roles: [&'static str; 3],
    /// Block reward and shares of fees.
    pub(super) policy: Policy,
}

/// 10 ERGN a block; fees for the author, a tenth for the treasury.
pub(super) fn testnet() -> Value {
    unlaunched(&Draft { roles: ["test acct", "test block", "test vote"], policy: Policy::default() })
}

/// A share of the active stake, falling from 12 % a year to 4 %; half of each fee is burned, half goes to those who stake.
pub(super) fn mainnet() -> Value {
    let half = Percent::from_percent(50);
    let policy = Policy {
        reward: Reward::Apr {
            first: Perbill::from_percent(12),
            step: Perbill::from_percent(2),
            floor: Perbill::from_percent(4),
        },
        fees: FeeShares { burned: half, stakers: half, author: Percent::zero() },
        ..Policy::default()
    };
    unlaunched(&Draft { roles: ["main acct", "main block", "main vote"], policy })
}

/// Four placeholder validators with the least stake, no sudo; the shares of team, early backers and foundation are
/// placeholders' too.
fn unlaunched(draft: &Draft) -> Value {
    let [account, block, vote] = draft.roles;
    let timing = Timing::default();
    let rules = Rules::default();
    let who = |i| AccountId::from(placeholder::key(account, i));
    let shares = super::Distribution { team: who(10), early: who(11), foundation: who(12) };
    let year = 365 * 24 * 3_600 * 1_000 / timing.tick_ms;
    // Enough for the stake, the deposit of the keys and a few fees.
    let endowment = rules.min_self_stake.saturating_add(10 * ERGN);
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: (0..4)
                .map(|i| (who(i), endowment))
                .chain(shares.balances())
                .chain(super::own_accounts())
                .collect::<Vec<_>>(),
        },
        session: SessionConfig {
            keys: (0..4)
                .map(|i| {
                    let keys = SessionKeys {
                        aura: sr25519::Public::unchecked_from(placeholder::key(block, i)).into(),
                        grandpa: ed25519::Public::unchecked_from(placeholder::key(vote, i)).into(),
                    };
                    (who(i), who(i), keys)
                })
                .collect::<Vec<_>>(),
        },
        supply: SupplyConfig { policy: draft.policy.clone() },
        validator_staking: ValidatorStakingConfig { rules },
        vesting: VestingConfig { vesting: shares.vesting(year) },
        work_credits: WorkCreditsConfig { timing },
    })
}
