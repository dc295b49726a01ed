"""What a process of the stream did: counted as it goes, and written where others find it while it runs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

WRITTEN_EVERY: Seconds = 3.0
LOGGED_EVERY: Seconds = 60.0
_LATEST = 2_000
"""Events of which it is known how long their list took."""

_RATED_OVER: Seconds = 30.0


@dataclass
class Counts:
    """How often something happened since the start.

    Attributes:
        taken: events that were received and understood.
        new: plays that were not in the database before.
        known: plays that were.
        refused: events that went to the dead letters.
        lists: that are out.
    """

    taken: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    lists: int = 0


class Figures:
    """The figures of this process; for one thread."""

    def __init__(self, home: Home) -> None:
        """Written into a file of the home that is called by the process."""
        self.counts = Counts()
        self._path = folder_of(home) / f"{os.getpid()}.json"
        self._since = time.time()
        self._seconds: deque[float] = deque(maxlen=_LATEST)
        self._seen: deque[tuple[float, int, int]] = deque()
        self._written_at, self._logged_at = -WRITTEN_EVERY, time.monotonic()

    def arrived(self, told_at: list[float]) -> None:
        """A list is out that counts events of these times, seconds since 1970."""
        now = time.time()
        self.counts.lists += 1
        self._seconds.extend(max(now - at, 0.0) for at in told_at if at)

    @property
    def are_due(self) -> bool:
        """Whether it is time to show them."""
        return time.monotonic() - self._written_at >= WRITTEN_EVERY

    def show(self, **more: Any) -> None:
        """Write them, and now and then log them, with what else is of interest."""
        self._written_at = now = time.monotonic()
        record = self.record() | more
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(record).encode("ascii"))
        if now - self._logged_at >= LOGGED_EVERY:
            self._logged_at = now
            _log.info("%s", ", ".join(f"{name} {value}" for name, value in record.items()))

    def record(self) -> dict[str, Any]:
        """Plain values by name; times in milliseconds, rates of half a minute."""
        now = time.monotonic()
        self._seen.append((now, self.counts.new + self.counts.known, self.counts.lists))
        while self._seen[0][0] < now - _RATED_OVER and len(self._seen) > 1:
            self._seen.popleft()
        (_, events, lists), span = self._seen[0], max(now - self._seen[0][0], 1e-9)
        p50, p95 = np.percentile(self._seconds, [50, 95]) * 1_000 if self._seconds else (0.0, 0.0)
        rated = len(self._seen) > 1
        return {
            "process": os.getpid(),
            "since": self._since,
            **asdict(self.counts),
            "p50_ms": round(float(p50), 1),
            "p95_ms": round(float(p95), 1),
            "plays_a_second": round((self._seen[-1][1] - events) / span, 1) if rated else 0.0,
            "lists_a_second": round((self._seen[-1][2] - lists) / span, 1) if rated else 0.0,
        }

    def close(self) -> None:
        """They are no longer of a process that runs."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def folder_of(home: Home) -> Path:
    """Where the processes of a home write them."""
    return home.data / "stream"


def figures_of(home: Home) -> list[Mapping[str, Any]]:
    """The figures of the processes that run on this machine."""
    found: list[Mapping[str, Any]] = []
    for file in sorted(folder_of(home).glob("*.json")):
        with contextlib.suppress(OSError, ValueError):
            record = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(record, dict) and _runs(file.stem):
                found.append(record)
    return found


def _runs(process: str) -> bool:
    import psutil  # noqa: PLC0415 - only where somebody asks

    return process.isdecimal() and psutil.pid_exists(int(process))
