#!/usr/bin/env bash
# Makes the committed raw chain specs from the runtime's presets, and checks that they still belong to it.
#
# Owns everything in chain-specs/ but its README: NAME.json, GENESIS (name and genesis hash) and SOURCES.sha256 (what the
# runtime in them was compiled from). Nobody edits these by hand. The node embeds the specs, so new ones need a second build,
# which this script does.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SPECS=$ROOT/chain-specs
# Name of the network and of the preset it is made from.
NETWORKS=(development:development local:local_testnet testnet:testnet mainnet:mainnet)
# `:code` in hex. The compiled runtime differs from compiler to compiler, so only its sources are compared.
CODE_KEY=0x3a636f6465

usage() {
    cat <<'USAGE'
Usage: ./scripts/chain-specs.sh [--check]

Makes chain-specs/*.json, chain-specs/GENESIS and chain-specs/SOURCES.sha256 from the runtime as it is, then builds the node
again with them inside. Run it after every change to runtime/, pallets/, primitives/, Cargo.toml or Cargo.lock, and commit the result.

  --check   change nothing; fail if the committed files are not those of this runtime
  --help    this text
USAGE
}

# A checksum per file that the runtime is compiled from: not of tests, benchmarks and prose.
source_sums() {
    (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard -- runtime pallets primitives Cargo.toml Cargo.lock \
        ':!*.md' ':!*/tests/*' ':!*/tests.rs' ':!*/mock.rs' ':!*/benchmarking.rs' ':!*/benchmarks.rs' ':!pallets/staking/fuzzer/*' ':!*/proptest-regressions/*' |
        LC_ALL=C sort -zu | while IFS= read -r -d '' file; do [[ ! -f $file ]] || sha256sum "$file"; done)
}

# Writes the raw spec of preset $1 to file $2.
make_spec() {
    "$(node_binary)" export-chain-spec --raw --chain "preset:$1" --output "$2" >/dev/null 2>"$WORK/export.log" ||
        fail_with_log "preset '$1' makes no chain spec"
}

fail_with_log() {
    tail -n 5 "$WORK/export.log" >&2
    fail "$1" "See above; the presets are in runtime/src/genesis"
}

# Genesis hash of chain $1.
hash_of() {
    genesis_hash "$(node_binary)" "$1" "$WORK" 2>"$WORK/export.log" || fail_with_log "the node could not tell the genesis hash of '$1'"
}

make_all() {
    local pair name hash
    build_node
    step "Chain specs (about 20 seconds)"
    for pair in "${NETWORKS[@]}"; do
        name=${pair%:*}
        make_spec "${pair#*:}" "$WORK/$name.json"
        hash=$(hash_of "$WORK/$name.json")
        printf '%-12s %s\n' "$name" "$hash" >>"$WORK/GENESIS"
    done
    source_sums >"$WORK/SOURCES.sha256"
    mv "$WORK"/{development,local,testnet,mainnet}.json "$WORK/GENESIS" "$WORK/SOURCES.sha256" "$SPECS/"
    cat "$SPECS/GENESIS"
    step "Build again, with the new specs inside the node"
    build_node
    check_embedded
}

# The sources listed with the specs must be those of this checkout.
check_sources() {
    local changed
    [[ -f $SPECS/SOURCES.sha256 ]] || fail "chain-specs/SOURCES.sha256 is missing" "Run ./scripts/chain-specs.sh and commit the result"
    changed=$(diff <(source_sums) "$SPECS/SOURCES.sha256" | sed -n 's/^[<>] [0-9a-f]\{64\}  //p' | LC_ALL=C sort -u) || true
    [[ -z $changed ]] || fail "the chain specs are older than the runtime; changed since: ${changed//$'\n'/ }" \
        "Run ./scripts/chain-specs.sh and commit the result"
}

# The state of a preset must come out as committed, key by key.
check_state() {
    local pair name difference
    for pair in "${NETWORKS[@]}"; do
        name=${pair%:*}
        make_spec "${pair#*:}" "$WORK/$name.json"
        difference=$(diff <(state_of "$SPECS/$name.json") <(state_of "$WORK/$name.json")) ||
            fail "preset '${pair#*:}' and chain-specs/$name.json differ, first in: $(sed -n 2p <<<"$difference" | cut -c1-120)" \
                "Run ./scripts/chain-specs.sh and commit the result"
    done
}

# Everything of a spec but its runtime, a line per storage key.
state_of() {
    jq -cS --arg code "$CODE_KEY" 'del(.genesis), (.genesis.raw.top | del(.[$code]) | to_entries | sort_by(.key)[]),
        (.genesis.raw.childrenDefault)' "$1"
}

# The node must know each network by the hash in the table.
check_embedded() {
    local name hash found
    while read -r name hash; do
        found=$(hash_of "${name/#development/dev}")
        [[ $found == "$hash" ]] || fail "the node's genesis of '$name' is $found, chain-specs/GENESIS says $hash" \
            "Build the node again; if that does not help: ./scripts/chain-specs.sh"
        note "$name $found"
    done <"$SPECS/GENESIS"
}

main() {
    case ${1:-} in
        -h | --help) usage && exit 0 ;;
        '' | --check) ;;
        *) fail "chain-specs.sh does not know '$1'" "./scripts/chain-specs.sh --help lists what it knows" ;;
    esac
    have jq || fail "jq is missing" "./scripts/setup.sh installs it"
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    if [[ ${1:-} == --check ]]; then
        require_node_binary
        check_sources
        [[ $(wc -l <"$SPECS/GENESIS") == "${#NETWORKS[@]}" ]] || fail "chain-specs/GENESIS does not list ${#NETWORKS[@]} networks" "Run ./scripts/chain-specs.sh"
        check_state
        check_embedded
        say "The chain specs are those of this runtime."
    else
        make_all
    fi
}

main "$@"
