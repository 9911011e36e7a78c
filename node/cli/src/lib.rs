//! Command line of the Ergon node.
//!
//! Owns names, help texts and defaults of the options, and turns them into a service configuration. The node itself is
//! `ergon-service`.

mod benchmark;
mod chain_ops;
mod chain_spec;
mod database;
mod error;
mod key;
mod run;

use std::sync::OnceLock;

use clap::{builder::ArgPredicate, Arg};
use frame_benchmarking_cli::BenchmarkCmd;
use sc_cli::{
    BuildSpecCmd, ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd, ImportBlocksCmd,
    PurgeChainCmd, RevertCmd, RunCmd, SubstrateCli,
};
use sc_service::ChainSpec;

pub use error::Error;

/// Version with commit, handed in by the binary; see [`run`].
static VERSION: OnceLock<&'static str> = OnceLock::new();

/// The options of a node, or a command.
#[derive(Debug, clap::Parser)]
#[command(mut_arg("rpc_methods", safe_unless_dev), mut_arg("chain", list_chains), mut_arg("database", name_default))]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// The options of a node.
    #[clap(flatten)]
    pub run: RunCmd,
}

/// What the binary can do besides running a node.
// Parsed once per process: the size of a variant does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make, inspect and insert keys: of the node, of accounts, of sessions.
    #[command(subcommand)]
    Key(key::KeyCommand),

    /// Print a chain spec. Older tools call this; `export-chain-spec` is the same without a boot node of its own.
    BuildSpec(BuildSpecCmd),

    /// Write a chain spec, as it is or as raw genesis state.
    ExportChainSpec(ExportChainSpecCmd),

    /// Execute one block of the database again and compare the result.
    CheckBlock(CheckBlockCmd),

    /// Write blocks of the database to a file.
    ExportBlocks(ExportBlocksCmd),

    /// Read blocks from a file, verify and import them.
    ImportBlocks(ImportBlocksCmd),

    /// Write the state of a block as a raw chain spec.
    ExportState(ExportStateCmd),

    /// Take the chain back by a number of blocks, at most to the last finalised one.
    Revert(RevertCmd),

    /// Delete the chain's database. Keys stay.
    PurgeChain(PurgeChainCmd),

    /// Print genesis, best and finalised block of the database.
    ChainInfo(ChainInfoCmd),

    /// Measure the runtime and this machine.
    #[command(subcommand)]
    Benchmark(BenchmarkCmd),
}

/// Parses the arguments of this process and does what they say. `version` is what `--version` prints and what peers see.
pub fn run(version: &'static str) -> Result<(), Error> {
    // A second call in one process keeps the first version, which is the same.
    VERSION.get_or_init(|| version);
    run::dispatch(&Cli::from_args())
}

/// The SDK's default lets unsafe calls through to whoever reaches the loopback address, which behind a proxy is everybody.
fn safe_unless_dev(arg: Arg) -> Arg {
    arg.default_value("safe").default_value_if("dev", ArgPredicate::Equals("true".into()), Some("auto"))
}

fn list_chains(arg: Arg) -> Arg {
    arg.help("Chain to follow: a named one or the path of a chain spec").long_help(chain_spec::CHAIN_HELP)
}

fn name_default(arg: Arg) -> Arg {
    let help = "Database backend. Default: the one the base path already holds, RocksDB for a new database";
    arg.help(help).long_help(help)
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Ergon Node".into()
    }

    fn impl_version() -> String {
        VERSION.get().copied().unwrap_or(env!("CARGO_PKG_VERSION")).into()
    }

    fn description() -> String {
        "Node of an Ergon network. Without a command it runs one: a full node, or a validator with --validator.".into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issue tracker of Ergon's source repository".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        chain_spec::load(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_cli::RpcMethods;

    fn parse(arguments: &[&str]) -> Cli {
        let all = std::iter::once("ergon-node").chain(arguments.iter().copied());
        Cli::try_from_iter(all).expect("the arguments are valid")
    }

    #[test]
    fn unsafe_rpc_needs_to_be_asked_for() {
        let methods = |arguments: &[&str]| parse(arguments).run.rpc_params.rpc_methods;
        assert_eq!(methods(&[]), RpcMethods::Safe);
        assert_eq!(methods(&["--dev"]), RpcMethods::Auto);
        assert_eq!(methods(&["--rpc-methods", "unsafe"]), RpcMethods::Unsafe);
        assert_eq!(methods(&["--dev", "--rpc-methods", "safe"]), RpcMethods::Safe);
        assert_eq!(methods(&["--rpc-methods", "auto"]), RpcMethods::Auto);
    }

    #[test]
    fn commands_parse() {
        assert!(parse(&[]).subcommand.is_none());
        let export = parse(&["export-chain-spec", "--chain", "local", "--raw"]).subcommand;
        assert!(matches!(export, Some(Subcommand::ExportChainSpec(_))));
        let key = parse(&["key", "generate-node-key", "--chain", "local", "--default-base-path"]).subcommand;
        assert!(matches!(key, Some(Subcommand::Key(_))));
    }
}
