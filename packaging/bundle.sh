#!/usr/bin/env bash
# Makes a folder that runs Segue on a machine without Python:  packaging/bundle.sh [--check-only]
# The bundle is out/bundle/segue; it still uses the system's VLC libraries and Java. Ends by trying the bundle.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

WORK=$ROOT/out/bundle
BUNDLE=$WORK/segue

make_bundle() {
    install_system tests
    make_environment
    local tools=$WORK/venv
    mkdir -p "$WORK"
    # A copy of the environment, so that what only makes the bundle is neither in .venv nor in the bundle.
    [ -x "$tools/bin/pip" ] || "$VENV/bin/python" -m venv "$tools"
    grep -v '^-e ' "$LOCK" >"$WORK/requirements.txt"
    if ! "$VENV/bin/uv" pip install --quiet --python "$tools/bin/python" -r "$WORK/requirements.txt"; then
        say "uv did not manage, going on with pip"
        "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$WORK/requirements.txt"
    fi
    "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$ROOT"
    "$tools/bin/pyinstaller" --noconfirm --log-level WARN --distpath "$WORK" --workpath "$WORK/work" \
        "$ROOT/packaging/pyinstaller/segue.spec"
}

# As on a machine that has no Python packages: nothing of this environment, nothing of this checkout.
check_bundle() {
    local scratch status=0
    scratch=$(mktemp -d)
    say "trying $BUNDLE: the tour, with the demo library, in an empty environment"
    (
        cd "$scratch"
        env -i HOME="$scratch" PATH=/usr/bin:/bin LANG=C.UTF-8 SEGUE_AOUT=dummy QT_QPA_PLATFORM=xcb \
            ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} \
            xvfb-run -a -s '-screen 0 1440x900x24' "$BUNDLE/segue" --tour "$WORK/tour" --home "$scratch/home"
    ) || status=$?
    rm -rf "$scratch"
    [ "$status" -eq 0 ] && say "the bundle starts, scans, analyses, builds its model and plays: $BUNDLE"
    return "$status"
}

[ "${1:-}" = --check-only ] || make_bundle
check_bundle
