"""Chooses how a model is made: the join of its lists, and the hash tables, on a sample or as `indexer tune` chose them.

Light to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
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
from indexer.core.model.index.search import BuiltIndex, SearchIndex
from indexer.core.model.profiles import Profile

EXACT_UP_TO = 150_000
"""Tracks up to which all are compared with all. Both joins cost the same at 100,000 to 125,000 tracks (two cores); the
exact one grows with the square, but misses nothing, which is worth its third more at this size. Re-measure with
`python -m tests.benchmarks joins`."""

WANTED_RECALL = 0.95
LEAST_RECALL = 0.90
"""Below this a model is still exported, and the person is told."""

MOST_TABLES = 32
TABLES = (8, 16, MOST_TABLES)
PROBES = (1, 3, 7, 15, 31)
BUCKET_LENGTHS = (1.0, 0.35)
"""1 is as long as the vectors themselves: the hash of a centred unit vector is then the side of a plane it lies on.
0.35 is about three standard deviations of a coordinate in 64 dimensions; no shorter one ever did better."""

TUNING_FILE = "tuning.json"

_MORE_HASHES = (-2, 0, 2, 4)
"""Tried besides the usual number; more hashes with more probes compare fewer tracks, until probes cost more."""

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
        probes: neighbouring buckets looked into per table for a track of the library; see `search.PROBES` for others.
    """

    hashes: int
    tables: int
    bucket_length: float
    probes: int

    def __str__(self) -> str:
        if self.hashes == 1:
            return f"length {self.bucket_length:g}, {self.tables} tables"
        return f"{self.hashes} × {self.tables}, {self.probes} probes"


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


def choose(vectors: Vectors, seed: int, wanted: float = WANTED_RECALL) -> Setting:
    """The setting that reaches `wanted` recall@10 with the smallest share of candidates; the best one if none does.

    Args:
        vectors: shape (tracks, dims), of the tracks that can be found.
        seed: of the sample and its projections.
        wanted: recall, 0 to 1.
    """
    return best_of(trials(vectors, seed, wanted), _aimed_at(wanted)).setting


def trials(vectors: Vectors, seed: int, wanted: float = WANTED_RECALL) -> Iterator[Trial]:
    """What is tried for `choose`: the width is settled first, at the usual number of hashes; then all else."""
    sample, aim = _Sample.of(vectors, seed), _aimed_at(wanted)
    usual = usual_hashes(len(vectors))
    width = _width(sample, usual, aim)
    hashes = sorted({min(max(usual + more, 1), MOST_HASHES) for more in _MORE_HASHES})
    for count, tables in product(hashes, TABLES):
        yield from sample.climb(count, tables, width, aim)


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


def _width(sample: _Sample, hashes: int, aim: float) -> float:
    """The bucket length that leaves the fewest candidates; the longest of those that are about as good."""
    bests = [best_of(sample.climb(hashes, MOST_TABLES, width, aim), aim) for width in BUCKET_LENGTHS]
    fewest = best_of(bests, aim)
    as_good = [best for best in bests if best.recall >= min(fewest.recall, aim)]
    widths = [best.setting.bucket_length for best in as_good if best.candidate_share <= _ALIKE * fewest.candidate_share]
    return max(widths)


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

    def climb(self, hashes: int, tables: int, bucket_length: float, aim: float) -> Iterator[Trial]:
        """Trials with more and more probes, up to the first whose recall is as high as is aimed at."""
        family = HashFamily.drawn(self.vectors.shape[1], hashes, tables, self.seed, bucket_length)
        index = SearchIndex(BuiltIndex.build(self.vectors, family, 0))
        for probes in PROBES:
            trial = self._tried(index, Setting(hashes, tables, bucket_length, probes))
            yield trial
            if trial.recall >= aim:
                return

    def _tried(self, index: SearchIndex, setting: Setting) -> Trial:
        found, compared = 0, 0
        is_candidate = np.zeros(len(self.vectors), dtype=bool)
        for place, near in zip(self.asking, self.nearest, strict=True):
            is_candidate[:] = False
            is_candidate[index.met(self.vectors[place], setting.probes)] = True
            found += int(np.count_nonzero(is_candidate[near]))
            compared += int(np.count_nonzero(is_candidate[self.bystanders]))
        pairs = max(len(self.asking) * len(self.bystanders), 1)
        return Trial(setting, found / max(self.nearest.size, 1), compared / pairs)
