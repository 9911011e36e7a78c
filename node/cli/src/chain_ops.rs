//! The commands that read or write a chain without running a node.

use std::sync::Arc;

use ergon_service::{
    partial,
    types::{Block, BlockNumber, FullClient},
    NodeHome, Partial,
};
use sc_cli::{
    BuildSpecCmd, ChainInfoCmd, CheckBlockCmd, CliConfiguration, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd,
    ImportBlocksCmd, PurgeChainCmd, Result, RevertCmd, SubstrateCli,
};
use sc_service::Configuration;

use crate::{database::create_runner, Cli};

/// The parts of a node that `command` works on.
pub(crate) fn build_partial<T: CliConfiguration>(config: &Configuration, command: &T) -> Result<Partial> {
    let chain = command.chain_id(command.is_dev()?)?;
    let home = NodeHome::new(config, chain);
    partial::build(config, &home).map_err(|error| sc_service::Error::from(error).into())
}

pub(crate) fn build_spec(cli: &Cli, command: &BuildSpecCmd) -> Result<()> {
    create_runner(cli, command)?.sync_run(|config| command.run(config.chain_spec, config.network))
}

pub(crate) fn export_chain_spec(cli: &Cli, command: &ExportChainSpecCmd) -> Result<()> {
    command.run(cli.load_spec(&command.chain)?)
}

pub(crate) fn check_block(cli: &Cli, command: &CheckBlockCmd) -> Result<()> {
    create_runner(cli, command)?.async_run(|config| {
        let Partial { client, task_manager, import_queue, .. } = build_partial(&config, command)?;
        Ok((command.run(client, import_queue), task_manager))
    })
}

pub(crate) fn export_blocks(cli: &Cli, command: &ExportBlocksCmd) -> Result<()> {
    create_runner(cli, command)?.async_run(|config| {
        let Partial { client, task_manager, .. } = build_partial(&config, command)?;
        Ok((command.run(client, config.database), task_manager))
    })
}

pub(crate) fn import_blocks(cli: &Cli, command: &ImportBlocksCmd) -> Result<()> {
    create_runner(cli, command)?.async_run(|config| {
        let Partial { client, task_manager, import_queue, .. } = build_partial(&config, command)?;
        Ok((command.run(client, import_queue), task_manager))
    })
}

pub(crate) fn export_state(cli: &Cli, command: &ExportStateCmd) -> Result<()> {
    create_runner(cli, command)?.async_run(|config| {
        let Partial { client, task_manager, .. } = build_partial(&config, command)?;
        Ok((command.run(client, config.chain_spec), task_manager))
    })
}

pub(crate) fn revert(cli: &Cli, command: &RevertCmd) -> Result<()> {
    create_runner(cli, command)?.async_run(|config| {
        let Partial { client, task_manager, backend, .. } = build_partial(&config, command)?;
        let revert_grandpa = Box::new(|client: Arc<FullClient>, _, blocks: BlockNumber| -> Result<()> {
            ergon_service::finality::revert(client, blocks)?;
            Ok(())
        });
        Ok((command.run(client, backend, Some(revert_grandpa)), task_manager))
    })
}

pub(crate) fn purge_chain(cli: &Cli, command: &PurgeChainCmd) -> Result<()> {
    create_runner(cli, command)?.sync_run(|config| command.run(config.database))
}

pub(crate) fn chain_info(cli: &Cli, command: &ChainInfoCmd) -> Result<()> {
    create_runner(cli, command)?.sync_run(|config| command.run::<Block>(&config))
}
