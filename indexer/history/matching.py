"""Finds the tracks of the library that named music is, so that plays from elsewhere count for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from indexer.core.playlists.entries import Entry
from indexer.core.playlists.evidence import About, Says, same_artist, same_length
from indexer.core.plays import ListenerId, Named, Opinion, Play, Tally, Thumb
from indexer.core.recordings.artists import is_somebody
from indexer.core.recordings.same import Song, artists_of, names_of
from indexer.core.store import Database
from indexer.core.store.bulk import chunks
from indexer.core.text import identity
from indexer.core.tracks import Track, TrackId, TrackState

_BATCH = 5_000
"""Plays that are matched under one write."""


_LONG_AGO = 0.0
"""The date of what was said elsewhere: whatever a listener says in Segue is later."""


class _Row(NamedTuple):
    """What of a track tells which of several is meant."""

    track: TrackId
    artist: str
    album_artist: str
    title: str
    album: str
    seconds: float | None
    is_there: bool


@dataclass(frozen=True, slots=True)
class Match:
    """What named music is in the library.

    Attributes:
        track: the track; None where there is none.
        knows_artist: whether the library has something by the artist.
    """

    track: TrackId | None = None
    knows_artist: bool = False


class Matcher:
    """The library by what its tracks are called; immutable, about 0.8 kB a track."""

    def __init__(self, tracks: Iterable[Track]) -> None:
        """Take in tracks, also those that are away or gone: what was heard of them counts when they are back."""
        self._by_recording: dict[tuple[str, str], list[_Row]] = {}
        self._by_id: dict[str, list[_Row]] = {}
        self._by_title: dict[str, list[_Row]] = {}
        self._by_names: dict[tuple[str, str], list[_Row]] = {}
        self._artists: set[str] = set()
        self._known: dict[Named, Match] = {}
        for track in tracks:
            self._take(track)

    @classmethod
    def of(cls, database: Database) -> Matcher:
        """The library as it is now."""
        return cls(database.tracks.all())

    def find(self, named: Named) -> Match:
        """The track that is meant, the most alike where several may be; of other versions only where it is not there.

        Ids of MusicBrainz come first, then ISRC, then names. These are compared as recordings are, without "(live)" and
        the like; a title that tells nothing, "Intro", needs the album, or to be the only one.
        """
        if len(self._known) > _BATCH:
            self._known.clear()
        if named not in self._known:
            self._known[named] = self._found(named)
        return self._known[named]

    def _found(self, named: Named) -> Match:
        song = Song(TrackId(""), named.artist, named.title, named.album, named.seconds)
        rows = self._rows(named, song)
        knows = bool(rows) or not self._artists.isdisjoint(artists_of(song))
        return Match(max(rows, key=lambda row: _likeness(row, named)).track if rows else None, knows)

    def _rows(self, named: Named, song: Song) -> list[_Row]:
        for key in filter(None, (named.mbid, named.isrc)):
            if rows := self._by_id.get(key, []):
                return rows
        if not named.artist or not named.title:
            return []
        recordings = names_of(song)
        rows = list(chain.from_iterable(self._by_recording.get(each, ()) for each in recordings))
        if rows or recordings:
            return rows or self._by_other_credits(named, {title for _, title in recordings})
        alike = self._by_names.get((identity(named.artist), identity(named.title)), [])
        of_album = [row for row in alike if named.album and identity(row.album) == identity(named.album)]
        return of_album or (alike if len(alike) == 1 and not named.album else [])

    def _by_other_credits(self, named: Named, titles: set[str]) -> list[_Row]:
        """Where the artists are written in another way: "A, B" for "A & B"."""
        entry = Entry(("",), title=named.title, artist=named.artist)
        return [
            row
            for title in titles
            for row in self._by_title.get(title, ())
            if same_artist(entry, About(row.artist, row.album_artist, row.title)) is Says.YES
        ]

    def _take(self, track: Track) -> None:
        is_there = track.state is not TrackState.GONE
        row = _Row(track.id, track.artist, track.album_artist, track.title, track.album, track.seconds, is_there)
        for key in filter(None, (track.mbid, track.isrc)):
            self._by_id.setdefault(key, []).append(row)
        recordings = names_of(track)
        for each in recordings:
            self._by_recording.setdefault(each, []).append(row)
        for title in {title for _, title in recordings}:
            self._by_title.setdefault(title, []).append(row)
        if not recordings and is_somebody(artist := identity(track.artist)):
            self._by_names.setdefault((artist, identity(track.title)), []).append(row)
        self._artists |= artists_of(track)


def match_awaiting(database: Database) -> int:
    """Match what waits for music that the library may have by now; returns how many plays and tallies found theirs.

    Where nothing waits it costs two questions. Plays and tallies are read as a stream and matched some thousand at a
    time, so that what was done stays done if this is cut short.
    """
    matcher: Matcher | None = None
    said = SaidElsewhere(database)
    found = 0
    for plays in chunks(database.plays.awaiting(), _BATCH):
        matcher = matcher or Matcher.of(database)
        matched = dict(_matched(plays, matcher))
        database.plays.match(matched)
        found += len(matched)
    for tallies in chunks(database.tallies.awaiting(), _BATCH):
        matcher = matcher or Matcher.of(database)
        matched = dict(_matched(tallies, matcher))
        said.keep(replace(tally, track=matched.get(tally.id)) for tally in tallies)
        database.tallies.match(matched)  # last: what is matched is not looked at again
        found += len(matched)
    return found


class SaidElsewhere:
    """Stars and hearts of tallies, which become opinions unless the listener has said something in Segue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[ListenerId, dict[TrackId, Opinion]] = {}

    def keep(self, tallies: Iterable[Tally]) -> None:
        """Keep those of tallies that have a track."""
        said: dict[tuple[ListenerId, TrackId], Opinion] = {}
        for tally in tallies:
            if tally.track is None or (tally.rating is None and tally.thumb is Thumb.NONE):
                continue
            known = self._known_of(tally.listener)
            before = known.get(tally.track) or Opinion(tally.track, listener=tally.listener)
            if before.at <= _LONG_AGO:
                rating = before.rating if tally.rating is None else tally.rating
                known[tally.track] = replace(before, thumb=tally.thumb or before.thumb, rating=rating, at=_LONG_AGO)
                said[tally.listener, tally.track] = known[tally.track]
        self._database.opinions.save(said.values())

    def _known_of(self, listener: ListenerId) -> dict[TrackId, Opinion]:
        if listener not in self._known:
            self._known[listener] = self._database.opinions.of(listener)
        return self._known[listener]


def _matched(waiting: Iterable[Play | Tally], matcher: Matcher) -> Iterator[tuple[str, TrackId]]:
    for each in waiting:
        track = matcher.find(each.named).track if each.named is not None else None
        if track is not None:
            yield each.id, track


def _likeness(row: _Row, named: Named) -> tuple[bool, ...]:
    """The greater, the likelier it is meant."""
    entry = Entry(("",), seconds=named.seconds)
    length = same_length(entry, About(seconds=row.seconds))
    return (
        length is not Says.NO,
        bool(named.album) and identity(row.album) == identity(named.album),
        identity(row.title) == identity(named.title),
        length is Says.YES,
        row.is_there,
    )
