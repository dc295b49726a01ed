"""The database programs that can be managed: where they are and how each is started."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.core.store.faults import DatabaseUnavailable
from indexer.core.store.managed.layout import ServerFolder

_CACHE_MEGABYTES = 256
"""The server's own cache; a library of 100,000 tracks is read faster from the system's file cache than from more."""
EMPTY_CONFIGURATION = "secantusd.toml"


@dataclass(frozen=True)
class Engine:
    """One kind of server.

    Attributes:
        name: also the name of its data folder; the data of one kind cannot be read by another.
        program: the executable.
        chooses_port: whether it takes port 0 and picks a free one itself, without a race.
    """

    name: str
    program: Path
    chooses_port: bool
    _arguments: Callable[[Path, int, bool], list[str]]

    def data(self, folder: ServerFolder) -> Path:
        return folder.path / self.name

    def command(self, folder: ServerFolder, port: int, *, auth: bool) -> list[str]:
        """The command line; it never holds a user name or password."""
        return [str(self.program), *self._arguments(self.data(folder), port, auth)]


def choose_engine(folder: ServerFolder) -> Engine:
    """The engine whose data is there already, else mongod where it is installed, else SecantusDB.

    Raises:
        DatabaseUnavailable: no database program is installed.
    """
    engines = [engine for engine in (_mongod(), _secantus()) if engine is not None]
    if not engines:
        raise DatabaseUnavailable("database-not-installed")
    return next((engine for engine in engines if engine.data(folder).is_dir()), engines[0])


def _mongod() -> Engine | None:
    program = shutil.which("mongod")
    return Engine("mongod", Path(program), chooses_port=False, _arguments=_mongod_arguments) if program else None


def _secantus() -> Engine | None:
    beside_python = shutil.which("secantusd-py", path=str(Path(sys.executable).parent))
    program = beside_python or shutil.which("secantusd-py")
    return Engine("secantus", Path(program), chooses_port=True, _arguments=_secantus_arguments) if program else None


def _mongod_arguments(data: Path, port: int, auth: bool) -> list[str]:
    cache = ["--wiredTigerCacheSizeGB", str(_CACHE_MEGABYTES / 1024)]
    socket = [] if os.name == "nt" else ["--nounixsocket"]
    where = ["--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port)]
    return [*where, *cache, *socket, "--quiet", "--auth" if auth else "--noauth"]


def _secantus_arguments(data: Path, port: int, auth: bool) -> list[str]:
    """Its own empty configuration file, so that none of the user's is picked up.

    A standalone server keeps no log of operations for change streams, which would double what it writes.
    """
    where = ["--config", str(data.parent / EMPTY_CONFIGURATION), "--storage-path", str(data)]
    network = ["--host", "127.0.0.1", "--port", str(port), "--standalone"]
    storage = ["--sync-on-commit", "--cache-size", f"{_CACHE_MEGABYTES}M"]
    return [*where, *network, *storage, "--log-level", "WARNING", *(["--auth"] if auth else [])]
