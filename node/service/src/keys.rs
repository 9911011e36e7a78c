//! Tells a validator which session keys it lacks, and the command that makes them.
//!
//! A warning and no more: until it has them it is a plain node. (Blocks are made as soon as there is a key; GRANDPA's voter
//! asks only when it starts.)

use log::warn;
use sp_core::crypto::key_types::{AURA, GRANDPA};
use sp_keystore::Keystore;

use crate::config::NodeHome;

/// Warns of each key a validator needs and `keystore` does not hold.
pub(crate) fn warn_of_missing(keystore: &dyn Keystore, home: &NodeHome) {
    let missing = missing(keystore);
    for purpose in &missing {
        warn!(target: "ergon::keys", "This validator has no {purpose}");
    }
    if !missing.is_empty() {
        warn!(
            target: "ergon::keys",
            "Make its keys, then start it again: ergon-node key setup {home} --owner ADDRESS. Until then this is a plain node",
        );
    }
}

fn missing(keystore: &dyn Keystore) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if keystore.sr25519_public_keys(AURA).is_empty() {
        missing.push("'aura' key and cannot make blocks");
    }
    if keystore.ed25519_public_keys(GRANDPA).is_empty() {
        missing.push("'gran' key and cannot vote on finality");
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keystore::testing::MemoryKeystore;

    #[test]
    fn each_missing_kind_is_named() {
        let keystore = MemoryKeystore::new();
        assert_eq!(missing(&keystore).len(), 2);
        keystore.sr25519_generate_new(AURA, None).expect("memory keystores accept keys");
        assert!(matches!(missing(&keystore)[..], [only] if only.starts_with("'gran'")));
        keystore.ed25519_generate_new(GRANDPA, None).expect("memory keystores accept keys");
        assert!(missing(&keystore).is_empty());
    }
}
