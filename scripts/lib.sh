# shellcheck shell=bash
# What every script here shares: how it speaks, where things lie, how the node is built. Sourced, never run.
#
# Leaves to others: what to install (setup.sh), which processes run (network.sh).

[[ -n ${ERGON_LIB_SOURCED:-} ]] && return
ERGON_LIB_SOURCED=1

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/ergon
# Written by setup.sh where the toolchain needs more than its defaults; sourced by every build.
TOOLCHAIN_ENV=$CACHE/toolchain.env

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
    BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
step() { printf '%s==>%s %s%s%s\n' "$GREEN" "$PLAIN" "$BOLD" "$*" "$PLAIN"; }
note() { printf '%s    %s%s\n' "$DIM" "$*" "$PLAIN"; }
warn() { printf '%swarning:%s %s\n' "$YELLOW" "$PLAIN" "$*" >&2; }

# Ends the script. The message says what is wrong and, after a colon or in a second argument, what to do.
fail() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
    [[ -n ${2:-} ]] && printf '       %s\n' "$2" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# True if version $1 is at least $2; both are dotted numbers.
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# The installer puts cargo here, but a shell opened before does not know.
find_cargo() {
    local bin=${CARGO_HOME:-$HOME/.cargo}/bin
    have cargo || [[ ! -x $bin/cargo ]] || PATH=$bin:$PATH
}
find_cargo

# Absolute: cargo runs in the workspace, but whoever gave a relative path meant the folder they are in.
[[ -z ${CARGO_TARGET_DIR:-} ]] || CARGO_TARGET_DIR=$(realpath -m "$CARGO_TARGET_DIR")
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$ROOT/target}"; }
node_binary() { printf '%s/release/ergon-node' "$(target_dir)"; }

require_node_binary() {
    [[ -x $(node_binary) ]] && return
    fail "there is no node at $(node_binary)" "Build it with: ./scripts/run.sh --dev   (or: cargo build --release --locked --workspace)"
}

# Whatever builds goes through this, so that no two commands differ in environment and rebuild each other's work.
load_build_env() {
    find_cargo
    # The Wasm builder looks for the workspace from the target directory upwards, in vain if that lies elsewhere.
    export WASM_BUILD_WORKSPACE_HINT=$ROOT
    # shellcheck source=/dev/null
    [[ -f $TOOLCHAIN_ENV ]] && source "$TOOLCHAIN_ENV"
    return 0
}

# Runs cargo in the workspace with that environment.
in_workspace() {
    load_build_env
    (cd "$ROOT" && "$@")
}

# The node embeds the raw specs. Before they were ever made, a build needs something in their place.
ensure_chain_spec_files() {
    local name
    mkdir -p "$ROOT/chain-specs"
    for name in development local testnet mainnet; do
        [[ -s $ROOT/chain-specs/$name.json ]] || printf '{}\n' >"$ROOT/chain-specs/$name.json"
    done
}

# One command for running and testing: cargo then compiles the dependency tree once and skips what did not change.
build_node() {
    ensure_chain_spec_files
    if [[ -x $(node_binary) ]]; then
        step "Build: seconds if nothing changed, minutes if the runtime did"
    else
        step "Build: the first time compiles some 900 crates, 20 to 50 minutes on 2 cores"
    fi
    in_workspace cargo build --release --locked --workspace ||
        fail "the build failed, see above" "If a tool or a target is missing: ./scripts/setup.sh"
    require_node_binary
}

# Genesis hash of chain $2, told by node $1, which works in folder $3: any command that opens a database writes the genesis block
# first.
genesis_hash() {
    local base=$3/genesis
    rm -rf "$base"
    "$1" export-state --chain "$2" --base-path "$base" >/dev/null &&
        "$1" chain-info --chain "$2" --base-path "$base" | jq -er .genesis_hash
}

# True if nothing on this machine listens on TCP port $1.
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Who listens on TCP port $1, as far as we may know.
port_holder() {
    local holder=''
    have ss && holder=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, process \2/p' | head -n 1)
    printf '%s' "${holder:-another program}"
}

# Seconds as people say them.
duration() {
    local s=$1
    if ((s < 60)); then printf '%ds' "$s"; else printf '%dm%02ds' $((s / 60)) $((s % 60)); fi
}
