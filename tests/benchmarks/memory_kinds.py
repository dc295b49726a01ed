"""Peak memory of a program's JVM and of its Python processes, apart and together, and the processor time of all."""

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
        cpu_seconds: processor time that all spent; on a machine that does other things, too, it says more than the
            clock.
    """

    def __init__(self, without: Collection[int] = ()) -> None:
        self.jvm = self.python = self.both = 0
        self._without = frozenset(without)
        self._cpu: dict[tuple[int, float], float] = {}
        self._cpu_before = _cpu_seconds(psutil.Process())
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="peak-by-kind", daemon=True)

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu.values()) - self._cpu_before

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()

    def __str__(self) -> str:
        return (
            f"JVM {self.jvm / GIB:.2f} GiB, Python {self.python / GIB:.2f} GiB, at one moment {self.both / GIB:.2f} "
            f"GiB; {self.cpu_seconds:.0f} s of processors"
        )

    def _watch(self) -> None:
        this = psutil.Process(os.getpid())
        while True:
            counted = [child for child in this.children(recursive=True) if child.pid not in self._without]
            self._note([this, *counted])
            if self._done.wait(_INTERVAL_SECONDS):
                return

    def _note(self, processes: Collection[psutil.Process]) -> None:
        jvm = python = 0
        for process in processes:
            if _is_java(process):
                jvm += held(process)
            else:
                python += held(process)
            self._cpu[process.pid, process.create_time()] = max(
                _cpu_seconds(process), self._cpu.get((process.pid, process.create_time()), 0.0)
            )
        self.jvm, self.python = max(self.jvm, jvm), max(self.python, python)
        self.both = max(self.both, jvm + python)


def _is_java(process: psutil.Process) -> bool:
    try:
        return bool(process.name().startswith("java"))
    except psutil.Error:
        return False


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
