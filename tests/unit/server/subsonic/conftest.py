"""One served library for all tests of a file: what a test changes, it changes for listeners of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from indexer.core.home import Home
from tests.conftest import empty_database
from tests.unit.server.subsonic.served import Served, served

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def library(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database, served(database, home, folder / "music") as made:
        yield made


@pytest.fixture
def new_listener(library: Served) -> Callable[[], str]:
    """Makes a listener with a device, who has done nothing yet; gives the name."""

    def made() -> str:
        name = f"Listener {next(_numbers)}"
        library.add(name)
        return name

    return made
