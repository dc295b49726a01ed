"""Turns what one method analysed into its figures."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.recall import RECALL_AT, measure, sample_rows
from indexer.core.model.index.search import PROBES, BuiltIndex, SearchIndex
from indexer.core.model.scaling import hubness
from indexer.core.text import identity
from indexer.evaluation.alterations import Alteration
from indexer.evaluation.analysing import Analysed
from indexer.evaluation.bootstrap import Resamples
from indexer.evaluation.labels import LabelledClip
from indexer.evaluation.methods import Comparison, Description, Distances, Method, flat
from indexer.evaluation.pairs import Pairs
from indexer.evaluation.ranking import Ranking, find_by_copy, find_by_part, query_scores, rank_all
from indexer.evaluation.result import (
    Cost,
    Example,
    Found,
    Hubs,
    MethodResult,
    Robustness,
    Search,
    TaskFigures,
    Windows,
)
from indexer.evaluation.tasks import Task
from indexer.spark.choice import choose

HUB_LIST = 10
EXAMPLE_LIST = 5

Scores = dict[str, NDArray[np.float64]]
"""By task: shape (queries, 3), see `query_scores`."""


@dataclass(frozen=True, eq=False)
class Setting:
    """What is the same for every method.

    Attributes:
        clips: those that could be decoded.
        analysed: what the methods made of each, in the order of `clips`.
        tasks: those that have queries.
        resamples: by task.
        pairs: whose distances are kept.
        examples: clips whose lists are kept.
        alterations: that were made of some clips.
        seed: of ties and samples.
    """

    clips: Sequence[LabelledClip]
    analysed: Sequence[Analysed]
    tasks: Sequence[Task]
    resamples: dict[str, Resamples]
    pairs: Pairs
    examples: Sequence[int]
    alterations: Sequence[Alteration]
    seed: int


def assess(method: Method, setting: Setting) -> tuple[MethodResult, Scores]:
    """All figures of a method, and its scores query by query for paired differences.

    A clip that the method refused is infinitely far from everything, so that every method has the same queries and the
    same candidates.
    """
    blank = MethodResult(method.name, method.about, method.version)
    present = np.array(
        [row for row, analysed in enumerate(setting.analysed) if method.name in analysed.whole], dtype=np.intp
    )
    if len(present) < 2:  # noqa: PLR2004 - nothing to compare
        return replace(blank, missing="it could analyse none of these clips"), {}
    library = [setting.analysed[row].whole[method.name] for row in present]
    comparison = method.compare(library, setting.seed)
    distances = _spread(comparison.distances, present, present, len(setting.clips))
    ranking = rank_all(distances, setting.seed)
    scores = {task.name: query_scores(ranking, task) for task in setting.tasks}
    same, other = setting.pairs.distances(distances)
    result = replace(
        blank,
        failed=tuple(setting.clips[row].name for row in range(len(setting.clips)) if row not in set(present)),
        tasks=tuple(figures_of(task.name, scores[task.name], setting.resamples[task.name]) for task in setting.tasks),
        hubs=_hubs(ranking),
        windows=_windows(method, setting, library),
        robustness=_robustness(method, setting, comparison, present, ranking),
        cost=_cost(method, setting.analysed),
        search=_search(comparison.indexed, setting.seed) if comparison.indexed is not None else None,
        same_artist=same,
        other_pairs=other,
        examples=tuple(_example(query, setting.clips, distances, ranking) for query in setting.examples),
    )
    return result, scores


def figures_of(task: str, scores: NDArray[np.float64], resamples: Resamples) -> TaskFigures:
    """Means and intervals of per-query scores, or of differences of them, of the shape (queries, 3)."""
    p5, p10, mean_precision = (resamples.figure(column) for column in scores.T)
    return TaskFigures(task, p5, p10, mean_precision)


def _search(vectors: NDArray[np.float32], seed: int) -> Search:
    """Recall@10 of plain distance by hash tables such as a build chooses, looked into however few clips there are."""
    chosen = choose(vectors, seed)
    family = HashFamily.drawn(vectors.shape[1], chosen.hashes, chosen.tables, seed, chosen.bucket_length)
    index = SearchIndex(BuiltIndex.build(vectors, family, PROBES), exact_below=0)
    rows = sample_rows(len(vectors), seed + 2)
    found = measure(index, rows, exact_lists(vectors, RECALL_AT, rows).distances, RECALL_AT)
    return Search(found.recall, found.candidate_share)


def _spread(distances: Distances, rows: NDArray[np.intp], columns: NDArray[np.intp], count: int) -> Distances:
    """A (count, count) matrix with these distances in place and infinity elsewhere."""
    whole = np.full((count, count), np.inf)
    whole[np.ix_(rows, columns)] = distances
    return whole


def _hubs(ranking: Ranking) -> Hubs:
    count = len(ranking)
    found = hubness(ranking[:, :HUB_LIST], count, HUB_LIST)
    occurrence = np.bincount(ranking[:, :HUB_LIST].ravel(), minlength=count)
    return Hubs(found.k, found.skewness, found.biggest, found.never, tuple(map(int, occurrence)))


def _windows(method: Method, setting: Setting, library: Sequence[Description]) -> Windows | None:
    """By part; only over clips whose parts the method could analyse."""
    whole = [analysed for analysed in setting.analysed if method.name in analysed.whole]
    kept = [number for number, analysed in enumerate(whole) if method.name in analysed.parts]
    if len(kept) < 2:  # noqa: PLR2004 - nothing to confuse a clip with
        return None
    parts = [whole[number].parts[method.name] for number in kept]
    distances = method.compare_parts(parts, [library[number] for number in kept], setting.seed)
    owners = np.repeat(np.arange(len(parts)), [len(clip) for clip in parts])
    return find_by_part(distances, owners, setting.seed) if len(flat(parts)) else None


def _robustness(
    method: Method, setting: Setting, comparison: Comparison, present: NDArray[np.intp], ranking: Ranking
) -> tuple[Robustness, ...]:
    found = []
    for alteration in setting.alterations:
        copies = {
            row: setting.analysed[row].altered[alteration.name][method.name]
            for row in map(int, present)
            if method.name in setting.analysed[row].altered.get(alteration.name, {})
        }
        if not copies:
            continue
        distances = np.full((len(copies), len(setting.clips)), np.inf)
        distances[:, present] = comparison.distances_to(list(copies.values()))
        originals = np.array(list(copies), dtype=np.intp)
        found.append(find_by_copy(distances, originals, ranking, alteration.title, setting.seed))
    return tuple(found)


def _cost(method: Method, analysed: Sequence[Analysed]) -> Cost:
    timed = [clip for clip in analysed if method.name in clip.seconds]
    decode = 0.0 if method.decodes else statistics.median(clip.decode_seconds for clip in timed)
    return Cost(decode, statistics.median(clip.seconds[method.name] for clip in timed), len(timed))


def _example(query: int, clips: Sequence[LabelledClip], distances: Distances, ranking: Ranking) -> Example:
    asking = clips[query]
    nearest = tuple(_found(clips[row], float(distances[query, row]), asking) for row in ranking[query, :EXAMPLE_LIST])
    return Example(_found(asking, 0.0, asking), nearest)


def _found(clip: LabelledClip, distance: float, asking: LabelledClip) -> Found:
    same = bool(clip.artist) and identity(clip.artist) == identity(asking.artist)
    return Found(clip.name, clip.artist, clip.album, clip.genre, clip.title, distance, same)
