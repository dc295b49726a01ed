"""The keeper: a small process that owns the database server and ends it after its last user.

Started as `python -m indexer.core.store.managed.keeper --folder FOLDER` by whoever needs the server first, and on its
own from then on, so that no user's end, however sudden, takes the server from the others or leaves it behind.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import filelock

from indexer.core.errors import SegueError
from indexer.core.files.logs import log_to_file
from indexer.core.store.faults import DatabaseUnavailable, folder_error, has_no_space
from indexer.core.store.managed.engines import choose_engine
from indexer.core.store.managed.launch import RunningServer, end_orphans, launch, shorten_log, stop_process
from indexer.core.store.managed.layout import Credentials, ServerFolder, ServerState
from indexer.core.store.managed.leases import is_anyone_left
from indexer.core.store.managed.provision import provision
from indexer.core.store.processes import ProcessMark
from indexer.core.tracks import Seconds

POLL_SECONDS: Seconds = 0.4
LINGER_SECONDS: Seconds = 2.0
"""How long the server outlives its last user, so that commands given one after the other share it."""
_LOCK_SECONDS: Seconds = 20.0
"""How long a new keeper waits for one that is about to end."""
_LOCK_POLL_SECONDS: Seconds = 0.05
_RESTARTS = 3
_RESTART_PERIOD: Seconds = 60.0
_OWNER_ONLY = 0o077
"""Whatever we and the server write is in the database folder, and is no one else's to read."""
_LOG_BYTES = 1 << 18
EXIT_FAILED = 1

log = logging.getLogger("keeper")


class Keeper:
    """Owns the server of one folder; only one keeper at a time holds the folder's lock."""

    def __init__(self, folder: ServerFolder) -> None:
        self._folder = folder
        self._mark = ProcessMark.of()
        self._engine = choose_engine(folder)
        self._server: RunningServer | None = None
        self._used_at = time.monotonic()
        self._restarts: deque[float] = deque(maxlen=_RESTARTS)
        self._asked_to_end = False
        self._was_full = False

    def run(self) -> None:
        """Start or adopt the server, and return when it has ended.

        Raises:
            DatabaseUnavailable: it does not start.
            OSError: the folder cannot be used.
        """
        self._folder.stop_request.unlink(missing_ok=True)
        try:
            self._server = self._adopted() or self._started()
            self._publish()
            while self._tend():
                time.sleep(POLL_SECONDS)
        finally:
            self._retire()

    def end(self) -> None:
        """Make `run` end the server soon, also while it is used."""
        self._asked_to_end = True

    def _adopted(self) -> RunningServer | None:
        """The server of a keeper that was killed: kept if it was ready, ended if it was not."""
        state = ServerState.read(self._folder)
        if state is None or not state.server.is_alive():
            return None
        if state.port is None or state.engine != self._engine.name:
            stop_process(state.server, 0)
            return None
        log.info("adopting server process %d", state.server.pid)
        return RunningServer(state.engine, state.server, state.port)

    def _started(self) -> RunningServer:
        try:
            return self._start(port=0)
        except DatabaseUnavailable:
            if not end_orphans(self._engine, self._folder):
                raise
            return self._start(port=0)

    def _start(self, *, port: int) -> RunningServer:
        if Credentials.read(self._folder) is None:
            server = provision(self._engine, self._folder, on_spawned=self._note_spawned)
        else:
            server = launch(self._engine, self._folder, port=port, auth=True, on_spawned=self._note_spawned)
        log.info("%s listens as process %d", server.engine, server.mark.pid)
        return server

    def _note_spawned(self, mark: ProcessMark) -> None:
        ServerState(self._engine.name, mark, self._mark, port=None).write(self._folder)

    def _publish(self) -> None:
        if self._server is not None:
            ServerState(self._server.engine, self._server.mark, self._mark, self._server.port).write(self._folder)

    def _tend(self) -> bool:
        """Look after the server once; False when it is time to end it."""
        if self._asked_to_end or self._folder.stop_request.exists() or self._server is None:
            return False
        self._mend_after_full_disk(self._server)
        shorten_log(self._folder)
        if not self._server.mark.is_alive():
            self._server = self._restarted(self._server.port)
            self._publish()
        if is_anyone_left(self._folder.leases):
            self._used_at = time.monotonic()
            return True
        return time.monotonic() - self._used_at < LINGER_SECONDS or not self._is_unused_for_good()

    def _mend_after_full_disk(self, server: RunningServer) -> None:
        """End a server that met a full disk once there is space again: until it is restarted it fails every call."""
        full = has_no_space(self._folder.path)
        self._was_full |= self._folder.full_notice.exists()
        if self._was_full and not full:
            self._folder.full_notice.unlink(missing_ok=True)
            log.warning("the disk was full and has space again; starting the server again")
            server.stop()
        self._was_full = full

    def _restarted(self, port: int) -> RunningServer:
        """The server again after it died, on its old port if that is free: connections then heal by themselves."""
        now = time.monotonic()
        if len(self._restarts) == _RESTARTS and now - self._restarts[0] < _RESTART_PERIOD:
            raise DatabaseUnavailable("database-ends", file=self._folder.server_log)
        self._restarts.append(now)
        log.warning("the server ended by itself; starting it again")
        try:
            return self._start(port=port)
        except DatabaseUnavailable:
            return self._started()

    def _is_unused_for_good(self) -> bool:
        """Withdraw the address, then look again: whoever came before that holds a lease, who comes after waits."""
        self._folder.state_file.unlink(missing_ok=True)
        if not is_anyone_left(self._folder.leases):
            return True
        self._publish()
        return False

    def _retire(self) -> None:
        with contextlib.suppress(OSError):
            self._folder.state_file.unlink(missing_ok=True)
        if self._server is not None:
            self._server.stop()
        with contextlib.suppress(OSError):
            self._folder.stop_request.unlink(missing_ok=True)
        log.info("ended")


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep the server of a folder; a failure is one JSON object on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the database folder of a Segue home")
    folder = ServerFolder(parser.parse_args(arguments).folder)
    os.umask(_OWNER_ONLY)
    log_to_file(folder.keeper_log, size=_LOG_BYTES, kept=1)
    try:
        folder.prepare()
        lock = _lock(folder)
        if lock is None:
            return 0
        with lock:
            _keep(folder)
    except SegueError as error:
        return _report(error)
    except OSError as error:
        return _report(folder_error(error, folder.path))
    return 0


def _lock(folder: ServerFolder) -> filelock.BaseFileLock | None:
    """The folder's lock, given back by the system when we die; None when another keeper serves the folder."""
    lock = filelock.FileLock(folder.keeper_lock)
    deadline = time.monotonic() + _LOCK_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(filelock.Timeout):
            lock.acquire(timeout=0)
            return lock
        state = ServerState.read(folder)
        if state is not None and state.is_served:
            return None
        time.sleep(_LOCK_POLL_SECONDS)
    return None


def _keep(folder: ServerFolder) -> None:
    keeper = Keeper(folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: keeper.end())
    keeper.run()


def _report(error: SegueError) -> int:
    log.error("%s", error)
    with contextlib.suppress(OSError):  # Whoever started us may be gone.
        sys.stdout.write(json.dumps(error.told))
        sys.stdout.flush()
    return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
