# shellcheck shell=bash
# Sourced by run.sh and test.sh: brings a Debian or Ubuntu machine, and the environment in .venv, to what Segue needs.
#
#   install_system player|tests|server   system libraries, through apt where that is allowed, else one line of advice
#   make_environment                     .venv from pyproject.toml and requirements.lock; nothing to do when it is up to date

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=$ROOT/.venv
LOCK=$ROOT/packaging/requirements.lock
STAMP=$VENV/segue-stamp

say() { printf 'segue: %s\n' "$*" >&2; }

# What is looked for, and the Debian package that brings it. A shared library is named by its soname.
LIBRARIES="
libvlc.so.5              libvlc5
libEGL.so.1              libegl1
libGL.so.1               libgl1
libX11-xcb.so.1          libx11-xcb1
libxkbcommon-x11.so.0    libxkbcommon-x11-0
libxcb-cursor.so.0       libxcb-cursor0
libxcb-icccm.so.4        libxcb-icccm4
libxcb-image.so.0        libxcb-image0
libxcb-keysyms.so.1      libxcb-keysyms1
libxcb-randr.so.0        libxcb-randr0
libxcb-render-util.so.0  libxcb-render-util0
libxcb-shape.so.0        libxcb-shape0
libxcb-xkb.so.1          libxcb-xkb1
libwayland-cursor.so.0   libwayland-cursor0
libdbus-1.so.3           libdbus-1-3
libfontconfig.so.1       libfontconfig1
libglib-2.0.so.0         libglib2.0-0
"

install_system() {
    local missing
    [ "$(uname)" = Linux ] || return 0
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if ! can_install; then
        say "missing on this machine: $missing. Install them with: sudo apt-get install $missing" \
            "(or the packages of the same things where apt is not the package manager)"
        return 0
    fi
    if ! has_candidate libvlc5; then # no package lists, as in a fresh container: without them none can be chosen
        as_root apt-get update >/dev/null 2>&1 || true
        missing=$(missing_packages "$1")
    fi
    say "installing $missing"
    apt_install "$missing" || say "could not install $missing; going on without"
}

missing_packages() {
    local found names="" library package
    found=$( (PATH=$PATH:/sbin:/usr/sbin ldconfig -p) 2>/dev/null || true)
    if [ "$1" != server ]; then # which needs no display, no sound and no Java
        while read -r library package; do
            [ -z "$library" ] || grep -qF "$library " <<<"$found" || names+=" $package"
        done <<<"$LIBRARIES"
        has_vlc_plugins || names+=" vlc-plugin-base"
        has_java || names+=" $(java_package)"
        has_fonts || names+=" fonts-dejavu-core"
        command -v ps >/dev/null || names+=" procps" # Spark's scripts call it
    fi
    if [ "$1" = tests ]; then
        command -v Xvfb >/dev/null || names+=" xvfb"
        command -v xauth >/dev/null || names+=" xauth"
        command -v playerctl >/dev/null || names+=" playerctl"
        command -v pulseaudio >/dev/null || names+=" pulseaudio"
        command -v dbus-daemon >/dev/null || names+=" dbus-daemon"
        command -v dbus-monitor >/dev/null || names+=" dbus-bin"
        command -v desktop-file-validate >/dev/null || names+=" desktop-file-utils"
        command -v appstreamcli >/dev/null || names+=" appstream"
        command -v kcat >/dev/null || names+=" kcat"
        has_screen_readers || names+=" at-spi2-core gir1.2-atspi-2.0 python3-gi"
    fi
    has_python || names+=" $(python_packages)"
    echo "${names# }"
}

# The bus that they listen on, and what the system's Python speaks to it with.
has_screen_readers() {
    /usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi' 2>/dev/null
}

has_vlc_plugins() {
    [ -n "${VLC_PLUGIN_PATH:-}" ] || compgen -G '/usr/lib*/*/vlc/plugins/codec' >/dev/null ||
        compgen -G '/usr/lib*/vlc/plugins/codec' >/dev/null
}

