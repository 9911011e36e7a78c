#!/usr/bin/env bash
# Runs every check and test of the project, in the order in which they are likely to fail and cheap to repeat.
#
# Owns the list of steps and how they are reported; each step is a command that also works by itself.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: ./scripts/test.sh [--quick | --e2e] [--long]

Runs every check and test: set-up, formats and lints, unit and property tests, licences, chain specs, and real networks end to
end. Stops at the first step that fails and shows the end of its log. Nothing is rebuilt that did not change.

  --quick   everything but the end-to-end tests
  --e2e     only the build and the end-to-end tests
  --long    also what takes minutes each: the scenarios on networks of up to 7 validators (./scripts/zombienet.sh --help) and the
            recovery from a loss of finality
  --help    this text

The logs of all steps are in target/test-logs (or under CARGO_TARGET_DIR).
USAGE
}

LOG_LINES=60
SUMMARY=()
STARTED=$SECONDS

# Runs a step: what it is called, then its command. Its output goes to the terminal and to a log.
run() {
    local title=$1 log began=$SECONDS code=0
    shift
    log=$LOGS/$(tr -cs 'a-z0-9\n' '-' <<<"${title,,}").log
    step "$title"
    # A subshell, so that the first command that fails ends the step; not behind `||`, which would switch that off.
    set +e
    (set -e; "$@") 2>&1 | tee "$log"
    code=${PIPESTATUS[0]}
    set -e
    local took
    took=$(duration $((SECONDS - began)))
    if ((code)); then
        SUMMARY+=("$(printf '%-44s %s  %s' "$title" "${RED}failed${PLAIN}" "$took")")
        summary
        say ""
        say "Last $LOG_LINES lines of $log:"
        tail -n "$LOG_LINES" "$log"
        fail "'$title' failed after $took" "Repeat it: $(by_hand "$@")"
    fi
    note "$title: $took"
    SUMMARY+=("$(printf '%-44s %s      %s' "$title" "${GREEN}ok${PLAIN}" "$took")")
}

# The command of a step, as somebody at a terminal would type it.
by_hand() {
    if [[ $1 == in_workspace ]]; then
        printf "bash -c 'source %q && %s'" "$ROOT/scripts/lib.sh" "$*"
        return
    fi
    if [[ $(type -t "$1") == function ]]; then printf './scripts/test.sh'; else printf '%q ' "$@"; fi
}

summary() {
    say ""
    say "${BOLD}Summary${PLAIN} ($(duration $((SECONDS - STARTED))))"
    printf '  %s\n' "${SUMMARY[@]}"
}

lint_scripts() {
    # From the folder of each script, where its settings and what it sources are found.
    (cd "$ROOT/scripts" && shellcheck ./*.sh ../.ci/run)
    local module
    while IFS= read -r module; do node --check "$ROOT/$module"; done < <(cd "$ROOT" && git ls-files --cached --others --exclude-standard -- '*.mjs')
}

static_checks() {
    run "File lengths" "$ROOT/scripts/check-file-length.sh"
    run "Scripts: shellcheck, node --check" lint_scripts
    run "Format: cargo fmt" in_workspace cargo fmt --all --check
}

# The tests are compiled by clippy's driver, the compiler with lints, as `cargo clippy` does it. So the lints cost no pass of
# their own, above all none over the dependencies, which are those of the build. No test needs the Wasm.
lint_and_test() {
    in_workspace env RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__ SKIP_ERGON_RUNTIME_WASM_BUILD=1 \
        cargo test --release --locked --workspace
}

compiled_checks() {
    run "Lints, unit and property tests" lint_and_test
    run "Licences and sources: cargo deny" in_workspace cargo deny --locked --log-level error check bans licenses sources
    run "Chain specs" "$ROOT/scripts/chain-specs.sh" --check
    run "Scripts: unit tests" node --test --test-reporter=spec "$ROOT/scripts/live/live.test.mjs" "$ROOT/scripts/economics/model.test.mjs"
}

# The Rust client has a workspace of its own; cargo skips what did not change.
build_subxt() {
    in_workspace env CARGO_TARGET_DIR="$(target_dir)/subxt" cargo build --release --locked --manifest-path tests/subxt/Cargo.toml
}

# The runtime that upgrade.test.mjs upgrades to, apart from the others: it has other features.
build_rehearsal() {
    in_workspace env CARGO_TARGET_DIR="$(target_dir)/rehearsal" cargo build --release --locked -p ergon-runtime --features rehearsal
}

# One file after the other: each starts a network of its own, and two at once would starve each other.
end_to_end() {
    local file
    export ERGON_NODE CARGO_TARGET_DIR
    ERGON_NODE=$(node_binary)
    CARGO_TARGET_DIR=$(target_dir)
    run "Rust client: build" build_subxt
    if [[ -n $LONG ]]; then
        run "Four weeks of work, simulated" "$CARGO_TARGET_DIR/release/simulate" --plot "$LOGS/work.svg"
        run "Next runtime: build" build_rehearsal
        export ERGON_REHEARSAL=$CARGO_TARGET_DIR/rehearsal/release/wbuild/ergon-runtime/ergon_runtime.compact.compressed.wasm
    fi
    for file in "$ROOT"/tests/e2e/*.test.mjs; do
        run "End to end: $(basename "$file" .test.mjs)" node --test --test-reporter=spec "$file"
    done
    [[ -z $LONG ]] || run "Scenarios: zombienet" "$ROOT/scripts/zombienet.sh"
}

main() {
    local only='' argument
    LONG=''
    for argument in "$@"; do
        case $argument in
            --quick | --e2e) only=${argument#--} ;;
            --long) LONG=yes ;;
            -h | --help) usage && exit 0 ;;
            *) fail "test.sh does not know '$argument'" "./scripts/test.sh --help lists what it knows" ;;
        esac
    done
    [[ -z $LONG ]] || export ERGON_LONG_TESTS=1
    LOGS=$(target_dir)/test-logs
    mkdir -p "$LOGS"
    run "Set-up" "$ROOT/scripts/setup.sh" --tests
    [[ $only == e2e ]] || static_checks
    run "Build" build_node
    [[ $only == e2e ]] || compiled_checks
    [[ $only == quick ]] || end_to_end
    summary
    say "${GREEN}All passed.${PLAIN}"
}

main "$@"
