"""Peak memory of a program's JVM and of its Python processes, apart and together."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection
from types import TracebackType
from typing import Self

import psutil

_INTERVAL_SECONDS = 0.4
GIB = 2**30


def held(process: psutil.Process) -> int:
    """Bytes of a process: its share of what it shares with others where the system tells, else all that is resident."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0  # it ended meanwhile
    return int(getattr(memory, "pss", 0) or memory.rss)


class PeakByKind:
    """Watches this process and its descendants within a `with` block.

    Args:
        without: ids of processes that do not count, such as a database server.

    Attributes:
        jvm, python: the most that Java processes held, and that all others did; not necessarily at one moment.
        both: the most that all held at one moment.
    """

    def __init__(self, without: Collection[int] = ()) -> None:
        self.jvm = self.python = self.both = 0
        self._without = frozenset(without)
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="peak-by-kind", daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()

    def __str__(self) -> str:
        return f"JVM {self.jvm / GIB:.2f} GiB, Python {self.python / GIB:.2f} GiB, at one moment {self.both / GIB:.2f}"

    def _watch(self) -> None:
        this = psutil.Process(os.getpid())
        while True:
            jvm = python = 0
            for process in [this, *this.children(recursive=True)]:
                if process.pid in self._without:
                    continue
                if _is_java(process):
                    jvm += held(process)
                else:
                    python += held(process)
            self.jvm, self.python = max(self.jvm, jvm), max(self.python, python)
            self.both = max(self.both, jvm + python)
            if self._done.wait(_INTERVAL_SECONDS):
                return


def _is_java(process: psutil.Process) -> bool:
    try:
        return process.name().startswith("java")
    except psutil.Error:
        return False
