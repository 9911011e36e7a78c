# shellcheck shell=bash
# The standard library for wasm32v1-none, which the runtime is compiled against. Sourced by setup.sh.
#
# Two ways. Short: rustup fetches it. Debian's, where rustup's servers cannot be reached: compile core and alloc from the
# source that Debian ships, put them beside Debian's compiler, and let only the Wasm build use that compiler.

WASM_TARGET=wasm32v1-none
DEBIAN_TOOLCHAIN=ergon-debian

wasm_target() {
    if [[ ${ERGON_WASM:-} == debian ]]; then
        wasm_from_debian
        return
    fi
    # An earlier run took Debian's way, and its result is still there.
    if [[ -n ${CARGO_TARGET_WASM32V1_NONE_LINKER:-} ]] && debian_wasm_is_ready; then return; fi
    if active_toolchain_has_wasm; then return; fi
    if have rustup && rustup_serves; then
        step "Wasm target $WASM_TARGET by rustup (about 20 seconds)"
        rustup target add --toolchain "$(active_toolchain)" "$WASM_TARGET" && return
    fi
    wasm_from_debian
}

# Name of the toolchain that builds native code here. Only asked where rustup exists.
active_toolchain() { printf '%s' "${RUSTUP_TOOLCHAIN:-$(pinned_rust)}"; }

active_toolchain_has_wasm() {
    local sysroot
    if have rustup; then
        sysroot=$(RUSTUP_AUTO_INSTALL=0 RUSTUP_TOOLCHAIN=$(active_toolchain) rustc --print sysroot)
        has_core "$sysroot"
    else
        # Debian's compiler has no linker for Wasm of its own, so the libraries alone are not enough.
        has_core "$(rustc --print sysroot)" && have rust-lld
    fi
}

has_core() { compgen -G "$1/lib/rustlib/$WASM_TARGET/lib/libcore-*.rlib" >/dev/null; }

debian_wasm_is_ready() {
    [[ -x /usr/bin/rustc ]] && has_core "$(/usr/bin/rustc --print sysroot)" && have "$CARGO_TARGET_WASM32V1_NONE_LINKER" || return 1
    # Without rustup the native compiler is Debian's, and no name is needed.
    ! have rustup || rustup toolchain list | grep -q "^$DEBIAN_TOOLCHAIN\b"
}

wasm_from_debian() {
    local lld sysroot version
    step "Wasm target $WASM_TARGET from Debian's packages, as rustup does not serve it (about 4 minutes)"
    # The linker must read what Debian's newest rustc writes, so the newest it has.
    have apt-get || fail "the Wasm target is missing and this is no Debian machine" "Reach rustup's servers: rustup target add $WASM_TARGET"
    as_root apt-get update -q || warn "the package lists could not be refreshed"
    lld=$(apt-cache search --names-only '^lld-[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
    [[ -n $lld ]] || fail "Debian offers no lld here" "Enable Debian's main and security packages, then run this again"
    debian_packages "Debian's Rust with its source, and a Wasm linker" rustc-web cargo-web rust-web-src "$lld"
    sysroot=$(/usr/bin/rustc --print sysroot)
    version=$(/usr/bin/rustc --version | cut -d' ' -f2)
    version_at_least "$version" 1.84.0 ||
        fail "Debian's rustc $version does not know $WASM_TARGET" "Enable Debian's security packages, which have a newer rustc-web, or reach rustup's servers"
    if ! has_core "$sysroot" || ! built_by_this "$version"; then build_core "$sysroot" "$version" "wasm-ld-${lld#lld-}"; fi

    use_in_builds CARGO_TARGET_WASM32V1_NONE_LINKER "wasm-ld-${lld#lld-}"
    if have rustup; then
        rustup toolchain link "$DEBIAN_TOOLCHAIN" "$sysroot"
        use_in_builds WASM_BUILD_TOOLCHAIN "$DEBIAN_TOOLCHAIN"
        # Named, the toolchain is taken as it is; found by rust-toolchain.toml, rustup would try to fetch the target for it.
        use_in_builds RUSTUP_TOOLCHAIN "$(active_toolchain)"
    fi
}

# An upgrade of Debian's compiler leaves libraries behind that the new one refuses.
built_by_this() { [[ -f $CACHE/wasm-core.version && $(<"$CACHE/wasm-core.version") == "$1" ]]; }

# Compiles core, alloc and compiler_builtins and puts them where /usr/bin/rustc looks for them.
build_core() {
    local sysroot=$1 version=$2 linker=$3 folder=$CACHE/wasm-core target
    target=$sysroot/lib/rustlib/$WASM_TARGET/lib
    rm -rf "$folder"
    mkdir -p "$folder/src"
    cat >"$folder/Cargo.toml" <<'CRATE'
[package]
name = "wasm-core"
version = "0.0.0"
edition = "2021"

[workspace]
CRATE
    printf '#![no_std]\nextern crate alloc;\n' >"$folder/src/lib.rs"
    # Bitcode is embedded because the runtime is optimised across crates. RUSTC_BOOTSTRAP lets a stable compiler build its own
    # library, here and nowhere else.
    (cd "$folder" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR -u RUSTC -u CARGO RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS=-Cembed-bitcode=yes PATH="/usr/bin:$PATH" CARGO_TARGET_WASM32V1_NONE_LINKER="$linker" \
        /usr/bin/cargo build --release --target "$WASM_TARGET" -Zbuild-std=core,alloc) ||
        fail "core and alloc could not be compiled for $WASM_TARGET" "Look at the lines above; with a network: rustup target add $WASM_TARGET"
    as_root mkdir -p "$target" || fail "writing to $target needs root" "Run ./scripts/setup.sh as root, or install sudo"
    as_root find "$target" -name 'lib*.rlib' -delete
    as_root cp "$folder/target/$WASM_TARGET/release/deps/"lib{core,alloc,compiler_builtins}-*.rlib "$target/"
    printf '%s\n' "$version" >"$CACHE/wasm-core.version"
    rm -rf "$folder"
}
