#!/usr/bin/env bash
# Starts Segue, after installing what it needs:  packaging/run.sh [--demo | --serve] [FOLDER ...]
# With --serve there is no window and no need of a display. Without either it drives the window through its tour on a
# virtual display, and leaves the screenshots in out/tour.
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; }

asks_for() { # asks_for OPTION ARGUMENT...
    local option=$1 argument
    shift
    for argument; do
        case $argument in "$option" | "$option"=*) return 0 ;; esac
    done
    return 1
}

on_virtual_display() {
    if ! command -v xvfb-run >/dev/null || ! command -v xauth >/dev/null; then
        say "no display, and no xvfb-run for a virtual one. Install it with: sudo apt-get install xvfb xauth"
        exit 1
    fi
    SEGUE_AOUT=${SEGUE_AOUT:-dummy} QT_QPA_PLATFORM=xcb \
        xvfb-run -a -s '-screen 0 1440x900x24' "$VENV/bin/python" -m musicplayer "$@"
}

if asks_for --serve "$@"; then
    install_system server
    make_environment
    exec "$VENV/bin/python" -m musicplayer "$@"
fi

if has_display || asks_for --help "$@"; then
    install_system player
    make_environment
    exec "$VENV/bin/python" -m musicplayer "$@"
fi

install_system tests
make_environment
if asks_for --tour "$@"; then
    on_virtual_display "$@"
    exit
fi
pictures=$PWD/out/tour
asks_for --demo "$@" || set -- --demo "$@"
say "no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): taking the tour on a virtual one with the demo library"
mkdir -p "$pictures"
status=0
on_virtual_display --tour "$pictures" "$@" || status=$?
say "the tour's screenshots are in $pictures"
exit "$status"
