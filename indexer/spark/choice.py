"""Chooses the hash tables of a model on a sample: those that find what they should and compare the fewest tracks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.recall import RECALL_AT, exact_neighbours, sample_rows
from indexer.core.model.index.search import SearchIndex
from indexer.core.model.index.tables import Tables

WANTED_RECALL = 0.95
LEAST_RECALL = 0.90
"""Below this a model is still exported, and the person is told."""

MOST_TABLES = 32
TABLES = (8, 16, MOST_TABLES)
PROBES = (1, 3, 7, 15, 31)
BUCKET_LENGTHS = (1.0, 0.35)
"""1 is as long as the vectors themselves: the hash of a centred unit vector is then the side of a plane it lies on.
0.35 is about three standard deviations of a coordinate in 64 dimensions; no shorter one ever did better."""

_TRACKS_PER_BUCKET = 6.5
"""Aimed at on average by `usual_hashes`; real buckets are uneven, and tracks meet in ones several times as full."""
_MORE_HASHES = (-2, 0, 2, 4)
"""Tried besides the usual number; more hashes with more probes compare fewer tracks, until probes cost more."""
_MOST_HASHES = 20

_MARGIN = 0.01
"""The setting is chosen on one sample and its recall reported on another, which may come out a little lower."""

_ALIKE = 1.2
"""Shares of candidates that differ by less than this factor are equal, given the size of the sample."""

_QUERIES = 200
_BYSTANDERS = 3_000
"""Random tracks, of which the share that is compared is counted."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, order=True)
class Setting:
    """Everything that can be chosen about hash tables.

    Attributes:
        hashes: projections that make up the key of one table.
        tables: how many.
        bucket_length: width of a bucket along a projection, in the unit of the vectors.
        probes: neighbouring buckets looked into per table.
    """

    hashes: int
    tables: int
    bucket_length: float
    probes: int

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Trial:
    """What a setting did on a sample: both figures are shares, 0 to 1."""

    setting: Setting
    recall: float
    candidate_share: float


def usual_hashes(tracks: int) -> int:
    """As many hashes as leave a few tracks to a bucket: 5 at 265 tracks, 14 at 106,574."""
    return min(max(round(math.log2(max(tracks, 1) / _TRACKS_PER_BUCKET)), 1), _MOST_HASHES)


def choose(vectors: Vectors, seed: int, wanted: float = WANTED_RECALL) -> Setting:
    """The setting that reaches `wanted` recall@10 with the smallest share of candidates; the best one if none does.

    The width is settled first, at the usual number of hashes, then hashes, tables and probes.

    Args:
        vectors: shape (tracks, dims), of the tracks that can be found.
        seed: of the sample and its projections.
        wanted: recall, 0 to 1.
    """
    sample = Sample.of(vectors, seed)
    usual = usual_hashes(len(vectors))
    width = _width(sample, usual, wanted)
    hashes = sorted({min(max(usual + more, 1), _MOST_HASHES) for more in _MORE_HASHES})
    tried = [trial for count, tables in product(hashes, TABLES) for trial in sample.climb(count, tables, width, wanted)]
    return best_of(tried, wanted).setting


def _width(sample: Sample, hashes: int, wanted: float) -> float:
    """The bucket length that leaves the fewest candidates; the longest of those that are about as good."""
    bests = [best_of(sample.climb(hashes, MOST_TABLES, width, wanted), wanted) for width in BUCKET_LENGTHS]
    fewest = best_of(bests, wanted)
    as_good = [best for best in bests if best.recall >= fewest.recall or best.recall >= wanted + _MARGIN]
    widths = [best.setting.bucket_length for best in as_good if best.candidate_share <= _ALIKE * fewest.candidate_share]
    return max(widths)


def best_of(trials: Iterable[Trial], wanted: float) -> Trial:
    """The trial with the fewest candidates of those that reach `wanted`; else the one with the highest recall."""
    every = list(trials)
    good = [trial for trial in every if trial.recall >= wanted + _MARGIN or trial.recall == 1.0]
    if good:
        return min(good, key=lambda trial: (trial.candidate_share, trial.setting.tables, trial.setting))
    return max(every, key=lambda trial: (trial.recall, -trial.candidate_share))


@dataclass(frozen=True, eq=False)
class Sample:
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
    def of(cls, vectors: Vectors, seed: int) -> Sample:
        """A sample of `vectors`, shape (tracks, dims)."""
        asking = sample_rows(len(vectors), seed, _QUERIES)
        near, _ = exact_neighbours(vectors, asking, RECALL_AT)
        bystanders = sample_rows(len(vectors), seed + 1, _BYSTANDERS)
        rows = np.unique(np.concatenate([asking, near.ravel(), bystanders]))
        places = [np.searchsorted(rows, chosen) for chosen in (asking, near, bystanders)]
        return cls(vectors[rows], places[0], places[1], places[2], seed)

    def climb(self, hashes: int, tables: int, bucket_length: float, wanted: float) -> Iterator[Trial]:
        """Trials with more and more probes, up to the first that reaches `wanted`."""
        family = self._family(hashes, tables, bucket_length)
        index = SearchIndex(self.vectors, family, Tables.build(family.keys(self.vectors)), 0)
        for probes in PROBES:
            trial = self._tried(replace(index, probes=probes), Setting(hashes, tables, bucket_length, probes))
            yield trial
            if trial.recall >= wanted + _MARGIN:
                return

    def _tried(self, index: SearchIndex, setting: Setting) -> Trial:
        found, compared = 0, 0
        is_candidate = np.zeros(len(self.vectors), dtype=bool)
        for place, near in zip(self.asking, self.nearest, strict=True):
            is_candidate[:] = False
            is_candidate[index.candidates(self.vectors[place])] = True
            found += int(np.count_nonzero(is_candidate[near]))
            compared += int(np.count_nonzero(is_candidate[self.bystanders]))
        pairs = max(len(self.asking) * len(self.bystanders), 1)
        return Trial(setting, found / max(self.nearest.size, 1), compared / pairs)

    def _family(self, hashes: int, tables: int, bucket_length: float) -> HashFamily:
        """Projections like Spark's: independent normal numbers, scaled to unit length."""
        drawn = np.random.default_rng(self.seed).standard_normal((hashes * tables, self.vectors.shape[1]))
        return HashFamily(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, bucket_length)
