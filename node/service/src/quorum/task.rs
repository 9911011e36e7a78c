//! Votes with this node's keys, and keeps the gossip going.
//!
//! Trigger: a new best block. Every node runs it, so that votes reach validators through nodes that are none; only a
//! validator signs. Skipped while the node catches up: what it saw then is long decided. A block that is on another
//! fork asks for votes anew: what a round's members sign is then another block, and nobody is punished for signing
//! both.

use std::sync::Arc;

use codec::Encode;
use ergon_primitives::{
    quorum::{RoundInfo, Topic, Vote},
    quorum_api::QuorumApi,
    AccountId, AuraId,
};
use futures::StreamExt;
use log::{debug, warn};
use sc_client_api::BlockchainEvents;
use sc_network::{service::traits::NetworkService, NotificationService, ProtocolName};
use sc_network_gossip::GossipEngine;
use sc_network_sync::SyncingService;
use sp_api::ProvideRuntimeApi;
use sp_consensus::SyncOracle;
use sp_core::crypto::key_types::AURA;
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::Registry;

use super::{
    gossip::{gossip_topic, VoteValidator},
    votes::{SharedVotes, Verdict},
    LOG_TARGET,
};
use crate::{inherents::BoxedError, metrics::QuorumMetrics, types::Block};

/// What the task needs.
pub(crate) struct Inputs<C> {
    pub(crate) client: Arc<C>,
    /// Session keys; `None` if this node is no validator.
    pub(crate) keystore: Option<KeystorePtr>,
    pub(crate) votes: SharedVotes,
    pub(crate) network: Arc<dyn NetworkService>,
    pub(crate) sync_service: Arc<SyncingService<Block>>,
    pub(crate) notifications: Box<dyn NotificationService>,
    pub(crate) protocol: ProtocolName,
    pub(crate) metrics: Option<QuorumMetrics>,
    pub(crate) registry: Option<Registry>,
}

/// Runs until the client or the network is gone.
pub(crate) async fn run<C>(inputs: Inputs<C>)
where
    C: BlockchainEvents<Block> + ProvideRuntimeApi<Block>,
    C::Api: QuorumApi<Block, AccountId>,
{
    let Inputs { client, keystore, votes, network, sync_service, notifications, protocol, metrics, registry } = inputs;
    let (validator, mut reports) = VoteValidator::new(votes.clone(), metrics.clone());
    let voter = Voter { keystore, votes, metrics };
    let mut engine = GossipEngine::new(
        network,
        sync_service.clone(),
        notifications,
        protocol,
        Arc::new(validator),
        registry.as_ref(),
    );
    let mut blocks = client.import_notification_stream().fuse();
    loop {
        futures::select! {
            () = engine => {
                warn!(target: LOG_TARGET, "The network is gone: no votes any more");
                return;
            }
            report = reports.next() => {
                if let Some((who, change)) = report {
                    engine.report(who, change);
                }
            }
            block = blocks.next() => {
                let Some(block) = block else { return };
                if !block.is_new_best || sync_service.is_major_syncing() {
                    continue;
                }
                match client.runtime_api().rounds(block.hash) {
                    Ok(rounds) => {
                        for vote in voter.vote(&rounds) {
                            engine.gossip_message(gossip_topic(), vote.encode(), false);
                        }
                    }
                    Err(error) => warn!(target: LOG_TARGET, "What to sign at {:?} is unknown: {error}", block.hash),
                }
            }
        }
    }
}

/// Signs what is due.
struct Voter {
    keystore: Option<KeystorePtr>,
    votes: SharedVotes,
    metrics: Option<QuorumMetrics>,
}

