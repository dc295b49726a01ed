"""What a library says of itself between two machines: its values as plain ones that JSON holds, and back.

The server makes shapes of what its database has, the player of another machine makes values of them. Whoever reads
does not trust who wrote: what is no shape, or holds what could do harm where it is kept, raises ValueError.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from indexer.core.model.profiles import PROFILES
from indexer.core.musical_keys import code_of_name, name_of_code
from indexer.core.playlist import Playlist
from indexer.core.plays import MOST_STARS, OWNER, ListenerId, Opinion, Play
from indexer.core.recordings.ids import isrc_in, mbid_in
from indexer.core.shared.given import WHOLE_TO, Given, NotShaped
from indexer.core.store.records import FeatureRecord, SoundRecord
from indexer.core.text import clean, shown_name
from indexer.core.tracks import Genre, Track, TrackState

Shape = dict[str, Any]
T = TypeVar("T")

LONGEST_LINE = 10_000
"""Characters of a line of a playlist: the id of a track, or what stands for one that is not there yet."""

LARGEST_VALUE = 1e12
"""Of features, beyond any that music has: sums of their squares are numbers still."""

_TEXTS = ("artist", "album", "album_artist", "genre", "licence", "subset")
_NAMES = ("genres", "artists", "album_artists")
_WHOLE = ("year", "track_number", "disc_number", "fma_id", "bit_rate", "sample_rate", "channels")
_GAINS = ("track_gain", "album_gain", "track_peak", "album_peak")
_MOST_BEATS = 10_000
"""A minute, beyond any tempo."""

_FAR_FROM_FULL = 1_000
"""LUFS, beyond any loudness."""

_NUMBERS: dict[str, tuple[float, float]] = {
    **dict.fromkeys((*_WHOLE, *_GAINS), (-WHOLE_TO, WHOLE_TO)),
    "seconds": (0, WHOLE_TO),
    "rating": (0, MOST_STARS),
    "tempo": (0, _MOST_BEATS),
    "loudness": (-_FAR_FROM_FULL, _FAR_FROM_FULL),
}
"""Within what each is said and believed."""

_FLAGS = ("compilation", "speech")
_IDS = ("mbid", "album_mbid", "artist_mbid", "isrc")
_KEY = "key"

_PLAY_ID = re.compile(r"[0-9a-f]{24}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST_SUFFIX = 8
_SHAPED = 2
"""Dimensions of features, and numbers of each point of a waveform."""

_FLOAT32 = np.dtype("<f4")


def track_shape(track: Track) -> Shape:
    """A track without where its file is; what says nothing is left out. Its title is never empty."""
    shape: Shape = {
        "id": track.id,
        "title": track.title or shown_name(track.path),
        "state": track.state.value,
        "added_at": track.added_at if abs(track.added_at) <= WHOLE_TO else 0.0,
        "rev": track.rev,
        "suffix": _suffix(track.path),
    }
    said = {name: getattr(track, name) for name in (*_TEXTS, *_IDS, *_FLAGS)}
    said |= {name: list(getattr(track, name)) for name in _NAMES}
    shape |= {name: value for name, value in said.items() if value}
    if track.key:
        shape[_KEY] = track.key
    for name, (least, most) in _NUMBERS.items():
        value = getattr(track, name)
        if value is not None and least <= value <= most:
            shape[name] = value
    return shape


def track_of_shape(shape: object, address: str) -> Track:
    """The track of a shape, which is played from the server at an `address` such as "https://host:8765".

    Raises:
        ValueError: it is none.
    """
    given = Given(shape)
    track = given.track("id")
    texts: Shape = {name: given.text(name) for name in ("title", *_TEXTS)}
    names: Shape = {name: given.texts(name) for name in _NAMES}
    numbers: Shape = {name: given.whole(name) for name in _WHOLE} | {name: given.real(name) for name in _GAINS}
    flags: Shape = {name: given.flag(name) for name in _FLAGS}
    return Track(
        track,
        f"{address}/stream/{track}",
        address,
        state=TrackState(str(given.shape.get("state"))),
        added_at=given.real("added_at") or 0.0,
        rev=given.count("rev"),
        seconds=given.real("seconds", least=0),
        rating=given.real("rating", least=0, most=MOST_STARS) or None,
        tempo=given.real("tempo", least=0, most=_MOST_BEATS) or None,
        key=name_of_code(code_of_name(given.text(_KEY))),
        loudness=given.real("loudness", least=-_FAR_FROM_FULL, most=_FAR_FROM_FULL),
        mbid=mbid_in(given.text("mbid")),
        album_mbid=mbid_in(given.text("album_mbid")),
        artist_mbid=mbid_in(given.text("artist_mbid")),
        isrc=isrc_in(given.text("isrc")),
        **texts,
        **names,
        **numbers,
        **flags,
    )


def feature_shape(record: FeatureRecord) -> Shape:
    """The features of a track; of which profile is known to whoever asked."""
    return {
        "track": record.track,
        "shape": list(record.values.shape),
        "values": _encoded(np.ascontiguousarray(record.values, _FLOAT32)),
        "rev": record.rev,
        "whole": record.whole,
    }


def feature_of_shape(shape: object, key: str) -> FeatureRecord:
    """The features of a shape, which are of the profile with a key such as "sonic:1"; read-only.

    Raises:
        ValueError: it is none, or holds values that nothing can be computed with.
    """
    given = Given(shape)
    sizes = given.shape.get("shape")
    if (
        not isinstance(sizes, list)
        or len(sizes) != _SHAPED
        or not all(type(size) is int and size > 0 for size in sizes)
    ):
        raise NotShaped("features without a shape")
    values = np.frombuffer(given.bytes("values"), _FLOAT32)
    if values.size != sizes[0] * sizes[1] or not (np.abs(values) <= LARGEST_VALUE).all():  # nor what is no number
        raise NotShaped("features that do not fit their shape, or are none")
    profile, _, version = key.rpartition(":")
    known = PROFILES.get(profile)
    if known is not None and known.key == key and sizes != [known.windows, known.dims]:
        raise NotShaped("features of another profile")
    return FeatureRecord(
        given.track("track"),
        profile,
        int(version),
        values.reshape(sizes).astype(np.float32, copy=False),
        rev=given.count("rev"),
        whole=given.flag("whole"),
    )


def sound_shape(record: SoundRecord) -> Shape:
    """How loud a track is, and its waveform."""
    return {
        "track": record.track,
        "version": record.version,
        "waveform": _encoded(np.ascontiguousarray(record.waveform, np.uint8)),
        "points": len(record.waveform),
        "loudness": _finite(record.loudness),
        "peak": _finite(record.peak) or 0.0,
        "seconds": _finite(record.seconds) or 0.0,
    }


def sound_of_shape(shape: object) -> SoundRecord:
    """What was measured of a track, read-only; raises ValueError where the shape is none."""
    given = Given(shape)
    waveform = np.frombuffer(given.bytes("waveform"), np.uint8)
    if waveform.size != _SHAPED * given.count("points"):
        raise NotShaped("a waveform that does not fit its points")
    return SoundRecord(
        given.track("track"),
        given.count("version"),
        waveform.reshape(-1, _SHAPED),
        given.real("loudness"),
        given.length("peak"),
        given.length("seconds"),
    )


def play_shape(play: Play) -> Shape:
    """A play without who listened: that is whoever asks."""
    return {"id": play.id} | {name: value for name, value in play.as_record().items() if name != "listener"}


def play_of_shape(shape: object) -> Play:
    """The play of a shape, as the owner's of the library that it is read for; raises ValueError where it is none."""
    given = Given(shape)
    identity = given.identity("id")
    if not _PLAY_ID.fullmatch(identity):
        raise NotShaped("no id of a play")
    if given.shape.get("track") is not None:
        given.track("track")
    given.time("at")
    given.real("seconds_heard")
    given.real("seconds")
    if given.shape.get("named") is not None:
        Given(given.shape["named"]).real("seconds")
    return _made(lambda: Play.of_record(identity, {**given.shape, "listener": OWNER}))


