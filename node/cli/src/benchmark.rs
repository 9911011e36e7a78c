//! `benchmark`: the SDK's measurements, as far as they fit this chain.
//!
//! Two are refused. `overhead` and `extrinsic` build blocks of their own with made-up inherents, and every Ergon block needs the
//! VRF of the key that owes its tick, which they cannot make.

use ergon_service::{types::Block, Partial};
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use sc_cli::Result;
use sp_runtime::traits::HashingFor;

use crate::{chain_ops::build_partial, database::create_runner, Cli};

/// Runs the measurement.
pub(crate) fn run(cli: &Cli, command: &BenchmarkCmd) -> Result<()> {
    let runner = create_runner(cli, command)?;
    runner.sync_run(|config| match command {
        BenchmarkCmd::Pallet(pallet) => {
            // With `--runtime FILE` the file is measured, and a chain spec beside it would be refused.
            let spec = pallet.runtime.is_none().then_some(config.chain_spec);
            pallet.run_with_spec::<HashingFor<Block>, ()>(spec)
        }
        BenchmarkCmd::Block(block) => {
            let Partial { client, .. } = build_partial(&config, command)?;
            block.run(client)
        }
        BenchmarkCmd::Machine(machine) => machine.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
        #[cfg(feature = "runtime-benchmarks")]
        BenchmarkCmd::Storage(storage) => {
            let Partial { client, backend, .. } = build_partial(&config, command)?;
            let (db, state) = (backend.expose_db(), backend.expose_storage());
            let cache = backend.expose_shared_trie_cache();
            storage.run(config, client, db, state, cache)
        }
        #[cfg(not(feature = "runtime-benchmarks"))]
        BenchmarkCmd::Storage(_) => {
            Err("`benchmark storage` needs a node built with `--features runtime-benchmarks`".into())
        }
        BenchmarkCmd::Overhead(_) | BenchmarkCmd::Extrinsic(_) => {
            Err("not offered: it cannot make the VRF that every block here carries. `benchmark block` measures the \
                 blocks of a running chain, `benchmark pallet --pallet frame_system` a call's share"
                .into())
        }
    })
}
