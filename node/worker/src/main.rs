//! The `ergon-worker` binary: runs the command line, and turns an error into one line and exit code 1.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ergon_worker::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
