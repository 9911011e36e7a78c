#!/usr/bin/env bash
# Keeps source files short enough to read in one go: 400 lines. Owns the list of exceptions; each has its reason.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LIMIT=400
# path|most lines|reason. A file listed here may still grow no further than its own number.
EXCEPTIONS=(
    'runtime/src/apis.rs|500|impl_runtime_apis! takes all of a runtime'\''s APIs in one invocation; what they do is elsewhere'
)

usage() {
    cat <<'USAGE'
Usage: ./scripts/check-file-length.sh

Fails if a .rs, .sh or .mjs file has over 400 lines and is not listed, with a reason, in this script.
Generated weights (any folder or file named weights) are exempt.
USAGE
}

# Most lines that file $1 may have.
limit_of() {
    local entry path lines
    for entry in "${EXCEPTIONS[@]}"; do
        IFS='|' read -r path lines _ <<<"$entry"
        [[ $path == "$1" ]] && printf '%d' "$lines" && return
    done
    printf '%d' "$LIMIT"
}

[[ ${1:-} == -h || ${1:-} == --help ]] && usage && exit 0
cd "$ROOT"
bad=0
while IFS= read -r file; do
    [[ -f $file ]] || continue
    case $file in */weights/* | */weights.rs) continue ;; esac
    lines=$(wc -l <"$file")
    limit=$(limit_of "$file")
    if ((lines > limit)); then
        say "$file has $lines lines, $((lines - limit)) over its limit of $limit"
        bad=1
    fi
done < <(git ls-files --cached --others --exclude-standard -- '*.rs' '*.sh' '*.mjs')
((bad == 0)) || fail "files are too long" "Split them by concept; if one really is a single concept, list it with the reason in scripts/check-file-length.sh"
