#!/usr/bin/env bash
# Makes the chain spec of a network of its own: N validators, from their public keys or from a seed, into one file that is the
# same for every node.
#
# Owns the options, the seed's derivation and what is written where. What the lists may say and what becomes of the preset is in
# genesis/*.mjs; whether the runtime takes it, the node says.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

MAX_VALIDATORS=100
# What each validator of a seed starts with, in ERGN, if no balances are given.
SEED_ENDOWMENT=1000000

usage() {
    cat <<'USAGE'
Usage: ./scripts/genesis.sh --name NAME --id ID (--validators FILE | --seed FILE --count N) (--output FILE | --raw FILE) [OPTION]...

Makes one chain spec for a network of 1 to 100 validators and prints its genesis hash. The same input gives the same bytes, with
the same node. Every node of the network takes the same file: ergon-node --chain FILE.

The network:
  --name NAME          what it is called, such as "Our Network"
  --id ID              the same for folders: a-z, 0-9, _ and -, such as our_network
  --base PRESET        whose runtime and clock it gets: local_testnet (default), testnet, mainnet, development, short_slots.
                       The preset's own validators, money and sudo key are left out: their secrets are public
  --sudo ADDRESS       who may do everything (only with a base that has sudo: local_testnet, development, short_slots)

Its validators, one of:
  --validators FILE    one a line: account, aura public key (sr25519), grandpa public key (ed25519), separated by blanks;
                       each as an address (5…) or as 0x and 64 hex digits; then, if they differ from the least and from 0, its
                       stake in ERGN and its commission in percent. Empty lines and # comments are skipped
  --seed FILE          derived from the secret in FILE, or on the standard input if FILE is - ; for test networks, because who
                       has the seed has every key. The secret is a phrase of 12 to 24 words, or 0x and 64 hex digits
  --count N            how many validators to derive: 1 to 100

Its money:
  --balances FILE      one a line: account, amount in ERGN (1000 or 0.5); all together at most 1,000,000,000 ERGN. Each validator
                       needs its stake and 0.001 more. Without this list, validators of a seed have 1,000,000 ERGN each
  --team ADDRESS       gets 200,000,000 ERGN, released over four years
  --early ADDRESS      gets 100,000,000 ERGN, released over two years
  --foundation ADDRESS gets 200,000,000 ERGN

What is written:
  --output FILE        the plain spec: the preset with what was put into it, to be read
  --raw FILE           the raw spec: the genesis state itself, to be distributed
  --force              replace these files if they exist

Others:
  --node FILE          the node to use (default: the one built here)
  --help               this text

Derivation: validator I, counted from 0, has the secrets SEED//I//validator (account, sr25519), SEED//I//aura (sr25519) and
SEED//I//grandpa (ed25519). A server gets its two keys by writing each secret into a file and, with it:

  ergon-node key insert --chain FILE --base-path DIR --scheme sr25519 --key-type aura --suri SECRET-FILE
  ergon-node key insert --chain FILE --base-path DIR --scheme ed25519 --key-type gran --suri SECRET-FILE

Only public keys are printed or written. The secret is never an argument of a command: those can be seen by everybody.
USAGE
}

NAME='' ID='' BASE=local_testnet SUDO='' TEAM='' EARLY='' FOUNDATION='' VALIDATORS='' SEED='' COUNT='' BALANCES='' OUTPUT='' RAW='' FORCE=0 NODE=''

parse() {
    while (($#)); do
        case $1 in
            -h | --help) usage && exit 0 ;;
            --force) FORCE=1 && shift && continue ;;
            --name | --id | --base | --preset | --sudo | --team | --early | --foundation | --validators | --seed | --count | --balances | --output | --raw | --node) ;;
            *) fail "genesis.sh does not know '$1'" "./scripts/genesis.sh --help lists what it knows" ;;
        esac
        [[ -n ${2:-} ]] || fail "$1 needs a value"
        case $1 in
            --name) NAME=$2 ;;
            --id) ID=$2 ;;
            --base | --preset) BASE=$2 ;;
            --sudo) SUDO=$2 ;;
            --team) TEAM=$2 ;;
            --early) EARLY=$2 ;;
            --foundation) FOUNDATION=$2 ;;
            --validators) VALIDATORS=$2 ;;
            --seed) SEED=$2 ;;
            --count) COUNT=$2 ;;
            --balances) BALANCES=$2 ;;
            --output) OUTPUT=$2 ;;
            --raw) RAW=$2 ;;
            --node) NODE=$2 ;;
        esac
        shift 2
    done
}

