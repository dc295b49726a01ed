"""More like this: the tracks worth showing of all that sound like one or several others, or why there are none.

The one answer of the panel, the command line and whoever else asks. A model says what is near (`SimilarityModel`), the
lists of several seeds are joined (`fusion`), and rules choose what is worth a place in the list (`selection`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from indexer.core.catalogue.album_rule import album_rows
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.fusion import joined, nearest_lists
from indexer.core.discover.selection import ListRules, SimilarRow, choose, rows_of
from indexer.core.discover.songs import Fits, SongSense
from indexer.core.errors import SegueError
from indexer.core.events import Notice
from indexer.core.follow.changes import LibraryCounts
from indexer.core.sentences.told import Told
from indexer.core.tracks import Problem, TrackId

if TYPE_CHECKING:
    from indexer.core.discover.nearness import Nearness
    from indexer.core.model import Neighbour, SimilarityModel

CANDIDATES = 200
"""Neighbours looked at for one list, as many as lists hold: enough to leave out versions and a whole artist."""

FARTHER = 1_000
"""Where too many of the nearest are no songs."""

FEWEST_OF_ALBUM, MOST_OF_ALBUM = 3, 40
"""Other tracks of an album that say what is typical of it; so many of a large one do."""

SPARE = 20
"""Neighbours asked for beyond those wanted where nothing but other versions is left out."""


class SimilarState(StrEnum):
    READY = "ready"
    NOT_ANALYSED = "not-analysed"
    NO_MODEL = "no-model"
    LOADING = "loading"


@dataclass(frozen=True)
class SimilarAnswer:
    """What sounds like `seed`, most alike first; where that is nothing, `remark` tells why.

    An answer that is `provisional` has both: it comes from a model that stands in until one is built, and `remark`
    tells of how much of the library. An answer to several seeds names the first.
    """

    seed: TrackId
    state: SimilarState
    rows: tuple[SimilarRow, ...] = ()
    remark: Told | None = None
    provisional: bool = False

    @property
    def problem(self) -> Problem | None:
        """What keeps the seed from being analysed."""
        return self.remark if isinstance(self.remark, Problem) else None

    @property
    def message(self) -> str:
        """The remark in the language that is spoken; empty where there is nothing to say."""
        return "" if self.remark is None else self.remark.message

    @property
    def advice(self) -> str:
        """What to do about it, in the language that is spoken; empty where there is nothing to say."""
        return "" if self.remark is None else self.remark.advice


def _nothing_hidden(_: TrackId) -> Collection[TrackId]:
    return frozenset()


def _no_problem(_: TrackId) -> Problem | None:
    return None


class MoreLike:
    """Answers about the tracks of a catalogue with a model that is given to it and may change.

    Attributes:
        catalogue: names, lengths and paths of the tracks.
        songs: tells songs from what is offered only beside its own kind.
        rules: what is left out of every list.
        model: what is asked, in one thread at a time; None while there is none.
        nearness: what is asked instead of it for neighbours, where they are not to be those by sound; where that is not
            to be had, `awaits_nearness`, they are by sound and it is said.
        is_looked_for: whether a model has been looked for; before, there is nothing to say of it.
        fault: why there is none although there should be.
        counts: what remarks tell of the library.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        hidden: Callable[[TrackId], Collection[TrackId]] = _nothing_hidden,
        problem_of: Callable[[TrackId], Problem | None] = _no_problem,
        meet: Callable[[Sequence[TrackId]], None] = lambda _: None,
    ) -> None:
        """Answer about the tracks of `catalogue`.

        Args:
            catalogue: those of the library, or those that `meet` put there.
            hidden: what a person hid for a seed.
            problem_of: what keeps a track from being analysed.
            meet: is told which tracks an answer may name before they are looked up.
        """
        self.catalogue = catalogue
        self.songs = SongSense(catalogue)
        self.rules = ListRules()
        self.model: SimilarityModel | None = None
        self.nearness: Nearness | None = None
        self.awaits_nearness = False
        self.is_looked_for = False
        self.fault: SegueError | None = None
        self.counts = LibraryCounts()
        self.hidden = hidden
        self._problem_of = problem_of
        self._meet = meet

    def asked_by(
        self,
        hidden: Callable[[TrackId], Collection[TrackId]],
        nearness: Nearness | None = None,
        *,
        awaits_nearness: bool = False,
    ) -> MoreLike:
        """The same model, library and rules, asked by a listener who hid other tracks and goes by another nearness.

        It costs nothing and is for the answers of a moment: a model that takes the place of this one is not in it.
        """
        asked = copy(self)
        asked.hidden, asked.nearness, asked.awaits_nearness = hidden, nearness, awaits_nearness
        return asked

    def answer(self, seeds: Sequence[TrackId], k: int) -> SimilarAnswer:
        """The `k` tracks most like a seed, of several those that most of them are near to, or why there are none.

        Seeds that were not analysed have no say.

        Raises:
            ValueError: there are no seeds.
        """
        if not seeds:
            raise ValueError("nothing is asked about")
        model = self.model
        if model is None or not len(model):
            return self._without_model(seeds[0])
        asked = self.nearness or model
        known = [seed for seed in dict.fromkeys(seeds) if seed in asked and seed in model]
        if not known:
            return self._not_analysed(seeds[0])
        if len(known) == 1:
            rows, left_out = self._near(model, known, partial(asked.similar, known[0]), k)
        else:
            rows, left_out = self._near_several(model, seeds, known, k)
        return self._ready(model, known[0], rows, left_out if len(rows) < k else 0)

    def like_sound(self, ask: Callable[[int], list[Neighbour]], k: int) -> list[SimilarRow]:
        """The `k` tracks most like something outside the library: `ask` gives so many neighbours of it, best first."""
        return [] if self.model is None else self._near(self.model, (), ask, k)[0]

    @property
    def is_provisional(self) -> bool:
        """Whether the model stands in until one is built."""
        return self.model is not None and self.model.manifest.provisional

    def _near(
        self, model: SimilarityModel, seeds: Sequence[TrackId], ask: Callable[[int], list[Neighbour]], k: int
    ) -> tuple[list[SimilarRow], int]:
        """The rows for one seed at most, and how many were left out of them because they are no songs."""
        others = (self.nearness or model).comparable - len(seeds)
        for reach in _reaches(self.rules, k):
            found = ask(reach)
            self._meet([*seeds, *(near.track for near in found)])
            fits = self.songs.fits(seeds)
            candidates = rows_of(found, others, next(iter(seeds), None))
            rows = self._chosen(model, seeds, candidates, k, fits, self._hidden_for(seeds))
            more_may_fill_it = self.rules.per_artist is None or fits.left_out
            if len(rows) >= k or len(found) < reach or not more_may_fill_it:
                break
        return self._beside_album(model, seeds, rows), fits.left_out

    def _beside_album(
        self, model: SimilarityModel, seeds: Sequence[TrackId], rows: list[SimilarRow]
    ) -> list[SimilarRow]:
        """The rows, of which those say so that are nearer by sound than a typical track of the seed's own album."""
        place = self.catalogue.row_of(seeds[0]) if len(seeds) == 1 and self.nearness is None else None
        if place is None or not rows:
            return rows
        album = [track for track in self.catalogue.ids(album_rows(self.catalogue, place).tolist()) if track in model]
        others = [near.distance for near in model.seen_from(seeds[0], album[:MOST_OF_ALBUM]) if near.track != seeds[0]]
        if len(others) < FEWEST_OF_ALBUM:
            return rows
        typical = float(np.median(others))
        return [replace(row, beats_album=row.distance < typical) for row in rows]

    def _near_several(
        self, model: SimilarityModel, seeds: Sequence[TrackId], known: Sequence[TrackId], k: int
    ) -> tuple[list[SimilarRow], int]:
        asked = self.nearness or model
        lists = nearest_lists(asked, known)
        self._meet([*known, *(near.track for found in lists.values() for near in found)])
        fits = self.songs.fits(known)
        hidden = self._hidden_for(seeds) | frozenset(seeds).difference(known)
        candidates = joined(lists, known, asked.comparable - 1)
        return self._chosen(model, known, candidates, k, fits, hidden), fits.left_out

    def _hidden_for(self, seeds: Sequence[TrackId]) -> frozenset[TrackId]:
        return frozenset[TrackId]().union(*map(self.hidden, seeds))

    def _chosen(
        self,
        model: SimilarityModel,
        seeds: Sequence[TrackId],
        candidates: Iterable[SimilarRow],
        k: int,
        fits: Fits,
        hidden: frozenset[TrackId],
    ) -> list[SimilarRow]:
        rules = replace(self.rules, hidden=hidden, fits=fits)
        candidates = (row for row in candidates if row.track in model)  # by its sound it is told from other recordings
        return choose(self.catalogue, seeds, candidates, k, apart=model.apart, rules=rules)

    def _ready(self, model: SimilarityModel, seed: TrackId, rows: Sequence[SimilarRow], left_out: int) -> SimilarAnswer:
        """An answer with what is to be said beside it; `left_out` would have filled a list that is short."""
        remark = None
        if left_out:
            remark = Notice("similar-no-songs", {"number": left_out}) if rows else Notice("similar-no-music")
        elif not rows and model.comparable > 1:
            remark = Notice("similar-all-hidden")
        elif not rows:
            remark = Notice("similar-alone")
        elif self.awaits_nearness:
            remark = Notice("similar-no-taste")
        elif self.is_provisional:
            remark = provisional_remark(len(model), self.counts.tracks)
        return SimilarAnswer(seed, SimilarState.READY, tuple(rows), remark, self.is_provisional)

    def _without_model(self, seed: TrackId) -> SimilarAnswer:
        if not self.is_looked_for:
            return SimilarAnswer(seed, SimilarState.LOADING, remark=Notice("similar-loading"))
        remark = _what_is_missing(self.counts) if self.fault is None else self.fault
        return SimilarAnswer(seed, SimilarState.NO_MODEL, remark=remark)

    def _not_analysed(self, seed: TrackId) -> SimilarAnswer:
        """The model does not have the seed; because of a problem, where one is known."""
        if self.nearness is not None:
            return SimilarAnswer(seed, SimilarState.READY, remark=Notice("similar-nothing-near"))
        return SimilarAnswer(seed, SimilarState.NOT_ANALYSED, remark=self._problem_of(seed) or _how_far(self.counts))


