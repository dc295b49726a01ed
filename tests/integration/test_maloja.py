"""Plays reach a real server that people run themselves: maloja, which takes them as ListenBrainz does.

Its package on PyPI is `malojaserver` (`maloja` there is another program altogether). What it needs does not go with
what Segue needs, so it lives in an environment of its own, and `SEGUE_TEST_MALOJA` names its program there.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.sharing.listenbrainz import MOST_AT_ONCE, Server, TokenRefused
from musicplayer.sharing.sharing import Sharing
from tests.unit.sharing.test_sharing import hear, names
from tests.waiting import wait_until

PROGRAM = os.environ.get("SEGUE_TEST_MALOJA", "")
WAIT_MS = 60_000

pytestmark = pytest.mark.skipif(
    not PROGRAM,
    reason="SEGUE_TEST_MALOJA does not name the program of maloja (in an environment of its own: "
    "pip install malojaserver==3.2.3)",
)


class Maloja:
    """One with its data in a folder, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self._port}"
        self.address = f"{self.base}/apis/listenbrainz"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def key(self) -> str:
        return (self._folder / "apikeys.yml").read_text().partition(":")[2].strip()

    @property
    def titles(self) -> list[str]:
        """Of all that it keeps, in the order of their times."""
        with urllib.request.urlopen(f"{self.base}/apis/mlj_1/scrobbles?from=2020", timeout=20) as answer:
            kept = json.load(answer)["list"]
        return [one["track"]["title"] for one in sorted(kept, key=lambda one: one["time"])]

    def start(self) -> None:
        own = {"MALOJA_DATA_DIRECTORY": self._folder, "MALOJA_SKIP_SETUP": "yes", "MALOJA_LOGGING": "no"}
        where = {"MALOJA_HOST": "127.0.0.1", "MALOJA_PORT": self._port}
        environment = {name: str(value) for name, value in {**os.environ, **own, **where}.items()}
        self._process = subprocess.Popen(
            [PROGRAM, "run"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers, "maloja does not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port)).close()
            return bool(self.key)
        return False


@pytest.fixture
def maloja(tmp_path: Path) -> Iterator[Maloja]:
    folder = tmp_path / "maloja"
    folder.mkdir()
    made = Maloja(folder)
    made.start()
    yield made
    made.kill()


def test_it_knows_its_token_and_no_other(maloja: Maloja) -> None:
    assert Server(maloja.address, maloja.key).user()
    with pytest.raises(TokenRefused):
        Server(maloja.address, "another").user()


def test_it_has_every_play_once_although_it_and_the_player_end(maloja: Maloja, home: Home, qtbot: QtBot) -> None:
    settings = Settings(sharing=True, sharing_server=maloja.address, sharing_token=maloja.key)
    first = Sharing(home, settings, first_retry=0.1)
    first.start()
    hear(first, *names(5))
    qtbot.waitUntil(lambda: not first.waiting, timeout=WAIT_MS)
    maloja.kill()
    hear(first, *(f"Song {number}" for number in range(5, MOST_AT_ONCE + 40)), first=5)
    qtbot.waitUntil(lambda: first.trouble is not None, timeout=WAIT_MS)
    maloja.start()
    qtbot.waitUntil(lambda: first.waiting < MOST_AT_ONCE, timeout=WAIT_MS)
    first.shutdown()
    again = Sharing(home, settings, first_retry=0.1)
    again.start()
    hear(again, "Song 90", first=90)
    qtbot.waitUntil(lambda: not again.waiting, timeout=WAIT_MS)
    again.shutdown()
    assert maloja.titles == names(91)
    assert not home.refused_plays_file.exists()
