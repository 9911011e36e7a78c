//! Looks at every sealed header before it is imported, own ones and those of others.
//!
//! A second block of its own for one tick is refused, so it never leaves the node. A second one of somebody else becomes a
//! report. Stock Aura would only log it, does so without the seal that proves it, and never sees own blocks; so its check is
//! off, and this wraps GRANDPA's import.

use std::sync::{Arc, Mutex, PoisonError};

use codec::Encode;
use ergon_primitives::{
    double_seal::{self, DoubleSealProof},
    time::Tick,
    AuraId, Header,
};
use futures::channel::mpsc;
use log::{debug, error};
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_consensus_aura::SlotDuration;
use sp_api::ProvideRuntimeApi;
use sp_consensus::{BlockOrigin, Error as ConsensusError};
use sp_consensus_aura::AuraApi;
use sp_core::crypto::{key_types::AURA, ByteArray};
use sp_keystore::{Keystore, KeystorePtr};
use sp_runtime::traits::Header as _;
use sp_timestamp::Timestamp;

use crate::{
    seal_memory::{SealMemory, KEPT_TICKS},
    types::{Block, FullClient, GrandpaImport},
};

const LOG_TARGET: &str = "ergon::seals";

/// Proofs that wait for the task that reports them; what is above is dropped. More cannot be of use: each offender is recorded
/// once a session. They do not outlive the process, but every other validator has seen the same headers.
const WAITING_REPORTS: usize = 128;

/// A proof that somebody sealed a tick twice.
pub(crate) type Proof = DoubleSealProof<Header>;

/// The memory of the node's own database.
pub(crate) type NodeSealMemory = SealMemory<FullClient>;

/// GRANDPA's import, behind the watch.
#[derive(Clone)]
pub(crate) struct SealWatch {
    inner: GrandpaImport,
    client: Arc<FullClient>,
    memory: Arc<NodeSealMemory>,
    keystore: KeystorePtr,
    slot_duration: SlotDuration,
    /// One sender for all, because each clone would have a place of its own in the channel.
    reports: Arc<Mutex<mpsc::Sender<Proof>>>,
}

/// What [`SealWatch::over`] makes.
pub(crate) struct NewSealWatch {
    pub(crate) import: SealWatch,
    /// What it finds.
    pub(crate) proofs: mpsc::Receiver<Proof>,
}

impl SealWatch {
    /// Watches what goes into `inner`.
    pub(crate) fn over(
        inner: GrandpaImport,
        client: Arc<FullClient>,
        memory: Arc<NodeSealMemory>,
        keystore: KeystorePtr,
        slot_duration: SlotDuration,
    ) -> NewSealWatch {
        let (reports, proofs) = mpsc::channel(WAITING_REPORTS);
        let reports = Arc::new(Mutex::new(reports));
        NewSealWatch { import: Self { inner, client, memory, keystore, slot_duration, reports }, proofs }
    }

    /// Remembers `header`, and refuses it if it is a second one of this node.
    fn watch(&self, header: &Header, own: bool) -> Result<(), ConsensusError> {
        let Some(tick) = double_seal::tick_of(header.digest()) else { return Ok(()) };
        // Execution will refuse it; kept, it could fill the disk.
        if header.encoded_size() > double_seal::MAX_HEADER_BYTES {
            return if own { Err(refusal(tick, "its header is too large")) } else { Ok(()) };
        }
        if !own && tick.saturating_add(KEPT_TICKS) < self.tick_now() {
            return Ok(());
        }
        let signer = match self.signer(header, tick) {
            Ok(Some(signer)) => signer,
            // An own block is never let through unremembered.
            Ok(None) | Err(_) if own => return Err(refusal(tick, "its key is not known at the parent")),
            Ok(None) => return Ok(()),
            Err(error) => {
                debug!(target: LOG_TARGET, "Who sealed tick {tick} cannot be told: {error}");
                return Ok(());
            }
        };
        match self.memory.remember(&signer, tick, header) {
            Ok(None) => Ok(()),
            Ok(Some(_)) if own => {
                error!(
                    target: LOG_TARGET,
                    "🚫 This node's key sealed tick {tick} before: the second block is not published. If another node \
                     holds the same session keys, stop one of them now",
                );
                Err(refusal(tick, "its key sealed this tick before"))
            }
            Ok(Some(before)) => {
                self.accuse(Proof {
                    offender: signer,
                    slot: tick.into(),
                    first_header: before,
                    second_header: header.clone(),
                });
                Ok(())
            }
            Err(error) if own => Err(refusal(tick, &error.to_string())),
            Err(error) => {
                error!(target: LOG_TARGET, "The seal of tick {tick} could not be remembered: {error}");
                Ok(())
            }
        }
    }

    fn accuse(&self, proof: Proof) {
        let tick = *proof.slot;
        if self.keystore.has_keys(&[(proof.offender.to_raw_vec(), AURA)]) {
            error!(
                target: LOG_TARGET,
                "🚨 Another node sealed tick {tick} with this node's session key. Double-signing is an offence: stop one \
                 of the two now",
            );
            return;
        }
        error!(target: LOG_TARGET, "🚨 {} sealed tick {tick} twice", proof.offender);
        // Nobody listens on a node that makes no blocks, and so could not report.
        let sent = self.reports.lock().unwrap_or_else(PoisonError::into_inner).try_send(proof);
        if let Err(error) = sent {
            debug!(target: LOG_TARGET, "No report of tick {tick}: {error}");
        }
    }

    /// Whose tick it is at the block's parent. The seal was checked against this key, or made with it.
    fn signer(&self, header: &Header, tick: Tick) -> Result<Option<AuraId>, sp_api::ApiError> {
        let table: Vec<AuraId> = self.client.runtime_api().authorities(*header.parent_hash())?;
        let index = tick.checked_rem(table.len() as u64).and_then(|index| usize::try_from(index).ok());
        Ok(index.and_then(|index| table.into_iter().nth(index)))
    }

    fn tick_now(&self) -> Tick {
        Timestamp::current().as_millis() / self.slot_duration.as_millis().max(1)
    }
}

fn refusal(tick: Tick, why: &str) -> ConsensusError {
    ConsensusError::ClientImport(format!("the own block of tick {tick} is not published: {why}"))
}

#[async_trait::async_trait]
impl BlockImport<Block> for SealWatch {
    type Error = ConsensusError;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, ConsensusError> {
        self.inner.check_block(block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, ConsensusError> {
        // What warp sync brings is not sealed by anybody the state knows, and was not verified.
        if !block.with_state() && !block.state_action.skip_execution_checks() {
            self.watch(&block.post_header(), block.origin == BlockOrigin::Own)?;
        }
        self.inner.import_block(block).await
    }
}