def _reaches(rules: ListRules, k: int) -> Iterator[int]:
    """How many neighbours are looked at for a list, each further number only where it stays short.

    Where artists are not limited every neighbour is taken or left for itself: a few are to spare, and it goes on until
    there are no more. A limit looks at all that a list holds, for those to be taken back, and once beyond.
    """
    if rules.per_artist is not None:
        yield max(CANDIDATES, 3 * k)
        yield FARTHER
        return
    first = k if rules.all_versions else k + SPARE
    yield from (first * 4**step for step in count())


def provisional_remark(analysed: int, tracks: int) -> Notice:
    """Of how much of the library a provisional answer is."""
    return Notice("similar-provisional", {"analysed": analysed, "tracks": max(tracks, analysed)})


def _what_is_missing(counts: LibraryCounts) -> Notice:
    """Why there is no model to ask."""
    if counts.analysed and counts.analysed >= counts.tracks:
        return Notice("similar-not-built")
    if counts.analysed:
        return Notice("similar-analysing", {"analysed": counts.analysed, "tracks": counts.tracks})
    return Notice("similar-nothing-analysed")


def _how_far(counts: LibraryCounts) -> Notice:
    """Why a track is not analysed that has no problem."""
    if counts.tracks and not counts.is_complete:
        analysed = min(counts.analysed, counts.tracks)
        return Notice("similar-not-yet", {"analysed": analysed, "tracks": counts.tracks})
    return Notice("similar-left-out")
