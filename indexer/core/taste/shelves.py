"""A page of recommendations: shelves of tracks from what a model makes of a listener. Plain functions on arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.model import LATELY, SOUND, Taste, TasteModel, standardised
from indexer.core.taste.weights import DAY
from indexer.core.tracks import TrackId

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]

RESTS = 3.0
"""Days that a track is left in peace after it was played: what was just heard needs no recommendation."""

LOVED = 2.5
"""Whole plays from which on a track is loved, unless an opinion says so."""

OFTEN = 3.0
"""Whole plays of late from which on a track has a shelf of what is around it."""

MOST_BECAUSE = 3
EXPLORED_AT = 6
"""Place of the track for exploration on its shelf: seen, and not the first thing that is seen."""

_EXPLORED_AMONG = 20
"""Of which it is drawn, by seed."""

_MIXED_OF = 60 * DAY
"""Age of plays that daily mixes are made of."""

_FEWEST_IN_MIX = 4
"""Tracks of recent taste that a mix is made around."""

_ROUNDS = 25
"""Of k-means at the most."""


class ShelfKind(StrEnum):
    """What a shelf holds."""

    FOR_YOU = "for-you"
    BECAUSE = "because"  # what is around a track that was played often of late
    REDISCOVER = "rediscover"
    NEW = "new"
    MIX = "mix"


@dataclass(frozen=True, eq=False)
class PageRules:
    """What may be on a page.

    Attributes:
        artists: shape (items,), a number for each artist; below 0 where the artist is not known, and not limited.
        barred: shape (items,), True for what is never shown: away, not a song, hidden altogether.
        hidden: by seed, what was hidden for it: never on a shelf around that seed.
        length: of a shelf, at the most.
        artist_cap: how many tracks of one artist a shelf has at the most.
        days: after which a loved track counts as forgotten.
        mixes: how many daily mixes there are at the most.
        seed: of all chance: a page of the same seed is the same; give the number of the day.
    """

    artists: NDArray[np.int32]
    barred: Mask
    hidden: Mapping[TrackId, Collection[TrackId]] = field(default_factory=dict)
    length: int = 30
    artist_cap: int = 2
    days: float = 90.0
    mixes: int = 6
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Pick:
    """A track on a shelf; `explores` says that it is there because little is known of how it would be liked."""

    track: TrackId
    item: int
    explores: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tracks in their order; `seed` is what a BECAUSE is around, and the most typical track of a MIX."""

    kind: ShelfKind
    picks: tuple[Pick, ...]
    seed: TrackId | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Shelves that have something on them, in their order; none while `needed` tracks more are to be played first."""

    shelves: tuple[Shelf, ...]
    needed: int


def page_of(model: TasteModel, taste: Taste, rules: PageRules) -> Page:
    """The page of a listener.

    A track is on one shelf at most, and in one mix at most; what has thumbs down is nowhere.

    Args:
        model: that made the taste.
        taste: of the listener.
        rules: what may be on it.
    """
    if taste.needed:
        return Page((), taste.needed)
    free = ~(rules.barred | taste.disliked)
    shelves = []
    for make in (_for_you, _because, _rediscover, _new):
        for shelf in make(model, taste, rules, free):
            shelves.append(shelf)
            free = free.copy()
            free[[pick.item for pick in shelf.picks]] = False
    mixes = _mixes(model, taste, rules, ~(rules.barred | taste.disliked))
    return Page((*shelves, *mixes), 0)


def best(scores: Scores, allowed: Mask, artists: NDArray[np.int32], cap: int, count: int) -> list[int]:
    """The allowed items with the highest scores, no more than `cap` of one artist; equals go by item.

    Args:
        scores: shape (items,).
        allowed: shape (items,).
        artists: shape (items,), below 0 where not known.
        cap: > 0.
        count: how many are wanted; fewer only where there are no more.
    """
    found: list[int] = []
    taken: dict[int, int] = {}
    for item in _descending(scores, allowed, 8 * count):
        artist = int(artists[item])
        if artist >= 0 and taken.get(artist, 0) >= cap:
            continue
        taken[artist] = taken.get(artist, 0) + 1
        found.append(item)
        if len(found) == count:
            break
    return found


def for_you(taste: Taste, rules: PageRules) -> list[int]:
    """The best of all but what was just played, as the shelf For you begins, without what is there to learn from it."""
    return _best_of_all(taste, rules, _in_peace(taste, ~(rules.barred | taste.disliked)))


def clusters(
    vectors: NDArray[np.float32], weights: NDArray[np.float32], count: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Spherical k-means, weighted: centres of length 1, shape (at most count, dims), and the centre of each vector.

    Source: Dhillon, Modha, "Concept decompositions for large sparse text data using clustering", Machine Learning 42
    (2001); begun as in Arthur, Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.

    Args:
        vectors: shape (n, dims), of length 1, n > 0.
        weights: shape (n,), > 0.
        count: how many centres, > 0.
        seed: of the first centres.
    """
    centres = _first_centres(vectors, weights, min(count, len(vectors)), np.random.default_rng(seed))
    owners = np.full(len(vectors), -1, np.intp)
    for _ in range(_ROUNDS):
        before, owners = owners, np.argmax(vectors @ centres.T, axis=1)
        if np.array_equal(before, owners):
            break
        sums = np.zeros(centres.shape)
        np.add.at(sums, owners, vectors * weights[:, np.newaxis])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres).astype(np.float32)
    used, owners = np.unique(owners, return_inverse=True)
    return centres[used], owners


