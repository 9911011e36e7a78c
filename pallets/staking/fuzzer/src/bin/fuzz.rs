//! The fuzz target. `scripts/fuzz.sh` builds and runs it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ergon_staking_fuzzer::run(bytes));
