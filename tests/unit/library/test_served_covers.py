"""Covers of a shared library, from its real server: as they are there, kept here, and drawn while it is away."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.shared.server import SHARED_HOME, Server, write_server
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.library.artwork import FRESH, Artwork, drawn_cover, found_cover
from musicplayer.server.accounts.accounts import Accounts
from tests.served import ServerProcess, served
from tests.served_library import make_library
from tests.unit.library.test_artwork import RED, middle, picture

pytestmark = pytest.mark.database

AGAIN_MS = 200
WAIT_MS = 20_000


def is_red(artwork: Artwork, track: Track, size: int) -> bool:
    return middle(artwork.image(track.id, size)).red() > 250


class Window:
    """A player that shows a library of another machine, whose server is started and ended by the test."""

    def __init__(self, home: Home, window: Home, database: Database, folder: Path) -> None:
        self.tracks = make_library(database, home, folder, built=False)
        (Path(self.tracks[0].path).parent / "cover.png").write_bytes(picture(RED))
        accounts = Accounts(home.accounts_file)
        owner = accounts.create_first(accounts.first_token, "ada", "correct horse battery")
        self._key = accounts.new_device(owner.id, "window")[1]
        self._home, self._window, self._uri = home, window, database.uri

    def served(self, server: ServerProcess) -> Track:
        """The first track, as the window has it from its server."""
        address = server.address.rstrip("/")
        write_server(self._window, Server(address, self._key, "ada"))
        return replace(self.tracks[0], path=f"{address}/stream/{self.tracks[0].id}", root=address)

    def started(self, port: str = "0") -> AbstractContextManager[ServerProcess]:
        return served(self._home, "--port", port, uri=self._uri)


@pytest.fixture
def window(home: Home, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    shown = Home.resolve(tmp_path / "window")
    monkeypatch.setenv(SHARED_HOME, str(shown.root))
    return Window(home, shown, database, tmp_path / "music")


def test_a_cover_comes_from_the_server_and_is_kept(window: Window, qapp: object, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with window.started() as server:
        track = window.served(server)
        image = found_cover(track, 48, cache)
        assert image is not None
        assert (image.width(), image.height()) == (48, 48)
        assert middle(image).red() > 250
        other = replace(window.tracks[10], path=track.path.replace(track.id, window.tracks[10].id))
        assert found_cover(other, 48, cache) is not None, "drawn by the server, for which it has none"
    assert middle(found_cover(track, 48, cache)).red() > 250, "from the cache"
    for kept in cache.rglob("*.jpg"):
        os.utime(kept, (0, kept.stat().st_mtime - 2 * FRESH))
    assert middle(found_cover(track, 48, cache)).red() > 250, "an old one is better than none"


def test_while_the_server_is_away_one_is_drawn_until_it_is_back(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    artwork = Artwork(tmp_path / "cache", again_ms=AGAIN_MS)
    with window.started() as server:
        track = window.served(server)
    for size in (48, 64):
        with qtbot.waitSignal(artwork.ready, timeout=WAIT_MS):
            artwork.request(track, size)
        assert artwork.image(track.id, size) == drawn_cover(track, size)
    with window.started(str(urlsplit(track.root).port)):
        for size in (48, 64):
            qtbot.waitUntil(partial(is_red, artwork, track, size), timeout=WAIT_MS)
    artwork.shutdown()


def test_no_other_machine_is_asked_for_a_cover(window: Window, qapp: object, tmp_path: Path) -> None:
    with window.started() as server:
        track = window.served(server)
        elsewhere = track.path.replace("127.0.0.1", "127.0.0.2")
        assert found_cover(replace(track, path=elsewhere), 48, tmp_path / "cache") is None
