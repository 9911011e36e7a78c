#!/usr/bin/env bash
# Measures what the runtime's calls cost and writes runtime/src/weights. Owns every file there but mod.rs.
#
# The runtime is built with its benchmarks in a target directory of its own, so that nothing else is rebuilt; the node that
# runs them is the one every other script uses.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

WEIGHTS=$ROOT/runtime/src/weights
STEPS=${STEPS:-50}
REPEAT=${REPEAT:-20}

usage() {
    cat <<'USAGE'
Usage: ./scripts/weights.sh [PALLET ...]

Benchmarks the named pallets, or every pallet in use, and writes runtime/src/weights/PALLET.rs. Afterwards, make the chain
specs again (./scripts/chain-specs.sh) and commit both. Measure on a machine that does nothing else.

  --list    what can be measured; measures nothing
  --help    this text

STEPS and REPEAT in the environment change how many points of a range are measured and how often (50 and 20).
The first run builds the runtime with its benchmarks, 10 to 20 minutes on 2 cores; measuring takes about 5 minutes.
USAGE
}

# Nothing else compiles `try-runtime`. Apart from the benchmarks: with it, a migration that fails panics.
build_runtime() {
    step "Runtime with benchmarks"
    in_workspace env CARGO_TARGET_DIR="$BENCH_TARGET" cargo build --release --locked -p ergon-runtime --features runtime-benchmarks ||
        fail "the runtime does not build with its benchmarks" "See above"
    step "Runtime with try-runtime"
    in_workspace env CARGO_TARGET_DIR="$BENCH_TARGET" SKIP_ERGON_RUNTIME_WASM_BUILD=1 cargo check --release --locked -p ergon-runtime --features try-runtime ||
        fail "the runtime does not compile with try-runtime" "See above"
}

benchmark() { "$NODE" benchmark pallet --runtime "$RUNTIME" --genesis-builder runtime --genesis-builder-preset development "$@"; }

# Pallets that can be measured, one a line.
list() {
    benchmark --list=pallets --no-csv-header 2>"$LOG" && return
    tail -n 20 "$LOG" >&2
    fail "the runtime's benchmarks cannot be listed" "The whole log: $LOG"
}

measure() {
    local pallet=$1
    benchmark --pallet "$pallet" --extrinsic '*' --steps "$STEPS" --repeat "$REPEAT" --min-duration 0 --template "$ROOT/scripts/weights.hbs" \
        --output "$WEIGHTS/$pallet.rs" >"$LOG" 2>&1 && return
    tail -n 20 "$LOG" >&2
    fail "the benchmarks of $pallet failed" "The whole log: $LOG"
}

main() {
    local pallet known only_list=''
    case ${1:-} in
        -h | --help) usage && exit 0 ;;
        --list) only_list=yes && shift ;;
        -*) fail "weights.sh does not know '$1'" "./scripts/weights.sh --help lists what it knows" ;;
    esac
    NODE=$(node_binary)
    require_node_binary
    BENCH_TARGET=$(target_dir)/weights
    RUNTIME=$BENCH_TARGET/release/wbuild/ergon-runtime/ergon_runtime.compact.compressed.wasm
    LOG=$BENCH_TARGET/weights.log
    build_runtime
    known=$(list) || exit 1
    [[ -z $only_list ]] || { say "$known" && exit 0; }
    for pallet in "$@"; do
        grep -qx "$pallet" <<<"$known" || fail "the runtime has no benchmarks of '$pallet'" "./scripts/weights.sh --list"
    done
    if (($# == 0)); then
        mapfile -t <<<"$known"
        set -- "${MAPFILE[@]}"
    fi
    for pallet in "$@"; do
        step "$pallet"
        measure "$pallet"
    done
    in_workspace cargo fmt --all
    say "Done. Now: ./scripts/chain-specs.sh, then read the difference and commit it."
}

main "$@"
