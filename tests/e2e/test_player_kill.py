"""Kill -9 of the player while it plays: queue, position and library are back, and nothing is in the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from indexer.core.home import Home
from tests.conftest import REPOSITORY
from tests.e2e.shell import root_of, run_json
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.vlc,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here"),
]

SAVED_EVERY = 2.0
"""Seconds between two saves of the position."""


def test_killed_while_playing(home: Home, demo_folder: Path) -> None:
    count = int(run_json(home, "scan", demo_folder)["tracks"])
    player = _start(home, "play")
    before = _wait_for(player, lambda state: state["playing"] and state["position"] > SAVED_EVERY + 1)
    player.kill()
    player.communicate()

    _wait_until_no_server(home)
    after = _restored(home)
    assert after["tracks"] == count
    assert after["queue"] == before["queue"]
    assert len(after["queue"]) == count
    assert after["current"] == before["current"]
    assert before["position"] - SAVED_EVERY - 1 <= after["position"] <= before["position"] + 1
    assert not after["playing"]


def _start(home: Home, task: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.e2e.playing", root_of(home), task]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def _wait_for(player: subprocess.Popen[str], reached: Any) -> dict[str, Any]:
    assert player.stdout is not None
    deadline = time.monotonic() + 60
    for line in player.stdout:
        state: dict[str, Any] = json.loads(line)
        if reached(state):
            return state
        assert time.monotonic() < deadline, state
    pytest.fail("the player ended by itself")


def _restored(home: Home) -> dict[str, Any]:
    player = _start(home, "restore")
    output, _ = player.communicate(timeout=60)
    assert player.returncode == 0
    last: dict[str, Any] = json.loads(output.splitlines()[-1])
    return last


def _wait_until_no_server(home: Home) -> None:
    """The database server ends by itself when its last user was killed."""
    wait_until(lambda: not _servers(home), "the server ends")


def _servers(home: Home) -> list[str]:
    folder = str(home.database)
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(folder in word for word in words):
            found.append(" ".join(words))
    return found
