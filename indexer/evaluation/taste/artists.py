"""Which artists are alike, told by their tags or their sound, against which artists the same listeners play.

Listeners are dealt in two halves: the tags of one tell what artists are like, the plays of the other say what is
right, so that nobody's words are judged by their own plays. The tags of a few listeners each stand for the tracks of an
artist, whose number is then that of its listeners; that favours ways which go by numbers, as `most tracks` shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from indexer.core.model.groups import Membership
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales
from indexer.core.text import identity
from indexer.evaluation.bootstrap import Resamples
from indexer.evaluation.group_ways import Grouped, judge, ways
from indexer.evaluation.methods import Distances
from indexer.evaluation.result import GroupsJudged
from indexer.evaluation.tasks import Task
from indexer.evaluation.taste.data import Data, vectors_of_tags

RIGHT = 10
"""Artists that are right for one: those with which it shares the most listeners."""

FEWEST_TOGETHER, FEWEST_LISTENERS = 3, 5
"""Listeners that two must share to be right; that an artist must have to take part."""

FEWEST_ARTISTS = 20
"""Below this every figure is chance."""

_TAGGERS, _MOST_PARTS = 3, 12
"""Listeners whose tags make one part of an artist; parts of one artist."""

_MEANING = "one of the {right} artists with which it shares the most listeners, by cosine, {together} of them or more"


@dataclass(frozen=True)
class LibraryArtists:
    """The artists of a library.

    Attributes:
        names: of each.
        apart: distances between some of them by sound, shape (some, some); infinite where nothing is known.
    """

    names: Sequence[str]
    apart: Callable[[NDArray[np.intp]], NDArray[np.float32]]


def judge_artists(
    data: Data, library: LibraryArtists | None, seed: int, resamples: int
) -> tuple[list[GroupsJudged], list[str]]:
    """Everything that can be judged of which artists are alike, and what there is to say of it."""
    by_tags = judge_tagged_artists(data, seed, resamples)
    judged, notes = [by_tags] if by_tags is not None else [], []
    if library is not None and data.names:
        by_sound, number = judge_artists_of_library(data, library, seed, resamples)
        told = f"{number:,} of this library's {len(library.names):,} artists are in {data.name}"
        notes.append(f"{told}." if by_sound is not None else f"{told}: too few to judge how alike they sound.")
        judged += [by_sound] if by_sound is not None else []
    return judged, notes


def judge_tagged_artists(data: Data, seed: int, resamples: int) -> GroupsJudged | None:
    """By tags; None where too few artists have some."""
    if not len(data.taggings):
        return None
    generator = np.random.default_rng(seed)
    tells = generator.permutation(len(data.histories)) % 2 == 0
    taggings = data.taggings[tells[data.taggings[:, 0]]]
    together = _together(data, ~tells)
    artists = np.intersect1d(np.flatnonzero(np.diag(together) >= FEWEST_LISTENERS), taggings[:, 1])
    taggings = taggings[np.isin(taggings[:, 1], artists)]
    if len(artists) < FEWEST_ARTISTS:
        return None
    parts, owners = _parts(taggings, generator)
    vectors = vectors_of_tags(parts, taggings[:, 2], len(owners))
    groups = Membership(np.searchsorted(artists, owners), np.arange(len(owners)), len(artists))
    grouped = Grouped(vectors, _scaled(vectors), groups)
    return _judged("Artists by tags", dict(ways(grouped)), together[np.ix_(artists, artists)], seed, resamples)


def judge_artists_of_library(
    data: Data, library: LibraryArtists, seed: int, resamples: int
) -> tuple[GroupsJudged | None, int]:
    """By sound: a library's artists who are among those of the history, and how many these are.

    Args:
        data: the history.
        library: its artists.
        seed: of ties and resamples.
        resamples: of the bootstrap.

    Returns:
        None where they are too few, or share too few listeners.
    """
    places = {identity(name): place for place, name in enumerate(data.names) if name}
    named = ((number, places.get(identity(name))) for number, name in enumerate(library.names))
    both = [(number, place) for number, place in named if place is not None]
    if len(both) < FEWEST_ARTISTS:
        return None, len(both)
    own, theirs = np.array(both).T
    together = _together(data, np.ones(len(data.histories), dtype=bool))[np.ix_(theirs, theirs)]
    popular = np.broadcast_to(-np.diag(together), together.shape)
    apart = library.apart(own).astype(np.float64)
    found = {"by sound": apart, "most listeners": popular, "random": np.ones(together.shape)}
    return _judged("Artists of this library by sound", found, together, seed, resamples), len(both)


def _together(data: Data, listeners: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many of some listeners play each two artists, shape (artists, artists)."""
    histories = data.histories
    shape = (len(histories), histories.item_count)
    plays = scipy.sparse.csr_matrix((np.ones(len(histories.items)), histories.items, histories.offsets), shape)
    some = plays[np.flatnonzero(listeners)]
    found: NDArray[np.float64] = (some.T @ some).toarray()
    return found


def _judged(
    title: str, found: Mapping[str, Distances], together: NDArray[np.float64], seed: int, resamples: int
) -> GroupsJudged | None:
    task = _co_listened(together)
    if not len(task.queries):
        return None
    meaning = _MEANING.format(right=RIGHT, together=FEWEST_TOGETHER)
    return judge(title, meaning, found, task, Resamples(task.queries, seed, resamples), seed)


def _co_listened(together: NDArray[np.float64]) -> Task:
    count = np.maximum(np.diag(together), 1.0)
    cosines = together / np.sqrt(count[:, np.newaxis] * count)
    cosines[together < FEWEST_TOGETHER] = 0.0
    np.fill_diagonal(cosines, 0.0)
    best = np.argsort(-cosines, axis=1, kind="stable")[:, :RIGHT]
    relevant = np.zeros(together.shape, dtype=bool)
    np.put_along_axis(relevant, best, values=True, axis=1)
    relevant &= cosines > 0
    others = ~np.eye(len(together), dtype=bool)
    return Task("listened", "played by the same", "", others, relevant, np.flatnonzero(relevant.any(axis=1)))


def _parts(taggings: NDArray[np.int64], generator: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The part that each tagging belongs to, shape (taggings,), and the artist of each part, shape (parts,)."""
    taggers, of_tagging = np.unique(taggings[:, :2], axis=0, return_inverse=True)  # listener, artist
    shuffled = generator.permutation(len(taggers))
    order = shuffled[np.argsort(taggers[shuffled, 1], kind="stable")]
    _, first, counts = np.unique(taggers[order, 1], return_index=True, return_counts=True)
    within = np.arange(len(order)) - np.repeat(first, counts)
    part_of_tagger = np.empty(len(taggers), dtype=np.int64)
    part_of_tagger[order] = taggers[order, 1] * _MOST_PARTS + np.minimum(within // _TAGGERS, _MOST_PARTS - 1)
    parts, numbers = np.unique(part_of_tagger, return_inverse=True)
    return numbers.ravel()[of_tagging.ravel()], parts // _MOST_PARTS


def _scaled(vectors: NDArray[np.float32]) -> Distances:
    """Distances of parts, scaled as those of tracks are."""
    distances: Distances = np.sqrt(np.maximum(2.0 - 2.0 * (vectors @ vectors.T), 0.0)).astype(np.float64)
    np.fill_diagonal(distances, np.inf)
    scales = local_scales(np.sort(distances, axis=1)[:, :SCALE_NEIGHBOURS].astype(np.float32))
    return distances / np.sqrt(scales[:, np.newaxis].astype(np.float64) * scales)
