"""Python's garbage collector, kept to the main thread.

The collector runs in whichever thread happens to allocate. A QObject that it finds in a worker thread is destroyed
there, while the event loop may be about to use it or one of its timers, and the program crashes at some later moment
(Qt's documentation, "Threads and QObjects": an object is deleted in the thread that it lives in).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

CHECK_MS = 500
"""How often it is looked whether a collection is due; one of the youngest generation takes some 0.1 ms."""


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
