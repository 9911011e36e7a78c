#!/usr/bin/env bash
# Puts networks that zombienet spawns through faults and checks what they do.
#
# Owns the command line, the npm packages of tests/zombienet and what is left behind: no process, and logs only of what failed.
# What a scenario is, and on which networks it runs, is in tests/zombienet.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SUITE=$ROOT/tests/zombienet

usage() {
    cat <<'USAGE'
Usage: ./scripts/zombienet.sh [options] [SCENARIO ...]

Spawns networks of 1, 4 and 7 validators with zombienet, from raw and from plain chain specs, and runs the scenarios on them: all,
or those that are named. Needs the node that run.sh builds, and ports and processes of this machine, nothing else.

  --list            which scenarios there are, and on which networks they run; runs nothing
  --validators N    only on networks of N validators
  --spec KIND       only from specs of this kind, raw or plain
  --spoil           adds to each scenario a fault that it does not know of: passes if the scenario fails where it should
  --keep            keep the logs of runs that passed, too
  --help            this text

A run takes half a minute to two; all of them some 25 minutes. ERGON_NODE=PATH tests another binary. Logs of runs that failed
are kept in target/zombienet-logs (or under CARGO_TARGET_DIR). docs/zombienet.md says what the scenarios show.
USAGE
}

ONLY_COUNT='' ONLY_KIND='' LIST=0 KEEP=0
FLAGS=()
NAMED=()
SUMMARY=()
FAILED=0

parse() {
    while (($#)); do
        case $1 in
            --list) LIST=1 ;;
            --validators | --spec)
                (($# >= 2)) || fail "$1 needs a value" "./scripts/zombienet.sh --help shows which"
                if [[ $1 == --spec ]]; then ONLY_KIND=$2; else ONLY_COUNT=$2; fi
                shift
                ;;
            --spoil) FLAGS+=(--spoil) ;;
            --keep) KEEP=1 ;;
            -h | --help) usage && exit 0 ;;
            -*) fail "zombienet.sh does not know '$1'" "./scripts/zombienet.sh --help lists what it knows" ;;
            *) NAMED+=("$1") ;;
        esac
        shift
    done
}

