//! Runs a simulation, prints what came of it, and fails if a target is missed.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use ergon_work_simulator::{judge::targets, kinds::KINDS, plot::plot, report::report, simulation::run, Options};

/// Simulates weeks of work credits over the pallets themselves.
#[derive(Debug, Parser)]
struct Arguments {
    /// Slots that are measured, after a window that is not [default: 20160, quick: 960]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    slots: Option<u32>,
    /// Entities [default: 100]
    #[arg(long, value_parser = clap::value_parser!(u32).range(KINDS.len() as i64..=100))]
    entities: Option<u32>,
    /// The same seed gives the same numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Windows of 240 slots, and the invariants after each epoch: some seconds
    #[arg(long)]
    quick: bool,
    /// Where to write a picture (SVG)
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut options = if arguments.quick { Options::quick() } else { Options::full() };
    options.seed = arguments.seed;
    options.slots = arguments.slots.unwrap_or(options.slots);
    options.entities = arguments.entities.unwrap_or(options.entities);
    let outcome = run(&options, |epoch, epochs| {
        if epoch % 20 == 0 || epoch == epochs {
            eprintln!("epoch {epoch} of {epochs}");
        }
    });
    print!("{}", report(&outcome));
    if let Some(path) = arguments.plot {
        if let Err(error) = std::fs::write(&path, plot(&outcome)) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    let missed: Vec<_> = targets(&outcome).into_iter().filter(|target| !target.met).map(|target| target.name).collect();
    if missed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("targets missed: {}", missed.join("; "));
    ExitCode::FAILURE
}
