"""Asks the decoders about a file whose headers nothing else understands, in a process that may die of the answer."""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from concurrent.futures import TimeoutError  # noqa: A004
from contextlib import suppress
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from indexer.core.audio.errors import CorruptFile
from indexer.core.tracks import Seconds

LONGEST: Seconds = 20.0
"""For reading some headers, on a machine that does much else."""

MEMORY_MB = 512


def probe(path: Path) -> Seconds | None:
    """The length of a file, None where it does not tell; the first call starts the process.

    Raises:
        CorruptFile: no decoder makes sense of it, or one ended, stood still or devoured memory over it.
    """
    try:
        length, reason = _pool().schedule(length_or_reason, args=(str(path),), timeout=LONGEST).result()
    except (TimeoutError, ProcessExpired, MemoryError) as error:
        raise CorruptFile(path, "no decoder survives it") from error
    if reason is not None:
        raise CorruptFile(path, reason)
    return length


def length_or_reason(path: str) -> tuple[Seconds | None, str | None]:
    """Ask libsndfile, then FFmpeg: the length, and else why there is none. For the process of its own."""
    import soundfile  # noqa: PLC0415 - in the child alone

    from indexer.core.audio.decoders import DECODER_ERRORS, length_by_ffmpeg, length_by_libsndfile  # noqa: PLC0415 - as above

    with suppress(soundfile.SoundFileError):
        return length_by_libsndfile(Path(path)) or None, None
    try:
        return length_by_ffmpeg(Path(path)) or None, None
    except (*DECODER_ERRORS, OSError):
        return None, ""


_running: list[ProcessPool] = []
_lock = threading.Lock()


def _pool() -> ProcessPool:
    with _lock:
        if not _running or not _running[0].active:
            spawning = multiprocessing.get_context("spawn")
            _running[:] = [ProcessPool(max_workers=1, initializer=_start, context=spawning)]
        return _running[0]


def _start() -> None:
    from indexer.core.audio import decoders  # noqa: F401, PLC0415 - what they hold themselves is not the file's
    from indexer.core.audio.decode import hush_native_decoders  # noqa: PLC0415
    from indexer.core.politeness import end_with_parent, limit_memory, lower_priority  # noqa: PLC0415

    end_with_parent()
    lower_priority()
    hush_native_decoders()
    limit_memory(MEMORY_MB)


@atexit.register
def _stop() -> None:
    with _lock:
        for pool in _running:
            pool.stop()  # type: ignore[no-untyped-call]
        _running.clear()