# Spark 4 runs on Java 17 or newer.
has_java() {
    local java=java version
    [ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
    version=$("$java" -version 2>&1 | sed -nE '1s/.*version "([0-9]+).*/\1/p') || return 1
    [ "${version:-0}" -ge 17 ]
}

java_package() {
    if has_candidate openjdk-17-jre-headless || ! has_candidate openjdk-21-jre-headless; then
        echo openjdk-17-jre-headless
    else
        echo openjdk-21-jre-headless
    fi
}

has_candidate() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

has_fonts() { [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ]; }

can_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

# The package lists are fetched again only if the install fails without, because they were old.
apt_install() {
    local log packages
    log=$(mktemp)
    read -ra packages <<<"$1"
    if as_root apt-get install -y --no-install-recommends "${packages[@]}" >"$log" 2>&1 ||
        { as_root apt-get update >>"$log" 2>&1 &&
            as_root apt-get install -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1; }; then
        rm -f "$log"
        return 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

USABLE_PYTHON='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

# The newest interpreter that runs, is one of those supported and can make environments. It is run rather than
# only looked for: version managers put commands on PATH that refuse to start, in front of others that would.
find_python() {
    local name path
    for name in python3.13 python3.12 python3.11 python3; do
        while read -r path; do
            if "$path" -c "$USABLE_PYTHON" 2>/dev/null; then
                echo "$path"
                return 0
            fi
        done < <(type -aP "$name")
    done
    return 1
}

has_python() { environment_is_current || find_python >/dev/null; }

# Debian leaves ensurepip out of python3, so an interpreter that is there may still need its venv package.
python_packages() {
    local version
    version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || version=
    case $version in
    3.11 | 3.12 | 3.13) echo "python$version-venv" ;;
    *) echo "python3 python3-venv" ;;
    esac
}

make_environment() {
    environment_is_current && return 0
    local python
    if ! python=$(find_python); then
        say "no Python 3.11, 3.12 or 3.13 with its venv module found. Install one with: sudo apt-get install python3-venv"
        return 1
    fi
    with_lock build_environment "$python"
}

# One run at a time changes .venv; a second one waits, then finds the work done.
with_lock() {
    if ! command -v flock >/dev/null; then
        "$@"
        return
    fi
    (
        flock 9
        "$@"
    ) 9>"$ROOT/.venv.lock"
}

# The stamp is taken away first and written last, so a run that was interrupted is simply done again; what it had
# installed is kept.
build_environment() {
    environment_is_current && return 0
    local python=$1
    say "making the environment in .venv with $("$python" --version); this takes a few minutes the first time"
    rm -f "$STAMP"
    if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || ! same_version "$python" "$VENV/bin/python"; then
        "$python" -m venv --clear "$VENV" || return 1
    fi
    if ! { install_locked && install_segue; }; then
        say "could not install the Python packages; see the lines above, check the network, and run this again"
        return 1
    fi
    stamp >"$STAMP.new" && mv "$STAMP.new" "$STAMP"
}

same_version() { [ "$("$1" --version 2>/dev/null)" = "$("$2" --version 2>/dev/null)" ]; }

# uv is several times faster than pip, and removes what the lock no longer names; pip does where uv cannot be had.
install_locked() {
    if "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check uv &&
        "$VENV/bin/uv" pip sync --quiet --python "$VENV/bin/python" "$LOCK"; then
        return 0
    fi
    say "uv did not manage, going on with pip"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$LOCK"
}

install_segue() {
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable "$ROOT"
}

environment_is_current() { [ -f "$STAMP" ] && [ "$(<"$STAMP")" = "$(stamp)" ]; }

# Where the checkout lies is part of it, because the commands in an environment hold its path.
stamp() { { cat "$LOCK" "$ROOT/pyproject.toml" && echo "$ROOT" && "$VENV/bin/python" --version; } 2>/dev/null | sha256sum; }
