#!/bin/sh
# What the container runs, see Containerfile:
#   segue index [FOLDER]  or  segue stream [OPTION ...]  or  segue [OPTION OF THE SERVER ...]
set -eu
case "${1:-}" in
index) exec /opt/segue/bin/python -m indexer build "${2:-/music}" ;;
stream) exec /opt/segue/bin/python -m indexer "$@" ;;
*) exec /opt/segue/bin/python -m musicplayer.server "$@" ;;
esac
