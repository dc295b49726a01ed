"""The child side of analysis: one process that opens files, one at a time, and hears them quickly or thoroughly."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.errors import AudioError
from indexer.core.model.embedding.registry import Registration, know
from indexer.core.model.profiles import Profile, get_profile
from indexer.core.politeness import end_with_parent, limit_memory, lower_priority
from indexer.core.sentences.told import Told, Values
from indexer.core.text import shown_name
from indexer.core.tracks import Measurement, ProblemKind, Seconds, Stretch
from indexer.sound.result import Measured


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker process is told once.

    Attributes:
        memory_limit_mb: what a file may take, beyond what the process itself needs.
        cache: folder of computed filter banks, unless the environment names one; None computes them in every process.
        networks: embedding networks of the profiles that are computed.
    """

    memory_limit_mb: int
    cache: str | None = None
    networks: tuple[Registration, ...] = ()


@dataclass(frozen=True)
class Analysed:
    """What came of one file.

    Attributes:
        features: by profile name, each of shape (windows, dims).
        cpu_seconds: what it took.
        truncated: its end is missing.
        whole: it was heard from end to end, however long it is.
        length: where it is known for certain.
        measured: its loudness and waveform, where it was heard from end to end for them.
    """

    features: dict[str, NDArray[np.float32]]
    cpu_seconds: Seconds = 0.0
    truncated: bool = False
    whole: bool = False
    length: Measurement | None = None
    measured: Measured | None = None


@dataclass(frozen=True)
class Failure(Told):
    """Why one file has no features, or was not measured."""

    kind: ProblemKind
    code: str
    values: Values
    cpu_seconds: Seconds = field(default=0.0, compare=False)


def start(settings: WorkerSettings) -> None:
    """Prepare this process for `analyse_file`, before its first file."""
    _step_back()
    # Imported in the child only: the parent schedules files and never opens one.
    from indexer.core.audio.decode import hush_native_decoders  # noqa: PLC0415
    from indexer.features import analyse, filters  # noqa: F401, PLC0415

    if settings.cache is not None:
        os.environ.setdefault(filters.CACHE_VARIABLE, settings.cache)
    filters.banks()
    hush_native_decoders()
    # Before the limit: what a network takes is not the files' fault.
    for network in settings.networks:
        _load(network)
    limit_memory(settings.memory_limit_mb)


def start_measuring(settings: WorkerSettings) -> None:
    """Prepare this process for `hear_file` without profiles, which takes little, before its first file."""
    _step_back()
    from indexer.core.audio.decode import hush_native_decoders  # noqa: PLC0415
    from indexer.sound import measure  # noqa: F401, PLC0415

    hush_native_decoders()
    limit_memory(settings.memory_limit_mb)


def analyse_file(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed | Failure:
    """Hear a file or a stretch of it quickly: decode it, or parts if it is long, and compute `profiles`, by name.

    What is wrong with the file is returned, not raised.
    """
    return _tried(stretch, partial(_analyse, stretch, profiles))


def hear_file(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed | Failure:
    """Hear a file or a stretch of it from end to end: `profiles`, loudness, waveform and length from one decoding.

    What is wrong with the file is returned, not raised.
    """
    return _tried(stretch, partial(_hear, stretch, profiles))


def out_of_memory(path: str) -> Failure:
    """The failure of a file that asked for more memory than it may."""
    return Failure(ProblemKind.MEMORY, "file-too-large", {"name": shown_name(path)})


def _step_back() -> None:
    """Go with the parent, and let every other program go first."""
    end_with_parent()
    lower_priority()


def _load(network: Registration) -> None:
    from indexer.features.embedding.network import loaded  # noqa: PLC0415

    know(network)
    loaded(network)


def _tried(stretch: Stretch, work: Callable[[], Analysed]) -> Analysed | Failure:
    """What `work` makes of a file, or what is wrong with it, with the time that it took."""
    started = time.process_time()
    try:
        answer = work()
    except AudioError as error:
        return Failure(error.kind, error.code, error.values, time.process_time() - started)
    except MemoryError:
        return out_of_memory(stretch.path)
    return replace(answer, cpu_seconds=time.process_time() - started)


def _analyse(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed:
    from indexer.features.listening import heard_quickly  # noqa: PLC0415

    chosen = [get_profile(name) for name in profiles]
    features, audio = heard_quickly(Path(stretch.path), chosen, start=stretch.start, end=stretch.end)
    return Analysed(_named(features, chosen), truncated=audio.truncated, length=audio.length)


def _hear(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed:
    from indexer.sound.measure import measure  # noqa: PLC0415

    if not profiles:
        measured = measure(Path(stretch.path), start=stretch.start, end=stretch.end)
        return Analysed({}, whole=True, length=measured.length, measured=measured)
    from indexer.features.listening import TrackListener  # noqa: PLC0415

    chosen, heard = [get_profile(name) for name in profiles], list[TrackListener]()

    def listener(rate: int) -> TrackListener:
        heard.append(TrackListener(rate, chosen))
        return heard[-1]

    measured = measure(Path(stretch.path), start=stretch.start, end=stretch.end, listener=listener)
    features = heard[-1].finish()
    named = _named(features, chosen) if features else _analyse(stretch, profiles).features
    return Analysed(named, whole=True, length=measured.length, measured=measured)


def _named(features: Mapping[str, NDArray[np.float32]], profiles: Sequence[Profile]) -> dict[str, NDArray[np.float32]]:
    return {profile.name: features[profile.key] for profile in profiles}
