# shellcheck shell=bash
# A local network of real nodes: who validates, their keys and ports, starting and stopping them. Sourced by run.sh.
#
# One folder per network, one below it per node. Nothing outside that folder is written.
#   spec.json   raw spec the databases were made from     NAME/pid       its process, while it runs
#   names.json  address to name, for the live view        NAME/node.log  what it said
#   urls        one RPC URL a line, while running         NAME/node-key  its network identity
#
# Set by run.sh: NETWORK_DIR, VALIDATORS (names, in order), SPEC_SOURCE, PORT_OFFSET, EXTRA_FLAGS.

WELL_KNOWN=(Alice Bob Charlie Dave Eve Ferdie)
# More nodes than this are no use on one machine. Read by run.sh.
# shellcheck disable=SC2034
MAX_VALIDATORS=20
# Time for a node to answer its first RPC call: opening a database on a busy machine takes long.
READY_SECONDS=90
STOP_SECONDS=20

p2p_port() { printf '%d' $((30333 + PORT_OFFSET + $1)); }
rpc_port() { printf '%d' $((9944 + PORT_OFFSET + $1)); }
metrics_port() { printf '%d' $((9615 + PORT_OFFSET + $1)); }

# Name of validator number $1, counted from 0.
validator_name() { printf '%s' "${WELL_KNOWN[$1]:-Validator$(($1 + 1))}"; }

node_dir() { printf '%s/%s' "$NETWORK_DIR" "${1,,}"; }

# Process id of node $1 if it runs. A number alone may have passed to another program since.
running_pid() {
    local pid_file pid words
    pid_file=$(node_dir "$1")/pid
    [[ -f $pid_file ]] || return 1
    pid=$(<"$pid_file")
    words=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null) || return 1
    [[ $words == *" --base-path $(node_dir "$1") "* ]] && printf '%s' "$pid"
}

