//! Staking, delegation, supply and sessions together, on real balances, driven by sequences of steps.
//!
//! [`world`] owns the chain, [`steps`] what can be done on it and how bytes become such steps, [`check`] what must hold after each.
//! The fuzz target, the random sequences and the benchmark all go through these.

// The SDK's macros make public items without docs; ours are documented.
#![allow(missing_docs)]

pub mod check;
pub mod steps;
pub mod world;

/// Runs the steps that `bytes` spell, and checks the chain after each. Panics, with the step, if anything does not hold.
pub fn run(bytes: &[u8]) {
    world::new().execute_with(|| {
        let mut history = check::History::begin();
        for step in steps::read(bytes) {
            step.take();
            history.check(&step);
        }
    });
}
