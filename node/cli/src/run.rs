//! Runs a node, or hands over to the file of the command.

use std::path::Path;

use ergon_service::NodeHome;
use sc_cli::{CliConfiguration, RunCmd, SubstrateCli};

use crate::{benchmark, chain_ops, database, key, Cli, Error, Subcommand};

/// Does what the command line says.
pub(crate) fn dispatch(cli: &Cli) -> Result<(), Error> {
    let Some(subcommand) = &cli.subcommand else {
        return run_node(cli);
    };
    let result = match subcommand {
        Subcommand::Key(command) => return key::run(cli, command),
        Subcommand::BuildSpec(command) => chain_ops::build_spec(cli, command),
        Subcommand::ExportChainSpec(command) => chain_ops::export_chain_spec(cli, command),
        Subcommand::CheckBlock(command) => chain_ops::check_block(cli, command),
        Subcommand::ExportBlocks(command) => chain_ops::export_blocks(cli, command),
        Subcommand::ImportBlocks(command) => chain_ops::import_blocks(cli, command),
        Subcommand::ExportState(command) => chain_ops::export_state(cli, command),
        Subcommand::Revert(command) => chain_ops::revert(cli, command),
        Subcommand::PurgeChain(command) => chain_ops::purge_chain(cli, command),
        Subcommand::ChainInfo(command) => chain_ops::chain_info(cli, command),
        Subcommand::Benchmark(command) => benchmark::run(cli, command),
    };
    result.map_err(Error::from)
}

fn run_node(cli: &Cli) -> Result<(), Error> {
    let options = &cli.run;
    let chain = options.chain_id(options.is_dev()?)?;
    let runner = database::create_runner(cli, options).map_err(|error| explain(error, options, &chain))?;
    runner.run_node_until_exit(|config| async move {
        let home = NodeHome::new(&config, chain);
        ergon_service::start(config, home).map_err(Error::Node)
    })
}

/// Replaces the SDK's list of four ways to a network key by the one command that fits these options.
fn explain(error: sc_cli::Error, options: &RunCmd, chain: &str) -> Error {
    let sc_cli::Error::NetworkKeyNotFound(path) = error else {
        return error.into();
    };
    let key_file = options.network_params.node_key_params.node_key_file.as_deref();
    let command = network_key_command(chain, key_file, options.shared_params.base_path.as_deref());
    Error::NoNetworkKey { path, command }
}

fn network_key_command(chain: &str, key_file: Option<&Path>, base_path: Option<&Path>) -> String {
    let chain = if chain.is_empty() { "dev" } else { chain };
    let executable = Cli::executable_name();
    match (key_file, base_path) {
        // `key setup` writes where the node looks by itself.
        (Some(file), _) => format!("{executable} key generate-node-key --chain {chain} --file {}", file.display()),
        (None, Some(path)) => {
            format!("{executable} key setup --chain {chain} --base-path {} --owner ADDRESS", path.display())
        }
        (None, None) => format!("{executable} key setup --chain {chain} --owner ADDRESS"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_network_key_names_the_command_that_makes_it() {
        let cli = Cli::try_from_iter(["ergon-node", "--validator", "--chain", "local", "--base-path", "/data"])
            .expect("the arguments are valid");
        let error = explain(sc_cli::Error::NetworkKeyNotFound("/data/key".into()), &cli.run, "local").to_string();
        assert!(error.contains("/data/key does not exist"), "{error}");
        assert!(error.ends_with("key setup --chain local --base-path /data --owner ADDRESS"), "{error}");
    }

    #[test]
    fn the_command_writes_where_the_node_reads() {
        assert!(network_key_command("", None, None).ends_with("key setup --chain dev --owner ADDRESS"));
        let command = network_key_command("local", Some(Path::new("/key")), Some(Path::new("/data")));
        assert!(command.ends_with("--chain local --file /key"), "{command}");
    }
}
