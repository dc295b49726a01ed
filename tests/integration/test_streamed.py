"""Tracks of a shared library, decoded from its real server: as their files are, and what is told where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.shared.server import SHARED_HOME, Server, write_server
from indexer.core.store import Database
from indexer.core.tracks import Stretch, Track, TrackId
from musicplayer.playback.decoding import Decoder
from musicplayer.playback.mixer import Samples
from musicplayer.playback.served_file import NotServed, ServerTrouble
from musicplayer.playback.studio import LEAD_IN
from musicplayer.playback.studio_link import StudioLink
from musicplayer.server.accounts.accounts import Accounts
from tests.integration.test_studio import order, taken
from tests.ruler import FORMATS, melody, write
from tests.served import ServerProcess, served

SECONDS = 7.3
NAMED = {kind.name: kind for kind in FORMATS}
FRESH = [kind for kind in FORMATS if kind.name not in {"mp3 CBR, no tag"}]


@dataclass
class Shared:
    """A library with a track of every format, its server, and the home of a player that is a window on it."""

    server: ServerProcess
    home: Home
    accounts: Accounts
    files: dict[str, Path]
    window: Home

    def address(self, name: str) -> str:
        return f"{self.server.address}stream/{identity(name)}"


def identity(name: str) -> TrackId:
    return TrackId(f"{[kind.name for kind in FORMATS].index(name) + 1:032x}")


@contextmanager
def shared(tmp_path: Path, database: Database, *options: str) -> Iterator[Shared]:
    folder = tmp_path / "music"
    folder.mkdir()
    home, window = Home.resolve(tmp_path / "serving"), Home.resolve(tmp_path / "window")
    files = {
        kind.name: write(folder / f"{number}.{kind.ending}", melody(number, SECONDS, kind.rate), kind)
        for number, kind in enumerate(FORMATS)
    }
    database.folders.add(str(folder))
    database.tracks.upsert(
        Track(id=identity(name), path=str(path), root=str(folder), title=name, seconds=SECONDS)
        for name, path in files.items()
    )
    accounts = Accounts(home.accounts_file)
    owner = accounts.create_first(accounts.first_token, "ada", "correct horse battery")
    key = accounts.new_device(owner.id, "window")[1]
    with served(home, *options, uri=database.uri) as server:
        certificate = home.certificate_file.read_text("ascii") if home.certificate_file.exists() else ""
        write_server(window, Server(server.address.rstrip("/"), key, "ada", certificate))
        yield Shared(server, home, accounts, files, window)


@pytest.fixture
def library(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    with shared(tmp_path, database) as made:
        monkeypatch.setenv(SHARED_HOME, str(made.window.root))
        yield made


def decoded(path: str, start: int = 0) -> Samples:
    decoder = Decoder(path)
    try:
        return np.concatenate([block for _, block in decoder.blocks(start)])
    finally:
        decoder.close()


def test_every_format_is_from_the_server_what_its_file_is_from_the_disk(library: Shared) -> None:
    for kind in FORMATS:
        file, address = str(library.files[kind.name]), library.address(kind.name)
        for place in (0, round(3.217 * kind.rate)):
            assert np.array_equal(decoded(address, place), decoded(file, place)), (kind.name, place)
