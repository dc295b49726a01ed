"""What listeners say of tracks, for a seed and in general, and the lists that they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.core.plays import OWNER, Impression, ListenerId, Opinion
from indexer.core.store.bulk import IDS, chunks, remove, remove_all, save
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.heirs import HeirStore
from indexer.core.store.news import NewsStore
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId

FEEDBACK = "feedback"
OPINIONS = "opinions"
IMPRESSIONS = "impressions"


class FeedbackStore:
    """Tracks that listeners hid for a seed.

    There is a document for each listener, seed and track, whose id is made of them, so that there is never a second.
    """

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore) -> None:
        self._connection = connection
        self._heirs = heirs
        self._news = news

    def hide(self, seed: TrackId, tracks: Iterable[TrackId], at: float, listener: ListenerId = OWNER) -> None:
        """Keep that a listener does not want tracks for a seed since the time `at`, seconds since 1970."""
        save(self._connection, FEEDBACK, (_hidden(seed, track, at, listener) for track in tracks))
        self._news.tell(Matter.HIDDEN, [listener])

    def restore(self, seed: TrackId, tracks: Iterable[TrackId], listener: ListenerId = OWNER) -> None:
        """Forget that tracks, or copies that they stand for, were hidden for a seed; does nothing for others."""
        before: dict[TrackId, list[TrackId]] = {}
        for track, heir in self._heirs.standing().items():
            before.setdefault(heir, []).append(track)
        seeds = [seed, *before.get(seed, ())]
        copies = [copy for track in tracks for copy in (track, *before.get(track, ()))]
        hidden = [_hidden_id(each, copy, listener) for each in seeds for copy in copies]
        remove(self._connection, FEEDBACK, "_id", hidden)
        self._news.tell(Matter.HIDDEN, [listener])

    def hidden(self, listener: ListenerId = OWNER) -> dict[TrackId, frozenset[TrackId]]:
        """What a listener hid, by seed; of tracks that left, their heirs."""
        heirs = self._heirs.standing()
        found: dict[TrackId, set[TrackId]] = {}
        for document in self._connection.read(FEEDBACK, {"listener": listener}):
            seed, track = TrackId(document["seed"]), TrackId(document["track"])
            seed, track = heirs.get(seed, seed), heirs.get(track, track)
            if seed != track:
                found.setdefault(seed, set()).add(track)
        return {seed: frozenset(tracks) for seed, tracks in found.items()}

    def concerned(self) -> set[TrackId]:
        """The tracks that any listener hid, or hid others for, as they were called then."""
        return {TrackId(each[end]) for each in self._connection.read(FEEDBACK, {}) for end in ("seed", "track")}

    def erase(self, listener: ListenerId) -> int:
        """Forget all that a listener hid; returns how many tracks that were."""
        erased = remove_all(self._connection, FEEDBACK, {"listener": listener})
        self._news.tell(Matter.HIDDEN, [listener])
        return erased


class OpinionStore:
    """Thumbs, stars and favourites; of two opinions of one listener about one track the later one stays."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore) -> None:
        self._connection = connection
        self._heirs = heirs
        self._news = news

    def save(self, opinions: Iterable[Opinion]) -> None:
        """Keep these unless a later one is there; one that says nothing takes what was there away."""
        latest: dict[str, Opinion] = {}
        for opinion in opinions:
            before = latest.get(_opinion_id(opinion))
            if before is None or before.at <= opinion.at:
                latest[_opinion_id(opinion)] = opinion
        queries = ({"_id": {"$in": ids}} for ids in chunks(latest, IDS))
        found = (each for query in queries for each in self._connection.read(OPINIONS, query))
        known = {each["_id"]: float(each["at"]) for each in found}
        wanted = (each for key, each in latest.items() if known.get(key, each.at) <= each.at)
        save(self._connection, OPINIONS, map(_opinion_document, wanted))
        self._news.tell(Matter.OPINIONS, [opinion.listener for opinion in latest.values()])

    def of(self, listener: ListenerId = OWNER) -> dict[TrackId, Opinion]:
        """What a listener says, by the track that stands for the one it was said of; the latest where copies differ."""
        return {track: opinion for track, opinion in self.said(listener).items() if not opinion.is_empty}

    def said(self, listener: ListenerId = OWNER) -> dict[TrackId, Opinion]:
        """The same with those that say nothing any more, and since when."""
        heirs = self._heirs.standing()
        found: dict[TrackId, Opinion] = {}
        for opinion in sorted(map(opinion_of, self._connection.read(OPINIONS, {"listener": listener})), key=_when):
            track = heirs.get(opinion.track, opinion.track)
            found[track] = replace(opinion, track=track)
        return found

    def erase(self, listener: ListenerId) -> int:
        """Forget all that a listener said; returns of how many tracks."""
        erased = remove_all(self._connection, OPINIONS, {"listener": listener})
        self._news.tell(Matter.OPINIONS, [listener])
        return erased


class ImpressionStore:
    """Lists that were shown."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, impressions: Iterable[Impression]) -> None:
        """Keep these, each once however often it is told."""
        save(self._connection, IMPRESSIONS, map(_impression_document, impressions))

    def of(self, listener: ListenerId = OWNER) -> Iterator[Impression]:
        """What a listener was shown, the oldest first."""
        return map(impression_of, self._connection.read(IMPRESSIONS, {"listener": listener}, sort=[("at", 1)]))

    def erase(self, listener: ListenerId) -> int:
        """Forget what a listener was shown; returns how many lists."""
        return remove_all(self._connection, IMPRESSIONS, {"listener": listener})


def opinion_of(document: Document) -> Opinion:
    """The opinion of a document; raises what `Opinion.of_record` does."""
    return Opinion.of_record(document)


def impression_of(document: Document) -> Impression:
    """The impression of a document; raises what `Impression.of_record` does."""
    return Impression.of_record(document["_id"], document)


def _impression_document(impression: Impression) -> Document:
    return {"_id": impression.id, **impression.as_record()}


def _opinion_document(opinion: Opinion) -> Document:
    return {"_id": _opinion_id(opinion), **opinion.as_record()}


def renewed_hidden(document: Document) -> Document:
    """What was hidden as it is kept now, by a version that knew one listener alone."""
    return {"listener": OWNER, **document}


def _hidden_id(seed: TrackId, track: TrackId, listener: ListenerId) -> str:
    """That of the owner is as it was when there was no other listener."""
    return f"{seed}:{track}" if listener == OWNER else f"{seed}:{track}:{listener}"


def _hidden(seed: TrackId, track: TrackId, at: float, listener: ListenerId) -> Document:
    return {"_id": _hidden_id(seed, track, listener), "listener": listener, "seed": seed, "track": track, "at": at}


def _opinion_id(opinion: Opinion) -> str:
    return f"{opinion.listener}:{opinion.track}"


def _when(opinion: Opinion) -> float:
    return opinion.at
