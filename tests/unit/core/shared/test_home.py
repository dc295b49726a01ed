"""The home of a shared library has no database of its own, whoever asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.shared.server import Server, write_server
from indexer.core.store import DatabaseError, open_database
from tests.e2e import shell


@pytest.fixture
def shared(home: Home) -> Home:
    write_server(home, Server("http://kitchen:4849", "a-key", "Anna"))
    return home


@pytest.mark.parametrize("uri", [None, "managed", "mongodb://127.0.0.1:1/other"])
def test_no_database_is_opened_and_none_is_started(shared: Home, uri: str | None) -> None:
    with pytest.raises(DatabaseError, match="on another machine"):
        open_database(shared, uri=uri)
    assert not shared.database.exists()


def test_the_indexer_refuses_it_in_a_sentence(shared: Home, tmp_path: Path) -> None:
    done = shell.run(shared, "build", tmp_path)
    assert done.returncode == 1
    assert "on another machine" in done.stderr
    assert not shared.database.exists()
