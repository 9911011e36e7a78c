#!/usr/bin/env bash
# Brings a Debian machine to where Ergon builds and runs. Safe to repeat: what is there is left alone.
#
# Owns the order of the steps and everything but the Wasm target, which setup-wasm.sh brings. Installs nothing when all is
# there, and then takes a second or two.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=setup-wasm.sh
source "$ROOT/scripts/setup-wasm.sh"

CARGO_DENY_VERSION=0.20.2
SYSTEM_PACKAGES=(protobuf-compiler clang libclang-dev cmake make gcc g++ pkg-config git curl ca-certificates jq)

usage() {
    cat <<'USAGE'
Usage: ./scripts/setup.sh [--tests]

Installs what building and running Ergon needs, as far as it is missing: system packages, Rust, its Wasm target, Node.js.
run.sh and test.sh call it themselves.

  --tests   also what the tests need: cargo-deny, shellcheck, libfaketime, the npm and Python packages of tests/e2e
  --help    this text

Environment:
  ERGON_WASM=debian   bring the Wasm target from Debian's packages even where rustup could fetch it
  XDG_CACHE_HOME      where the results of one-time work are kept, in ergon/ (default ~/.cache)
USAGE
}

# Runs a command as root.
as_root() {
    if ((EUID == 0)); then "$@"; elif have sudo; then sudo "$@"; else return 127; fi
}

# Installs the named Debian packages that are missing. First argument: what they are for.
debian_packages() {
    local what=$1 package missing=()
    shift
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    step "$what: ${missing[*]} (about a minute)"
    local command="apt-get install -y --no-install-recommends ${missing[*]}"
    have apt-get || fail "$what is missing and this is no Debian machine" "Install by your system's means: ${missing[*]}"
    ((EUID == 0)) || have sudo || fail "$what needs root, and there is no sudo" "Run as root: apt-get update && $command"
    # Old lists name packages that are gone, so only a fresh list proves that one is missing.
    as_root apt-get update -q || warn "the package lists could not be refreshed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
        fail "apt-get could not install: ${missing[*]}" "Look at the lines above, then run as root: $command"
}

system_packages() {
    local tool complete=1
    # dpkg answers slowly for many packages; the tools answer at once.
    for tool in protoc clang cmake make gcc g++ pkg-config git curl jq; do have "$tool" || complete=0; done
    compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null || complete=0
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || complete=0
    ((complete)) && return
    debian_packages "System packages" "${SYSTEM_PACKAGES[@]}"
}

pinned_rust() { sed -n 's/^channel *= *"\(.*\)"/\1/p' "$ROOT/rust-toolchain.toml"; }

rustup_serves() {
    curl -fsI --max-time 10 "${RUSTUP_DIST_SERVER:-https://static.rust-lang.org}/dist/channel-rust-stable.toml.sha256" >/dev/null 2>&1
}

install_rust() {
    local url=https://sh.rustup.rs
    if curl -fsI --max-time 10 "$url" >/dev/null 2>&1; then
        step "Rust: rustup and toolchain $(pinned_rust) (about 2 minutes)"
        curl --proto '=https' --tlsv1.2 -fsS "$url" | sh -s -- -y --no-modify-path --profile minimal --default-toolchain none &&
            PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
    have cargo && return
    # rustup's servers cannot be reached: Debian's own compiler builds the node as well.
    debian_packages "Rust from Debian, as rustup cannot be reached" rustc-web cargo-web rust-web-src
    have cargo || fail "no Rust could be installed" "Install it from https://rustup.rs and run this again"
}

# Makes `cargo` in this folder start the pinned compiler, or one at least as new; says which if it is another.
pinned_toolchain() {
    local pinned name version
    pinned=$(pinned_rust)
    if ! have rustup; then
        version=$(cargo --version | cut -d' ' -f2)
        version_at_least "${version%%-*}" "$pinned" && return
        fail "cargo $version is older than the pinned $pinned" "Install rustup from https://rustup.rs and run this again"
    fi
    # Asked by name, rustup answers for the compiler alone and does not look for missing targets.
    RUSTUP_TOOLCHAIN=$pinned RUSTUP_AUTO_INSTALL=0 rustc --version >/dev/null 2>&1 && return
    if rustup_serves; then
        step "Rust $pinned (about 2 minutes)"
        rustup toolchain install "$pinned" --profile minimal --component rustfmt --component clippy && return
    fi
    while read -r name _; do
        version=$(RUSTUP_AUTO_INSTALL=0 RUSTUP_TOOLCHAIN=$name rustc --version 2>/dev/null | cut -d' ' -f2) || continue
        if [[ $version != *-* ]] && version_at_least "$version" "$pinned"; then
            warn "Rust $pinned cannot be fetched: building with '$name' ($version) instead"
            use_in_builds RUSTUP_TOOLCHAIN "$name"
            return
        fi
    done < <(rustup toolchain list)
    fail "Rust $pinned is not installed and rustup cannot fetch it" "With a network: rustup toolchain install $pinned"
}

