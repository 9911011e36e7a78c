#!/usr/bin/env bash
# Starts a local network of Ergon nodes and shows its leaders taking turns.
#
# Owns the command line and the life of one run: set up, build, start, show, stop. What a network is made of is in network.sh,
# the live view in live/.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=network.sh
source "$ROOT/scripts/network.sh"

usage() {
    cat <<'USAGE'
Usage: ./scripts/run.sh [options]

Builds the node, starts a local network and shows every tick: who owned it, as what, and the block it got or missed.
Ctrl-C stops all of it. The databases stay, and the next start goes on from there.

Which network
  (none)             four validators: Alice, Bob, Charlie, Dave; chain spec `local`, a tick every 5 s
  --dev              one validator, Alice; chain spec `development`, a tick every second
  --validators N     N validators, 1 to 20, from a spec made for them
  --base-path DIR    where networks keep their databases and logs (default .testnet)
  --port-offset N    add N to every port: RPC from 9944, network from 30333, metrics from 9615
  --clean            delete this network's databases and logs first

What to do
  --detach           start it, print where it is, and leave it running
  --watch            show a network that runs already; Ctrl-C ends the view, not the network
  --status           say which nodes run and how far they are
  --stop             stop a network that was left running (with --clean: and delete it)
  --no-build         start the node as it is, without set-up and build
  --help             this text

With --watch, --status and --stop, give the same --dev, --validators and --base-path as at the start.
USAGE
}

ACTION=start
DETACH=0 CLEAN=0 BUILD=1 DEV=0
COUNT=4
BASE=$ROOT/.testnet
PORT_OFFSET=0
EXTRA_FLAGS=()

# Value of option $1, which must be a number from $3 to $4.
number() {
    [[ $2 =~ ^[0-9]{1,5}$ ]] || fail "$1 takes a number, not '$2'"
    ((10#$2 >= $3 && 10#$2 <= $4)) || fail "$1 takes a number from $3 to $4, not $2"
    printf '%d' "$((10#$2))"
}

parse() {
    while (($#)); do
        case $1 in
            --dev) DEV=1 ;;
            --validators | --base-path | --port-offset)
                (($# >= 2)) || fail "$1 needs a value" "./scripts/run.sh --help shows which"
                case $1 in
                    --validators) COUNT=$(number "$1" "$2" 1 "$MAX_VALIDATORS") ;;
                    --base-path) BASE=$2 ;;
                    --port-offset) PORT_OFFSET=$(number "$1" "$2" 0 30000) ;;
                esac
                shift
                ;;
            --detach) DETACH=1 ;;
            --watch | --status | --stop) ACTION=${1#--} ;;
            --clean) CLEAN=1 ;;
            --no-build) BUILD=0 ;;
            -h | --help) usage && exit 0 ;;
            *) fail "run.sh does not know '$1'" "./scripts/run.sh --help lists what it knows" ;;
        esac
        shift
    done
}

# Derives what network.sh works on from the options.
choose_network() {
    local i name=local
    VALIDATORS=()
    SPEC_SOURCE=$ROOT/chain-specs/local.json
    if ((DEV)); then
        name=dev COUNT=1 SPEC_SOURCE=$ROOT/chain-specs/development.json
        # A validator without peers must not wait for any.
        EXTRA_FLAGS+=(--force-authoring)
    elif ((COUNT != 4)); then
        name=local-$COUNT SPEC_SOURCE=made
        ((COUNT > 1)) || EXTRA_FLAGS+=(--force-authoring)
    fi
    for ((i = 0; i < COUNT; i++)); do VALIDATORS+=("$(validator_name "$i")"); done
    mkdir -p "$BASE"
    NETWORK_DIR=$(cd "$BASE" && pwd)/$name
}

# The options that name this network again, for messages.
same_options() {
    ((DEV)) && printf ' --dev'
    ((DEV || COUNT == 4)) || printf ' --validators %d' "$COUNT"
    [[ $BASE == "$ROOT/.testnet" ]] || printf ' --base-path %q' "$BASE"
}

show_addresses() {
    local i port
    step "${#VALIDATORS[@]} validator(s) running; logs in $NETWORK_DIR"
    for i in "${!VALIDATORS[@]}"; do
        port=$(rpc_port "$i")
        printf '    %-12s RPC ws://127.0.0.1:%d\n' "${VALIDATORS[$i]}" "$port"
        note "             https://polkadot.js.org/apps/?rpc=ws%3A%2F%2F127.0.0.1%3A$port#/explorer"
    done
}

live_view() {
    mapfile -t urls <"$NETWORK_DIR/urls"
    node "$ROOT/scripts/live/view.mjs" --names "$NETWORK_DIR/names.json" "${urls[@]}" &
    VIEW=$!
    # `wait` returns at once on a signal, so that Ctrl-C and kill are answered without delay.
    wait "$VIEW"
}

end_view() {
    [[ -n ${VIEW:-} ]] && kill "$VIEW" 2>/dev/null
    VIEW=''
}

# Every way out of a foreground run comes through here.
shut_down() {
    local code=$?
    trap '' INT TERM HUP
    trap - EXIT
    end_view || true
    if [[ -n $(running_nodes) ]]; then
        say ""
        step "Stopping the network (a few seconds)"
        stop_network
        note "stopped; the next start goes on from here, or starts afresh with --clean"
    fi
    exit "$code"
}

start() {
    refuse_running
    if ((CLEAN)); then rm -rf "$NETWORK_DIR"; fi
    refuse_occupied_ports
    if ((BUILD)); then
        "$ROOT/scripts/setup.sh"
        build_node
    fi
    require_node_binary
    have node || fail "the live view needs Node.js" "./scripts/setup.sh installs it"
    prepare_spec
    trap shut_down EXIT
    # 130 and 143 are what a shell reports for these signals; a wished-for end is a success all the same.
    trap 'exit 0' INT TERM HUP
    step "Starting ${VALIDATORS[*]}"
    start_network
    show_addresses
    if ((DETACH)); then
        trap - EXIT INT TERM HUP
        say "It runs until: ./scripts/run.sh$(same_options) --stop     Look at it: ./scripts/run.sh$(same_options) --watch"
        return
    fi
    note "Ctrl-C stops all of it"
    live_view
}

refuse_running() {
    [[ -z $(running_nodes) ]] ||
        fail "this network is already running" "See it: ./scripts/run.sh$(same_options) --watch     Stop it: ./scripts/run.sh$(same_options) --stop"
}

require_running() {
    [[ -n $(running_nodes) && -s $NETWORK_DIR/urls ]] ||
        fail "no such network is running" "Start it: ./scripts/run.sh$(same_options) --detach"
}

watch_network() {
    require_running
    trap 'end_view; exit 0' INT TERM HUP
    live_view
}

status() {
    require_running
    mapfile -t urls <"$NETWORK_DIR/urls"
    node "$ROOT/scripts/live/status.mjs" --names "$NETWORK_DIR/names.json" "${urls[@]}"
}

stop() {
    if [[ -n $(running_nodes) ]]; then
        step "Stopping: $(running_nodes | tr '\n' ' ')"
        stop_network
    else
        say "Nothing to stop: this network is not running."
    fi
    if ((CLEAN)); then
        rm -rf "$NETWORK_DIR"
        say "Deleted $NETWORK_DIR"
    fi
}

parse "$@"
choose_network
case $ACTION in
    start) start ;;
    watch) watch_network ;;
    status) status ;;
    stop) stop ;;
esac
