"""A connection to the session bus in a thread of its own, which asks Qt's thread for everything about the player."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from indexer.core.text import shown_text
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    import asyncio

    from dbus_fast.aio import MessageBus

ADDRESS_VARIABLE = "DBUS_SESSION_BUS_ADDRESS"
_CLOSE_SECONDS: Seconds = 2.0
_log = logging.getLogger(__name__)

T = TypeVar("T")


class BusService(Protocol):
    """Something of ours on the bus."""

    async def attach(self, bus: MessageBus) -> None:
        """Join the connection; called in the bus's thread, once it stands."""


class SessionBus(QObject):
    """Connects in the background, and is silently absent where there is no bus.

    Also loads what it needs there, which takes a tenth of a second that the window need not wait for.
    D-Bus is spoken through dbus-fast rather than QtDBus: from Python, QtDBus sends any number that fits into 32 bits
    as such, and the media controls' positions and lengths are numbers of 64 bits.

    Signals:
        connected: the services are on the bus.
        lost: there is no bus, or it went away; nothing is tried again.
    """

    connected = Signal()
    lost = Signal()
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[Any] | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = True
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, address: str, services: Sequence[BusService]) -> None:
        """Connect to the bus at `address` and attach the services, in the background."""
        self._thread = threading.Thread(
            target=self._main, args=(address, services), name="segue-bus", daemon=True
        )  # fmt: skip
        self._thread.start()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` called in the bus's thread, in the order given; nothing happens where there is no bus."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(call)
            except RuntimeError:  # it was closed this moment
                return

    def post_task(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have `work` run in the bus's thread; what goes wrong in it is logged."""
        self.post(lambda: self._begin(work()))

    async def ask(self, call: Callable[[], T]) -> T:
        """Call `call` in Qt's thread and return its result; for the bus's thread.

        Raises:
            Exception: what `call` raised.
        """
        import asyncio  # noqa: PLC0415 - see SessionBus

        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._arrived.emit((call, answer))
        return await answer

    def close(self) -> None:
        """Leave the bus; who listens there sees us go."""
        self._open = False
        if self._thread is not None:
            self.post(self._leave)
            self._thread.join(_CLOSE_SECONDS)

    def _main(self, address: str, services: Sequence[BusService]) -> None:
        import asyncio  # noqa: PLC0415 - see SessionBus

        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._serve(address, services))
        except (OSError, EOFError, ValueError, RuntimeError) as error:  # dbus-fast's errors are kinds of these
            _log.info("no session bus: %s", error)
        self._loop = self._serving = None
        if self._open:
            self.lost.emit()

    async def _serve(self, address: str, services: Sequence[BusService]) -> None:
        import asyncio  # noqa: PLC0415 - see SessionBus

        from dbus_fast.aio import MessageBus  # noqa: PLC0415 - see SessionBus

        self._serving = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        if not self._open:  # closed before there was a loop to say so to
            return
        bus = MessageBus(bus_address=address)
        try:
            await bus.connect()
            for service in services:
                await service.attach(bus)
            if self._open:
                self.connected.emit()
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        finally:
            bus.disconnect()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        import asyncio  # noqa: PLC0415 - see SessionBus

        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.warning("the session bus: %s", error)

    def _leave(self) -> None:
        if self._serving is not None:
            self._serving.cancel()

    def _deliver(self, asked: tuple[Callable[[], Any], asyncio.Future[Any]]) -> None:
        call, answer = asked
        if not self._open:
            return
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - goes to the caller on the bus, whatever it is
            self.post(lambda error=error: _settle(answer, error))  # type: ignore[misc]
        else:
            self.post(lambda: None if answer.done() else answer.set_result(result))


Ask = Callable[[Callable[[], T]], Awaitable[T]]


def bus_address() -> str | None:
    """The address of the session bus, None where there is none."""
    named = os.environ.get(ADDRESS_VARIABLE)
    if named:
        return named
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usual = Path(runtime) / "bus" if runtime else None
    return f"unix:path={usual}" if usual is not None and usual.is_socket() else None


def sendable(text: str) -> str:
    """`text` as it may be sent: the bus throws out who sends what is not UTF-8 or holds a zero."""
    return shown_text(text).replace("\0", " ")


def _settle(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
