"""The managed server from a user's side: attach to it, starting it where it does not run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote_plus

import indexer
from indexer.core.files.privacy import open_private
from indexer.core.files.redaction import conceal
from indexer.core.home import Home
from indexer.core.sentences.told import told
from indexer.core.store.faults import (
    DatabaseError,
    DatabaseFailed,
    DatabaseUnavailable,
    folder_error,
    has_no_space,
)
from indexer.core.store.managed.launch import LOOPBACK, detached, stop_process
from indexer.core.store.managed.layout import Credentials, ServerFolder, ServerState
from indexer.core.store.managed.leases import Lease
from indexer.core.tracks import Seconds

_POLL_SECONDS = 0.02
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 15.0


class ManagedServer:
    """A claim on the running server of one home, until `release`."""

    def __init__(self, uri: str, folder: ServerFolder, lease: Lease) -> None:
        self.uri = uri
        self.advice = told("database-restarts", file=folder.server_log)
        self._folder = folder
        self._lease = lease

    def explain(self, error: DatabaseError) -> DatabaseError:
        """The error itself, or what it really means: the server does not say that its disk is full."""
        if isinstance(error, DatabaseFailed | DatabaseUnavailable) and has_no_space(self._folder.path):
            with contextlib.suppress(OSError):  # The keeper looks at the disk as well, only less often.
                self._folder.full_notice.touch()
            return DatabaseError("database-folder-full", folder=self._folder.path)
        return error

    def release(self) -> None:
        """Give the claim back; the server ends a little after the last one."""
        self._lease.give_back()
        state = ServerState.read(self._folder)
        if state is not None and state.server.is_alive() and not state.keeper.is_alive():
            _KeeperStart(self._folder)  # Its keeper was killed; a new one ends it if we were the last.


def attach(home: Home, *, wait: Seconds) -> ManagedServer:
    """The server of `home`, started if it does not run.

    Args:
        home: whose database folder.
        wait: seconds it may take.

    Raises:
        DatabaseUnavailable: the folder cannot be used, no server is installed, or it does not start in time.
    """
    folder = ServerFolder(home.database)
    try:
        folder.prepare()
        lease = Lease.take(folder.leases)
    except OSError as error:
        raise folder_error(error, folder.path) from error
    try:
        state = _wait_until_served(folder, wait)
        return ManagedServer(_uri(folder, state), folder, lease)
    except BaseException:
        lease.give_back()
        raise


def hold(home: Home, *, wait: Seconds = 30.0) -> None:
    """Start the server and let it run without users, until `stop` or the end of its keeper.

    Raises:
        DatabaseUnavailable: it does not start.
    """
    server = attach(home, wait=wait)
    folder = ServerFolder(home.database)
    state = ServerState.read(folder)
    if state is not None:
        Lease.take(folder.leases, state.keeper)
    server.release()


def stop(home: Home) -> bool:
    """End the server of `home`, also while it is used; False when none runs.

    Raises:
        DatabaseUnavailable: it does not end.
    """
    folder = ServerFolder(home.database)
    state = ServerState.read(folder)
    if state is None or not state.server.is_alive():
        return False
    if not state.keeper.is_alive():
        stop_process(state.server, state.port or 0)
        return True
    folder.stop_request.touch()
    deadline = time.monotonic() + _STOP_SECONDS
    while state.keeper.is_alive():
        if time.monotonic() > deadline:
            raise DatabaseUnavailable("database-stays", file=folder.keeper_log)
        time.sleep(_POLL_SECONDS)
    return True


def running_uri(home: Home) -> str | None:
    """The address of the running server with its credentials, None when it does not run; not for logs."""
    folder = ServerFolder(home.database)
    state = ServerState.read(folder)
    return _uri(folder, state) if state is not None and state.is_served else None


def _uri(folder: ServerFolder, state: ServerState) -> str:
    """Writes are acknowledged once they are in the server's journal."""
    credentials = Credentials.read(folder)
    if credentials is None:
        raise DatabaseUnavailable("database-credentials", file=folder.credentials_file)
    conceal(credentials.password)
    login = f"{quote_plus(credentials.user)}:{quote_plus(credentials.password)}"
    return f"mongodb://{login}@{LOOPBACK}:{state.port}/segue?authSource=admin&journal=true&directConnection=true"


def _wait_until_served(folder: ServerFolder, wait: Seconds) -> ServerState:
    deadline = time.monotonic() + wait
    start: _KeeperStart | None = None
    while True:
        state = ServerState.read(folder)
        if state is not None and state.is_served:
            return state
        if time.monotonic() > deadline:
            raise DatabaseUnavailable("database-start-slow", folder=folder.path, seconds=wait, file=folder.server_log)
        if start is None or start.is_worth_repeating():
            start = _KeeperStart(folder)
        time.sleep(_POLL_SECONDS)


class _KeeperStart:
    """A keeper process being started; a thread waits for its end, so that no zombie stays behind."""

    def __init__(self, folder: ServerFolder) -> None:
        command = [sys.executable, "-m", "indexer.core.store.managed.keeper", "--folder", str(folder.path)]
        try:
            with os.fdopen(open_private(folder.keeper_log), "ab") as output:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output,
                    env=_environment(), cwd=folder.path.anchor, **detached(),
                )  # fmt: skip
        except OSError as error:
            raise folder_error(error, folder.path) from error
        self._ended_at: float | None = None
        self._failure: DatabaseUnavailable | None = None
        threading.Thread(target=self._wait, name="database-keeper", daemon=True).start()

    def is_worth_repeating(self) -> bool:
        """Whether it made way for another keeper, a while ago, that has not come to serve.

        Raises:
            DatabaseUnavailable: it failed.
        """
        if self._failure is not None:
            raise self._failure
        return self._ended_at is not None and time.monotonic() - self._ended_at > _RETRY_SECONDS

    def _wait(self) -> None:
        output, _ = self._process.communicate()
        if self._process.returncode != 0:
            self._failure = _failure_of(output)
        self._ended_at = time.monotonic()


def _failure_of(output: bytes) -> DatabaseUnavailable:
    try:
        record = json.loads(output)
        return DatabaseUnavailable.again(str(record["code"]), dict(record["values"]))
    except (ValueError, KeyError, TypeError):
        return DatabaseUnavailable("database-keeper-ended")


def _environment() -> dict[str, str]:
    """Ours, with the package's own folder on the path: the keeper runs in another working folder."""
    package = str(Path(indexer.__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path}
