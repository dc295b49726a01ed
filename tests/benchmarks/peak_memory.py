"""How much memory a program takes with all that it started."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection
from types import TracebackType
from typing import Self

import psutil

_INTERVAL_SECONDS = 0.2


class PeakMemory:
    """Watches this process and its descendants within a `with` block.

    Pages that several of them share count once where the system tells (Linux: proportional set size), else for each.

    Args:
        without: ids of processes that do not count.

    Attributes:
        bytes: the most that was seen.
    """

    def __init__(self, without: Collection[int] = ()) -> None:
        self.bytes = 0
        self._without = frozenset(without)
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="peak-memory", daemon=True)

    @property
    def megabytes(self) -> float:
        """In MiB."""
        return self.bytes / 2**20

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        this = psutil.Process(os.getpid())
        while True:
            counted = [child for child in this.children(recursive=True) if child.pid not in self._without]
            self.bytes = max(self.bytes, sum(map(_held_by, [this, *counted])))
            if self._done.wait(_INTERVAL_SECONDS):
                return


def _held_by(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.rss)
    except psutil.Error:
        return 0  # it ended meanwhile
