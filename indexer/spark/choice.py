"""Chooses how a model is made: the join of its lists, and the hash tables, on a sample or as `indexer tune` chose them.

Light to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.events import Notice
from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.model.index.exact import Vectors, exact_lists
from indexer.core.model.index.hashing import MOST_HASHES, HashFamily, usual_hashes
from indexer.core.model.index.recall import RECALL_AT, sample_rows
from indexer.core.model.index.search import PROBES, BuiltIndex, SearchIndex
from indexer.core.model.profiles import Profile

EXACT_UP_TO = 150_000
"""Tracks up to which all are compared with all. Both joins cost the same at 100,000 to 125,000 tracks (two cores); the
exact one grows with the square, but misses nothing, which is worth its third more at this size. Re-measure with
`python -m tests.benchmarks joins`."""

WANTED_RECALL = 0.95
"""Of the ten nearest in the lists that a join finds."""

ANSWERED_RECALL = 0.985
"""Of the ten nearest that the tables find for tracks of the library, by plain distance. It is that much since new files
lie half as far again from everything, and are asked for by scaled distance: of theirs such tables find 0.96 (106,574
tracks, `python -m tests.benchmarks query`)."""

LEAST_RECALL = 0.90
"""Below this a model is still exported, and the person is told."""

TABLES = (8, 16, 32)
BUCKET_LENGTHS = (1.0, 0.35)
"""1 is as long as the vectors themselves: the hash of a centred unit vector is then the side of a plane it lies on.
0.35 is about three standard deviations of a coordinate in 64 dimensions; no shorter one ever did better."""

TUNING_FILE = "tuning.json"

_MORE_HASHES = (-2, 0, 2, 4)
"""Tried besides the usual number; with as many probes, more hashes compare fewer tracks and find fewer."""

_MARGIN = 0.01
"""The setting is chosen on one sample and its recall reported on another, which may come out a little lower."""

_ALIKE = 1.2
"""Shares of candidates that differ by less than this factor are equal, given the size of the sample."""

_QUERIES = 200
_BYSTANDERS = 3_000
"""Random tracks, of which the share that is compared is counted."""

_GROWN = 1.5
"""A setting of compound keys serves libraries up to so many times as large or small as the one it was tuned on."""


class Join(StrEnum):
    """How neighbour lists are found."""

    AUTO = "auto"  # exact up to EXACT_UP_TO tracks
    EXACT = "exact"
    LSH = "lsh"


def decide(asked: Join, tracks: int) -> tuple[Join, Notice]:
    """The join that is taken, and what says why."""
    if asked is Join.EXACT:
        return asked, Notice("join-exact-asked", {"number": tracks})
    if asked is Join.LSH:
        return asked, Notice("join-buckets-asked", {"number": tracks})
    if tracks <= EXACT_UP_TO:
        return Join.EXACT, Notice("join-exact", {"number": tracks, "limit": EXACT_UP_TO})
    return Join.LSH, Notice("join-buckets", {"number": tracks, "limit": EXACT_UP_TO})


@dataclass(frozen=True, order=True)
class Setting:
    """Everything that can be chosen about hash tables.

    Attributes:
        hashes: projections that make up the key of one table.
        tables: how many.
        bucket_length: width of a bucket along a projection, in the unit of the vectors.
    """

    hashes: int
    tables: int
    bucket_length: float

    def __str__(self) -> str:
        if self.hashes == 1:
            return f"length {self.bucket_length:g}, {self.tables} tables"
        return f"{self.hashes} × {self.tables}"


@dataclass(frozen=True)
class Trial:
    """What a setting did.

    Attributes:
        setting: which.
        recall: share of the true nearest that it found, 0 to 1.
        candidate_share: share of all pairs that it compared, 0 to 1.
        seconds: that joining the tracks took; None where nothing was joined.
    """

    setting: Setting
    recall: float
    candidate_share: float
    seconds: float | None = None


def choose(vectors: Vectors, seed: int, wanted: float = ANSWERED_RECALL) -> Setting:
    """The setting that reaches `wanted` recall@10 with the smallest share of candidates; the best one if none does.

    Args:
        vectors: shape (tracks, dims), of the tracks that can be found.
        seed: of the sample and its projections.
        wanted: recall, 0 to 1.
    """
    return best_of(trials(vectors, seed, wanted), _aimed_at(wanted)).setting


def trials(vectors: Vectors, seed: int, wanted: float = ANSWERED_RECALL) -> list[Trial]:
    """What `choose` chooses from: numbers of hashes with numbers of tables, of the width that does best."""
    sample, usual = _Sample.of(vectors, seed), usual_hashes(len(vectors))
    hashes = sorted({min(max(usual + more, 1), MOST_HASHES) for more in _MORE_HASHES})
    counts = list(product(hashes, TABLES))
    tried = [[sample.tried(Setting(*count, width)) for count in counts] for width in BUCKET_LENGTHS]
    return _of_best_width(tried, _aimed_at(wanted))


def best_of(tried: Iterable[Trial], wanted: float) -> Trial:
    """The trial with the fewest candidates of those that reach `wanted`; else the one with the highest recall."""
    every = list(tried)
    good = [trial for trial in every if trial.recall >= wanted]
    if good:
        return min(good, key=lambda trial: (trial.candidate_share, trial.setting.tables, trial.setting))
    return max(every, key=lambda trial: (trial.recall, -trial.candidate_share))


@dataclass(frozen=True)
class Tuned:
    """A setting, and what it was tuned on: the version of the profile and the number of tracks."""

    setting: Setting
    profile_key: str
    tracks: int
    recall: float

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    def serves(self, tracks: int) -> bool:
        """Whether it does for a library of that size; a single projection a table selects alike at any."""
        return self.setting.hashes == 1 or 1 / _GROWN <= tracks / self.tracks <= _GROWN


def tuning_file(home: Home, profile: Profile) -> Path:
    return home.models / profile.name / TUNING_FILE


def read_tuned(home: Home, profile: Profile) -> Tuned | None:
    """What was tuned for this very version of the profile; None if nothing, or nothing readable."""
    try:
        record = json.loads(tuning_file(home, profile).read_text(encoding="utf-8"))["chosen"]
        tuned = Tuned(
            _setting_of(record["setting"]), str(record["profile_key"]), int(record["tracks"]), float(record["recall"])
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return tuned if tuned.profile_key == profile.key and tuned.tracks > 0 else None


def tuned_points(home: Home, profile: Profile) -> list[tuple[str, float, float]]:
    """What the last tuning of the profile measured: label, candidates a track, recall; empty if there was none."""
    try:
        record = json.loads(tuning_file(home, profile).read_text(encoding="utf-8"))
        others = int(record["tracks"]) - 1
        return [
            (str(_setting_of(point["setting"])), float(point["candidate_share"]) * others, float(point["recall"]))
            for point in record["points"]
        ]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def store_tuned(home: Home, profile: Profile, record: dict[str, Any]) -> Path:
    """Write a record whose `chosen` is read back by `read_tuned`, in one step.

    Raises:
        OSError: the file cannot be written.
    """
    path = tuning_file(home, profile)
    write_atomically(path, (json.dumps(record, indent=2) + "\n").encode())
    return path


def _setting_of(record: dict[str, Any]) -> Setting:
    return Setting(**{name: record[name] for name in Setting.__dataclass_fields__})


def _aimed_at(wanted: float) -> float:
    return min(wanted + _MARGIN, 1.0)


def _of_best_width(tried: Sequence[list[Trial]], aim: float) -> list[Trial]:
    """The trials with the width that leaves the fewest candidates, the first of those that are about as good."""
    bests = [best_of(some, aim) for some in tried]
    fewest = best_of(bests, aim)
    return next(
        some
        for some, best in zip(tried, bests, strict=True)
        if best.recall >= min(fewest.recall, aim) and best.candidate_share <= _ALIKE * fewest.candidate_share
    )


@dataclass(frozen=True, eq=False)
class _Sample:
    """Tracks that ask, their true nearest in the whole library, and bystanders; small enough to try many settings.

    Attributes:
        vectors: shape (sampled, dims), of all three.
        asking: shape (queries,), positions in `vectors`.
        nearest: shape (queries, k), positions of the true nearest.
        bystanders: shape (bystanders,), positions of random tracks.
        seed: of the projections.
    """

    vectors: Vectors
    asking: NDArray[np.intp]
    nearest: NDArray[np.intp]
    bystanders: NDArray[np.intp]
    seed: int

    @classmethod
    def of(cls, vectors: Vectors, seed: int) -> _Sample:
        """A sample of `vectors`, shape (tracks, dims)."""
        asking = sample_rows(len(vectors), seed, _QUERIES)
        near = exact_lists(vectors, RECALL_AT, asking).rows
        bystanders = sample_rows(len(vectors), seed + 1, _BYSTANDERS)
        rows = np.unique(np.concatenate([asking, near.ravel(), bystanders]))
        places = [np.searchsorted(rows, chosen) for chosen in (asking, near, bystanders)]
        return cls(vectors[rows], places[0], places[1], places[2], seed)

    def tried(self, setting: Setting) -> Trial:
        """What a question finds in such tables, with as many probes as the player makes."""
        family = HashFamily.drawn(
            self.vectors.shape[1], setting.hashes, setting.tables, self.seed, setting.bucket_length
        )
        index = SearchIndex(BuiltIndex.build(self.vectors, family, PROBES))
        found, compared = 0, 0
        is_candidate = np.zeros(len(self.vectors), dtype=bool)
        for place, near in zip(self.asking, self.nearest, strict=True):
            is_candidate[:] = False
            is_candidate[index.met(self.vectors[place], PROBES)] = True
            found += int(np.count_nonzero(is_candidate[near]))
            compared += int(np.count_nonzero(is_candidate[self.bystanders]))
        pairs = max(len(self.asking) * len(self.bystanders), 1)
        return Trial(setting, found / max(self.nearest.size, 1), compared / pairs)
