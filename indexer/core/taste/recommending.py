"""How a page is recommended: from the model in use, and what is known of listener and library."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model.manifest import Manifest
from indexer.core.plays import OWNER, ListenerId, Opinion, Play, Thumb
from indexer.core.taste.folder import TasteDamaged, TasteMissing, load_taste, taste_stamp
from indexer.core.taste.household import HouseholdInUse
from indexer.core.taste.leading import RECENT, is_newest, led_by
from indexer.core.taste.live import LENGTH, LiveList, LivePick
from indexer.core.taste.model import LEAST_LIKED, Reason, Taste, TasteModel
from indexer.core.taste.shelves import RESTS, Page, PageRules, for_you, page_of
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
        reasons: why tracks are there that the model does not know, as it came with the list that they are of.
    """

    state: TasteState = TasteState.LOADING
    page: Page = EMPTY
    needed: int = LEAST_LIKED
    version: str = ""
    reasons: Mapping[TrackId, Reason] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Stock:
    """What of a library may be recommended to anybody.

    Attributes:
        ids: tracks by row of the catalogue.
        changes: the state of the catalogue that rows are of.
        playable: shape (rows,), which are there and are songs.
        artists: shape (rows,), int32; numbers of artists, below 0 where unknown.
        sound: id of the model of sound in use; empty without one that was built.
    """

    ids: Sequence[TrackId]
    changes: int
    playable: NDArray[np.bool_]
    artists: NDArray[np.int32]
    sound: str


@dataclass(frozen=True, eq=False)
class Known:
    """What an answer is made from, which nobody changes while it is read.

    Attributes:
        history: plays of the listener, the oldest first.
        opinions: of the listener.
        hidden: by the listener, by seed.
        stock: of the library.
        listener: who is answered.
        live: what was told last of the listener; None for nothing.
    """

    history: Sequence[Play]
    opinions: Mapping[TrackId, Opinion]
    hidden: Mapping[TrackId, frozenset[TrackId]]
    stock: Stock
    listener: ListenerId = OWNER
    live: LiveList | None = None


@dataclass(frozen=True, eq=False)
class Folded:
    """A listener as a model of taste knows them.

    Attributes:
        stamp: of the model; None without any.
        model: None where there is none that can be read.
        plays: that it was told.
        told: how many of the history these are.
        taste: what it makes of them.
    """

    stamp: object = None
    model: TasteModel | None = None
    plays: Plays | None = None
    told: int = 0
    taste: Taste | None = None

    def liking(self, tracks: Sequence[TrackId]) -> NDArray[np.float32] | None:
        """How much the listener would like each of these, shape (n,), in spreads of all; None while nobody knows."""
        if self.model is None or self.taste is None or self.taste.needed:
            return None
        items = np.array([self.model.places.get(track, -1) for track in tracks], np.intp)
        liking: NDArray[np.float32] = np.where(items >= 0, self.taste.scores[items], np.float32(0))
        return liking


@dataclass(frozen=True, eq=False)
class Made:
    """An answer, who it was made for, and whether taste is to be learnt anew."""

    folded: Folded
    recommended: Recommendations
    due: bool


class TasteInUse:
    """The model of taste of a home: opened once for all listeners, and another one as soon as that is in use.

    Safe to share between threads.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._household = HouseholdInUse(home)
        self._lock = threading.Lock()
        self._stamp: object = _NEVER
        self._model: TasteModel | None = None
        self._others: TasteModel | None = None
        self._shares = True
        self._rows: tuple[object, int, NDArray[np.intp]] | None = None
        self._limits: tuple[object, object, NDArray[np.int32], NDArray[np.bool_]] | None = None

    def stamp(self) -> object:
        """What changes with every build, and with what the owner lets others be taught by."""
        return taste_stamp(self._home), self._household.now().shares(OWNER)

    def now(self, who: ListenerId = OWNER) -> tuple[object, TasteModel | None]:
        """Its stamp, and the model as it answers a listener; None where there is none to be read, so one is built."""
        with self._lock:
            stamp, shares = taste_stamp(self._home), self._household.now().shares(OWNER)
            if stamp != self._stamp:
                self._stamp, self._model, self._others = stamp, _opened(self._home), None
            if who == OWNER or self._model is None:
                return stamp, self._model
            if self._others is None or shares != self._shares:
                self._others, self._shares = self._model.for_others(owner_shares=shares), shares
            return stamp, self._others

    def rows(self, model: TasteModel, stock: Stock) -> NDArray[np.intp]:
        """The row of the catalogue that each item of a model is in, shape (items,); -1 for what is in none."""
        with self._lock:
            if self._rows is None or self._rows[0] is not model.ids or self._rows[1] != stock.changes:
                row_of = {track: row for row, track in enumerate(stock.ids)}
                rows = np.array([row_of.get(track, -1) for track in model.tracks()], np.intp)
                self._rows = model.ids, stock.changes, rows
            return self._rows[2]

    def limits(self, model: TasteModel, stock: Stock) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The artist of each item of a model, below 0 where not known, and what is never shown: shape (items,) each."""
        rows, limits = self.rows(model, stock), self._limits
        if limits is None or limits[0] is not rows or limits[1] is not stock:
            limits = self._limits = rows, stock, *_limits(rows, stock)
        return limits[2:]


def stock_of(catalogue: Catalogue, kinds: NDArray[np.integer[Any]], manifest: Manifest | None) -> Stock:
    """What may be recommended, read in the thread that changes the catalogue.

    Args:
        catalogue: the library.
        kinds: shape (rows,), 0 for songs; see `SongSense.kinds`.
        manifest: of the model of sound in use.
    """
    ids, listed = catalogue.ids_by_row()
    return Stock(
        ids,
        catalogue.changes,
        listed & ~catalogue.away() & (kinds == 0),
        catalogue.artist_names.of_rows("artist", np.arange(len(ids))).astype(np.int32),
        "" if manifest is None or manifest.provisional else manifest.id,
    )