def opinion_shape(opinion: Opinion) -> Shape:
    """What was said of a track, without who said it."""
    return {name: value for name, value in opinion.as_record().items() if name != "listener"}


def opinion_of_shape(shape: object) -> Opinion:
    """The opinion of a shape, as the owner's of the library that it is read for; raises ValueError where it is none."""
    given = Given(shape)
    given.track("track")
    given.time("at")
    return _made(lambda: Opinion.of_record({**given.shape, "listener": OWNER}))


def playlist_shape(playlist: Playlist) -> Shape:
    """A version of a playlist, a tombstone too, without whose it is."""
    record = {name: value for name, value in playlist.as_record().items() if name != "owner"}
    return record | {name: _UNSTORABLE.sub("", record[name]) for name in ("name", "query", "order", "comment")}


def playlist_of_shape(shape: object, owner: ListenerId = OWNER) -> Playlist:
    """The version of a playlist that a shape tells of, as one of `owner`'s; raises ValueError where it is none."""
    given = Given(shape)
    given.identity("id")
    given.count("limit")
    given.real("position")
    given.time("updated_at")
    playlist = _made(lambda: Playlist.of_record({**given.shape, "owner": owner}))
    texts = (playlist.name, playlist.query, playlist.order, playlist.comment, *playlist.tracks)
    if any(map(_UNSTORABLE.search, texts)) or any(len(line) > LONGEST_LINE for line in playlist.tracks):
        raise NotShaped("what no text of a playlist holds")
    return playlist


def genre_shape(genre: Genre) -> Shape:
    """A genre of the tree."""
    return {"id": genre.id, "title": genre.title, "parent": genre.parent}


def genre_of_shape(shape: object) -> Genre:
    """The genre of a shape; raises ValueError where it is none."""
    given = Given(shape)
    return Genre(given.count("id"), given.text("title"), given.count("parent"))


def _made(make: Callable[[], T]) -> T:
    try:
        return make()
    except (KeyError, TypeError, OverflowError) as error:
        raise NotShaped(str(error)) from error


def _encoded(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _suffix(path: str) -> str:
    """What the name of a file ends with, in small letters and without the dot: "flac"."""
    before, _, after = shown_name(path).rpartition(".")
    return clean(after.lower(), _LONGEST_SUFFIX) if before else ""
