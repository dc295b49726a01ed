"""What the listener of a server's key played, said and put together, as the stores of a database give and keep it.

To the player all of it is its owner's: whom the server takes that for is a matter of the key. What is told arrives
there once, however often it is told; of two opinions the later one holds, whichever is told last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from indexer.core.playlist import Playlist
from indexer.core.plays import LATEST, OWNER, Impression, ListenerId, Opinion, Play, PlaySource, Tally
from indexer.core.shared.asking import OF_LIBRARIES
from indexer.core.shared.given import Given
from indexer.core.shared.glance import Looks
from indexer.core.shared.wire import opinion_of_shape, play_of_shape, playlist_of_shape, playlist_shape
from indexer.core.store.connection import Connection
from indexer.core.store.faults import NotTaken
from indexer.core.store.heirs import HeirStore
from indexer.core.store.news import NewsStore
from indexer.core.store.opinions import FeedbackStore, ImpressionStore, OpinionStore
from indexer.core.store.playlists import PlaylistStore, QueueStore
from indexer.core.store.plays import PlayStore, TallyStore
from indexer.core.store.records import Matter, News
from indexer.core.tracks import TrackId

HISTORY = 2_000
"""Plays asked for at once."""

MOST_PLAYS = 5_000_000
"""Two lives."""

_LONGEST_HEARD = 86_400.0
_LAST_POSITION = 50_000
_LONGEST_NAME = 64
_TAKEN = frozenset(PlaySource) - {PlaySource.SUBSONIC, PlaySource.IMPORT}
"""The sources that a server takes; what came from elsewhere was in the library all the same."""


class SharedNews(NewsStore):
    """What was written for the listener, by this player too: that is read again, which does no harm."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def counters(self) -> dict[News, int]:
        """By matter."""
        return {News(OWNER, matter): number for matter, number in self._looks.now().news.items()}

    def tell(self, matter: Matter, listeners: Iterable[ListenerId]) -> None:
        """The server counts by itself."""


class SharedPlays(PlayStore):
    """Plays of the listener."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore, looks: Looks) -> None:
        super().__init__(connection, heirs, news)
        self._looks = looks

    def add(self, plays: Iterable[Play]) -> int:
        """Tell of plays, each once however often it is told; returns how many were told.

        Raises:
            NotTaken: the server will never take one of them, as it has no such track; the others were told.
        """
        return _told(self._looks, "/api/plays", map(_play, plays))

    def of(self, listener: ListenerId = OWNER, *, since: float | None = None) -> Iterator[Play]:
        """Fetched as they are consumed; of other listeners none."""
        offset = 0
        while listener == OWNER:
            answer = self._looks.asking.get(f"{OF_LIBRARIES}/history", offset=offset, size=HISTORY)
            plays = self._looks.each(play_of_shape, answer.get("plays"))
            yield from (play for play in plays if since is None or play.at >= since)
            offset += len(plays)
            if offset > MOST_PLAYS:  # else it would go on for ever
                raise self._looks.asking.stranger("history")
            if not plays or offset >= self._looks.made(lambda shape: Given(shape).count("total"), answer):
                return

    def counts(self, listener: ListenerId = OWNER) -> dict[TrackId, int]:
        """As of a moment ago."""
        plays = self._looks.made(Given, self._looks.own().get("plays"))
        return self._looks.made(lambda _: {track: plays.count(track) for track in plays.tracks()}, plays)

    def last_played(self, listener: ListenerId = OWNER) -> dict[TrackId, float]:
        """Likewise."""
        played = self._looks.made(Given, self._looks.own().get("lastPlayed"))
        return self._looks.made(lambda _: {track: played.time(track) for track in played.tracks()}, played)

    def own_counts(self, tracks: Collection[TrackId]) -> dict[TrackId, int]:
        """Of tracks that have heirs, which nobody is told of here."""
        return {}


class NoTallies(TallyStore):
    """Numbers that listeners brought from elsewhere stay at the server, which counts them."""

    def of(self, listener: ListenerId = OWNER) -> Iterator[Tally]:
        """None."""
        return iter(())


class SharedOpinions(OpinionStore):
    """Thumbs, stars and favourites of the listener."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore, looks: Looks) -> None:
        super().__init__(connection, heirs, news)
        self._looks = looks

    def save(self, opinions: Iterable[Opinion]) -> None:
        """Tell them in their order; raises what `SharedPlays.add` does."""
        _told(self._looks, "/api/opinions", map(_opinion, opinions))

    def said(self, listener: ListenerId = OWNER) -> dict[TrackId, Opinion]:
        """As of a moment ago; what says nothing any more is among them only where the server still knows of it."""
        found = self._looks.each(opinion_of_shape, self._looks.own().get("opinions"))
        return {opinion.track: opinion for opinion in found}


