"""Which process is meant: a number alone is given to another process when the first has ended."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

import psutil

_SAME_SECONDS = 2.0
"""Creation times are computed from the clock; they differ a little from one reading to the next."""


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process for as long as it lives.

    Attributes:
        pid: its number.
        created: when it began, milliseconds since 1970.
        since_boot: the same, milliseconds since the machine started, which no setting of the clock changes.
    """

    pid: int
    created: int
    since_boot: int

    @classmethod
    def of(cls, pid: int | None = None) -> ProcessMark:
        """The mark of a living process, this one by default.

        Raises:
            psutil.NoSuchProcess: there is none.
        """
        process = psutil.Process(pid or os.getpid())
        created = process.create_time()
        return cls(process.pid, int(created * 1000), int((created - psutil.boot_time()) * 1000))

    @classmethod
    def parse(cls, text: str) -> ProcessMark | None:
        """The mark that `str` wrote, None for anything else."""
        try:
            pid, created, since_boot = (int(part) for part in text.split("."))
        except ValueError:
            return None
        return cls(pid, created, since_boot) if pid > 0 else None

    def __str__(self) -> str:
        return f"{self.pid}.{self.created}.{self.since_boot}"

    def process(self) -> psutil.Process | None:
        """The process, None when it has ended, also when its number belongs to another one by now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if process.status() != psutil.STATUS_ZOMBIE and self._is_now(ProcessMark.of(self.pid)):
                return process
        return None

    def is_alive(self) -> bool:
        return self.process() is not None

    def _is_now(self, now: ProcessMark) -> bool:
        by_clock = abs(now.created - self.created) <= _SAME_SECONDS * 1000
        by_uptime = abs(now.since_boot - self.since_boot) <= _SAME_SECONDS * 1000
        return by_clock or by_uptime
