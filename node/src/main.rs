//! The `ergon-node` binary: hands its version to the command line and turns an error into one line and exit code 1.
//!
//! The version holds the commit. It is read here and nowhere else, so that a new commit recompiles only this file.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ergon_cli::run(env!("SUBSTRATE_CLI_IMPL_VERSION")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
