"""The model of taste as the player uses it: every track scored for a listener in milliseconds, with the reason why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.manifest import FileSum
from indexer.core.model.scaling import scaled
from indexer.core.playing.listening import SESSION_PAUSE
from indexer.core.plays import Opinion, Play, Tally
from indexer.core.taste.solve import Explanation, Heard, Sizes, Solve
from indexer.core.taste.weights import DAY, Plays, Weighing, opinion_of, plays_of, weighed
from indexer.core.tracks import Seconds, TrackId

TASTE = "taste"
"""Name of the folder of all models of taste, beside those of sound."""

SOUND, WORDS = "sound", "words"
"""Names of blocks of content: the vectors of the model of sound, and what tracks are tagged with."""

APART = "apart"
"""Name of the rows of the owner where other listeners are not to be taught by them."""

LEAST_LIKED = 5
"""Tracks that a listener played or likes before there is an answer: fewer are an evening, not a taste."""

LATELY: Seconds = 30 * DAY
"""What "this month" is."""

SESSION_WEIGHT = 0.5
"""What nearness to the session that goes on counts, where the solve counts 1; both in their spread over all tracks."""

SESSION_FADES: Seconds = 6 * 3_600.0
"""After which the last session counts half."""

FORMAT = 1


@dataclass(frozen=True)
class TasteManifest:
    """What is known of a model of taste without opening its arrays.

    Attributes:
        id: name of its folder, and its version.
        built_at: UTC, ISO 8601.
        sound: id of the model of sound whose vectors it has; empty without one.
        regularisation: λ of the solve.
        half_life, skip, thumb: as `Weighing` has them.
        parts, blocks: names and sizes as `Solve` has them.
        listeners: whose histories are in it, as rows or as factors.
        chosen: how the settings were come by: "default", or "later plays".
        figures: of the build: seconds, and measures of the settings.
        files: sizes and checksums.
    """

    id: str
    built_at: str
    sound: str
    regularisation: float
    half_life: float
    skip: float
    thumb: float
    parts: Sizes
    blocks: Sizes
    listeners: int = 0
    chosen: str = "default"
    figures: dict[str, float] = field(default_factory=dict)
    files: dict[str, FileSum] = field(default_factory=dict)
    profile: str = TASTE
    format: int = FORMAT

    @property
    def weighing(self) -> Weighing:
        """How plays become weights."""
        return Weighing(self.half_life, self.skip, self.thumb)

    def to_json(self) -> str:
        """What its file holds."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


class ReasonCode(StrEnum):
    """What carried most of a score."""

    TOGETHER = "together"  # it is played by those, and in those sessions, that play another track
    SOUNDS_LIKE = "sounds-like"
    TAGGED = "tagged"
    SUNG = "sung"  # much the same words are sung
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a track is recommended.

    Attributes:
        code: what carried most.
        track: the track of the listener that spoke most for it through that; None without any.
        plays: how often that was played of late.
        tag: what both are tagged with; empty unless TAGGED.
        share: of the score, that this carried; 0 to 1.
    """

    code: ReasonCode
    track: TrackId | None = None
    plays: int = 0
    tag: str = ""
    share: float = 0.0


@dataclass(frozen=True, eq=False)
class Taste:
    """What a model makes of a listener.

    Attributes:
        plays: of the listener, as they were given.
        now: of when it is, seconds since 1970.
        known: what the tracks that the listener knows weigh.
        scores: shape (items,), float32; how much better than the mean each is, in spreads of all; zeros where nothing
            is known of the listener.
        deviations: shape (items,), float32, >= 0; how uncertain that is, in its unit.
        disliked: shape (items,), which have thumbs down.
        liked: shape (liked,), ascending; items of which something good was said.
        needed: how many more tracks the listener is to play, or to like, before there is an answer.
    """

    plays: Plays
    now: float
    known: Heard
    scores: NDArray[np.float32]
    deviations: NDArray[np.float32]
    disliked: NDArray[np.bool_]
    liked: NDArray[np.intp]
    needed: int

    @cached_property
    def last_at(self) -> NDArray[np.float64]:
        """When each was last played, shape (items,), seconds since 1970; minus infinity for what never was."""
        last = np.full(self.scores.size, -np.inf)
        np.maximum.at(last, self.plays.items, self.plays.at)
        return last

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Which were ever played, shape (items,)."""
        return self.last_at > -np.inf

    def played(self, since: float = -np.inf) -> NDArray[np.float64]:
        """How much of each was heard since a time, in whole plays, skips left out: shape (items,)."""
        heard = np.where(self.plays.at >= since, np.maximum(self.plays.heard, 0.0), 0.0)
        return np.bincount(self.plays.items, heard, self.scores.size).astype(np.float64)


