"""Ways to tell which groups of tracks are alike, beside the one that the app goes by; and how good they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from indexer.core.model.groups import GroupSpace, Membership, group_vectors
from indexer.core.model.scaling import POOL, hubness
from indexer.evaluation.bootstrap import Resamples
from indexer.evaluation.methods import Distances, euclidean
from indexer.evaluation.ranking import query_scores, rank_all
from indexer.evaluation.result import GroupFigures, GroupsJudged, TaskInfo
from indexer.evaluation.tasks import Task

HUB_LIST = 10

OURS = "mean, local scaling"
"""What the app goes by."""

_RANK_SMOOTHING = 60
_SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Grouped:
    """Tracks in groups.

    Attributes:
        vectors: of the tracks, shape (tracks, dims), of length 1.
        distances: between them, as they are compared, shape (tracks, tracks).
        members: which track is of which group; every group has one.
    """

    vectors: NDArray[np.floating]
    distances: Distances
    members: Membership


def ways(grouped: Grouped) -> Iterator[tuple[str, Distances]]:
    """Every way by name, ours first: distances between groups, shape (groups, groups)."""
    members = grouped.members
    vectors = group_vectors(grouped.vectors, members)
    means = euclidean(vectors, vectors)
    yield OURS, GroupSpace(vectors).distances().astype(np.float64)
    yield "mean", means
    yield "mean (mutual)", mutual(means)
    apart = grouped.distances.astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    nearest = _reduced(apart, members)
    yield "nearest pair", _reduced(nearest.T, members).T
    each = _means(nearest, members)
    yield "each nearest", each + each.T
    yield "each nearest (mutual)", mutual(each + each.T)
    shares = _in_lists(apart, members)
    yield "ranks in lists", -shares
    yield "ranks in lists (mutual)", mutual(-shares)
    yield "most tracks", np.broadcast_to(-members.sizes().astype(np.float64), means.shape)
    yield "random", np.ones_like(means)


def mutual(distances: Distances) -> Distances:
    """1 minus the chance that neither of two is nearer to something else, by normal distributions.

    Source: Schnitzer et al., "Local and global scaling reduce hubs in space", JMLR 13 (2012).
    """
    others = np.ma.array(distances, mask=np.eye(len(distances), dtype=bool))
    mean, deviation = others.mean(axis=1).filled(0.0), others.std(axis=1).filled(0.0)
    farther = ndtr(-(distances - mean[:, np.newaxis]) / np.maximum(deviation, _SMALLEST)[:, np.newaxis])
    found: Distances = 1.0 - farther * farther.T
    return found


def judge(
    title: str, meaning: str, found: Mapping[str, Distances], task: Task, resamples: Resamples, seed: int
) -> GroupsJudged:
    """Judge ways by one task on groups; the first is held against each other."""
    scores = {name: query_scores(rank_all(distances, seed), task) for name, distances in found.items()}
    first = next(iter(scores.values()))
    relevant = float(task.relevant[task.queries].sum(axis=1).mean())
    return GroupsJudged(
        title,
        len(task.candidates),
        TaskInfo(task.title, meaning, len(task.queries), resamples.artists, relevant),
        tuple(_figures(name, found[name], own, first, resamples, seed) for name, own in scores.items()),
    )


def _figures(
    name: str,
    distances: Distances,
    own: NDArray[np.float64],
    first: NDArray[np.float64],
    resamples: Resamples,
    seed: int,
) -> GroupFigures:
    """Of one way, from its scores and those of the first one, shape (queries, 3) each."""
    p5, p10, mean_precision = (resamples.figure(column) for column in own.T)
    ahead = None if own is first else resamples.figure(first[:, 2] - own[:, 2])
    ranked = rank_all(distances, seed)
    hubs = hubness(ranked[:, :HUB_LIST], len(ranked), HUB_LIST)
    return GroupFigures(name, p5, p10, mean_precision, ahead, hubs.skewness, hubs.biggest, hubs.never)


def _reduced(apart: Distances, members: Membership) -> Distances:
    """The least of each row over the tracks of each group: shape (rows, groups)."""
    order = np.argsort(members.groups, kind="stable")
    starts = np.searchsorted(members.groups[order], np.arange(members.count))
    found: Distances = np.minimum.reduceat(apart[:, members.tracks[order]], starts, axis=1)
    finite = found[np.isfinite(found)]
    return np.where(np.isfinite(found), found, finite.max(initial=0.0))


def _means(values: Distances, members: Membership) -> Distances:
    """The mean over the tracks of each group, of values of shape (tracks, columns): shape (groups, columns)."""
    found = np.zeros((members.count, values.shape[1]))
    np.add.at(found, members.groups, values[members.tracks])
    return found / members.sizes()[:, np.newaxis]


def _in_lists(apart: Distances, members: Membership) -> Distances:
    """How much each two are in the neighbour lists of each other's tracks, by reciprocal rank, per pair of tracks."""
    lists = np.argsort(apart, axis=1, kind="stable")[:, : min(POOL, len(apart) - 1)]
    weights = np.zeros_like(apart)
    worth = 1.0 / (_RANK_SMOOTHING + 1.0 + np.arange(lists.shape[1]))
    np.put_along_axis(weights, lists, np.broadcast_to(worth, lists.shape), axis=1)
    both = _means(_means(weights, members).T, members)
    return both + both.T
