"""Helpers for tests that start, share and kill managed servers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.store import connection
from indexer.core.store.database import URI_VARIABLE
from indexer.core.store.managed.layout import ServerFolder, ServerState
from indexer.core.store.managed.server import attach, stop

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def stopped_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database folder of a server that was started once and ended in order."""
    home = Home.resolve(tmp_path_factory.mktemp("stopped-server"))
    server = attach(home, wait=30)
    server.release()
    stop(home)
    return home.database


@pytest.fixture
def new_server(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose managed server is this test's alone, and was never started."""
    monkeypatch.delenv(URI_VARIABLE, raising=False)
    return home


@pytest.fixture
def own_server(new_server: Home, stopped_server: Path) -> Home:
    """A home whose managed server is this test's alone, empty and not running."""
    shutil.copytree(stopped_server, new_server.database)
    return new_server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls give up on a server that is away after one second instead of five."""
    monkeypatch.setattr(connection, "SELECTION_MS", 1_000)


def state_of(home: Home) -> ServerState:
    state = ServerState.read(ServerFolder(home.database))
    assert state is not None, "no server runs"
    return state


def start_user(home: Home, then: str) -> subprocess.Popen[str]:
    """A process that opens the database of `home` as `database`, says "ready" and its server's pid, and runs `then`."""
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from indexer.core.home import Home\nfrom indexer.core.store import open_database\n"
        "from indexer.core.store.managed.layout import ServerFolder, ServerState\n"
        "home = Home.resolve(Path(sys.argv[1]))\ndatabase = open_database(home)\n"
        "print('ready', ServerState.read(ServerFolder(home.database)).server.pid, flush=True)\n" + then
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home.data.parent)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
    )  # fmt: skip


def server_pid_of(user: subprocess.Popen[str]) -> int:
    assert user.stdout is not None
    word, pid = user.stdout.readline().split()
    assert word == "ready"
    return int(pid)
