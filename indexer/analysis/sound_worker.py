"""The child side of measuring: one process that turns files into loudness and waveforms, one at a time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from indexer.analysis.worker import Failure, WorkerSettings, out_of_memory
from indexer.core.audio.errors import AudioError
from indexer.core.politeness import end_with_parent, limit_memory, lower_priority
from indexer.core.tracks import Stretch
from indexer.sound.result import Measured


def start_measuring(settings: WorkerSettings) -> None:
    """Prepare this process, before its first file."""
    end_with_parent()
    lower_priority()
    # Imported in the child only: the parent hands out files and never hears one.
    from indexer.core.audio.decode import hush_native_decoders  # noqa: PLC0415
    from indexer.sound import measure  # noqa: F401, PLC0415

    hush_native_decoders()
    limit_memory(settings.memory_limit_mb)


def measure_file(stretch: Stretch, _: tuple[str, ...]) -> Measured | Failure:
    """Measure a file or a stretch of it; what is wrong with it is returned, not raised."""
    from indexer.sound.measure import measure  # noqa: PLC0415

    started = time.process_time()
    try:
        measured = measure(Path(stretch.path), start=stretch.start, end=stretch.end)
    except AudioError as error:
        return Failure(error.kind, error.code, error.values, time.process_time() - started)
    except MemoryError:
        return out_of_memory(stretch.path)
    return replace(measured, cpu_seconds=time.process_time() - started)
