#!/usr/bin/env bash
# Fuzzes staking and delegation: builds the target with coverage and runs libFuzzer on the corpus.
#
# Owns the compiler flags and the target directory. What the bytes mean is in pallets/staking/fuzzer.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FUZZER=$ROOT/pallets/staking/fuzzer

usage() {
    cat <<'USAGE'
Usage: ./scripts/fuzz.sh [SECONDS] [libFuzzer option ...]

Fuzzes staking and delegation for SECONDS (60 unless given): sequences of every call, slashes, session ends and dust, with all
invariants checked after each step. Inputs that reach something new are added to pallets/staking/fuzzer/corpus, which the tests
replay. An input that breaks something is written to the current folder and named; `FILE` as an option repeats it.

The first run builds the pallets and the SDK with coverage, about 10 minutes on 2 cores, in a target directory of its own.
USAGE
}

main() {
    local seconds=60
    case ${1:-} in
        -h | --help) usage && exit 0 ;;
        [0-9]*) seconds=$1 && shift ;;
    esac
    local flags='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
        -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1'
    local target host
    target=$(target_dir)/fuzz
    load_build_env
    host=$(rustc -vV | sed -n 's/^host: //p')
    step "Fuzz target"
    # With --target the flags leave build scripts and macros alone.
    in_workspace env RUSTFLAGS="${flags//$'\n'/ }" CARGO_TARGET_DIR="$target" \
        cargo build --release --locked --target "$host" -p ergon-staking-fuzzer --features libfuzzer --bin fuzz-staking ||
        fail "the fuzz target does not build" "See above"
    step "Fuzzing for $seconds seconds"
    "$target/$host/release/fuzz-staking" -max_total_time="$seconds" -max_len=2000 -timeout=60 "$@" "$FUZZER/corpus"
}

main "$@"
