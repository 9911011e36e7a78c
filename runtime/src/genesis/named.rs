//! The public networks. Their validators are not known yet.

use alloc::vec::Vec;
use ergon_primitives::{placeholder, time::Timing};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_core::{crypto::UncheckedFrom, ed25519, sr25519};

use crate::*;

/// Four placeholder validators, no sudo, no money.
pub(super) fn unlaunched() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        session: SessionConfig {
            keys: (0..4)
                .map(|i| {
                    let account = AccountId::from(placeholder::key("account", i));
                    let keys = SessionKeys {
                        aura: sr25519::Public::unchecked_from(placeholder::key("aura", i)).into(),
                        grandpa: ed25519::Public::unchecked_from(placeholder::key("grandpa", i)).into(),
                    };
                    (account.clone(), account, keys)
                })
                .collect::<Vec<_>>(),
        },
        work_credits: WorkCreditsConfig { timing: Timing::default() },
    })
}