def _descending(scores: Scores, allowed: Mask, first: int) -> Iterator[int]:
    """Allowed items from the highest score down; the `first` of them at once, the others only if they are asked for."""
    items = np.flatnonzero(allowed)
    if items.size > first:
        # All that reach the score of the last of the first, so that equals still go by item.
        bar = np.partition(scores[items], items.size - first)[items.size - first]
        near = items[scores[items] >= bar]
        yield from near[np.argsort(-scores[near], kind="stable")].tolist()
        items = items[scores[items] < bar]
    yield from items[np.argsort(-scores[items], kind="stable")].tolist()


def _for_you(model: TasteModel, taste: Taste, rules: PageRules, free: Mask) -> Iterator[Shelf]:
    """The best of all but what was just played, with one track that is there to learn from it."""
    allowed = _in_peace(taste, free)
    items = _best_of_all(taste, rules, allowed)
    explored = _explored(taste, allowed, items, rules) if len(items) > EXPLORED_AT else None
    if explored is not None:
        items[EXPLORED_AT:] = [explored, *items[EXPLORED_AT:-1]]
    yield from _shelf(model, ShelfKind.FOR_YOU, items, explored=explored)


def _in_peace(taste: Taste, free: Mask) -> Mask:
    allowed: Mask = free & (taste.last_at < taste.now - RESTS * DAY)
    return allowed


def _best_of_all(taste: Taste, rules: PageRules, allowed: Mask) -> list[int]:
    return best(taste.scores, allowed, rules.artists, rules.artist_cap, rules.length)


def _explored(taste: Taste, allowed: Mask, shown: list[int], rules: PageRules) -> int | None:
    """Something not heard that might be liked best of all, were the score as much too low as it may be."""
    allowed = allowed & ~taste.heard
    allowed[shown] = False
    full = [artist for artist in rules.artists[shown[:-1]].tolist() if artist >= 0]
    allowed &= ~np.isin(rules.artists, [artist for artist in set(full) if full.count(artist) >= rules.artist_cap])
    candidates = best(taste.scores + taste.deviations, allowed, rules.artists, 1, _EXPLORED_AMONG)
    return int(np.random.default_rng(rules.seed).choice(candidates)) if candidates else None


def _because(model: TasteModel, taste: Taste, rules: PageRules, free: Mask) -> Iterator[Shelf]:
    """What is around the tracks that were played most of late, each of another artist."""
    often = taste.played(taste.now - LATELY).astype(np.float32)
    liked = (often >= OFTEN) & ~rules.barred & ~taste.disliked
    free = _in_peace(taste, free)
    for seed in best(often, liked, rules.artists, 1, MOST_BECAUSE):
        track = model.track_at(seed)
        allowed = free.copy()
        hidden = (model.places.get(each) for each in rules.hidden.get(track, ()))
        allowed[[seed, *(item for item in hidden if item is not None)]] = False
        items = best(model.around(seed), allowed, rules.artists, rules.artist_cap, rules.length)
        free[items] = False
        yield from _shelf(model, ShelfKind.BECAUSE, items, track)


