"""Starting and ending one database server process on the loopback interface."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

from indexer.core.files.privacy import PRIVATE_FILE, PRIVATE_FOLDER, open_private
from indexer.core.sentences.told import told
from indexer.core.store.faults import DatabaseUnavailable, is_disk_full
from indexer.core.store.managed.engines import EMPTY_CONFIGURATION, Engine
from indexer.core.store.managed.layout import ServerFolder
from indexer.core.store.processes import ProcessMark
from indexer.core.tracks import Seconds

LOOPBACK = "127.0.0.1"
_START_SECONDS = 60.0
"""Time to listen; replaying the journal of a big library after a crash takes a few seconds."""
_STOP_SECONDS = 4.0
"""Time to end in order; after that it is killed, which loses nothing because every commit is synced."""
_POLL_SECONDS = 0.02
_LOG_BYTES = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunningServer:
    """A server that listens on the loopback interface."""

    engine: str
    mark: ProcessMark
    port: int

    def stop(self) -> None:
        stop_process(self.mark, self.port)


def detached() -> dict[str, Any]:
    """Options that keep a child from the signals of our terminal and process group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def launch(
    engine: Engine, folder: ServerFolder, *, port: int, auth: bool, on_spawned: Callable[[ProcessMark], None]
) -> RunningServer:
    """Start a server and wait until it listens.

    Args:
        engine: which one.
        folder: where its data and log are.
        port: the port to take, 0 for any free one.
        auth: whether it asks for user name and password.
        on_spawned: told which process it is before it listens, so that it can be found again.

    Raises:
        DatabaseUnavailable: it ended, or does not listen in time; the message holds its last words.
        OSError: its folder cannot be written to.
    """
    engine.data(folder).mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    (folder.path / EMPTY_CONFIGURATION).touch(mode=PRIVATE_FILE)
    shorten_log(folder)
    said_before = folder.server_log.stat().st_size if folder.server_log.exists() else 0
    command = engine.command(folder, _port_for(engine, port), auth=auth)
    with os.fdopen(open_private(folder.server_log), "ab") as output:
        process = psutil.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_environment(), cwd=folder.path,
            **detached(),
        )  # fmt: skip
    mark = ProcessMark.of(process.pid)
    on_spawned(mark)
    listening = _wait_for_port(process)
    if listening is None:
        stop_process(mark, 0)
        raise _failure(folder, said_before)
    return RunningServer(engine.name, mark, listening)


def stop_process(mark: ProcessMark, port: int) -> None:
    """End a server in order, or by force when it does not; nothing happens when it is gone."""
    process = mark.process()
    if process is None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        process.terminate()
        if port:
            _knock(port)
        _, stuck = psutil.wait_procs(family, timeout=_STOP_SECONDS)
        for member in stuck:
            log.warning("server process %d did not end in order and is killed", member.pid)
            member.kill()
        psutil.wait_procs(stuck, timeout=_STOP_SECONDS)


def shorten_log(folder: ServerFolder) -> None:
    """Set a long server log aside. It is copied and emptied: a running server goes on writing to the same file."""
    log_file = folder.server_log
    with contextlib.suppress(OSError):
        if log_file.stat().st_size > _LOG_BYTES:
            older = log_file.with_name(f"{log_file.name}.1")
            older.unlink(missing_ok=True)
            shutil.copy(log_file, older)
            os.truncate(log_file, 0)


def end_orphans(engine: Engine, folder: ServerFolder) -> bool:
    """End servers that still hold our data and that no one knows of any more; whether there were any."""
    data = str(engine.data(folder))
    orphans = [process for process in psutil.process_iter(["cmdline"]) if data in (process.info["cmdline"] or ())]
    for process in orphans:
        log.warning("ending server process %d, left over from an earlier run", process.pid)
        with contextlib.suppress(psutil.NoSuchProcess):
            stop_process(ProcessMark.of(process.pid), 0)
    return bool(orphans)


def _port_for(engine: Engine, port: int) -> int:
    if port or engine.chooses_port:
        return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    """Ours, without settings meant for other SecantusDB servers: one of them turns synced commits off."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SECANTUS_")}


def _wait_for_port(process: psutil.Popen) -> int | None:
    """The port the server listens on, None when it ended or took too long."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        port = _listening_port(process)
        if port is not None:
            return port
        time.sleep(_POLL_SECONDS)
    return None


def _listening_port(process: psutil.Popen) -> int | None:
    """Asked of the system: a port that is only announced could be someone else's by then."""
    with contextlib.suppress(psutil.Error):
        for member in (process, *process.children(recursive=True)):
            for connection in member.net_connections("tcp4"):
                if connection.status == psutil.CONN_LISTEN:
                    return int(connection.laddr.port)
    return None


def _knock(port: int) -> None:
    """SecantusDB waits two seconds for one more caller before it ends."""
    time.sleep(_POLL_SECONDS)
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=Seconds(0.5)):
        pass


def _failure(folder: ServerFolder, said_before: int) -> DatabaseUnavailable:
    """What the server said last, as a sentence."""
    with folder.server_log.open("rb") as file:
        file.seek(said_before)
        said = file.read().decode("utf-8", "replace")
    if is_disk_full(said):
        return DatabaseUnavailable("database-folder-full", folder=folder.path)
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), told("database-start-mute"))
    return DatabaseUnavailable("database-not-started", folder=folder.path, reason=last, file=folder.server_log)
