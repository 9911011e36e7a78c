//! The command line: one file for each group of commands, dispatch here.

mod key;
mod relay;
mod serve;
mod store;

use clap::{Parser, Subcommand};
use log::LevelFilter;

use crate::{chain::ChainError, client::ClientError, keys::KeyError, logger, worker::StartError};

/// Ergon's worker: relays bytes and holds data for others, proves both on the chain and is paid; and the client that
/// uses it.
#[derive(Debug, Parser)]
#[command(name = "ergon-worker", version, about, long_about = None, propagate_version = true, after_help = EXAMPLES)]
struct Cli {
    /// How much to log: off, error, warn, info, debug or trace.
    #[arg(long, short = 'l', global = true, default_value = "info", value_name = "LEVEL")]
    log: LevelFilter,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  A worker's key, and the signature with which its owner registers it:
    ergon-worker key new node.key
    ergon-worker key consent node.key --owner 5Grwva... --node ws://127.0.0.1:9944
  Work:
    ergon-worker serve --node ws://127.0.0.1:9944 --key node.key --listen 0.0.0.0:7000 --data ./worker
  Send a megabyte through the relays of session 3:
    ergon-worker relay --node ws://127.0.0.1:9944 --session 3 --client-key client.key --target example.org:7 --bytes 1000000
  Have data held:
    ergon-worker root backup.tar
    ergon-worker put --node ws://127.0.0.1:9944 --deal 5 backup.tar
    ergon-worker get --node ws://127.0.0.1:9944 --deal 5 restored.tar";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make and show keys, of nodes and of clients.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Relay and hold data for others, until it is stopped.
    Serve(serve::ServeCommand),
    /// Send bytes through the relays of a session, or forward a local port through them.
    Relay(relay::RelayCommand),
    /// Send back whatever comes: a target for trying relays.
    Echo(relay::EchoCommand),
    /// Print what a deal for a file needs: root, bytes, segments.
    Root(store::RootCommand),
    /// Bring a file to the holders of a deal.
    Put(store::PutCommand),
    /// Fetch the file of a deal.
    Get(store::GetCommand),
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The worker's folder.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Another worker.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// An address of this machine.
    #[error("{address} cannot be listened on: {error}. Is another program using the port?")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        error: std::io::Error,
    },
    /// Several places at once failed.
    #[error("{0}")]
    Failed(String),
}

/// Runs what the process's arguments say.
///
/// # Errors
/// See [`CliError`].
pub fn run() -> Result<(), CliError> {
    let cli = Cli::parse();
    logger::start(cli.log);
    let runtime = tokio::runtime::Runtime::new();
    let runtime = runtime.map_err(|error| CliError::Failed(format!("no threads can be started: {error}")))?;
    let done = runtime.block_on(async {
        match cli.command {
            Command::Key(command) => key::run(command).await,
            Command::Serve(command) => serve::run(command).await,
            Command::Relay(command) => relay::run(command).await,
            Command::Echo(command) => relay::echo(command).await,
            Command::Root(command) => store::root(&command),
            Command::Put(command) => store::put(command).await,
            Command::Get(command) => store::get(command).await,
        }
    });
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command) {
            if command.has_subcommands() {
                command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(check);
            } else {
                let help = command.clone().render_long_help().to_string();
                assert!(help.contains("Example"), "{}", command.get_name());
            }
        }
        check(&Cli::command());
    }

    #[test]
    fn what_cannot_work_is_refused_at_once() {
        let serve = "ergon-worker serve --node ws://127.0.0.1:9944 --key k --listen 0.0.0.0:7000 --data d";
        let relay = "ergon-worker relay --node ws://127.0.0.1:9944 --session 3 --client-key k --bytes 1";
        let parsed = |command: &str, more: &str| {
            Cli::try_parse_from(command.split_whitespace().chain(more.split_whitespace())).map_err(|it| it.to_string())
        };
        for (command, more, good) in [
            (serve, "--settle-margin 6 --max-connections 1", true),
            (serve, "--settle-margin 0", false),
            (serve, "--max-connections 0", false),
            (relay, "--target example.org:7", true),
            (relay, "--target example.org", false),
        ] {
            let parsed = parsed(command, more);
            assert_eq!(parsed.is_ok(), good, "{more}: {parsed:?}");
        }
    }

    #[test]
    fn the_examples_are_understood() {
        for line in EXAMPLES.lines().map(str::trim).filter(|line| line.starts_with("ergon-worker")) {
            let parsed = Cli::try_parse_from(line.split_whitespace());
            assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
        }
    }
}
