#!/usr/bin/env bash
# Puts Segue into the menu of your desktop, with its icon:  packaging/install-desktop.sh [--remove] [COMMAND]
# COMMAND starts Segue: a bundle's `segue`, the installed command, or, where none is given, packaging/run.sh.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SHARE=${XDG_DATA_HOME:-$HOME/.local/share}
ID=app.segue.Segue
ENTRY=$SHARE/applications/$ID.desktop
METAINFO=$SHARE/metainfo/$ID.metainfo.xml
ICON=$SHARE/icons/hicolor/scalable/apps/$ID.svg

say() { printf 'segue: %s\n' "$*" >&2; }

# A word of an Exec line: in double quotes, with what is special there escaped twice, and per cent signs doubled.
quoted() {
    local word=$1
    word=${word//\\/\\\\\\\\}
    word=${word//\"/\\\\\"}
    word=${word//\`/\\\\\`}
    word=${word//\$/\\\\\$}
    printf '"%s"' "${word//%/%%}"
}

tell_desktop() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$SHARE/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$SHARE/icons/hicolor" || true; fi
}

install_files() {
    local command entry
    command=$(command -v "$1") || { say "there is no command $1"; exit 1; }
    command=$(realpath "$command")
    mkdir -p "${ENTRY%/*}" "${METAINFO%/*}" "${ICON%/*}"
    entry=$(<"$ROOT/resources/desktop/$ID.desktop")
    entry=$(grep -v '^TryExec=' <<<"$entry")
    while IFS= read -r line; do
        case $line in
        "Exec=segue"*) printf 'Exec=%s%s\n' "$(quoted "$command")" "${line#Exec=segue}" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <<<"$entry" >"$ENTRY"
    cp "$ROOT/resources/desktop/$ID.metainfo.xml" "$METAINFO"
    cp "$ROOT/resources/icons/segue.svg" "$ICON"
    tell_desktop
    say "Segue is in the menu; it starts $command"
}

case ${1:-} in
--remove)
    rm -f "$ENTRY" "$METAINFO" "$ICON"
    tell_desktop
    say "Segue is out of the menu"
    ;;
-h | --help) sed -n '2,3s/^# //p' "$0" ;;
*) install_files "${1:-$ROOT/packaging/run.sh}" ;;
esac
