"""Which thread does what: work beside the main thread, and Python's garbage collector kept to it.

The collector runs in whichever thread happens to allocate. A QObject that it finds in a worker thread is destroyed
there, while the event loop may be about to use it or one of its timers, and the program crashes at some later moment
(Qt's documentation, "Threads and QObjects": an object is deleted in the thread that it lives in).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

T = TypeVar("T")

CHECK_MS = 500
"""How often it is looked whether a collection is due; one of the youngest generation takes some 0.1 ms."""


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


def collect_if_due() -> int | None:
    """Collect the oldest generation whose threshold is passed, as Python would by itself; None where none is.

    For the main thread, with automatic collection switched off. Returns the generation.
    """
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return generation
    return None


class GarbageCollector(QObject):
    """Switches automatic collection off for as long as it lives, and collects in the thread that it is made in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=CHECK_MS)
        self._timer.timeout.connect(collect_if_due)
        self._timer.start()

    def close(self) -> None:
        """Leave collection to Python again."""
        self._timer.stop()
        gc.enable()