impl Voter {
    /// Makes this node's votes in `rounds`, those that are open at a new best block: one for each key and topic.
    fn vote(&self, rounds: &[RoundInfo<AccountId>]) -> Vec<Vote> {
        self.votes.lock().refresh(rounds);
        let Some(keystore) = &self.keystore else { return Vec::new() };
        // Keys may come and go while the node runs.
        let keys: Vec<AuraId> = keystore.sr25519_public_keys(AURA).into_iter().map(AuraId::from).collect();
        let due = self.votes.lock().due(&keys);
        let mut made = Vec::with_capacity(due.len());
        for (topic, key) in due {
            let slot = topic.slot;
            match sign(keystore, topic, key) {
                Ok(vote) if self.votes.lock().add(vote.clone()) == Verdict::New => {
                    debug!(target: LOG_TARGET, "Signed {:?} in slot {slot}", topic.statement);
                    if let Some(metrics) = &self.metrics {
                        metrics.sent.inc();
                    }
                    made.push(vote);
                }
                // Somebody else runs with this key, and was faster.
                Ok(_) => {}
                Err(error) => warn!(target: LOG_TARGET, "The vote of slot {slot} could not be signed: {error}"),
            }
        }
        made
    }
}

fn sign(keystore: &KeystorePtr, topic: Topic, key: AuraId) -> Result<Vote, BoxedError> {
    let signature =
        keystore.sr25519_sign(AURA, &key.clone().into(), &topic.payload())?.ok_or("the keystore lost its key")?;
    Ok(Vote { topic, key, signature: signature.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::scene::*;
    use sp_keystore::{testing::MemoryKeystore, Keystore};

    /// A voter with the keys of the validators `own`.
    fn voter(own: &[u8]) -> Voter {
        let keystore = MemoryKeystore::new();
        for who in own {
            keystore.sr25519_generate_new(AURA, Some(&seed(*who))).expect("memory keystores accept keys");
        }
        Voter { keystore: Some(Arc::new(keystore)), votes: SharedVotes::default(), metrics: None }
    }

    fn signed(voter: &Voter, rounds: &[RoundInfo<AccountId>]) -> Vec<(Topic, AuraId)> {
        let mut signed: Vec<_> = voter.vote(rounds).into_iter().map(|vote| (vote.topic, vote.key)).collect();
        signed.sort_by_key(|(topic, key)| (topic.slot, key.clone()));
        signed
    }

    #[test]
    fn each_key_signs_each_topic_once() {
        let voter = voter(&[2, 9]);
        let rounds = [round(topic(7, 0), 3, &[])];
        let votes = voter.vote(&rounds);
        assert_eq!(
            votes.iter().map(|vote| (vote.topic, vote.key.clone())).collect::<Vec<_>>(),
            [(topic(7, 0), key(2))]
        );
        assert!(voter.vote(&rounds).is_empty());
        let other = Voter { keystore: None, votes: SharedVotes::default(), metrics: None };
        assert!(other.vote(&rounds).is_empty(), "no validator");
        assert_eq!(other.votes.lock().add(votes[0].clone()), Verdict::New, "it is a good one");
    }

    #[test]
    fn a_fork_asks_for_another_vote_and_the_slot_before_for_a_late_one() {
        let voter = voter(&[2]);
        assert_eq!(signed(&voter, &[round(topic(7, 0), 3, &[])]), [(topic(7, 0), key(2))]);
        assert_eq!(signed(&voter, &[round(topic(7, 1), 3, &[])]), [(topic(7, 1), key(2))]);
        let rounds = [round(topic(9, 0), 3, &[]), round(topic(8, 0), 3, &[0, 2])];
        assert_eq!(signed(&voter, &rounds), [(topic(8, 0), key(2)), (topic(9, 0), key(2))]);
        assert!(signed(&voter, &[round(topic(10, 0), 3, &[0, 1])]).is_empty(), "the chain has it");
    }

    #[test]
    fn a_set_of_one_has_its_batch_at_once() {
        let voter = voter(&[1]);
        let rounds = [round(topic(7, 0), 1, &[])];
        voter.vote(&rounds);
        assert_eq!(voter.votes.lock().batch(&rounds).map(|batch| batch.signatures.len()), Some(1));
    }
}
