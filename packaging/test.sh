#!/usr/bin/env bash
# Checks everything, after installing what that needs:  packaging/test.sh [PYTEST ARGUMENT ...]
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_system tests
make_environment
cd "$ROOT"
PATH=$VENV/bin:$PATH
export SEGUE_AOUT=${SEGUE_AOUT:-dummy}
unset PYTHONDONTWRITEBYTECODE # hundreds of processes start: each would compile everything again
WORKERS=${SEGUE_TEST_WORKERS:-3} # processes that run tests: on two cores one is waiting for VLC, Spark or the database
LIMIT=${SEGUE_TEST_LIMIT:-4500} # seconds for all tests; on two idle cores they take a third of it
failed=""

check() { # check NAME COMMAND...: shows what the command said only if it failed
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        printf '%s\n' "$output"
        echo "FAILED  $name"
        failed+=" $name"
    fi
}

check "ruff-check" ruff check .
check "ruff-format" ruff format --check .
check "mypy" mypy
check "lint-imports" lint-imports
if command -v shellcheck >/dev/null; then
    check "shellcheck" shellcheck -x packaging/*.sh .ci/run
else
    echo "skipped shellcheck: it is not installed (apt-get install shellcheck)"
fi

# A test process that dies can leave the other waiting for ever: the limit turns that into a failure that says so.
timeout --kill-after=60 "$LIMIT" \
    xvfb-run -a -s '-screen 0 1440x900x24' python -m pytest -ra --durations=10 -n "$WORKERS" --dist loadfile --no-loadscope-reorder \
    --max-worker-restart 0 "$@" || failed+=" pytest (status $?)"

if [ -n "$failed" ]; then
    echo "failed after ${SECONDS} s:$failed"
    exit 1
fi
echo "all checks held, in ${SECONDS} s"