# npm takes seconds to find that nothing changed, a checksum takes none.
npm_packages() {
    local stamp=$SUITE/node_modules/.installed-from sum
    have npm || fail "zombienet needs npm" "./scripts/setup.sh --tests installs it"
    have ps || fail "zombienet needs ps" "On Debian: apt-get install procps"
    sum=$(sha256sum <"$SUITE/package-lock.json")
    [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return
    step "npm packages of tests/zombienet (about a minute, 330 MB)"
    # None of them needs the scripts that they would run when they are installed.
    (cd "$SUITE" && npm ci --ignore-scripts --no-audit --no-fund) ||
        fail "npm could not install the packages of tests/zombienet" "If no registry can be reached, set one: npm config set registry URL"
    printf '%s\n' "$sum" >"$stamp"
}

# Whether the run of scenario $1 on $2 validators from a spec of kind $3 was asked for.
asked_for() {
    [[ -z $ONLY_COUNT || $ONLY_COUNT == "$2" ]] || return 1
    [[ -z $ONLY_KIND || $ONLY_KIND == "$3" ]] || return 1
    ((${#NAMED[@]} == 0)) || [[ " ${NAMED[*]} " == *" $1 "* ]]
}

# Sets RUNS: "SCENARIO VALIDATORS SPEC", each with a tab and what it shows.
choose_runs() {
    local all line name scenario count kind
    # Needs no npm package.
    all=$(node "$SUITE/run.mjs" --list "${FLAGS[@]}") || fail "the scenarios cannot be listed" "See above"
    for name in "${NAMED[@]}"; do
        grep -q "^$name " <<<"$all" || fail "there is no scenario '$name'" "./scripts/zombienet.sh --list"
    done
    RUNS=()
    while IFS= read -r line; do
        read -r scenario count kind <<<"${line%%$'\t'*}"
        if asked_for "$scenario" "$count" "$kind"; then RUNS+=("$line"); fi
    done <<<"$all"
    ((${#RUNS[@]})) || fail "no scenario runs on such a network" "./scripts/zombienet.sh --list"
}

list() {
    local line
    for line in "${RUNS[@]}"; do
        # shellcheck disable=SC2086 # three words
        printf '%-24s %s validator(s)  %-6s  %s\n' ${line%%$'\t'*} "${line#*$'\t'}"
    done
}

# Ids of the processes whose command line names something below $1.
processes_in() {
    local file words
    for file in /proc/[0-9]*/cmdline; do
        words=()
        mapfile -d '' words 2>/dev/null <"$file" || continue
        [[ "${words[*]}" == *"$1/"* ]] && basename "$(dirname "$file")"
    done
    return 0
}

# Ends whatever works below $1, whoever started it.
end_processes() {
    local pids
    mapfile -t pids < <(processes_in "$1")
    ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null || true
}

# Every way out comes through here.
shut_down() {
    local code=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [[ -n ${RUNNER:-} ]]; then
        kill -TERM "$RUNNER" 2>/dev/null || true
        wait "$RUNNER" 2>/dev/null || true
    fi
    if [[ -n ${FOLDER:-} ]]; then
        end_processes "$FOLDER"
        # A process that was just ended may still be writing.
        rm -rf "$FOLDER" 2>/dev/null || { sleep 1 && rm -rf "$FOLDER"; }
    fi
    exit "$code"
}

# Moves what run $1 left into the folder of the logs, without the databases.
keep_logs() {
    local target
    target=$(target_dir)/zombienet-logs/$1
    mkdir -p "$(dirname "$target")"
    rm -rf "$target" "$FOLDER/$1"/network/*/data
    mv "$FOLDER/$1" "$target"
    note "logs: $target"
}

run() {
    local scenario=$1 count=$2 kind=$3 shows=$4 name began=$SECONDS code=0 result took
    name=$scenario-$count-$kind${FLAGS[0]:-}
    step "$scenario on $count validator(s), $kind spec: $shows"
    mkdir -p "$FOLDER/$name"
    rm -rf "$(target_dir)/zombienet-logs/$name"
    # In the background, because only `wait` is interrupted by a signal.
    node "$SUITE/run.mjs" "$scenario" "$count" "$kind" "$FOLDER/$name" "${FLAGS[@]}" </dev/null &
    RUNNER=$!
    wait "$RUNNER" || code=$?
    RUNNER=''
    end_processes "$FOLDER/$name"
    result=${GREEN}ok${PLAIN}
    if ((code)); then
        result=${RED}failed${PLAIN} FAILED=$((FAILED + 1))
    fi
    if ((code || KEEP)); then keep_logs "$name"; else rm -rf "${FOLDER:?}/$name"; fi
    took=$(duration $((SECONDS - began)))
    SUMMARY+=("$(printf '%-24s %s  %-6s %-7s %s' "$scenario" "$count" "$kind" "$took" "$result")")
}

main() {
    local line scenario count kind
    parse "$@"
    [[ -n ${ERGON_NODE:-} ]] || require_node_binary
    export ERGON_NODE=${ERGON_NODE:-$(node_binary)}
    [[ -x $ERGON_NODE ]] || fail "there is no node at $ERGON_NODE" "Without ERGON_NODE, the one that run.sh builds is tested"
    have node || fail "zombienet needs Node.js" "./scripts/setup.sh installs it"
    choose_runs
    if ((LIST)); then list && exit 0; fi
    npm_packages
    trap shut_down EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    FOLDER=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/ergon-zombienet-XXXXXX")")
    [[ $FOLDER$ERGON_NODE != *[[:space:]]* ]] ||
        fail "zombienet cannot handle the blank in '$FOLDER' or '$ERGON_NODE'" "Set TMPDIR or ERGON_NODE to a path without"
    for line in "${RUNS[@]}"; do
        read -r scenario count kind <<<"${line%%$'\t'*}"
        run "$scenario" "$count" "$kind" "${line#*$'\t'}"
    done
    say ""
    say "${BOLD}Summary${PLAIN} ($(duration $SECONDS))"
    printf '  %s\n' "${SUMMARY[@]}"
    ((FAILED == 0)) || fail "$FAILED of ${#RUNS[@]} runs failed" "Their logs: $(target_dir)/zombienet-logs"
    say "${GREEN}All passed.${PLAIN}"
}

main "$@"
