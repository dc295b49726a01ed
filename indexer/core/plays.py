"""What listeners did: plays, counts brought from elsewhere, opinions of tracks, and lists that were shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from enum import IntEnum, StrEnum
from typing import Any, NewType, Self

from indexer.core.text import as_text
from indexer.core.tracks import Seconds, TrackId

ListenerId = NewType("ListenerId", str)
"""Who plays: an account."""

OWNER = ListenerId("owner")
"""The listener of the desktop, whose library it is."""

ID_DIGITS = 24
"""Hexadecimal digits of an id, as many as one of MongoDB has."""

MOST_STARS = 5.0

LATEST = 253_402_300_799.0
"""The last second of the year 9999, which a date can be made of."""

_LAST_POSITION = 2**31
"""Of a list that anybody was shown."""


class PlaySource(StrEnum):
    """Where a play came from."""

    UNKNOWN = "unknown"  # also of plays from before this was kept
    LIBRARY = "library"  # a table of tracks
    ALBUM = "album"
    PLAYLIST = "playlist"
    SEARCH = "search"
    QUEUE = "queue"  # put there by a person
    MORE_LIKE = "more-like"
    RADIO = "radio"
    JOURNEY = "journey"
    MAP = "map"
    FOR_YOU = "for-you"
    FILE = "file"  # opened from outside
    WEB = "web"
    SUBSONIC = "subsonic"
    IMPORT = "import"

    @classmethod
    def _missing_(cls, value: object) -> PlaySource | None:
        """What another version of the program calls a source: the play is worth more than where it came from."""
        return cls.UNKNOWN if isinstance(value, str) else None


class Thumb(IntEnum):
    """What a listener thinks of a track in general; what is hidden for one seed is another matter."""

    DOWN = -1
    NONE = 0
    UP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Music by its names, as histories from elsewhere give it; texts are empty where they say nothing.

    Attributes:
        artist: as written.
        title: empty where a history tells of artists alone.
        album: as written.
        mbid: of the recording at MusicBrainz, 36 characters.
        artist_mbid: of the first artist there.
        isrc: 12 characters.
        seconds: how long it lasts, None where that is not said.
    """

    artist: str
    title: str = ""
    album: str = ""
    mbid: str = ""
    artist_mbid: str = ""
    isrc: str = ""
    seconds: Seconds | None = None

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, without those that say nothing."""
        return {name: value for name, value in _values(self).items() if value}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The names of a record from `as_record`; raises TypeError or ValueError where it is none."""
        _must_be_record(record)
        texts = {each.name: as_text(record.get(each.name, "")) for each in fields(cls) if each.name != "seconds"}
        return cls(**texts, seconds=_number(record.get("seconds")))


@dataclass(frozen=True, slots=True)
class PlayContext:
    """How a play came about.

    Attributes:
        source: the part of the player it was started from.
        seed: the track whose list it was in.
        position: its place in that list, 0 for the first.
        model: version of the model that made the list.
        session: plays with the same one follow each other without a long pause.
        client: the program that played: "desktop", the name of a web or Subsonic client, the format of an import.
    """

    source: PlaySource = PlaySource.UNKNOWN
    seed: TrackId | None = None
    position: int | None = None
    model: str = ""
    session: str = ""
    client: str = ""

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, without those that say nothing."""
        return _said(_values(self) | {"source": self.source.value})

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The context that a record tells of; raises TypeError or ValueError where it is none."""
        _must_be_record(record)
        return cls(
            PlaySource(record.get("source", PlaySource.UNKNOWN)),
            _track(record.get("seed")),
            _position(record.get("position")),
            *(as_text(record.get(name, "")) for name in ("model", "session", "client")),
        )


