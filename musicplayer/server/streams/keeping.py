"""Keeps files that can be made again, under a bound, and has each of them made once, a few at a time."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from indexer.core.files.atomic import PARTIAL
from indexer.core.tracks import Seconds
from musicplayer.server.errors import Busy

Answer = TypeVar("Answer")

_SOONEST, _LATEST = 1, 60
"""Seconds after which it is worth while to ask again."""

_KEPT_SHARE = 0.9
"""Of the bound is left when room is made, so that the next file does not need room again."""


class KeptFiles:
    """A folder of files that may be deleted at any time; of too many those go first that were not asked for longest."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Keep up to so many bytes in `folder`, which holds nothing else; what a killed server had begun is removed."""
        self.folder = folder
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        for half in folder.glob(f"{PARTIAL}*"):
            with suppress(OSError):
                half.unlink()
        self._bytes = sum(size for _, size, _ in self._files())

    def has(self, path: Path) -> bool:
        """Whether a file is there, which is now asked for."""
        try:
            made = path.stat().st_mtime_ns  # which goes into what clients compare, and stays
            os.utime(path, ns=(time.time_ns(), made))
        except OSError:
            return False
        return True

    def added(self, newest: Path) -> None:
        """Make room after a file was added, which stays itself.

        Raises:
            OSError: it is not there any more.
        """
        size = newest.stat().st_size
        with self._lock:
            self._bytes += size
            if self._bytes > self.most_bytes:
                self._bytes = size + self._make_room(newest, round(self.most_bytes * _KEPT_SHARE) - size)

    def _make_room(self, newest: Path, room: int) -> int:
        """Remove all but the newest and what of the others has room; gives the bytes of those."""
        left = 0
        for _, size, path in sorted(self._files(), reverse=True):
            if path == newest:
                continue
            if left + size <= room:
                left += size
                continue
            room = left  # all that was asked for longer ago goes, too
            with suppress(OSError):  # Windows keeps what is being read
                path.unlink()
        return left

    def _files(self) -> list[tuple[int, int, Path]]:
        """When each file was asked for, its size, and where it is."""
        try:
            found = [(each.stat(), each) for each in os.scandir(self.folder) if not each.name.startswith(PARTIAL)]
        except OSError:
            return []
        return [(state.st_atime_ns, state.st_size, Path(each.path)) for state, each in found]


class Once(Generic[Answer]):
    """Work that several may want at once: done once for all of them, so much at a time, so much waiting."""

    def __init__(self, name: str, *, at_once: int, waiting: int, usual: Seconds) -> None:
        """Do it in threads of that name; `usual` is how long it takes, until some was done."""
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._under_way: dict[Path, Future[Answer]] = {}
        self._at_once = at_once
        self._most = at_once + waiting
        self._usual = usual

    def run(self, key: Path, work: Callable[[], Answer]) -> Future[Answer]:
        """What comes of the work, or of that for the same key which is under way.

        Raises:
            Busy: too much waits already.
        """
        with self._lock:
            if (running := self._under_way.get(key)) is None:
                if len(self._under_way) >= self._most:
                    raise Busy("stream-busy", seconds=self._wait())
                running = self._threads.submit(self._done, key, work)
                self._under_way[key] = running
        return running

    def stop(self) -> None:
        """Begin nothing more; to be followed by `join`, once what is under way was ended."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def join(self) -> None:
        self._threads.shutdown()

    def _done(self, key: Path, work: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        try:
            answer = work()
        finally:
            with self._lock:
                self._under_way.pop(key, None)
        self._usual += (time.monotonic() - began - self._usual) / 4
        return answer

    def _wait(self) -> int:
        """Seconds until one of those that wait has its turn."""
        return max(_SOONEST, min(math.ceil(self._usual / self._at_once), _LATEST))
