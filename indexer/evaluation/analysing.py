"""Has every clip analysed by every method, in worker processes of one thread each, with what it costs them."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from indexer.analysis.pool import usable_cores
from indexer.core.audio.decode import hush_native_decoders
from indexer.core.audio.errors import AudioError
from indexer.core.politeness import ONE_THREAD, end_with_parent, environment
from indexer.core.tracks import Seconds
from indexer.evaluation.alterations import Alteration, alter
from indexer.evaluation.labels import EvaluationError
from indexer.evaluation.methods import CannotAnalyse, Clip, Description, Method

Progress = Callable[[int, int], None]
"""Told how many clips of how many are done."""


@dataclass
class Analysed:
    """What the methods, by name, made of one clip.

    Attributes:
        skipped: why the clip cannot be decoded at all; empty when it can, and nothing else is filled where it cannot.
        whole: of the clip.
        parts: of its parts, in order; missing where the method refused one.
        altered: by alteration, of its altered copy.
        refused: methods that could not analyse the clip, with the reason.
        decode_seconds: CPU time of our decoder.
        seconds: CPU time each method took on the whole clip, without our decoder's.
    """

    skipped: str = ""
    whole: dict[str, Description] = field(default_factory=dict)
    parts: dict[str, tuple[Description, ...]] = field(default_factory=dict)
    altered: dict[str, dict[str, Description]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    decode_seconds: Seconds = 0.0
    seconds: dict[str, Seconds] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A clip, and the alterations of it that are wanted."""

    path: Path
    alterations: tuple[Alteration, ...] = ()


def analyse_all(
    jobs: Sequence[Job], methods: Sequence[Method], *, workers: int | None = None, on_progress: Progress
) -> list[Analysed]:
    """What every method made of every clip, in order.

    Args:
        jobs: the clips.
        methods: those that can run here; they are sent to the workers.
        workers: processes; one per core unless told.
        on_progress: called for every finished clip.

    Raises:
        EvaluationError: a worker process died.
    """
    analysed: list[Analysed] = [Analysed()] * len(jobs)
    count = max(1, min(workers or usable_cores(), len(jobs)))
    context = multiprocessing.get_context("spawn")
    with (
        environment(ONE_THREAD),
        ProcessPoolExecutor(count, mp_context=context, initializer=_start, initargs=(tuple(methods),)) as pool,
    ):
        futures = {pool.submit(_analyse, job): number for number, job in enumerate(jobs)}
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                analysed[futures[future]] = future.result()
                on_progress(done, len(jobs))
        except BrokenProcessPool as error:
            raise EvaluationError("evaluation-died") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return analysed


_METHODS: tuple[Method, ...] = ()
"""Of this worker process."""


def _start(methods: tuple[Method, ...]) -> None:
    global _METHODS  # noqa: PLW0603 - a worker process is told once
    end_with_parent()
    hush_native_decoders()
    _METHODS = methods


def _analyse(job: Job) -> Analysed:
    sound, analysed = Clip(job.path), Analysed()
    try:
        _ = sound.samples
    except AudioError as error:
        return Analysed(skipped=error.message)
    analysed.decode_seconds = sound.decode_seconds
    for method in _METHODS:
        _analyse_with(method, sound, analysed)
    for alteration in job.alterations:
        analysed.altered[alteration.name] = _analyse_altered(job.path, alteration)
    return analysed


def _analyse_with(method: Method, sound: Clip, analysed: Analysed) -> None:
    started = time.process_time()
    try:
        analysed.whole[method.name] = method.analyse(sound)
    except CannotAnalyse as error:
        analysed.refused[method.name] = error.message
        return
    analysed.seconds[method.name] = time.process_time() - started
    try:
        analysed.parts[method.name] = method.analyse_parts(sound, analysed.whole[method.name])
    except CannotAnalyse:
        return  # the clip as a whole was analysed; only its parts are left out


def _analyse_altered(path: Path, alteration: Alteration) -> dict[str, Description]:
    found = {}
    with tempfile.TemporaryDirectory(prefix="segue-evaluate-") as folder:
        target = Path(folder) / f"altered{alteration.suffix}"
        try:
            alter(path, alteration, target)
            sound = Clip(target)
            _ = sound.samples
        except AudioError:
            return {}
        for method in _METHODS:
            try:
                found[method.name] = method.analyse(sound)
            except CannotAnalyse:
                continue
    return found
