//! The queue that verifies and imports the blocks of others.
//!
//! Aura checks author and seal, the runtime checks the inherents, GRANDPA's import tracks the authority set. Ticks sealed twice
//! are looked for in between, by `seal_watch`.

use std::sync::Arc;

use sc_consensus_aura::{CheckForEquivocation, ImportQueueParams, SlotDuration};
use sc_service::TaskManager;
use sc_telemetry::TelemetryHandle;
use substrate_prometheus_endpoint::Registry;

use crate::{
    inherents::{self, BoxedError},
    seal_watch::SealWatch,
    types::{AuraPair, FullClient, GrandpaImport, Hash, ImportQueue},
};

/// What the queue is built from.
pub(crate) struct Inputs<'a> {
    pub(crate) client: Arc<FullClient>,
    pub(crate) block_import: SealWatch,
    pub(crate) justification_import: GrandpaImport,
    pub(crate) slot_duration: SlotDuration,
    pub(crate) task_manager: &'a TaskManager,
    pub(crate) registry: Option<&'a Registry>,
    pub(crate) telemetry: Option<TelemetryHandle>,
}

/// Builds the queue and spawns its worker.
pub(crate) fn build(inputs: Inputs<'_>) -> Result<ImportQueue, sp_consensus::Error> {
    let Inputs { client, block_import, justification_import, slot_duration, task_manager, registry, telemetry } =
        inputs;
    sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
        justification_import: Some(Box::new(justification_import)),
        block_import,
        client,
        create_inherent_data_providers: move |_parent: Hash, ()| async move {
            Ok::<_, BoxedError>(inherents::for_verification(slot_duration))
        },
        spawner: &task_manager.spawn_essential_handle(),
        registry,
        check_for_equivocation: CheckForEquivocation::No,
        telemetry,
        compatibility_mode: Default::default(),
    })
}
