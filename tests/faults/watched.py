"""A process whose output is read line by line while it runs, so that a test can wait for what it says."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import REPOSITORY

Record = dict[str, Any]


class NeverSaid(AssertionError):
    """A process did not say in time what it was waited for."""


class Watched:
    """One of Segue's processes; each line of JSON that it prints is a record, anything else it says is a sentence."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> None:
        """Start `python -m COMMAND...`."""
        variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), "QT_QPA_PLATFORM": "offscreen", **(environment or {})}
        self.command = " ".join(command)
        self.records: list[Record] = []
        self.sentences: list[str] = []
        self.listeners: list[Callable[[Record], None]] = []
        self._heard = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command], env=variables, cwd=REPOSITORY, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1, errors="replace",
        )  # fmt: skip
        self._threads = [
            threading.Thread(target=self._read, args=(stream,), daemon=True)
            for stream in (self._process.stdout, self._process.stderr)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def code(self) -> int | None:
        """What it ended with, None while it runs."""
        return self._process.poll()

    def tell(self, line: str) -> None:
        """Write a line to its standard input; one that has ended does not hear it."""
        with contextlib.suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def wait_for(self, wanted: Callable[[Record], bool], *, seconds: float = 60, after: int = 0) -> Record:
        """The first record from the one at `after` on that is `wanted`.

        Raises:
            NeverSaid: it ended, or time passed, without it.
        """
        deadline, seen = time.monotonic() + seconds, after
        with self._heard:
            while True:
                for record in self.records[seen:]:
                    if wanted(record):
                        return record
                seen = len(self.records)
                left = deadline - time.monotonic()
                if left <= 0 or (not self._is_talking() and seen == len(self.records)):
                    raise NeverSaid(f"{self.command}: {[*self.records[-3:], *self.sentences[-10:]]}")
                self._heard.wait(min(left, 0.1))

    def children(self) -> list[psutil.Process]:
        """Every living process below it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid).children(recursive=True)
        return []

    def kill(self) -> None:
        """Kill -9, and wait until it is gone; its children are left to themselves."""
        self._process.kill()
        self._process.wait()

    def end(self, seconds: float = 120) -> int:
        """Wait for its own end and return its exit code; what it says is complete then.

        Raises:
            NeverSaid: it did not end.
        """
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise NeverSaid(f"{self.command} does not end: {self.sentences[-10:]}") from None
        for thread in self._threads:
            thread.join(10)
        return self._process.returncode

    def close(self) -> None:
        """Make sure that nothing of it is left."""
        family = self.children()
        if self.is_running:
            self.kill()
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        for thread in self._threads:
            thread.join(10)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _is_talking(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _read(self, stream: Any) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in stream:
                self._take(line.strip())

    def _take(self, line: str) -> None:
        record = _record(line)
        with self._heard:
            if record is not None:
                self.records.append(record)
            elif line:
                self.sentences.append(line)
            self._heard.notify_all()
        if record is not None:
            for listener in self.listeners:
                listener(record)


def indexer(
    root: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None, through: Sequence[str] = ()
) -> Watched:
    """Start the indexer on the home in the folder `root`, by itself or `through` a module that runs it."""
    return Watched([*through, "indexer", "--home", str(root), *map(str, arguments)], environment=environment)


def player(root: Path, *, environment: Mapping[str, str] | None = None, through: Sequence[str] = ()) -> Watched:
    """Start a player on the home in the folder `root`; its commands are those of `tests.faults.driven_player`."""
    return Watched([*through, "tests.faults.driven_player", str(root)], environment=environment)


def _record(line: str) -> Record | None:
    if not line.startswith("{"):
        return None
    with contextlib.suppress(ValueError):
        record = json.loads(line)
        return record if isinstance(record, dict) else None
    return None
