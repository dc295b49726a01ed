"""What an evaluation found, as plain values: for the tables on screen, for JSON and for the report."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

Percent = float

_NOTHING = 0.0005
"""CPU seconds a clip, below which a method does not analyse at all."""


@dataclass(frozen=True)
class Figure:
    """A measured value with the limits of its 95 % bootstrap interval, all in percent (points for differences)."""

    value: Percent
    low: Percent
    high: Percent

    @property
    def bounded(self) -> bool:
        """Whether there is an interval: there is none with one artist alone."""
        return not math.isnan(self.low)


@dataclass(frozen=True)
class TaskFigures:
    """How well one method did one task, or how much better than another one.

    Attributes:
        task: name of the task, a key of `EvaluationResult.tasks`.
        p5: precision among the first 5.
        p10: precision among the first 10.
        map: mean average precision over the whole ranking.
    """

    task: str
    p5: Figure
    p10: Figure
    map: Figure


@dataclass(frozen=True)
class TaskInfo:
    """A task: its title for people, what counts as relevant, and how many queries of how many artists it has."""

    title: str
    meaning: str
    queries: int
    artists: int
    relevant: float
    """Mean number of relevant clips of a query."""


@dataclass(frozen=True)
class Hubs:
    """How unevenly clips appear in each other's first `k`.

    Attributes:
        skewness: third standardised moment of `occurrence`; 0 where nobody is a hub.
        biggest: number of lists the most frequent clip is in.
        never: share, 0 to 1, of clips in no list.
        occurrence: for every clip, in the order of `EvaluationResult.clips`, the number of lists it is in.
    """

    k: int
    skewness: float
    biggest: int
    never: float
    occurrence: tuple[int, ...]


@dataclass(frozen=True)
class Robustness:
    """What becomes of a clip's neighbours when it is altered.

    Attributes:
        change: what was done to the clip, for people.
        clips: number of clips that were altered.
        first: share, 0 to 1, of altered clips whose nearest clip is their own original.
        median_rank: of the original, 1 is best.
        mean_rank: of the original.
        overlap: share, 0 to 1, of the first 10 of the original that are also the first 10 of the altered clip.
    """

    change: str
    clips: int
    first: float
    median_rank: float
    mean_rank: float
    overlap: float


@dataclass(frozen=True)
class Windows:
    """Finding a track by a part of it.

    Attributes:
        first: share, 0 to 1, of parts whose nearest part is one of the same track; chance is `chance`.
        parts: number of parts that were compared.
    """

    first: float
    chance: float
    parts: int


@dataclass(frozen=True)
class Search:
    """What the app's hash tables find: share of the true ten nearest, for the share of clips they compare, 0 to 1."""

    recall: float
    candidate_share: float


@dataclass(frozen=True)
class Cost:
    """Median CPU seconds a clip, in one thread: `decode` until samples are there, `features` from then on."""

    decode: float
    features: float
    clips: int

    @property
    def total(self) -> float:
        return self.decode + self.features

    @property
    def counts(self) -> bool:
        """Whether anything is done with a clip at all: chance does nothing."""
        return self.total > _NOTHING


@dataclass(frozen=True)
class Found:
    """One entry of an example list."""

    clip: str
    artist: str
    album: str
    genre: str
    title: str
    distance: float
    same_artist: bool

    @property
    def name(self) -> str:
        return f"{self.artist} – {self.title or PurePath(self.clip).stem}"

    @property
    def rest(self) -> str:
        return ", ".join(part for part in (self.album, self.genre) if part)


@dataclass(frozen=True)
class Example:
    """What a method finds for one clip; `query.distance` is 0."""

    query: Found
    nearest: tuple[Found, ...]


@dataclass(frozen=True)
class MethodResult:
    """Everything about one method; where `missing` says why it was not run, the rest is empty.

    Attributes:
        name: as in tables.
        about: one line on what it does.
        version: of the peer's package; empty for our own.
        missing: why it could not be run; empty when it was.
        failed: clips it could not analyse; they count as far from everything.
        tasks: in the order of `EvaluationResult.tasks`.
        search: of the hash tables over its vectors, where the app has such.
        same_artist: distances of a sample of pairs by the same artist, ascending.
        other_pairs: distances of a sample of other pairs, ascending.
    """

    name: str
    about: str
    version: str = ""
    missing: str = ""
    failed: tuple[str, ...] = ()
    tasks: tuple[TaskFigures, ...] = ()
    hubs: Hubs | None = None
    windows: Windows | None = None
    robustness: tuple[Robustness, ...] = ()
    cost: Cost | None = None
    search: Search | None = None
    same_artist: tuple[float, ...] = ()
    other_pairs: tuple[float, ...] = ()
    examples: tuple[Example, ...] = ()

    def of_task(self, task: str) -> TaskFigures | None:
        """The figures of a task, None where the method has none."""
        return next((figures for figures in self.tasks if figures.task == task), None)


@dataclass(frozen=True)
class Difference:
    """`method` minus `other` on the same resamples of artists, in points."""

    method: str
    other: str
    tasks: tuple[TaskFigures, ...]


@dataclass(frozen=True)
class GroupFigures:
    """How well one way tells which groups of tracks are alike.

    Attributes:
        name: of the way.
        p5: precision among the first 5.
        p10: precision among the first 10.
        map: mean average precision.
        ahead: MAP of the first way minus this one's, paired, in points; None of the first itself.
        skewness: of the number of lists of 10 that a group is in.
        biggest: number of lists the most frequent group is in.
        never: share, 0 to 1, of groups in no list.
    """

    name: str
    p5: Figure
    p10: Figure
    map: Figure
    ahead: Figure | None
    skewness: float
    biggest: int
    never: float


@dataclass(frozen=True)
class GroupsJudged:
    """Groups of one kind, what is right of them, and every way that was judged by it."""

    title: str
    groups: int
    info: TaskInfo
    ways: tuple[GroupFigures, ...]


@dataclass(frozen=True)
class EvaluationResult:
    """One run of `indexer evaluate --labels`.

    Attributes:
        command: the exact command line.
        seed: of ties, resamples and samples.
        resamples: number of bootstrap resamples of whole artists.
        versions: of Python and of every package that takes part.
        seconds: wall time of the whole run.
        labels: path of the label file.
        clips_folder: folder that `clips` are relative to.
        clips: those that were compared.
        skipped: clip and reason of those that could not be decoded; they take part in nothing.
        tasks: by name, in the order of the tables.
        methods: in the order of the tables, the one that differences are taken from first.
        differences: first method minus each other one.
        notes: caveats that belong beside the figures.
        groups: artists and albums, by the vectors of the first method that has some.
    """

    command: str
    seed: int
    resamples: int
    versions: dict[str, str]
    seconds: float
    labels: str
    clips_folder: str
    clips: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    tasks: dict[str, TaskInfo]
    methods: tuple[MethodResult, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    groups: tuple[GroupsJudged, ...] = ()

    def absences(self) -> Iterator[str]:
        """What took no part and why, a sentence each."""
        for method in self.methods:
            if method.missing:
                yield f"{method.name} was not run: {method.missing}."
            if method.failed:
                failed = f"{method.name} could not analyse {len(method.failed):,} clips"
                yield f"{failed}; they count as far from everything."
        for clip, reason in self.skipped:
            yield f"{clip} takes no part: {reason}"

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; what is not a finite number becomes None."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
