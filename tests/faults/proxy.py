"""A way to a database that can be cut: a small TCP proxy on the loopback interface."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit

from indexer.core.store.managed.server import hold, running_uri
from tests.faults.world import World

LOOPBACK = "127.0.0.1"
_BYTES = 65_536


class Proxy:
    """Passes bytes both ways between its own port and another one, until it is cut."""

    def __init__(self, port: int) -> None:
        """Listen on a free port for the one at `port`."""
        self._target = port
        self._open = True
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = self._listen(0)
        self.port = self._listener.getsockname()[1]

    @classmethod
    @contextmanager
    def to_database_of(cls, world: World) -> Iterator[Self]:
        """The database of a world, within the block one at an address that leads through a proxy."""
        hold(world.home)
        uri = running_uri(world.home)
        assert uri is not None, "no server runs"
        parts = urlsplit(uri)
        assert parts.port is not None
        proxy = cls(parts.port)
        through = parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{proxy.port}")).geturl()
        world.environment["SEGUE_MONGODB_URI"] = through
        try:
            yield proxy
        finally:
            del world.environment["SEGUE_MONGODB_URI"]
            proxy.close()

    def cut(self) -> None:
        """Break every connection and take no further ones."""
        self._open = False
        self._hang_up(self._listener)
        with self._lock:
            for end in list(self._sockets):
                self._hang_up(end)

    def mend(self) -> None:
        """Listen again, on the same port."""
        self._open = True
        self._listener = self._listen(self.port)

    def close(self) -> None:
        self.cut()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server((LOOPBACK, port), reuse_port=False)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while self._open:
                ours, _ = listener.accept()
                try:
                    theirs = socket.create_connection((LOOPBACK, self._target), timeout=5)
                except OSError:
                    ours.close()
                    continue
                theirs.settimeout(None)
                with self._lock:
                    self._sockets |= {ours, theirs}
                for one, other in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_BYTES):
                sink.sendall(data)
        with self._lock:
            self._sockets -= {source, sink}
        self._hang_up(source)
        self._hang_up(sink)

    @staticmethod
    def _hang_up(end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
