"""Runs a function off the main thread and calls back on it, also with an error."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class Tasks(QObject):
    """A few worker threads whose results come back to the thread that this object lives in.

    With one worker, tasks run and report in the order given.
    """

    _arrived = Signal(object)

    def __init__(self, workers: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="segue-task")
        self._open = True
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Call `work` in a worker thread, then `then` with its result or `failed` with its error, here.

        After `shutdown` nothing is started and nothing comes back.
        """
        if self._open:
            self._pool.submit(self._work, work, then, failed)

    def shutdown(self, *, wait: bool = True) -> None:
        """Drop what has not begun, and wait for what has."""
        self._open = False
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _work(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to the caller, whatever it is
            self._send(lambda error=error: failed(error))  # type: ignore[misc]
        else:
            self._send(lambda: then(result))

    def _send(self, call: Callable[[], None]) -> None:
        if self._open:
            self._arrived.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