def fold_in(source: TasteInUse, before: Folded, known: Known) -> Folded:
    """What the model in use makes of a listener, of whom it was told a part before; milliseconds."""
    stamp, model = source.now(known.listener)
    if model is None:
        return Folded(stamp)
    if before.model is not model:
        before = Folded(stamp)
    fresh = model.plays_of(known.history[before.told :])
    plays = fresh if before.plays is None else before.plays.with_later(fresh)
    taste = model.for_listener(plays, model.opinions_of(known.opinions), time.time())
    return Folded(stamp, model, plays, len(known.history), taste)


def recommend(source: TasteInUse, before: Folded, known: Known) -> Made:
    """The page of a listener from the model in use; up to a fifth of a second, so in a worker thread."""
    return recommended_to(fold_in(source, before, known), source, known)


def recommended_to(folded: Folded, source: TasteInUse, known: Known) -> Made:
    """The same of a listener who was just folded in."""
    if folded.model is None or folded.taste is None:
        needed = max(LEAST_LIKED - _different(known), 0)
        state = TasteState.TOO_LITTLE if needed else TasteState.NOT_LEARNT
        return Made(folded, _led(Recommendations(state, EMPTY, needed), folded, known), due=not needed)
    rules = _rules(source, folded.model, known, folded.taste.now)
    page = page_of(folded.model, folded.taste, rules)
    state = TasteState.TOO_LITTLE if page.needed else TasteState.READY
    recommended = Recommendations(state, page, page.needed, folded.model.version)
    return Made(folded, _led(recommended, folded, known), _is_due(folded.model, known))


def live_list(folded: Folded, source: TasteInUse, known: Known, after: str, now: float) -> LiveList | None:
    """The first of the shelf For you of a listener who was folded in, with reasons; None while too little is known.

    Args:
        folded: the listener.
        source: what folded them in.
        known: says of the library what may be shown; the history of it is not read.
        after: id of the last event that counts in it.
        now: seconds since 1970.
    """
    model, taste = folded.model, folded.taste
    if model is None or taste is None or taste.needed:
        return None
    rules = replace(_rules(source, model, known, now), length=LENGTH)
    items = for_you(taste, rules)
    picks = tuple(
        LivePick(model.track_at(item), float(taste.scores[item]), reason)
        for item, reason in zip(items, model.explain_all(taste, items), strict=True)
    )
    return LiveList(known.listener, now, model.version, picks, after)


_NEVER = object()
"""The stamp of a model that was not looked for yet."""


def _opened(home: Home) -> TasteModel | None:
    try:
        return load_taste(home)
    except TasteMissing:
        return None
    except TasteDamaged as error:
        _log.warning("%s", error.message)
        return None


def _rules(source: TasteInUse, model: TasteModel, known: Known, now: float) -> PageRules:
    artists, barred = source.limits(model, known.stock)
    return PageRules(artists, barred, known.hidden, seed=int(now // DAY))


def _limits(rows: NDArray[np.intp], stock: Stock) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    there = rows >= 0
    barred = np.ones(len(rows), np.bool_)
    barred[there] = ~stock.playable[rows[there]]
    artists = np.full(len(rows), -1, np.int32)
    artists[there] = stock.artists[rows[there]]
    return artists, barred


def _led(recommended: Recommendations, folded: Folded, known: Known) -> Recommendations:
    """What is recommended, with what was told of the listener in front while that is the newest that is known."""
    made, now = known.live, time.time()
    if made is None or not is_newest(made, known.history, known.opinions.values(), now):
        return recommended
    tracks = _allowed(made.tracks, folded, known, now)
    if not tracks:
        return recommended
    items = {} if folded.model is None else folded.model.places
    page = led_by(tracks, recommended.page, items)
    reasons = {pick.track: pick.reason for pick in made.picks if pick.track in tracks and pick.track not in items}
    return Recommendations(TasteState.READY, page, 0, recommended.version or made.model, reasons)


def _allowed(tracks: Sequence[TrackId], folded: Folded, known: Known, now: float) -> list[TrackId]:
    """Those of some tracks that may be shown, none twice: here, not hidden or disliked, and not just heard."""
    wanted = dict.fromkeys(tracks)
    rows = {track: row for row, track in enumerate(known.stock.ids) if track in wanted}
    barred: set[TrackId | None] = set().union(*known.hidden.values())
    barred |= {track for track, said in known.opinions.items() if said.thumb is Thumb.DOWN}
    barred |= {play.track for play in known.history[-RECENT:] if play.at >= now - RESTS * DAY}
    model, taste = folded.model, folded.taste
    if model is not None and taste is not None:
        rested = taste.last_at < now - RESTS * DAY
        barred |= {track for track in wanted if (item := model.places.get(track)) is not None and not rested[item]}
    return [track for track in wanted if track in rows and known.stock.playable[rows[track]] and track not in barred]


def _is_due(model: TasteModel, known: Known) -> bool:
    built = datetime.fromisoformat(model.manifest.built_at).timestamp()
    fresh = sum(1 for play in known.history if play.finished and play.at > built)
    return fresh >= FRESH_PLAYS or bool(known.stock.sound and known.stock.sound != model.manifest.sound)


def _different(known: Known) -> int:
    """Tracks that were played so far that it counts, or liked."""
    played = {play.track for play in known.history if play.finished and play.track is not None}
    return len(played | {track for track, said in known.opinions.items() if said.thumb > 0 or said.favourite})