class SharedFeedback(FeedbackStore):
    """Tracks that the listener hid."""

    def __init__(self, connection: Connection, heirs: HeirStore, news: NewsStore, looks: Looks) -> None:
        super().__init__(connection, heirs, news)
        self._looks = looks

    def hide(self, seed: TrackId, tracks: Iterable[TrackId], at: float, listener: ListenerId = OWNER) -> None:
        """Tell each; raises what `SharedPlays.add` does."""
        _told(self._looks, "/api/hide", (_hiding(seed, track, at) for track in tracks))

    def restore(self, seed: TrackId, tracks: Iterable[TrackId], listener: ListenerId = OWNER) -> None:
        """Likewise."""
        _told(self._looks, "/api/hide", ({"seed": seed, "track": track, "hidden": False} for track in tracks))

    def hidden(self, listener: ListenerId = OWNER) -> dict[TrackId, frozenset[TrackId]]:
        """As of a moment ago."""
        hidden = self._looks.made(Given, self._looks.own().get("hidden"))
        return self._looks.made(
            lambda _: {seed: frozenset(map(TrackId, hidden.texts(seed))) for seed in hidden.tracks()}, hidden
        )


class SharedPlaylists(PlaylistStore):
    """Playlists of the listener."""

    def __init__(self, connection: Connection, news: NewsStore, looks: Looks) -> None:
        super().__init__(connection, news)
        self._looks = looks

    def save(self, playlists: Iterable[Playlist]) -> None:
        """One at a time: fifty thousand tracks are 2 MB."""
        _told(self._looks, f"{OF_LIBRARIES}/playlists", ({"playlists": [playlist_shape(each)]} for each in playlists))

    def all(self) -> list[Playlist]:
        """Those of the listener: of others' nobody knows."""
        found = self._looks.asking.get(f"{OF_LIBRARIES}/playlists").get("playlists")
        playlists = self._looks.each(playlist_of_shape, found)
        return sorted(playlists, key=lambda playlist: (playlist.position, playlist.id))

    def of(self, listener: ListenerId = OWNER) -> list[Playlist]:
        """Of other listeners none."""
        return self.all() if listener == OWNER else []


class NoQueues(QueueStore):
    """The queue of this player is of this machine, where its session is kept; that of pages and apps is another."""

    def save(self, name: str, state: Mapping[str, Any], listener: ListenerId = OWNER) -> None:
        """Not kept."""

    def load(self, name: str) -> dict[str, Any] | None:
        """None was."""
        return None


class NoImpressions(ImpressionStore):
    """Lists that were shown here are judged by nobody."""

    def add(self, impressions: Iterable[Impression]) -> None:
        """Not kept."""

    def of(self, listener: ListenerId = OWNER) -> Iterator[Impression]:
        """None was."""
        return iter(())


def _told(looks: Looks, path: str, contents: Iterable[Mapping[str, Any]]) -> int:
    """Tell all of it, also where one of it is refused for good, and raise that then; returns how much was told."""
    refused: NotTaken | None = None
    number = 0
    try:
        for content in contents:
            try:
                looks.asking.post(path, content)
                number += 1
            except NotTaken as error:
                refused = error
    finally:
        looks.forget()
    if refused is not None:
        raise refused
    return number


def _play(play: Play) -> dict[str, Any]:
    """A play as the server wants it; whether it counts is found there, by the same rule."""
    context, heard = play.context, play.seconds_heard or 0.0
    position = context.position if context.position is None or context.position <= _LAST_POSITION else None
    return {
        "id": play.id,
        "track": play.track,
        "at": _time(play.at),
        "heard": min(max(heard, 0.0), _LONGEST_HEARD),
        "source": (context.source if context.source in _TAKEN else PlaySource.LIBRARY).value,
        "seed": context.seed,
        "position": position,
        "session": context.session[:_LONGEST_NAME],
        "client": context.client[:_LONGEST_NAME] or "desktop",
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    """All of an opinion; no stars are none."""
    return {
        "track": opinion.track,
        "thumb": int(opinion.thumb),
        "rating": opinion.rating or 0.0,
        "favourite": opinion.favourite,
        "at": _time(opinion.at),
    }


def _hiding(seed: TrackId, track: TrackId, at: float) -> dict[str, Any]:
    return {"seed": seed, "track": track, "hidden": True, "at": _time(at)}


def _time(at: float) -> float:
    """A time that a server takes."""
    return min(max(at, 0.0), LATEST)
