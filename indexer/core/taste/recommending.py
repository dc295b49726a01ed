"""How a page is recommended: from the model in use, and what is known of listener and library."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model.manifest import Manifest
from indexer.core.plays import Opinion, Play
from indexer.core.taste.folder import TasteDamaged, TasteMissing, load_taste, taste_stamp
from indexer.core.taste.model import LEAST_LIKED, Taste, TasteModel
from indexer.core.taste.shelves import Page, PageRules, page_of
from indexer.core.taste.weights import DAY, Plays
from indexer.core.tracks import TrackId

_log = logging.getLogger(__name__)

FRESH_PLAYS = 25
"""Plays that count since the model was built, from which on it is built again: an evening or two."""

EMPTY = Page((), LEAST_LIKED)


class TasteState(StrEnum):
    """What there is to show."""

    LOADING = "loading"
    TOO_LITTLE = "too-little"  # more is to be played first
    NOT_LEARNT = "not-learnt"  # enough was played, and no model was built of it yet
    READY = "ready"


@dataclass(frozen=True)
class Recommendations:
    """What is recommended now.

    Attributes:
        state: whether there is anything.
        page: the shelves.
        needed: how many more tracks are to be played before there is an answer.
        version: of the model that made it; empty without one.
    """

    state: TasteState = TasteState.LOADING
    page: Page = EMPTY
    needed: int = LEAST_LIKED
    version: str = ""


@dataclass(frozen=True, eq=False)
class Known:
    """What an answer is made from, which nobody changes while it is read.

    Attributes:
        history: plays of the listener, the oldest first.
        opinions: of the listener.
        hidden: by the listener, by seed.
        ids: tracks by row of the catalogue.
        changes: the state of the catalogue that rows are of.
        playable: shape (rows,), which are there and are songs.
        artists: shape (rows,), int32; numbers of artists, below 0 where unknown.
        sound: id of the model of sound in use; empty without one that was built.
    """

    history: Sequence[Play]
    opinions: Mapping[TrackId, Opinion]
    hidden: Mapping[TrackId, frozenset[TrackId]]
    ids: Sequence[TrackId]
    changes: int
    playable: NDArray[np.bool_]
    artists: NDArray[np.int32]
    sound: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model with what was looked up for it: plays that it was told, and the rows of its tracks in the catalogue."""

    stamp: object
    model: TasteModel | None
    plays: Plays | None = None
    told: int = 0
    rows: NDArray[np.intp] | None = None
    rows_of: int = -1


@dataclass(frozen=True, eq=False)
class Made:
    """An answer, what it was made with, and whether taste is to be learnt anew."""

    loaded: Loaded
    taste: Taste | None
    recommended: Recommendations
    due: bool


def known_of(
    history: Iterable[Play],
    opinions: Mapping[TrackId, Opinion],
    hidden: Mapping[TrackId, frozenset[TrackId]],
    catalogue: Catalogue,
    kinds: NDArray[np.integer[Any]],
    manifest: Manifest | None,
) -> Known:
    """Gather what an answer is made from, in the thread that changes the catalogue.

    Args:
        history: plays of the listener, the oldest first.
        opinions: of the listener.
        hidden: by the listener, by seed.
        catalogue: the library.
        kinds: shape (rows,), 0 for songs; see `SongSense.kinds`.
        manifest: of the model of sound in use.
    """
    ids, listed = catalogue.ids_by_row()
    return Known(
        tuple(history),
        opinions,
        hidden,
        ids,
        catalogue.changes,
        listed & ~catalogue.away() & (kinds == 0),
        catalogue.artist_names.of_rows("artist", np.arange(len(ids))).astype(np.int32),
        "" if manifest is None or manifest.provisional else manifest.id,
    )


def recommend(home: Home, before: Loaded, known: Known) -> Made:
    """In a worker thread: the answer of the model in use, which is loaded where it is another one."""
    stamp, model = taste_stamp(home), before.model
    if model is None or stamp != before.stamp:
        model, before = _opened(home), Loaded(stamp, None)
    if model is None:
        needed = max(LEAST_LIKED - _different(known), 0)
        state = TasteState.TOO_LITTLE if needed else TasteState.NOT_LEARNT
        return Made(Loaded(stamp, None), None, Recommendations(state, EMPTY, needed), due=not needed)
    fresh = model.plays_of(known.history[before.told :])
    plays = fresh if before.plays is None else before.plays.with_later(fresh)
    now = time.time()
    taste = model.for_listener(plays, model.opinions_of(known.opinions), now)
    rows = before.rows if before.rows is not None and before.rows_of == known.changes else _rows_of(model, known.ids)
    page = page_of(model, taste, _rules(rows, known, now))
    state = TasteState.TOO_LITTLE if page.needed else TasteState.READY
    recommended = Recommendations(state, page, page.needed, model.version)
    return Made(
        Loaded(stamp, model, plays, len(known.history), rows, known.changes), taste, recommended, _is_due(model, known)
    )


def _opened(home: Home) -> TasteModel | None:
    """The model in use; None where there is none that can be read, so that one is built."""
    try:
        return load_taste(home)
    except TasteMissing:
        return None
    except TasteDamaged as error:
        _log.warning("%s", error.message)
        return None


def _rows_of(model: TasteModel, ids: Sequence[TrackId]) -> NDArray[np.intp]:
    """The row of the catalogue that each item of a model is in, shape (items,); -1 for what is in none."""
    row_of = {track: row for row, track in enumerate(ids)}
    return np.array([row_of.get(track, -1) for track in model.tracks()], np.intp)


def _rules(rows: NDArray[np.intp], known: Known, now: float) -> PageRules:
    there = rows >= 0
    barred = np.ones(len(rows), np.bool_)
    barred[there] = ~known.playable[rows[there]]
    artists = np.full(len(rows), -1, np.int32)
    artists[there] = known.artists[rows[there]]
    return PageRules(artists, barred, known.hidden, seed=int(now // DAY))


def _is_due(model: TasteModel, known: Known) -> bool:
    built = datetime.fromisoformat(model.manifest.built_at).timestamp()
    fresh = sum(1 for play in known.history if play.finished and play.at > built)
    return fresh >= FRESH_PLAYS or bool(known.sound and known.sound != model.manifest.sound)


def _different(known: Known) -> int:
    """Tracks that were played so far that it counts, or liked."""
    played = {play.track for play in known.history if play.finished and play.track is not None}
    return len(played | {track for track, said in known.opinions.items() if said.thumb > 0 or said.favourite})