def _rediscover(model: TasteModel, taste: Taste, rules: PageRules, free: Mask) -> Iterator[Shelf]:
    """What was loved and not heard for long, most loved first."""
    loved = taste.played()
    love = np.log1p(loved).astype(np.float32)
    said = np.zeros(len(model), bool)
    said[taste.liked] = True
    allowed = free & ((loved >= LOVED) | said) & taste.heard & (taste.last_at < taste.now - rules.days * DAY)
    items = best(love + said, allowed, rules.artists, rules.artist_cap, rules.length)
    yield from _shelf(model, ShelfKind.REDISCOVER, items)


def _new(model: TasteModel, taste: Taste, rules: PageRules, free: Mask) -> Iterator[Shelf]:
    """The best of what was never heard."""
    items = best(taste.scores, free & ~taste.heard, rules.artists, rules.artist_cap, rules.length)
    yield from _shelf(model, ShelfKind.NEW, items)


def _mixes(model: TasteModel, taste: Taste, rules: PageRules, free: Mask) -> list[Shelf]:
    """Clusters of what was liked of late, each with what is like it; the one with most taste in it first."""
    weights, vectors = _recent_taste(model, taste)
    count = min(rules.mixes, int(np.count_nonzero(weights)) // _FEWEST_IN_MIX)
    if count < 1:
        return []
    items = np.flatnonzero(weights)
    centres, owners = clusters(vectors(items), weights[items], count, rules.seed)
    nearness = np.concatenate([vectors(np.arange(len(model))[part]) @ centres.T for part in _parts(len(model))])
    nearest = np.argmax(nearness, axis=1)
    mass = np.bincount(owners, weights[items], len(centres))
    shelves: list[Shelf] = []
    for cluster in np.argsort(-mass, kind="stable").tolist():
        own = items[owners == cluster]
        if own.size < _FEWEST_IN_MIX:
            continue
        typical = int(own[np.argmax(nearness[own, cluster] * weights[own])])
        around = nearness[:, cluster]
        scores = standardised(around) + taste.scores
        allowed = free & (nearest == cluster) & (around > 0)
        chosen = best(scores.astype(np.float32), allowed, rules.artists, rules.artist_cap, rules.length)
        shelves.extend(_shelf(model, ShelfKind.MIX, chosen, model.track_at(typical)))
    return shelves


def _recent_taste(
    model: TasteModel, taste: Taste
) -> tuple[NDArray[np.float32], Callable[[NDArray[np.intp]], NDArray[np.float32]]]:
    """What each track weighs in recent taste, shape (items,), 0 for most; and a way to unit vectors of some tracks."""
    sound = model.content(SOUND)
    columns = sound if sound.shape[1] else model.solve.columns
    weights = np.log1p(taste.played(taste.now - _MIXED_OF)).astype(np.float32)
    liked = taste.liked
    weights[liked] = np.maximum(weights[liked], 1.0)

    def vectors(items: NDArray[np.intp]) -> NDArray[np.float32]:
        lengths = np.linalg.norm(columns[items], axis=1, keepdims=True)
        return (columns[items] / np.where(lengths > 0, lengths, np.inf)).astype(np.float32)

    if columns.shape[1]:
        weights[weights > 0] *= np.linalg.norm(columns[weights > 0], axis=1) > 0
    else:
        weights[:] = 0
    return weights, vectors


def _parts(count: int, size: int = 16_384) -> list[slice]:
    """Stretches of a range, so that no copy of all columns is made."""
    return [slice(start, start + size) for start in range(0, max(count, 1), size)]


def _first_centres(
    vectors: NDArray[np.float32], weights: NDArray[np.float32], count: int, draw: np.random.Generator
) -> NDArray[np.float32]:
    """Drawn by how far a vector is from those that were drawn before, and by its weight."""
    chosen = [int(np.argmax(weights))]
    apart = np.maximum(1.0 - vectors @ vectors[chosen[0]], 0.0).astype(np.float64)
    while len(chosen) < count:
        chances = apart * weights
        chances[chosen] = 0.0
        if chances.sum() <= 0:
            break
        chosen.append(int(draw.choice(len(vectors), p=chances / chances.sum())))
        apart = np.minimum(apart, np.maximum(1.0 - vectors @ vectors[chosen[-1]], 0.0))
    return vectors[chosen]


def _shelf(
    model: TasteModel, kind: ShelfKind, items: list[int], seed: TrackId | None = None, explored: int | None = None
) -> Iterator[Shelf]:
    """A shelf of items, unless there are none."""
    if items:
        yield Shelf(kind, tuple(Pick(model.track_at(item), item, item == explored) for item in items), seed)
