//! The public networks. Their validators are not known yet.

use alloc::vec::Vec;
use ergon_primitives::{placeholder, time::Timing};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_core::{crypto::UncheckedFrom, ed25519, sr25519};

use crate::*;

/// Four placeholder validators, no sudo, no money but the treasury's. The roles differ from network to network, and so does the genesis hash.
pub(super) fn unlaunched([account, block, vote]: [&str; 3]) -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: alloc::vec![super::treasury()] },
        session: SessionConfig {
            keys: (0..4)
                .map(|i| {
                    let who = AccountId::from(placeholder::key(account, i));
                    let keys = SessionKeys {
                        aura: sr25519::Public::unchecked_from(placeholder::key(block, i)).into(),
                        grandpa: ed25519::Public::unchecked_from(placeholder::key(vote, i)).into(),
                    };
                    (who.clone(), who, keys)
                })
                .collect::<Vec<_>>(),
        },
        work_credits: WorkCreditsConfig { timing: Timing::default() },
    })
}
