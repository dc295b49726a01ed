"""Keeps the tags of one file from taking more time or memory than tags are worth."""

from __future__ import annotations

import ctypes
import io
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import mutagen
import mutagen.id3._frames

from indexer.core.tracks import Seconds

_Value = TypeVar("_Value")

LONGEST: Seconds = 5.0
"""Processor time for the tags of one file. An honest file takes some milliseconds; a tag of a megabyte of zeros takes
minutes, because a tag is cut into values by copying what is left of it each time."""

MOST_BYTES = 1 << 29
"""Read of one file by all its parsers together: its tags with their pictures, never its sound."""

MOST_UNPACKED = 1 << 24
"""Bytes that a compressed frame of an ID3 tag may have: a picture. A few hundred kB could unpack to gigabytes."""

_LOOK_EVERY: Seconds = 0.5


class TagsTooHeavy(Exception):
    """The tags ask for more time or memory than they may have."""


class LimitedFile(io.BufferedReader):
    """A file that is read up to a limit, and never believed about how much there is to read."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            OSError: the system does not let it be read.
        """
        super().__init__(io.FileIO(path))
        self._end = self.seek(0, io.SEEK_END)
        self._left = MOST_BYTES
        self.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        """The same as of any file, without room being made for more than there is.

        Raises:
            TagsTooHeavy: all that is read came to more than MOST_BYTES.
        """
        there = max(0, self._end - self.tell())
        wanted = there if size is None or size < 0 else min(size, there)
        self._left -= wanted
        if self._left < 0:
            raise TagsTooHeavy
        return super().read(wanted)


def within_limits(read: Callable[[], _Value], longest: Seconds = LONGEST) -> _Value:
    """What `read` returns, a function that reads the tags of one file.

    Raises:
        TagsTooHeavy: the tags take more than `longest` seconds of processor time, or too much memory.
        Exception: whatever `read` raises.
    """
    try:
        with _time_limit(longest):
            return read()
    except (_OutOfTime, MemoryError) as error:
        raise TagsTooHeavy from error


def open_media(file: LimitedFile, longest: Seconds = LONGEST) -> Any:
    """What `mutagen.File` makes of a file: None where it does not know it.

    Raises:
        TagsTooHeavy: the tags take more than `longest` seconds of processor time, or too much memory.
        mutagen.MutagenError: the headers are damaged.
        Exception: damaged tags raise anything from IndexError to ZeroDivisionError in parsers.
    """
    try:
        return within_limits(lambda: mutagen.File(file), longest)
    except mutagen.MutagenError as error:
        if isinstance(error.__context__ or error.__cause__, TagsTooHeavy):
            raise TagsTooHeavy from error
        raise


class _OutOfTime(BaseException):
    """Raised in the thread that is late; no handler of errors on the way catches it."""


class _Watch:
    """One thread that interrupts others when their time is over; it ends when it has nobody to look at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limits: dict[int, Callable[[], bool]] = {}
        self._thread: threading.Thread | None = None

    def begin(self, thread: int, is_over: Callable[[], bool]) -> None:
        with self._lock:
            self._limits[thread] = is_over
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="tag-watch", daemon=True)
                self._thread.start()

    def end(self, thread: int) -> None:
        """Interrupt that thread no more; takes back an interruption that has not arrived."""
        with self._lock:
            # Only where one was sent: taking back nothing makes Python 3.11 look for it for ever under a profiler.
            if self._limits.pop(thread, None) is None:
                _interrupt(thread, None)

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)  # not woken for each file: that would cost more than the file's tags
            with self._lock:
                if not self._limits:
                    self._thread = None
                    return
                late = [thread for thread, is_over in self._limits.items() if is_over()]
                for thread in late:
                    del self._limits[thread]
                    _interrupt(thread, _OutOfTime)


_watch = _Watch()


@contextmanager
def _time_limit(seconds: Seconds) -> Iterator[None]:
    """Raise _OutOfTime in this thread once the block has had `seconds` of the processor.

    Parsers of tags are plain Python, which can be interrupted between any two of its steps.
    """
    thread = threading.get_ident()
    _watch.begin(thread, _stopwatch(thread, seconds))
    try:
        yield
    finally:
        _watch.end(thread)


def _stopwatch(thread: int, seconds: Seconds) -> Callable[[], bool]:
    """Whether a thread has had `seconds` of the processor, or of the clock where the system cannot tell.

    A drive that wakes up takes longer than any parser, and that is not the file's fault.
    """
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    if clock_of is None:
        started = time.monotonic()
        return lambda: time.monotonic() - started > seconds
    clock = clock_of(thread)
    begun: float = time.clock_gettime(clock)
    return lambda: bool(time.clock_gettime(clock) - begun > seconds)


def _interrupt(thread: int, error: type[BaseException] | None) -> None:
    """Source: PyThreadState_SetAsyncExc, https://docs.python.org/3/c-api/init.html."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error and ctypes.py_object(error))


def _unpacked(data: bytes) -> bytes:
    """`zlib.decompress` that stops at MOST_UNPACKED.

    Raises:
        zlib.error: it is damaged, or unpacks to more.
    """
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(data, MOST_UNPACKED)
    if not unpacker.eof:
        raise zlib.error("incomplete, or too large")
    return content


# It has no limit of its own, and no way to be given one.
vars(mutagen.id3._frames)["zlib"] = SimpleNamespace(decompress=_unpacked, error=zlib.error)  # noqa: SLF001
