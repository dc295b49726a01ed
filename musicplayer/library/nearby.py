"""Looks for a while which servers of Segue say in the local network that they are there (mDNS, DNS-SD).

They announce themselves as `musicplayer.server.announcing` has it. The package `zeroconf` is optional: without it none
is found, and addresses are typed.
"""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from indexer.core.tracks import Seconds
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

_log = logging.getLogger(__name__)

LOOK_SECONDS: Seconds = 8.0
SCHEMES = {"_http._tcp.local.": "http", "_https._tcp.local.": "https"}
"""What a server is announced as besides Subsonic, which does not tell whether it is encrypted."""
_ANNOUNCED = "Segue on "
_ANSWER_MS = 2_000


@dataclass(frozen=True, order=True)
class Found:
    """A server in the local network: the machine that it is on, and its whole address."""

    machine: str
    address: str


class Nearby(QObject):
    """Looks when it is told to, in a thread of its own.

    Signals:
        found: a Found, each once in every look.
    """

    found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(workers=1, parent=self)
        self._enough = threading.Event()
        self._is_looking = False

    def look(self, seconds: Seconds = LOOK_SECONDS, **chosen: Any) -> None:
        """Look for so long, unless it is looked already; `chosen` is for `zeroconf`, such as its interfaces."""
        if not self._is_looking:
            self._is_looking = True
            self._enough.clear()
            self._tasks.run(lambda: self._browse(seconds, chosen), self._on_ended, self._on_failed)

    def stop(self) -> None:
        """It is known by now what is wanted."""
        self._enough.set()

    def shutdown(self) -> None:
        """Look no more, and wait for the end of a look."""
        self.stop()
        self._tasks.shutdown()

    def _browse(self, seconds: Seconds, chosen: dict[str, Any]) -> None:
        """In the thread."""
        try:
            from zeroconf import Error, ServiceBrowser, Zeroconf  # noqa: PLC0415 - an extra
        except ImportError:
            return
        told: set[Found] = set()

        def on_change(zeroconf: Zeroconf, service_type: str, name: str, **_: object) -> None:
            """In a thread of the browser's."""
            with suppress(Error, OSError):
                info = zeroconf.get_service_info(service_type, name, _ANSWER_MS)
                server = None if info is None else server_of(info, SCHEMES[service_type])
                if server is not None and server not in told:
                    told.add(server)
                    self.found.emit(server)

        try:
            with Zeroconf(**chosen) as zeroconf:
                ServiceBrowser(zeroconf, list(SCHEMES), handlers=[on_change])
                self._enough.wait(seconds)
        except (Error, OSError) as error:
            _log.info("no servers are looked for in the network: %s", type(error).__name__)

    def _on_ended(self, _: None) -> None:
        self._is_looking = False

    def _on_failed(self, error: Exception) -> None:
        self._is_looking = False
        raise error


def server_of(info: ServiceInfo, scheme: str) -> Found | None:
    """The server that an announcement is of; None for one that is no Segue, or says no address."""
    name = info.name.removesuffix(f".{info.type}")
    addresses = info.parsed_addresses()
    if not name.startswith(_ANNOUNCED) or not addresses or info.port is None:
        return None
    below = (info.properties.get(b"path") or b"").decode("utf-8", "replace").rstrip("/")
    host = _host(info.server or "", addresses)
    return Found(name.removeprefix(_ANNOUNCED), f"{scheme}://{host}:{info.port}{below}")


def _host(name: str, addresses: list[str]) -> str:
    """The name of the machine where this one can look it up, for its address may be another one tomorrow."""
    name = name.rstrip(".")
    with suppress(OSError, UnicodeError):
        if name and any(found[4][0] in addresses for found in socket.getaddrinfo(name, None)):
            return name
    numbers = next((address for address in addresses if ":" not in address), addresses[0])
    return f"[{numbers}]" if ":" in numbers else numbers