# Names of this network's nodes that run, whatever number it was started with.
running_nodes() {
    local pid_file name
    for pid_file in "$NETWORK_DIR"/*/pid; do
        [[ -f $pid_file ]] || continue
        name=$(basename "$(dirname "$pid_file")")
        running_pid "$name" >/dev/null && printf '%s\n' "$name"
    done
    return 0
}

refuse_occupied_ports() {
    local i port
    for i in "${!VALIDATORS[@]}"; do
        for port in "$(p2p_port "$i")" "$(rpc_port "$i")" "$(metrics_port "$i")"; do
            port_is_free "$port" ||
                fail "port $port, which ${VALIDATORS[$i]} needs, is held by $(port_holder "$port")" \
                    "Stop that, or shift all ports of this network: add --port-offset 100"
        done
    done
}

genesis_of() { jq -cS .genesis "$1" | sha256sum | cut -d' ' -f1; }

# Writes the raw spec of this start beside the databases, unless they belong to another genesis.
prepare_spec() {
    local fresh=$NETWORK_DIR/spec.new.json
    mkdir -p "$NETWORK_DIR"
    case $SPEC_SOURCE in
        made) make_spec "$fresh" ;;
        *)
            jq -e '.genesis.raw' "$SPEC_SOURCE" >/dev/null 2>&1 ||
                fail "$SPEC_SOURCE is not a raw chain spec" "Make it with: ./scripts/chain-specs.sh"
            cp "$SPEC_SOURCE" "$fresh"
            ;;
    esac
    if [[ -f $NETWORK_DIR/spec.json && $(genesis_of "$fresh") != $(genesis_of "$NETWORK_DIR/spec.json") ]]; then
        rm -f "$fresh"
        fail "the databases in $NETWORK_DIR are of another genesis than the chain spec" \
            "Start a new chain, deleting them: add --clean"
    fi
    mv "$fresh" "$NETWORK_DIR/spec.json"
}

# A spec for as many validators as asked for: that of `local_testnet` with their keys in place of its own.
make_spec() {
    local out=$1 plain=$NETWORK_DIR/spec.plain.json i name keys='[]' balances='[]' account grandpa
    "$(node_binary)" export-chain-spec --chain preset:local_testnet --output "$plain" >/dev/null
    for i in "${!VALIDATORS[@]}"; do
        name=${VALIDATORS[$i]}
        account=$(public_address sr25519 "$name")
        grandpa=$(public_address ed25519 "$name")
        keys=$(jq -c --arg a "$account" --arg g "$grandpa" '. + [[$a, $a, {aura: $a, grandpa: $g}]]' <<<"$keys")
        balances=$(jq -c --arg a "$account" '. + [$a]' <<<"$balances")
    done
    # Accounts the preset does not endow get as much as the first one it does.
    jq --argjson keys "$keys" --argjson accounts "$balances" --arg n "${#VALIDATORS[@]}" '
        .id = "ergon_local_\($n)" | .name = "Ergon Local Testnet, \($n) validators"
        | (.genesis.runtimeGenesis | if has("patch") then .patch else .config end) as $old
        | ($old.balances.balances | map(.[0])) as $rich
        | ($old | .session.keys = $keys
            | .balances.balances += [$accounts[] | select(. as $a | $rich | index($a) | not) | [., $old.balances.balances[0][1]]]) as $new
        | .genesis.runtimeGenesis |= (if has("patch") then .patch = $new else .config = $new end)
    ' "$plain" >"$plain.patched"
    "$(node_binary)" export-chain-spec --chain "$plain.patched" --raw --output "$out" >/dev/null ||
        fail "no chain spec for ${#VALIDATORS[@]} validators could be made" "See above; four validators need none: ./scripts/run.sh"
    rm -f "$plain" "$plain.patched"
}

# Address of the well-known development key //$2 in scheme $1. These secrets are public: throw-away networks only.
public_address() {
    "$(node_binary)" key inspect --scheme "$1" --output-type json "//$2" | jq -r .ss58Address
}

write_names() {
    local name
    for name in "${VALIDATORS[@]}"; do
        jq -n --arg a "$(public_address sr25519 "$name")" --arg n "$name" '{($a): $n}'
    done | jq -s add >"$NETWORK_DIR/names.json"
}

# The identity other nodes dial. Kept, so that a restarted node is the same peer.
node_key() {
    local file
    file=$(node_dir "$1")/node-key
    mkdir -p "$(node_dir "$1")"
    if [[ ! -s $file ]]; then
        "$(node_binary)" key generate-node-key --file "$file" 2>/dev/null
        chmod 600 "$file"
    fi
    printf '%s' "$file"
}

# Every node knows every other, so that any of them may be the one that is down.
bootnodes_for() {
    local i
    for i in "${!VALIDATORS[@]}"; do
        [[ ${VALIDATORS[$i]} == "$1" ]] ||
            printf '%s\n' "--bootnodes=/ip4/127.0.0.1/tcp/$(p2p_port "$i")/p2p/${PEER_IDS[$i]}"
    done
}

session_keys() {
    local name=$1
    if [[ " ${WELL_KNOWN[*]} " == *" $name "* ]]; then
        printf '%s\n' "--${name,,}"
        return
    fi
    local kind
    for kind in aura:sr25519 gran:ed25519; do
        "$(node_binary)" key insert --chain "$NETWORK_DIR/spec.json" --base-path "$(node_dir "$name")" \
            --scheme "${kind#*:}" --key-type "${kind%:*}" --suri "//$name"
    done
    printf '%s\n' --validator "--name=$name"
}

start_network() {
    local i name flags
    PEER_IDS=()
    for i in "${!VALIDATORS[@]}"; do
        PEER_IDS[i]=$("$(node_binary)" key inspect-node-key --file "$(node_key "${VALIDATORS[$i]}")")
    done
    write_names
    : >"$NETWORK_DIR/urls"
    for i in "${!VALIDATORS[@]}"; do
        name=${VALIDATORS[$i]}
        mapfile -t flags < <(session_keys "$name"; bootnodes_for "$name")
        start_node "$i" "$name" "${flags[@]}"
        printf 'http://127.0.0.1:%d\n' "$(rpc_port "$i")" >>"$NETWORK_DIR/urls"
    done
    for i in "${!VALIDATORS[@]}"; do wait_until_ready "$i" "${VALIDATORS[$i]}"; done
}

start_node() {
    local i=$1 name=$2 folder
    shift 2
    folder=$(node_dir "$name")
    # A session of its own: Ctrl-C then reaches only this script, which stops the nodes in its own order.
    setsid "$(node_binary)" --base-path "$folder" --chain "$NETWORK_DIR/spec.json" --node-key-file "$(node_key "$name")" \
        --listen-addr "/ip4/127.0.0.1/tcp/$(p2p_port "$i")" --rpc-port "$(rpc_port "$i")" \
        --prometheus-port "$(metrics_port "$i")" --no-telemetry --no-mdns "${EXTRA_FLAGS[@]}" "$@" \
        </dev/null >>"$folder/node.log" 2>&1 &
    printf '%d\n' $! >"$folder/pid"
    # Until the fork has become the node, it cannot be told from this script, and would be taken for ended.
    until running_pid "$name" >/dev/null || ! kill -0 $! 2>/dev/null; do sleep 0.02; done
}

rpc_answers() {
    curl -fs --max-time 3 -H 'Content-Type: application/json' \
        -d '{"jsonrpc":"2.0","id":1,"method":"system_health","params":[]}' "http://127.0.0.1:$1" >/dev/null
}

wait_until_ready() {
    local i=$1 name=$2 log deadline=$((SECONDS + READY_SECONDS))
    log=$(node_dir "$name")/node.log
    until rpc_answers "$(rpc_port "$i")"; do
        if ! running_pid "$name" >/dev/null; then
            tail -n 12 "$log" >&2
            fail "$name ended while starting, see above" "Its whole log: $log"
        fi
        ((SECONDS < deadline)) || fail "$name does not answer on port $(rpc_port "$i") after $READY_SECONDS s" "Its log: $log"
        sleep 0.3
    done
}

# Asks every node of the network to end, and ends those that do not.
stop_network() {
    local name pid deadline=$((SECONDS + STOP_SECONDS)) names
    mapfile -t names < <(running_nodes)
    for name in "${names[@]}"; do
        pid=$(running_pid "$name") && kill -TERM "$pid" 2>/dev/null
    done
    for name in "${names[@]}"; do
        while pid=$(running_pid "$name"); do
            if ((SECONDS >= deadline)); then
                warn "$name did not end within $STOP_SECONDS s and was killed"
                kill -KILL "$pid" 2>/dev/null
            fi
            sleep 0.2
        done
        rm -f "$(node_dir "$name")/pid"
    done
    rm -f "$NETWORK_DIR/urls"
}
