"""Waits for what happens elsewhere, and tells what work costs beside other work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_EVERY = 0.02


def wait_until(holds: Callable[[], object], what: str = "", *, seconds: float = 60.0) -> None:
    """Look again and again at what another process or thread does, which sends no signal.

    Raises:
        AssertionError: it did not hold within so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or 'what was waited for'}"
        time.sleep(_EVERY)  # the one pause between two looks, for all tests


async def until(holds: Callable[[], object], *, seconds: float = 20.0) -> None:
    """The same for what runs in an event loop, which goes on meanwhile.

    Raises:
        TimeoutError: it did not hold within so many seconds.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(_EVERY)  # what is waited for comes from another thread or process


def cost(work: Callable[[], object], *, times: int = 3) -> float:
    """Seconds of this process on the processor, the least of some times; only to be compared with another cost.

    It says nothing by itself: machines differ, and most do something else as well.
    """
    found = []
    for _ in range(times):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)
