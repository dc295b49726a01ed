"""A machine in the kitchen that shares its library: a server process of 24 tracks, with Anna and Bert as listeners."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.server.accounts.accounts import Accounts
from tests.conftest import empty_database
from tests.served import ServerProcess, served
from tests.served_library import make_library

PASSWORD = "correct horse battery"


@dataclass
class Kitchen:
    """The machine that has the music.

    Attributes:
        home: of it.
        database: of it, to look into.
        tracks: of its library, whose owner is Anna.
        server: of it, while it runs.
    """

    home: Home
    database: Database
    tracks: list[Track]
    server: ServerProcess

    @property
    def address(self) -> str:
        return self.server.address.rstrip("/")


@contextmanager
def kitchen_in(folder: Path, database_server: str, *options: str) -> Iterator[Kitchen]:
    """Have one run."""
    home = Home.resolve(folder / "kitchen")
    with empty_database(database_server, home) as database:
        tracks = make_library(database, home, folder / "music")
        accounts = Accounts(home.accounts_file)
        accounts.create_first(accounts.first_token, "Anna", PASSWORD)
        accounts.add("Bert", PASSWORD)
        with served(home, *options, uri=database.uri) as server:
            yield Kitchen(home, database, tracks, server)


@pytest.fixture(scope="module")
def kitchen(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    """One for all tests of a module."""
    with kitchen_in(tmp_path_factory.mktemp("shared"), database_server) as made:
        yield made
