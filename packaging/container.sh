#!/bin/sh
# What the container runs, see Containerfile:  segue index [FOLDER]  or  segue [OPTION OF THE SERVER ...]
set -eu
if [ "${1:-}" = index ]; then
    exec /opt/segue/bin/python -m indexer build "${2:-/music}"
fi
exec /opt/segue/bin/python -m musicplayer.server "$@"
