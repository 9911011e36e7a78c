//! Genesis presets: one function per network. `development`, `local_testnet` and `short_slots` use the well-known
//! development keys and must never hold anything of value; `testnet` and `mainnet` carry placeholder keys until launch, and
//! a node refuses to run them until then.

mod named;
mod throwaway;

use alloc::{string::ToString, vec::Vec};
use sp_genesis_builder::PresetId;

/// One validator, ticks of 1 s, sessions of 2 slots.
pub const DEVELOPMENT: &str = "development";
/// Four validators and the values of SPEC.
pub const LOCAL_TESTNET: &str = "local_testnet";
/// For tests: four validators, ticks of 1 s, slots of 6 ticks, sessions of 4 slots.
pub const SHORT_SLOTS: &str = "short_slots";
/// The public test network, not launched.
pub const TESTNET: &str = "testnet";
/// The main network, not launched.
pub const MAINNET: &str = "mainnet";

/// The preset called `id`, as a JSON patch of the default genesis.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEVELOPMENT => throwaway::development(),
        LOCAL_TESTNET => throwaway::local_testnet(),
        SHORT_SLOTS => throwaway::short_slots(),
        TESTNET | MAINNET => named::unlaunched(),
        _ => return None,
    };
    Some(patch.to_string().into_bytes())
}
