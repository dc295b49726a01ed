"""One Segue for one library: the first start keeps the lock and listens, later ones hand over what they were given.

A home of its own is a library of its own, and so is another user's. What the first listens at is written beside its
lock, so that a later one finds it whatever its environment. Works without an application object, and before one.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from indexer.core.errors import SegueError
from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.tracks import Seconds
from musicplayer.desktop.lock import Held, ProcessLock
from musicplayer.desktop.visit import MOST_BYTES, WELCOME, BadVisit, Visit, decode, encode

PATIENCE: Seconds = 10.0
"""How long a start waits for one that holds the lock and does not listen: it begins, or it ends."""

_log = logging.getLogger(__name__)

_POLL: Seconds = 0.05
_UNCONNECTED = QLocalSocket.LocalSocketState.UnconnectedState
_ANSWER_MS = 5_000
_LONGEST_ADDRESS = 100
"""Bytes; the address of a Unix socket has 108."""


class NotAnswering(SegueError):
    """Segue runs, and does not take the visit."""


class Instance(QObject):
    """The first start: it holds the lock until it is closed, and listens once it is told to.

    Signals:
        visited: a Visit.
    """

    visited = Signal(object)

    def __init__(self, home: Home, lock: ProcessLock | None) -> None:
        super().__init__()
        self._lock = lock
        self._address_file = _address_file(home)
        self._wanted = _wanted_address(home)
        self._server: QLocalServer | None = None
        self._visitors: list[QLocalSocket] = []

    def listen(self) -> None:
        """Take visits from now on. Where that cannot be done, a later start says that this one does not answer."""
        if self._lock is None:
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(self._wanted)  # left over from one that was killed: we hold the lock
        if server.listen(self._wanted):
            self._server = server
            with contextlib.suppress(OSError):
                write_atomically(self._address_file, os.fsencode(server.fullServerName()))

    def close(self) -> None:
        """Take no more visits, and let another be the first."""
        if self._server is not None:
            for visitor in self._visitors:
                visitor.blockSignals(True)
                visitor.abort()
            self._visitors.clear()
            self._server.close()
            self._server.deleteLater()
            self._server = None
            with contextlib.suppress(OSError):
                self._address_file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()

    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            visitor = self._server.nextPendingConnection()
            visitor.setReadBufferSize(MOST_BYTES)
            self._visitors.append(visitor)
            visitor.disconnected.connect(self._on_left)
            visitor.readyRead.connect(self._on_ready)
        self._on_ready()

    def _on_ready(self) -> None:
        for visitor in list(self._visitors):
            self._hear(visitor)

    def _on_left(self) -> None:
        """Forget who is gone; deleted later, because it is this moment still speaking."""
        gone = [visitor for visitor in self._visitors if visitor.state() == _UNCONNECTED]
        self._visitors = [visitor for visitor in self._visitors if visitor not in gone]
        for visitor in gone:
            visitor.deleteLater()

    def _hear(self, visitor: QLocalSocket) -> None:
        """Take the line once it is whole; whoever says something else, or too much, is shown the door."""
        if not visitor.canReadLine():
            if visitor.bytesAvailable() >= MOST_BYTES:
                visitor.abort()
            return
        try:
            visit = decode(bytes(visitor.readLine().data()))
        except BadVisit:
            visitor.abort()
            return
        visitor.write(WELCOME)
        visitor.flush()  # the visitor ends at once, however long we are busy with what it brought
        visitor.disconnectFromServer()
        self.visited.emit(visit)


def claim(home: Home) -> Instance | None:
    """Become the first Segue of this home; None where one runs.

    A home that cannot be locked, because it cannot be written to, is not shared with anyone either.
    """
    try:
        return Instance(home, ProcessLock.take(_lock_file(home)))
    except Held:
        return None
    except OSError as error:
        _log.info("this home cannot be locked: %s", error)
        return Instance(home, None)


def claim_or_visit(home: Home, visit: Visit, patience: Seconds = PATIENCE) -> Instance | None:
    """Become the first, or hand `visit` to the one that is; None when that was done.

    Raises:
        NotAnswering: one runs and does not take it.
    """
    deadline = time.monotonic() + patience
    while True:
        instance = claim(home)
        if instance is not None:
            return instance
        if hand_over(home, visit):
            return None
        if time.monotonic() >= deadline:
            raise NotAnswering("segue-silent")
        time.sleep(_POLL)


def hand_over(home: Home, visit: Visit) -> bool:
    """Give `visit` to the Segue that runs with this home; whether one took it."""
    try:
        address = os.fsdecode(_address_file(home).read_bytes())
    except OSError:
        return False
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_ANSWER_MS):
        return False
    socket.write(encode(visit))
    while socket.bytesToWrite():
        if not socket.waitForBytesWritten(_ANSWER_MS):
            return False
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_ANSWER_MS):
            return False
    return bytes(socket.readLine().data()) == WELCOME


def _lock_file(home: Home) -> Path:
    return home.locks / "player.lock"


def _address_file(home: Home) -> Path:
    return home.locks / "player.address"


def _wanted_address(home: Home) -> str:
    """Where to listen: in a folder that only we can write to, or by a name that is ours on Windows."""
    digest = hashlib.blake2b(os.fsencode(home.locks), digest_size=8).hexdigest()
    name = f"segue-{digest}"
    if sys.platform == "win32":
        return f"{name}-{QDir.home().dirName()}"
    folders = (os.environ.get("XDG_RUNTIME_DIR"), str(home.locks))
    fitting = (f"{folder}/{name}" for folder in folders if folder and Path(folder).is_dir())
    return next((path for path in fitting if len(os.fsencode(path)) <= _LONGEST_ADDRESS), name)