@dataclass(frozen=True, eq=False)
class TasteModel:
    """The one solve with the tracks that its items are; answers from any thread, and never changes.

    Attributes:
        manifest: what is known of its build.
        ids: shape (items,), ASCII track ids.
        solve: what answers.
        scales: shape (items,), float32, > 0: mean distance of each to its nearest in sound, for hubs lose by it.
        terms: shape (dims of the block of words,), what these dimensions are called; empty for words that are sung.
    """

    manifest: TasteManifest
    ids: NDArray[np.bytes_]
    solve: Solve
    scales: NDArray[np.float32]
    terms: NDArray[np.str_]

    def __len__(self) -> int:
        """How many tracks it knows."""
        return len(self.ids)

    @property
    def version(self) -> str:
        """What plays and impressions say that an answer came from."""
        return self.manifest.id

    @cached_property
    def places(self) -> Mapping[TrackId, int]:
        """Which item each track is."""
        return {track: item for item, track in enumerate(self.tracks())}

    def tracks(self) -> list[TrackId]:
        """Every track, in the order of the items."""
        return [TrackId(track.decode("ascii", "replace")) for track in self.ids.tolist()]

    def track_at(self, item: int) -> TrackId:
        """The track that an item is."""
        return TrackId(self.ids[item].decode("ascii", "replace"))

    def plays_of(self, played: Iterable[Play], tallies: Iterable[Tally] = ()) -> Plays:
        """The plays of tracks that it knows, as it wants them; those that come then go to `Plays.with_later`."""
        return plays_of(played, self.places, tallies)

    def opinions_of(self, opinions: Mapping[TrackId, Opinion]) -> dict[int, float]:
        """What was said of tracks that it knows, as it wants it."""
        known = ((self.places.get(track), opinion_of(opinion)) for track, opinion in opinions.items())
        return {item: said for item, said in known if item is not None}

    def for_listener(self, plays: Plays, opinions: Mapping[int, float], now: float) -> Taste:
        """Fold a listener in, and score every track.

        Args:
            plays: of the listener, from `plays_of`.
            opinions: from `opinions_of`.
            now: seconds since 1970.
        """
        known = weighed(plays, now, self.manifest.weighing, opinions)
        return self._taste(plays, opinions, now, known, self._judged(known, *_session(plays, now)))

    def _taste(
        self,
        plays: Plays,
        opinions: Mapping[int, float],
        now: float,
        known: Heard,
        judged: tuple[NDArray[np.float32], NDArray[np.float32]],
    ) -> Taste:
        disliked = np.zeros(len(self), dtype=bool)
        disliked[[item for item, said in opinions.items() if said <= -1.0]] = True
        needed = max(LEAST_LIKED - int(np.count_nonzero(known[1] > 0)), 0)
        liked = np.array(sorted(item for item, said in opinions.items() if said > 0), np.intp)
        return Taste(plays, now, known, *judged, disliked, liked, needed)

    def for_listeners(self, some: Sequence[tuple[Plays, Mapping[int, float]]], now: float) -> list[Taste]:
        """The same of several listeners at once, in a fraction of the time; their deviations are not worked out.

        Args:
            some: plays and opinions of each, as `for_listener` wants them.
            now: seconds since 1970.
        """
        known = [weighed(plays, now, self.manifest.weighing, opinions) for plays, opinions in some]
        raw, none = self.solve.scores_of(known) if some else (), np.zeros(len(self), np.float32)
        recent = self._near_to([_session(plays, now) for plays, _ in some])
        found = []
        for (plays, opinions), heard, each, near in zip(some, known, raw, recent, strict=True):
            scores = standardised(each)
            if near is not None and heard[0].size:
                scores += near
            found.append(self._taste(plays, opinions, now, heard, (scores, none)))
        return found

    def _near_to(
        self, sessions: Sequence[tuple[NDArray[np.int32], NDArray[np.float32], float]]
    ) -> list[NDArray[np.float32] | None]:
        """What nearness to what is recent adds to the scores, by listener; None where nothing is recent."""
        means = {place: self._mean_of(*each[:2]) for place, each in enumerate(sessions) if each[2] > 0 and each[0].size}
        found: list[NDArray[np.float32] | None] = [None] * len(sessions)
        if means:
            products = np.stack(list(means.values())) @ self.content(SOUND).T
            for place, product in zip(means, products, strict=True):
                if means[place].any():
                    found[place] = np.float32(SESSION_WEIGHT * sessions[place][2]) * self._nearness(product)
        return found

    def around(self, item: int) -> NDArray[np.float32]:
        """What every track is worth to who likes one, by taste and by sound, standardised: shape (items,)."""
        one = np.array([item], np.int32), np.ones(1, np.float32)
        return self._judged(one, *one, 1.0)[0]

    def explain(self, taste: Taste, item: int) -> Reason:
        """Why an item has its score; it takes a few milliseconds, so ask for what is shown.

        Raises:
            IndexError: it is none of these items.
        """
        return self.explain_all(taste, [item])[0]

    def explain_all(self, taste: Taste, items: Sequence[int]) -> list[Reason]:
        """Why items have their scores; a few milliseconds for all of them.

        Raises:
            IndexError: one is none of these items.
        """
        explained = self.solve.explain_all(taste.known, items)
        return [self._reason(taste, item, each) for item, each in zip(items, explained, strict=True)]

    def _reason(self, taste: Taste, item: int, explanation: Explanation) -> Reason:
        whole = float(np.maximum(explanation.parts.sum(axis=0), 0.0).sum()) if explanation.plays.size else 0.0
        if whole <= 0:
            return Reason(ReasonCode.NONE)
        other, block = explanation.strongest()
        share = float(explanation.parts[:, explanation.blocks.index(block)].sum()) / whole
        lately = np.count_nonzero((taste.plays.items == other) & (taste.plays.at >= taste.now - LATELY))
        term = self._common_term(other, item) if block == WORDS else None
        code = ReasonCode.SOUNDS_LIKE if block == SOUND else ReasonCode.TOGETHER
        if term is not None:
            code = ReasonCode.TAGGED if term else ReasonCode.SUNG
        return Reason(code, self.track_at(other), int(lately), term or "", min(max(share, 0.0), 1.0))

    def for_others(self, *, owner_shares: bool) -> TasteModel:
        """The same model for listeners other than the owner: itself, unless it has rows that are not for them.

        A model of before the owner had anybody to be kept from does not tell these rows from others: none are kept.
        """
        names = [name for name, _ in self.solve.parts]
        taken = {APART} if APART in names else set() if owner_shares else set(names)
        return replace(self, solve=self.solve.without(taken)) if taken else self

    def content(self, block: str) -> NDArray[np.float32]:
        """The columns of a block, shape (items, dims); none where it has no such block."""
        start = 0
        for name, size in self.solve.blocks:
            if name == block:
                return self.solve.columns[:, start : start + size]
            start += size
        return self.solve.columns[:, :0]

    @cached_property
    def _inverse_lengths(self) -> NDArray[np.float32]:
        """Of the vectors of sound, shape (items,); 0 where there is none."""
        lengths = np.linalg.norm(self.content(SOUND), axis=1)
        inverse: NDArray[np.float32] = np.where(lengths > 0, 1.0 / np.maximum(lengths, 1e-12), 0.0).astype(np.float32)
        return inverse

    def sounds_like(self, items: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near every track is in sound to the mean of some, shape (items,), standardised over those with sound.

        Hubs lose as they do in "More like this": the distance is divided by the root of the scale at its end. Tracks
        without sound have 0, as all have where none of `items` has sound.
        """
        mean = self._mean_of(items, weights)
        return self._nearness(self.content(SOUND) @ mean) if mean.any() else np.zeros(len(self), np.float32)

    def _mean_of(self, items: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of how some items sound, of length 1; zeros where none of them has sound."""
        mean = (weights * self._inverse_lengths[items]) @ self.content(SOUND)[items]
        return (mean / np.float32(max(float(np.linalg.norm(mean)), 1e-30))).astype(np.float32)

    def _nearness(self, products: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of the products of all vectors of sound with a mean."""
        cosines = products * self._inverse_lengths
        distances = np.sqrt(np.maximum(np.float32(2.0) - np.float32(2.0) * cosines, np.float32(0.0)))
        return standardised(-scaled(distances, 1.0, self.scales), self._inverse_lengths > 0)

    def _judged(
        self, known: Heard, recent: NDArray[np.int32], weights: NDArray[np.float32], strength: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores and deviations, shape (items,) each: the solve, and nearness to what is recent."""
        if not known[0].size:
            return np.zeros(len(self), np.float32), np.zeros(len(self), np.float32)
        raw, deviations = self.solve.judged(known)
        scores = standardised(raw)
        if strength > 0 and recent.size:
            scores += np.float32(SESSION_WEIGHT * strength) * self.sounds_like(recent, weights)
        return scores, deviations / max(float(raw.std()), 1e-12)

    def _common_term(self, one: int, other: int) -> str | None:
        """What weighs most of the words of both, empty where it is sung; None where they have none in common."""
        products = self.content(WORDS)[one] * self.content(WORDS)[other]
        return str(self.terms[int(np.argmax(products))]) if products.size and products.max() > 0 else None


def standardised(values: NDArray[np.float32], among: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Mean 0 and spread 1 over some, or all; 0 for the others, and for all where they do not differ."""
    chosen = values if among is None or among.all() else values[among]
    spread = float(chosen.std()) if chosen.size else 0.0
    if spread <= 0:
        return np.zeros(values.shape, np.float32)
    found: NDArray[np.float32] = (values - chosen.mean()) / np.float32(spread)
    return found if among is None else found * among


def _session(plays: Plays, now: float) -> tuple[NDArray[np.int32], NDArray[np.float32], float]:
    """What was heard since the last long pause, how much of it, and how much that says by now, 0 to 1."""
    if not len(plays):
        return plays.items, plays.heard, 0.0
    pauses = np.flatnonzero(np.diff(plays.at) > SESSION_PAUSE)
    last = plays.after(int(pauses[-1]) + 1 if pauses.size else 0)
    liked = last.heard > 0
    return last.items[liked], last.heard[liked], float(np.exp2(-max(now - last.at[-1], 0.0) / SESSION_FADES))
