"""One served library for all tests of a file: what a test changes, it changes for listeners of its own."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pymongo
import pytest

from indexer.core.home import Home
from indexer.core.store import open_database
from tests.unit.server.subsonic.served import Served, served

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def library(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    home = Home.resolve(folder / "home")
    uri = urlsplit(database_server)._replace(path=f"/test_{uuid.uuid4().hex[:16]}").geturl()
    with open_database(home, uri=uri) as database, served(database, home, folder / "music") as made:
        yield made
    with pymongo.MongoClient[dict[str, object]](uri) as client:
        client.drop_database(urlsplit(uri).path.strip("/"))


@pytest.fixture
def new_listener(library: Served) -> Callable[[], str]:
    """Makes a listener with a device, who has done nothing yet; gives the name."""

    def made() -> str:
        name = f"Listener {next(_numbers)}"
        library.add(name)
        return name

    return made
