"""Runs an evaluation: labels and clips in, an `EvaluationResult` out."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from indexer.evaluation.alterations import ALTERATIONS, Alteration, can_encode_mp3
from indexer.evaluation.analysing import Analysed, Job, Progress, analyse_all
from indexer.evaluation.assess import Scores, Setting, assess, figures_of
from indexer.evaluation.bootstrap import RESAMPLES, Resamples
from indexer.evaluation.clip_groups import judge_clip_groups
from indexer.evaluation.labels import Codes, EvaluationError, LabelledClip, encode, read_labels
from indexer.evaluation.methods import Method
from indexer.evaluation.pairs import sample_examples, sample_pairs, sample_rows
from indexer.evaluation.result import Difference, EvaluationResult, GroupsJudged, MethodResult, TaskInfo
from indexer.evaluation.tasks import Task, tasks_of

SEED = 42
ALTERED_CLIPS = 40
FEWEST_CLIPS = 8
"""Below this no transform can be learnt and every figure is chance."""

_PACKAGES = ("segue-player", "numpy", "scipy", "librosa", "soundfile", "soxr", "av", "bliss-audio", "pymusly")


class TooFewClips(EvaluationError):
    """Nothing can be said about so few clips."""


@dataclass(frozen=True)
class EvaluationOptions:
    """How to evaluate.

    Attributes:
        labels: the label file.
        clips_folder: what its paths are relative to.
        methods: in the order of the tables; the first is held against the others.
        altered: number of clips that robustness is measured with, 0 for none.
        seed: of ties, resamples and samples.
        resamples: of the bootstrap.
        workers: processes; one per core unless told.
        command: as typed, for the record.
    """

    labels: Path
    clips_folder: Path
    methods: tuple[Method, ...]
    altered: int = ALTERED_CLIPS
    seed: int = SEED
    resamples: int = RESAMPLES
    workers: int | None = None
    command: str = ""


def evaluate(options: EvaluationOptions, on_progress: Progress = lambda _done, _total: None) -> EvaluationResult:
    """Analyse every clip with every method that can run here and measure what each finds.

    Nothing is written into the folder of clips, and tags inside the files are not read.

    Raises:
        EvaluationError: the labels cannot be used, too few clips can be decoded, or a worker process died.
    """
    started = time.monotonic()
    clips = read_labels(options.labels, options.clips_folder)
    running = [method for method in options.methods if not method.missing]
    alterations = [change for change in ALTERATIONS if change.name != "mp3" or can_encode_mp3()]
    altered = set(sample_rows(len(clips), options.altered, options.seed))
    jobs = [Job(clip.path, tuple(alterations) if row in altered else ()) for row, clip in enumerate(clips)]
    analysed = analyse_all(jobs, running, workers=options.workers, on_progress=on_progress)
    kept = [row for row, one in enumerate(analysed) if not one.skipped]
    if len(kept) < FEWEST_CLIPS:
        raise TooFewClips("clips-few", number=len(kept), fewest=FEWEST_CLIPS)
    setting = _setting(options, [clips[row] for row in kept], [analysed[row] for row in kept], alterations)
    methods, differences = _assess_all(options.methods, setting)
    return EvaluationResult(
        command=options.command,
        seed=options.seed,
        resamples=options.resamples,
        versions=_versions(),
        seconds=time.monotonic() - started,
        labels=str(options.labels),
        clips_folder=str(options.clips_folder),
        clips=tuple(clip.name for clip in setting.clips),
        skipped=tuple((clips[row].name, one.skipped) for row, one in enumerate(analysed) if one.skipped),
        tasks={task.name: _info(task, setting) for task in setting.tasks},
        methods=methods,
        differences=differences,
        notes=_notes(alterations),
        groups=_groups(options, setting),
    )


def _groups(options: EvaluationOptions, setting: Setting) -> tuple[GroupsJudged, ...]:
    """Artists and albums by the first method that has vectors of clips, of the clips that it could analyse."""
    for method in options.methods:
        kept = [row for row, one in enumerate(setting.analysed) if method.name in one.whole]
        if method.missing or len(kept) < FEWEST_CLIPS:
            continue
        comparison = method.compare([setting.analysed[row].whole[method.name] for row in kept], setting.seed)
        if comparison.indexed is not None:
            clips = [setting.clips[row] for row in kept]
            judged = judge_clip_groups(clips, comparison.indexed, comparison.distances, setting.seed, options.resamples)
            return tuple(judged)
    return ()


def _setting(
    options: EvaluationOptions,
    clips: Sequence[LabelledClip],
    analysed: Sequence[Analysed],
    alterations: Sequence[Alteration],
) -> Setting:
    codes: Codes = encode(clips)
    every = tasks_of(codes)
    tasks = [task for task in every if len(task.queries)]
    resamples = {task.name: Resamples(codes.artist[task.queries], options.seed, options.resamples) for task in tasks}
    return Setting(
        clips=clips,
        analysed=analysed,
        tasks=tasks,
        resamples=resamples,
        pairs=sample_pairs(codes, options.seed),
        examples=sample_examples(codes, every[0].queries, options.seed),
        alterations=alterations,
        seed=options.seed,
    )


def _assess_all(methods: Sequence[Method], setting: Setting) -> tuple[tuple[MethodResult, ...], tuple[Difference, ...]]:
    results: list[MethodResult] = []
    scores: dict[str, Scores] = {}
    for method in methods:
        if method.missing:
            results.append(MethodResult(method.name, method.about, method.version, missing=method.missing))
            continue
        result, found = assess(method, setting)
        results.append(result)
        if found:
            scores[method.name] = found
    first, *others = scores or [""]
    return tuple(results), tuple(_difference(first, other, scores, setting) for other in others)


def _difference(first: str, other: str, scores: dict[str, Scores], setting: Setting) -> Difference:
    """Per query, so that both methods are resampled together."""
    return Difference(
        first,
        other,
        tuple(
            figures_of(task.name, scores[first][task.name] - scores[other][task.name], setting.resamples[task.name])
            for task in setting.tasks
        ),
    )


def _info(task: Task, setting: Setting) -> TaskInfo:
    relevant = float(task.relevant[task.queries].sum(axis=1).mean())
    return TaskInfo(task.title, task.meaning, len(task.queries), setting.resamples[task.name].artists, relevant)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _notes(alterations: Sequence[Alteration]) -> tuple[str, ...]:
    notes = (
        "Queries without a right answer are left out; unknown labels match nothing.",
        "Equal distances are ordered at random, because files lie side by side by album.",
        "Intervals resample whole artists and hold for artists like these, not for all music.",
        "Parts of a clip are asked with through a transform that was learnt from other clips.",
    )
    left_out = [change.title for change in ALTERATIONS if change not in alterations]
    return (*notes, *(f"{title}: not measured, this FFmpeg cannot encode it." for title in left_out))
