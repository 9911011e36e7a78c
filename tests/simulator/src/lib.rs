#![doc = include_str!("../README.md")]

pub mod actors;
pub mod book;
pub mod chance;
pub mod compare;
pub mod elections;
pub mod judge;
pub mod kinds;
pub mod lies;
pub mod orders;
pub mod plot;
pub mod ranks;
pub mod report;
pub mod simulation;
pub mod work;
pub mod world;

use ergon_primitives::time::Timing;

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The chain's clock.
    pub timing: Timing,
    /// Entities: one of each kind at least.
    pub entities: u32,
    /// Slots that are measured, after a window that is not.
    pub slots: u32,
    /// The same seed gives the same numbers.
    pub seed: u64,
    /// Whether the pallets' invariants are checked at the end of each epoch, and not only of the last.
    pub check_each_epoch: bool,
}

impl Options {
    /// Four weeks of the specification's clock.
    pub fn full() -> Self {
        Self { timing: Timing::default(), entities: 100, slots: 20_160, seed: 1, check_each_epoch: false }
    }

    /// Some seconds: windows of 240 slots.
    pub fn quick() -> Self {
        let timing = Timing { slots_per_epoch: 6, window_slots: 240, ..Timing::default() };
        Self { timing, slots: 960, check_each_epoch: true, ..Self::full() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny(seed: u64) -> Options {
        let timing = Timing { slots_per_epoch: 6, window_slots: 60, ..Timing::default() };
        Options { timing, entities: 30, slots: 120, seed, check_each_epoch: true }
    }

    #[test]
    fn a_small_chain_keeps_its_promises_and_repeats_itself() {
        let outcome = simulation::run(&tiny(7), |_, _| {});
        for target in judge::exact(&outcome) {
            assert!(target.met, "{target:?}");
        }
        let text = report::report(&outcome);
        assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
        let again = simulation::run(&tiny(7), |_, _| {});
        assert_eq!(text, report::report(&again));
        assert_ne!(text, report::report(&simulation::run(&tiny(8), |_, _| {})));
        let plot = plot::plot(&outcome);
        assert!(plot.starts_with("<svg") && plot.ends_with("</svg>\n") && !plot.contains("NaN"));
        assert!(kinds::KINDS.iter().all(|kind| plot.contains(kind.name)));
    }
}