# Lets every build see NAME=VALUE.
use_in_builds() {
    mkdir -p "$CACHE"
    touch "$TOOLCHAIN_ENV"
    sed -i "/^export $1=/d" "$TOOLCHAIN_ENV"
    printf 'export %s=%q\n' "$1" "$2" >>"$TOOLCHAIN_ENV"
    export "$1=$2"
}

node_js() {
    local version
    have node || debian_packages "Node.js, for the live view and the tests" nodejs
    version=$(node --version)
    version_at_least "${version#v}" 18.15 ||
        fail "Node.js $version is too old: 18.15 or newer is needed" "Install a newer one from https://nodejs.org or your system's packages"
}

# npm packages of folder $1; $2 says how long that takes. npm takes seconds to find that nothing changed, a checksum takes none.
npm_packages() {
    local folder=$ROOT/$1 stamp sum
    stamp=$folder/node_modules/.installed-from
    sum=$(sha256sum <"$folder/package-lock.json")
    [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return
    have npm || debian_packages "npm" npm
    step "npm packages of $1 ($2)"
    # None of them needs its install scripts, and newer versions of npm ask before they run any.
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) ||
        fail "npm could not install the packages of $1" "If no registry can be reached, set one: npm config set registry URL"
    printf '%s\n' "$sum" >"$stamp"
}

# Python packages of the end-to-end tests, in a virtual environment. They fit one version of Python: another one gets them anew.
python_packages() {
    local folder=$ROOT/tests/e2e/python venv stamp sum
    python3 -c 'import ensurepip, venv' 2>/dev/null || debian_packages "Python, for a client in the tests" python3 python3-venv
    venv=$folder/.venv
    stamp=$venv/.installed-from
    sum=$({ python3 --version && cat "$folder/requirements.txt"; } | sha256sum)
    [[ -x $venv/bin/python3 && -f $stamp && $(<"$stamp") == "$sum" ]] && return
    step "Python packages of tests/e2e/python (about half a minute)"
    if ! python3 -m venv --clear "$venv" ||
        ! "$venv/bin/python3" -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: \
            -r "$folder/requirements.txt"; then
        fail "pip could not install the packages of tests/e2e/python for $(python3 --version)" \
            "They exist for Python 3.11 to 3.14. If no registry can be reached, set one: pip config set global.index-url URL"
    fi
    printf '*\n' >"$venv/.gitignore"
    printf '%s\n' "$sum" >"$stamp"
}

debian_or_rustup_lints() {
    if have rustup; then
        rustup component add rustfmt clippy || fail "rustfmt or clippy is missing" "With a network: rustup component add rustfmt clippy"
    else
        debian_packages "rustfmt and clippy" rust-web-clippy rustfmt
    fi
}

test_tools() {
    have shellcheck || debian_packages "shellcheck" shellcheck
    compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || debian_packages "A clock for the tests" libfaketime
    npm_packages tests/e2e "about a minute"
    npm_packages tests/e2e/papi "about a minute, 300 MB"
    python_packages
    if ! have cargo-fmt || ! have cargo-clippy; then
        debian_or_rustup_lints
    fi
    if ! have cargo-deny; then
        step "cargo-deny $CARGO_DENY_VERSION (about 5 minutes)"
        # A target directory of its own: the workspace's would be filled with another tree.
        (cd "$ROOT" && CARGO_TARGET_DIR=$CACHE/cargo-deny cargo install --locked --version "$CARGO_DENY_VERSION" cargo-deny) ||
            fail "cargo-deny could not be built" "By hand: cargo install --locked --version $CARGO_DENY_VERSION cargo-deny"
        rm -rf "$CACHE/cargo-deny"
    fi
}

main() {
    local tests=0
    while (($#)); do
        case $1 in
            --tests) tests=1 ;;
            -h | --help) usage && exit 0 ;;
            *) fail "setup.sh does not know '$1'" "./scripts/setup.sh --help lists what it knows" ;;
        esac
        shift
    done
    mkdir -p "$CACHE"
    load_build_env
    system_packages
    have cargo || install_rust
    pinned_toolchain
    wasm_target
    node_js
    if ((tests)); then test_tools; fi
}

main "$@"
