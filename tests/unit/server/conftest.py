"""A running server for the tests of a file: one for all of them, with new listeners for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.core.home import Home
from tests.conftest import empty_database
from tests.served_library import make_library
from tests.unit.server.web.running import Library, Running, asking, served_library


@pytest.fixture(scope="module")
def library(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A served library of 24 tracks with a model, in a real database."""
    folder = tmp_path_factory.mktemp("served")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database:
        tracks = make_library(database, home, folder / "music")
        with served_library(database, home, tracks) as made:
            yield made


@pytest.fixture
def running(library: Library) -> Iterator[Running]:
    """That library, asked by two new listeners."""
    with asking(library) as made:
        yield made
