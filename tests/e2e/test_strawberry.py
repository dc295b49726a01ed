"""Debian's Strawberry, a player that copies the library of a Subsonic server, driven as a person drives it."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from indexer.core.home import Home
from indexer.core.store import Database
from tests.screens import screen
from tests.served_library import COUNT, make_library
from tests.serving import Served, serving
from tests.sound_server import has_server, sound_server
from tests.waiting import wait_until

WANTED = ("strawberry", "xdotool", "Xvfb", "dbus-run-session")

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(
        not all(map(shutil.which, WANTED)) or not has_server(),
        reason=f"wants {', '.join(WANTED)} and pulseaudio (Debian: apt install strawberry xdotool)",
    ),
]

SUBSONIC, REFRESH, FIRST_ARTIST, FIRST_SONG = (41, 612), (165, 66), (150, 110), (500, 82)
"""Where to click in a window of the size that it has on its first start."""


class Strawberry:
    """One that runs, set up for one server."""

    def __init__(self, folder: Path, there: dict[str, str], served: Served, key: str) -> None:
        self._songs = folder / ".local" / "share" / "strawberry" / "strawberry" / "strawberry.db"
        self._environment = {
            **there,
            "HOME": str(folder),
            **{f"XDG_{kind}_HOME": str(folder / where) for kind, where in PLACES.items()},
        }
        settings = folder / PLACES["CONFIG"] / "strawberry" / "strawberry.conf"
        settings.parent.mkdir(parents=True)
        hidden = base64.b64encode(key.encode()).decode()
        settings.write_text(SETTINGS.format(address=served.address, hidden=hidden), encoding="utf-8")
        self._process = subprocess.Popen(
            ["dbus-run-session", "--", "strawberry"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(lambda: self._do("search", "--onlyvisible", "--name", "Strawberry"), "its window")

    def click(self, place: Sequence[int], times: int = 1) -> None:
        """Click somewhere in its window."""
        self._do("mousemove", *map(str, place), "click", "--repeat", str(times), "--delay", "80", "1")

    def songs(self) -> int:
        """How many songs of the server it has in its own database."""
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(f"file:{self._songs}?mode=ro")) as own,
        ):
            return int(own.execute("SELECT COUNT(*) FROM subsonic_songs").fetchone()[0])
        return 0

    def close(self) -> None:
        """End it with what it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def _do(self, *command: str) -> str:
        done = subprocess.run(["xdotool", *command], env=self._environment, capture_output=True, text=True, check=False)
        return done.stdout


PLACES = {"CONFIG": ".config", "DATA": ".local/share", "CACHE": ".cache"}

SETTINGS = """[Subsonic]
enabled=true
url={address}
username=ada
password=@ByteArray({hidden})
http2=false
verifycertificate=false
downloadalbumcovers=true
serversidescrobbling=true
authmethod=0

[MainWindow]
do_not_show_sponsor_message=true
"""


def test_strawberry_copies_the_library_and_says_what_it_plays(database: Database, home: Home, tmp_path: Path) -> None:
    make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as served, sound_server(), screen() as there:
        (owner, key), *_ = served.keys.items()
        player = Strawberry(tmp_path / "strawberry", there, served, key)
        try:

            def copied() -> bool:
                player.click(SUBSONIC)
                player.click(REFRESH)
                return player.songs() == COUNT

            wait_until(copied, "all songs in Strawberry's own list", seconds=120)

            with served.client(owner) as page:

                def begun() -> bool:
                    player.click(FIRST_ARTIST, times=2)  # may be missed while the list is still being drawn
                    player.click(FIRST_SONG, times=2)
                    with contextlib.suppress(AssertionError):
                        wait_until(lambda: plays_now(page, key), seconds=5)
                    return plays_now(page, key)

                wait_until(begun, "that it says what it plays", seconds=120)
        finally:
            player.close()


def plays_now(page: httpx.Client, key: str) -> bool:
    """Whether an app says that it plays something."""
    asked = {"apiKey": key, "v": "1.16.1", "c": "test", "f": "json"}
    return "entry" in page.get("/rest/getNowPlaying", params=asked).json()["subsonic-response"]["nowPlaying"]
