//! Sends this node's signs of life: once a slot, for each validator whose session key it holds.
//!
//! Trigger: a new best block. A beacon names that block's parent, so that other nodes know it already when the beacon comes. If the
//! chain has not taken it in some blocks later, another is sent: a fork may have dropped it, or a pool forgotten it.

use std::{collections::BTreeMap, sync::Arc};

use ergon_primitives::{
    api::WorkTallyApi,
    time::SlotNumber,
    work::{Beacon, SignedBeacon},
    AuraId, BlockNumber, Header,
};
use futures::StreamExt;
use log::{debug, warn};
use sc_client_api::BlockchainEvents;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::{ApiExt, ProvideRuntimeApi};
use sp_consensus::SyncOracle;
use sp_core::crypto::key_types::AURA;
use sp_keystore::{Keystore, KeystorePtr};
use sp_runtime::traits::Header as _;

use crate::{
    inherents::BoxedError,
    metrics::BeaconMetrics,
    types::{Block, FullClient, Hash, TransactionPool},
};

const LOG_TARGET: &str = "ergon::beacons";

/// Blocks after which a beacon that the chain has not taken is sent again.
const PATIENCE: BlockNumber = 4;

/// A beacon that was sent: its slot, and how high the chain was.
type Sent = (SlotNumber, BlockNumber);

/// What the task needs.
pub(crate) struct Inputs {
    pub(crate) client: Arc<FullClient>,
    pub(crate) keystore: KeystorePtr,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    pub(crate) metrics: Option<BeaconMetrics>,
}

/// Runs until the client is gone. While the node catches up it sends nothing: its block is no late one.
pub(crate) async fn run(inputs: Inputs, sync: impl SyncOracle + Send + 'static) {
    let Inputs { client, keystore, transaction_pool, metrics } = inputs;
    let pool = OffchainTransactionPoolFactory::new(transaction_pool);
    let mut blocks = client.import_notification_stream();
    let mut sent: BTreeMap<AuraId, Sent> = BTreeMap::new();
    let mut silent = None;
    while let Some(block) = blocks.next().await {
        if !block.is_new_best {
            continue;
        }
        // Keys may come and go while the node runs.
        let keys: Vec<AuraId> = keystore.sr25519_public_keys(AURA).into_iter().map(AuraId::from).collect();
        let catches_up = sync.is_major_syncing();
        for key in keys.iter().filter(|_| !catches_up) {
            match send_due(&client, &*keystore, &pool, &block.header, block.hash, key, sent.get(key)) {
                Ok(Some(slot)) => {
                    debug!(target: LOG_TARGET, "Sent the beacon of slot {slot}");
                    if let Some(metrics) = &metrics {
                        metrics.sent.inc();
                        // For show only: an older runtime cannot tell.
                        if let Ok(Some(standing)) = client.runtime_api().standing(block.hash, key.clone()) {
                            metrics.show(&standing);
                        }
                    }
                    sent.insert(key.clone(), (slot, *block.header.number()));
                }
                Ok(None) => {}
                Err(error) => warn!(target: LOG_TARGET, "The beacon at {:?} could not be sent: {error}", block.hash),
            }
        }
        let why = reason(catches_up, &keys, &sent);
        if why != silent {
            debug!(target: LOG_TARGET, "Beacons: {}", why.unwrap_or("sent once a slot from now on"));
            silent = why;
        }
    }
}

/// Why no beacon has been sent, if none has.
fn reason(catches_up: bool, keys: &[AuraId], sent: &BTreeMap<AuraId, Sent>) -> Option<&'static str> {
    if catches_up {
        Some("none while this node catches up with the chain")
    } else if keys.is_empty() {
        Some("none, there is no block key in the keystore: `ergon-node key setup` makes one")
    } else if !keys.iter().any(|key| sent.contains_key(key)) {
        Some(
            "none so far, no validator has registered a block key of this keystore, or the chain has its beacon: see \
             `ergon-node key verify`",
        )
    } else {
        None
    }
}

/// Sends the beacon of `key` that the chain at `at` waits for, unless one was just sent. Returns its slot.
fn send_due(
    client: &FullClient,
    keystore: &dyn Keystore,
    pool: &OffchainTransactionPoolFactory<Block>,
    header: &Header,
    at: Hash,
    key: &AuraId,
    sent: Option<&Sent>,
) -> Result<Option<SlotNumber>, BoxedError> {
    let Some(slot) = client.runtime_api().beacon_due(at, key.clone())? else { return Ok(None) };
    let number = *header.number();
    if !is_time(slot, number, sent) {
        return Ok(None);
    }
    let beacon = Beacon { slot, number: number.saturating_sub(1), hash: *header.parent_hash() };
    let signature =
        keystore.sr25519_sign(AURA, &key.clone().into(), &beacon.payload())?.ok_or("the keystore lost its key")?;
    let mut api = client.runtime_api();
    api.register_extension(pool.offchain_transaction_pool(at));
    let taken = api.submit_beacon(at, SignedBeacon { beacon, key: key.clone(), signature: signature.into() })?;
    Ok(taken.then_some(slot))
}

/// Whether to send the beacon of `slot` with the chain at `number`.
fn is_time(slot: SlotNumber, number: BlockNumber, sent: Option<&Sent>) -> bool {
    sent.is_none_or(|(last, height)| *last != slot || number.abs_diff(*height) >= PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_why_none_is_sent() {
        let key = |byte: u8| AuraId::from(sp_core::sr25519::Public::from_raw([byte; 32]));
        let sent = BTreeMap::from([(key(1), (7, 100))]);
        assert_eq!(reason(false, &[key(2), key(1)], &sent), None);
        for (catches_up, keys, why) in
            [(true, vec![key(1)], "catches up"), (false, vec![], "setup"), (false, vec![key(2)], "verify")]
        {
            assert!(reason(catches_up, &keys, &sent).is_some_and(|said| said.contains(why)), "{why}");
        }
    }

    #[test]
    fn a_beacon_is_sent_once_a_slot_and_again_if_the_chain_did_not_take_it() {
        assert!(is_time(7, 100, None));
        assert!(!is_time(7, 100, Some(&(7, 100))) && !is_time(7, 103, Some(&(7, 100))));
        assert!(is_time(7, 104, Some(&(7, 100))), "dropped or forgotten");
        assert!(is_time(8, 101, Some(&(7, 100))));
        // A reorganisation may lead back into an earlier slot.
        assert!(is_time(6, 99, Some(&(7, 100))));
    }
}
