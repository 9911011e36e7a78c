//! `workCredits_*`: the leader schedule as JSON.
//!
//! A thin edge over the runtime API of the same name, for tools that cannot decode SCALE. It only reads; anyone may call it. Each call
//! runs the runtime, so none runs on the threads that serve connections.
//! Every call takes a block hash as its last, optional parameter and answers for the best block without it.

use std::sync::Arc;

use ergon_primitives::{
    api::{WorkCreditsApi, WorkTallyApi, MAX_RECORDS_PER_CALL},
    schedule::{Duties, Schedule, SlotRecord},
    time::{SlotNumber, Timing},
    work::{Tally, Work},
    AccountId, AuraId, Hash, OpaqueBlock as Block,
};
use jsonrpsee::{
    core::RpcResult,
    proc_macros::rpc,
    types::{
        error::{INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE},
        ErrorObjectOwned,
    },
};
use serde::Serialize;
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;

/// How one operator has kept its ticks: [`Duties`] with its name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperatorDuties {
    /// The operator's account.
    pub operator: AccountId,
    /// What it owed and missed, and its reliability in parts per billion.
    #[serde(flatten)]
    pub duties: Duties,
}

/// Where an entity stands: [`Tally`] in JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityTally {
    /// Its operator's account.
    pub entity: AccountId,
    /// Place by credits, from 1.
    pub rank: u32,
    /// Credits of the window.
    pub credits: u64,
    /// Accepted units in it.
    pub units: u64,
    /// Bytes in it.
    pub bytes: u64,
    /// Share of the window's slots with its beacon, in parts per billion.
    pub live_score: u32,
    /// Whether it is too young for that to count.
    pub grace: bool,
}

impl From<Tally<AccountId>> for EntityTally {
    fn from(tally: Tally<AccountId>) -> Self {
        let Tally { entity, rank, credits, work: Work { units, bytes }, live_score, grace } = tally;
        Self { entity, rank, credits, units, bytes, live_score: live_score.deconstruct(), grace }
    }
}

/// The calls.
#[rpc(server, namespace = "workCredits")]
pub trait WorkCreditsRpc {
    /// The chain's clock.
    #[method(name = "timing", blocking)]
    fn timing(&self, at: Option<Hash>) -> RpcResult<Timing>;

    /// The schedule table with the tick and the slot of the block.
    #[method(name = "table", blocking)]
    fn table(&self, at: Option<Hash>) -> RpcResult<Schedule<AccountId, AuraId>>;

    /// The record of one slot; null if the chain has none.
    #[method(name = "leader", blocking)]
    fn leader(&self, slot: SlotNumber, at: Option<Hash>) -> RpcResult<Option<SlotRecord<AccountId>>>;

    /// Records of `count` slots from `first` on; slots that have none are left out.
    #[method(name = "slots", blocking)]
    fn slots(&self, first: SlotNumber, count: u32, at: Option<Hash>) -> RpcResult<Vec<SlotRecord<AccountId>>>;

    /// The slot of the block and those already elected after it.
    #[method(name = "nextSlots", blocking)]
    fn next_slots(&self, at: Option<Hash>) -> RpcResult<Vec<SlotRecord<AccountId>>>;

    /// How each operator of the active set has kept its ticks.
    #[method(name = "duties", blocking)]
    fn duties(&self, at: Option<Hash>) -> RpcResult<Vec<OperatorDuties>>;

    /// Every entity's work and signs of life over the window, the most credits first.
    #[method(name = "tally", blocking)]
    fn tally(&self, at: Option<Hash>) -> RpcResult<Vec<EntityTally>>;
}

/// Answers the calls from the client's state.
pub struct WorkCredits<C> {
    client: Arc<C>,
}

impl<C> WorkCredits<C> {
    /// Answers from `client`.
    pub fn new(client: Arc<C>) -> Self {
        Self { client }
    }
}

impl<C: HeaderBackend<Block>> WorkCredits<C> {
    fn block(&self, at: Option<Hash>) -> Hash {
        at.unwrap_or_else(|| self.client.info().best_hash)
    }
}

impl<C> WorkCreditsRpcServer for WorkCredits<C>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: WorkCreditsApi<Block, AccountId, AuraId> + WorkTallyApi<Block, AccountId>,
{
    fn timing(&self, at: Option<Hash>) -> RpcResult<Timing> {
        let at = self.block(at);
        self.client.runtime_api().timing(at).map_err(|error| runtime_error(at, error))
    }

    fn table(&self, at: Option<Hash>) -> RpcResult<Schedule<AccountId, AuraId>> {
        let at = self.block(at);
        self.client.runtime_api().schedule(at).map_err(|error| runtime_error(at, error))
    }

    fn leader(&self, slot: SlotNumber, at: Option<Hash>) -> RpcResult<Option<SlotRecord<AccountId>>> {
        let at = self.block(at);
        self.client.runtime_api().slot_record(at, slot).map_err(|error| runtime_error(at, error))
    }

    fn slots(&self, first: SlotNumber, count: u32, at: Option<Hash>) -> RpcResult<Vec<SlotRecord<AccountId>>> {
        check_count(count)?;
        let at = self.block(at);
        self.client.runtime_api().slot_records(at, first, count).map_err(|error| runtime_error(at, error))
    }

    fn next_slots(&self, at: Option<Hash>) -> RpcResult<Vec<SlotRecord<AccountId>>> {
        let at = self.block(at);
        self.client.runtime_api().next_slots(at).map_err(|error| runtime_error(at, error))
    }

    fn duties(&self, at: Option<Hash>) -> RpcResult<Vec<OperatorDuties>> {
        let at = self.block(at);
        let duties = self.client.runtime_api().duties(at).map_err(|error| runtime_error(at, error))?;
        Ok(duties.into_iter().map(|(operator, duties)| OperatorDuties { operator, duties }).collect())
    }

    fn tally(&self, at: Option<Hash>) -> RpcResult<Vec<EntityTally>> {
        let at = self.block(at);
        let tally = self.client.runtime_api().tally(at).map_err(|error| runtime_error(at, error))?;
        Ok(tally.into_iter().map(EntityTally::from).collect())
    }
}

/// Refuses what the runtime would cut silently.
fn check_count(count: u32) -> Result<(), ErrorObjectOwned> {
    if count <= MAX_RECORDS_PER_CALL {
        return Ok(());
    }
    Err(ErrorObjectOwned::owned(
        INVALID_PARAMS_CODE,
        format!("{count} slots asked for, but one call returns at most {MAX_RECORDS_PER_CALL}"),
        None::<()>,
    ))
}

fn runtime_error(at: Hash, error: ApiError) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        INTERNAL_ERROR_CODE,
        format!("the runtime at block {at:?} could not answer; its state may be pruned"),
        Some(error.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_for_too_many_slots_names_the_limit() {
        assert!(check_count(MAX_RECORDS_PER_CALL).is_ok());
        let error = check_count(MAX_RECORDS_PER_CALL + 1).expect_err("over the limit");
        assert_eq!(error.code(), INVALID_PARAMS_CODE);
        assert!(error.message().contains(&MAX_RECORDS_PER_CALL.to_string()), "{}", error.message());
    }
}