@dataclass(frozen=True, slots=True)
class Play:
    """One listening to a track, or to music that no track of the library is yet.

    Attributes:
        id: 24 hexadecimal digits; a play that is told twice is one.
        at: when it began, seconds since 1970.
        track: what was played; None for as long as nothing in the library matches `named`.
        named: what an import calls it; None for plays of the library.
        seconds_heard: of it; None where an import does not say.
        seconds: how long the track lasts; None where that is not known.
        finished: so much was heard that it counts.
        skipped: the listener went on to something else early.
        listener: who played.
        context: how it came about.
    """

    id: str
    at: float
    _: KW_ONLY
    track: TrackId | None = None
    named: Named | None = None
    seconds_heard: Seconds | None = None
    seconds: Seconds | None = None
    finished: bool = True
    skipped: bool = False
    listener: ListenerId = OWNER
    context: PlayContext = field(default_factory=PlayContext)

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, as a file or a database keeps them, without the id and what says nothing.

        The track is there in any case: None is what plays are found by that nothing matches yet.
        """
        record = {
            "listener": self.listener,
            "at": self.at,
            "finished": self.finished,
            "named": None if self.named is None else self.named.as_record(),
            "seconds_heard": self.seconds_heard,
            "seconds": self.seconds,
            "skipped": self.skipped or None,
        }
        return {"track": self.track, **_said(record), **self.context.as_record()}

    @classmethod
    def of_record(cls, identity: str, record: Mapping[str, Any]) -> Self:
        """The play of a record from `as_record`, or of a version before, when there was one listener.

        Raises:
            KeyError, TypeError, ValueError, OverflowError: it is none.
        """
        named = record.get("named")
        return cls(
            identity,
            float(record["at"]),
            track=_track(record["track"]),
            named=None if named is None else Named.of_record(named),
            seconds_heard=_number(record.get("seconds_heard")),
            seconds=_number(record.get("seconds")),
            finished=bool(record["finished"]),
            skipped=bool(record.get("skipped")),
            listener=ListenerId(as_text(record.get("listener", OWNER))),
            context=PlayContext.of_record(record),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What another program kept of a listener and some music: how often it was played, where only the number is known.

    Attributes:
        id: made of listener, origin and names; a later import of the same replaces it.
        origin: the format it came from.
        named: what it is called there.
        plays: how often it was played.
        skips: how often it was skipped.
        last_at: when it was last played, seconds since 1970; None where that is not known.
        thumb: whether it was loved or hated there.
        rating: stars that it had there, 0 to 5 in halves; None for none.
        track: what matches in the library, None for as long as nothing does.
        listener: who played.
    """

    id: str
    origin: str
    named: Named
    plays: int
    skips: int = 0
    last_at: float | None = None
    thumb: Thumb = Thumb.NONE
    rating: float | None = None
    track: TrackId | None = None
    listener: ListenerId = OWNER

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, without the id."""
        record = {name: value for name, value in _values(self).items() if name != "id"}
        return record | {"named": self.named.as_record(), "thumb": int(self.thumb)}

    @classmethod
    def of_record(cls, identity: str, record: Mapping[str, Any]) -> Self:
        """The tally of a record from `as_record`; raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            id=as_text(identity),
            origin=as_text(record["origin"]),
            named=Named.of_record(record["named"]),
            plays=int(record["plays"]),
            skips=int(record["skips"]),
            last_at=_number(record["last_at"]),
            thumb=Thumb(record["thumb"]),
            rating=_stars(record["rating"]),
            track=_track(record["track"]),
            listener=ListenerId(as_text(record["listener"])),
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a listener said of a track.

    Attributes:
        track: which.
        thumb: up, down or neither.
        rating: stars, 0 to 5 in halves; None for none.
        favourite: whether it is one.
        at: when this was last said, seconds since 1970.
        listener: who said it.
    """

    track: TrackId
    thumb: Thumb = Thumb.NONE
    rating: float | None = None
    favourite: bool = False
    at: float = 0.0
    listener: ListenerId = OWNER

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self.thumb is Thumb.NONE and self.rating is None and not self.favourite

    def as_record(self) -> dict[str, Any]:
        """Plain values by name."""
        return _values(self) | {"thumb": int(self.thumb)}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The opinion of a record from `as_record`; raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            TrackId(as_text(record["track"])),
            Thumb(record["thumb"]),
            _stars(record["rating"]),
            bool(record["favourite"]),
            float(record["at"]),
            ListenerId(as_text(record["listener"])),
        )


@dataclass(frozen=True, slots=True)
class Impression:
    """A list that a listener was shown, in its order, so that its answers can be judged later."""

    id: str
    at: float
    source: PlaySource
    tracks: tuple[TrackId, ...]
    seed: TrackId | None = None
    model: str = ""
    listener: ListenerId = OWNER

    def as_record(self) -> dict[str, Any]:
        """Plain values by name, without the id."""
        record = {name: value for name, value in _values(self).items() if name != "id"}
        return record | {"source": self.source.value, "tracks": list(self.tracks)}

    @classmethod
    def of_record(cls, identity: str, record: Mapping[str, Any]) -> Self:
        """The impression of a record from `as_record`; raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            as_text(identity),
            float(record["at"]),
            PlaySource(record["source"]),
            tuple(TrackId(as_text(track)) for track in record["tracks"]),
            _track(record["seed"]),
            as_text(record["model"]),
            ListenerId(as_text(record["listener"])),
        )


def stable_id(*parts: object) -> str:
    """An id for what `parts` say, the same each time: what is imported twice is there once."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]


def names_of(named: Named) -> tuple[str, ...]:
    """What tells one piece of named music from another, in a fixed order, for `stable_id`."""
    return tuple(str(getattr(named, each.name) or "") for each in fields(named) if each.name != "seconds")


def _values(plain: Named | PlayContext | Tally | Opinion | Impression) -> dict[str, Any]:
    """By name, as they are: `asdict` would copy each deeply, for every play."""
    return {each.name: getattr(plain, each.name) for each in fields(plain)}


def _said(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is not None or an empty text; 0 and False say something."""
    return {name: value for name, value in record.items() if value is not None and value != ""}


def _track(value: object) -> TrackId | None:
    return None if value is None else TrackId(as_text(value))


def _must_be_record(value: object) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(value)


def _position(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    if not 0 <= value <= _LAST_POSITION:
        raise ValueError(value)
    return value


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _stars(value: object) -> float | None:
    rating = _number(value)
    if rating is not None and not 0 <= rating <= MOST_STARS:
        raise ValueError(value)
    return rating