# Whatever can be refused before the node is asked.
check_options() {
    local file
    [[ -n $NAME && -n $ID ]] || fail "the network needs --name and --id"
    [[ $NAME =~ ^[A-Za-z0-9]([A-Za-z0-9\ ._-]{0,62}[A-Za-z0-9])?$ ]] || fail "'$NAME' is no --name: up to 64 letters, digits, blanks, dots, _ and -"
    [[ $ID =~ ^[a-z0-9][a-z0-9_-]{0,63}$ ]] || fail "'$ID' is no --id: up to 64 of a-z, 0-9, _ and -"
    [[ -n $OUTPUT$RAW ]] || fail "nothing would be written: give --output FILE, --raw FILE or both"
    [[ -z $OUTPUT || -z $RAW || $(realpath -m -- "$OUTPUT") != $(realpath -m -- "$RAW") ]] || fail "--output and --raw name the same file"
    for file in "$OUTPUT" "$RAW"; do
        [[ -z $file ]] && continue
        [[ -d $(dirname -- "$file") ]] || fail "there is no folder for '$file'"
        [[ ! -e $file ]] || ((FORCE)) || fail "'$file' exists: --force replaces it"
    done
    [[ -z $VALIDATORS || -z $SEED ]] || fail "validators come from --validators or from --seed, not from both"
    [[ -n $VALIDATORS || -n $SEED ]] || fail "the network has no validators: give --validators FILE, or --seed FILE and --count N"
    [[ -z $SEED || -n $COUNT ]] || fail "--seed needs --count N, the number of validators"
    [[ -z $COUNT || -n $SEED ]] || fail "--count belongs to --seed; a list of validators has its own length"
    [[ -z $COUNT ]] || { [[ $COUNT =~ ^[0-9]{1,4}$ ]] && ((10#$COUNT >= 1 && 10#$COUNT <= MAX_VALIDATORS)); } ||
        fail "--count $COUNT is not possible: a network has 1 to $MAX_VALIDATORS validators"
    [[ -z $VALIDATORS || -r $VALIDATORS ]] || fail "the list of validators '$VALIDATORS' cannot be read"
    [[ -z $BALANCES || -r $BALANCES ]] || fail "the list of balances '$BALANCES' cannot be read"
}

# A name or an id that a network already has would mix up folders and people. Takes the specs to compare with.
check_clash() {
    local spec name id
    for spec in "$@"; do
        IFS=$'\t' read -r name id < <(jq -r '[.name, .id] | @tsv' "$spec")
        [[ $ID != "${id,,}" ]] || fail "the id '$ID' is taken by the network '$name'"
        [[ ${NAME,,} != "${name,,}" ]] || fail "the name '$NAME' is taken by the network with the id '$id'"
    done
}

# The secret, from a file or the standard input: no trailing line ends, and nothing but what stands for a secret of its own.
read_seed() {
    local secret words
    if [[ $SEED == - ]]; then
        [[ ! -t 0 ]] || printf 'Seed: ' >&2
        IFS= read -r -s secret || [[ -n $secret ]] || fail "there is no seed on the standard input"
    else
        [[ -r $SEED ]] || fail "the file of the seed '$SEED' cannot be read"
        secret=$(<"$SEED")
    fi
    read -r -a words <<<"$secret"
    [[ $secret =~ ^0x[0-9a-fA-F]{64}$ || ($secret =~ ^[a-z]+(\ [a-z]+)*$ && ${#words[@]} =~ ^(12|15|18|21|24)$) ]] ||
        fail "the seed is neither a phrase of 12 to 24 words nor 0x and 64 hex digits" "To make one: ergon-node key generate"
    SECRET=$secret
}

# Public key of the secret $SECRET$2, of kind $1. The node reads it from a file that only we can read.
public_key() {
    (umask 077 && printf '%s%s' "$SECRET" "$2" >"$WORK/secret")
    "$NODE" key inspect --scheme "$1" --output-type json "$WORK/secret" 2>/dev/null | jq -er .ss58PublicKey 2>/dev/null ||
        fail "the seed is no secret that the node can read: is a word of the phrase mistyped?"
}

derive_validators() {
    local i account aura grandpa
    for ((i = 0; i < 10#$COUNT; i++)); do
        # One by one: a failure within `printf "$(…)"` would go unnoticed.
        account=$(public_key sr25519 "//$i//validator")
        aura=$(public_key sr25519 "//$i//aura")
        grandpa=$(public_key ed25519 "//$i//grandpa")
        printf '%s %s %s\n' "$account" "$aura" "$grandpa"
    done >"$WORK/validators"
    rm -f "$WORK/secret"
    unset SECRET
}

# What the node gave as the reason when it failed, without the genesis that it repeats.
reason() {
    sed -n 's/^[Ee]rror: \(Invalid input: \|Other: \)*\(.*\)/\2/p' "$WORK/log" | sed 's/ for blob:.*//' | grep . || tail -n 1 "$WORK/log"
}

# Runs the node. If it fails, the script ends with the reason.
node_or_fail() {
    "$NODE" "$@" 2>"$WORK/log" || fail "$(reason)"
}

make() {
    local list=$VALIDATORS list_name=$VALIDATORS summary options=()
    if [[ -n $SEED ]]; then
        step "Keys of $COUNT validators"
        derive_validators
        list=$WORK/validators list_name="the seed"
        [[ -n $BALANCES ]] || options+=(--endow "$SEED_ENDOWMENT")
    fi
    [[ -z $BALANCES ]] || options+=(--balances "$BALANCES")
    [[ -z $SUDO ]] || options+=(--sudo "$SUDO")
    [[ -z $TEAM ]] || options+=(--team "$TEAM")
    [[ -z $EARLY ]] || options+=(--early "$EARLY")
    [[ -z $FOUNDATION ]] || options+=(--foundation "$FOUNDATION")
    step "Chain spec"
    node "$ROOT/scripts/genesis/spec.mjs" --name "$NAME" --id "$ID" --validators "$list" --validators-name "$list_name" \
        "${options[@]}" <"$WORK/base.json" >"$WORK/plain.json" 2>"$WORK/log" || fail "$(tail -n 1 "$WORK/log")"
    summary=$(<"$WORK/log")
    # Here the runtime builds the genesis, and refuses what it cannot begin with.
    node_or_fail export-chain-spec --chain "$WORK/plain.json" --raw --output "$WORK/raw.json" >/dev/null
    HASH=$(genesis_hash "$NODE" "$WORK/raw.json" "$WORK" 2>"$WORK/log") || fail "$(reason)"
    [[ -z $OUTPUT ]] || mv "$WORK/plain.json" "$OUTPUT"
    [[ -z $RAW ]] || mv "$WORK/raw.json" "$RAW"
    note "$NAME ($ID), after $BASE: $summary"
    [[ -z $SEED ]] || sed '1i account, aura, grandpa of each validator:' "$WORK/validators"
    [[ -z $OUTPUT ]] || note "plain: $OUTPUT"
    [[ -z $RAW ]] || note "raw:   $RAW"
    say "Genesis $HASH"
}

main() {
    parse "$@"
    check_options
    have jq || fail "jq is missing" "./scripts/setup.sh installs it"
    have node || fail "Node.js is missing" "./scripts/setup.sh installs it"
    [[ -n $NODE ]] || { require_node_binary && NODE=$(node_binary); }
    [[ -x $NODE ]] || fail "there is no node at '$NODE'"
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    check_clash "$ROOT"/chain-specs/*.json
    [[ -z $SEED ]] || read_seed
    node_or_fail export-chain-spec --chain "preset:$BASE" --output "$WORK/base.json" >/dev/null
    check_clash "$WORK/base.json"
    make
}

main "$@"
