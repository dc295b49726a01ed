"""Processes for what may hang, crash or devour memory over a hostile file: they alone go down, within a time."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, TimeoutError  # noqa: A004
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from indexer.core.politeness import end_with_parent, limit_memory, lower_priority
from indexer.core.tracks import Seconds

Answer = TypeVar("Answer")

MEMORY_MB = 768
"""On top of what a fresh process holds: decoding and encoding take some ten, a picture up to two hundred."""


class ChildLost(Exception):
    """A process ended, stood still or ran out of memory over its work."""


class Children:
    """Up to so many processes, started with the first work, each kept for the next."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, work: Callable[..., Answer], *arguments: object, seconds: Seconds) -> Answer:
        """What a function gives in one of the processes; waits for it, so for a worker thread only.

        Raises:
            ChildLost: it took longer than `seconds`, or took its process down.
            Exception: whatever the function raises.
        """
        try:
            future = self._running().schedule(work, args=arguments, timeout=seconds)
            answer: Answer = future.result()
        except (TimeoutError, ProcessExpired, MemoryError, CancelledError, RuntimeError) as error:
            raise ChildLost from error
        return answer

    def close(self) -> None:
        """End the processes at once, whatever they do."""
        with self._lock:
            self._is_closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def _running(self) -> ProcessPool:
        with self._lock:
            if self._is_closed:
                raise ChildLost
            if self._pool is None or not self._pool.active:
                spawning = multiprocessing.get_context("spawn")
                self._pool = ProcessPool(max_workers=self._most, initializer=_start, context=spawning)
            return self._pool


def _start() -> None:
    from indexer.core.audio import decoders  # noqa: F401, PLC0415 - what they hold themselves is not the file's
    from indexer.core.audio.decode import hush_native_decoders  # noqa: PLC0415 - in the child alone

    end_with_parent()
    lower_priority()
    hush_native_decoders()
    limit_memory(MEMORY_MB)
