"""Tracks, files, problems and features as documents of the database, and back."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bson.binary import Binary

from indexer.core.sentences.told import recognised, told_of
from indexer.core.store.records import FeatureRecord, LibraryFolder, SoundRecord
from indexer.core.text import shown_name
from indexer.core.tracks import (
    FileRecord,
    Measurement,
    Problem,
    ProblemKind,
    Seconds,
    Stamp,
    Track,
    TrackId,
    TrackState,
    problem_key,
)

Document = dict[str, Any]

_PLAIN_TEXTS = ("title", "artist", "album", "album_artist", "genre", "licence", "subset")
_NUMBERS = ("year", "track_number", "disc_number", "seconds", "fma_id")
_GAINS = ("track_gain", "album_gain", "track_peak", "album_peak")
_MEASURED = ("seconds", "samples", "rate", "lead", "tail")
HEARD = ("tempo", "key", "loudness")
_RARE = (
    "compilation",
    "start",
    "end",
    "speech",
    "rating",
    "mbid",
    "album_mbid",
    "artist_mbid",
    "isrc",
    "bit_rate",
    "sample_rate",
    "channels",
    *HEARD,
)  # kept only where they say something
_NAMES = ("artists", "album_artists")  # likewise
_FLOAT32 = np.dtype("<f4")


def pack_path(path: str) -> str | bytes:
    """A path as BSON can hold it: text, or bytes where the name is not valid Unicode.

    Surrogates, which stand for bytes that are not UTF-8, are passed through, so that any path comes back equal.
    """
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
    return path


def unpack_path(stored: str | bytes) -> str:
    """The path that `pack_path` was given."""
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def clean_text(text: str) -> str:
    """`text` without lone surrogates, which would make the driver refuse a whole batch."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def track_document(track: Track, rev: int) -> Document:
    """All of a track, under the revision of the batch it is written with."""
    document: Document = {
        "_id": track.id,
        "path": pack_path(track.path),
        "root": pack_path(track.root),
        "genres": [clean_text(genre) for genre in track.genres],
        "state": track.state.value,
        "added_at": track.added_at,
        "rev": rev,
    }
    document.update((name, clean_text(getattr(track, name))) for name in _PLAIN_TEXTS)
    document.update((name, getattr(track, name)) for name in _NUMBERS)
    document.update((name, getattr(track, name)) for name in _RARE if getattr(track, name))
    for name in _NAMES:
        if names := getattr(track, name):
            document[name] = [clean_text(each) for each in names]
    gains = ((name, getattr(track, name)) for name in _GAINS)
    document.update((name, gain) for name, gain in gains if gain is not None)  # most files have none
    return document


def track_of(document: Document) -> Track:
    return Track(
        id=TrackId(document["_id"]),
        path=unpack_path(document["path"]),
        root=unpack_path(document["root"]),
        title=document.get("title", ""),
        artist=document.get("artist", ""),
        album=document.get("album", ""),
        album_artist=document.get("album_artist", ""),
        genre=document.get("genre", ""),
        genres=tuple(document.get("genres", ())),
        year=document.get("year"),
        track_number=document.get("track_number"),
        disc_number=document.get("disc_number"),
        seconds=seconds_of(document),
        licence=document.get("licence", ""),
        subset=document.get("subset", ""),
        fma_id=document.get("fma_id"),
        state=TrackState(document.get("state", TrackState.PRESENT)),
        added_at=document.get("added_at", 0.0),
        rev=document.get("rev", 0),
        track_gain=document.get("track_gain"),
        album_gain=document.get("album_gain"),
        track_peak=document.get("track_peak"),
        album_peak=document.get("album_peak"),
        artists=tuple(document.get("artists", ())),
        album_artists=tuple(document.get("album_artists", ())),
        compilation=document.get("compilation", False),
        speech=document.get("speech", False),
        rating=document.get("rating"),
        mbid=document.get("mbid", ""),
        album_mbid=document.get("album_mbid", ""),
        artist_mbid=document.get("artist_mbid", ""),
        isrc=document.get("isrc", ""),
        bit_rate=document.get("bit_rate"),
        sample_rate=document.get("sample_rate"),
        channels=document.get("channels"),
        tempo=document.get("tempo") or None,
        key=document.get("key") or None,
        loudness=document.get("loudness"),
        start=document.get("start", 0.0),
        end=document.get("end"),
    )


def measurement_document(measured: Measurement) -> Document:
    """The part `measured` of a track's document: what is known of it."""
    fields = {name: getattr(measured, name) for name in _MEASURED}
    return {name: value for name, value in fields.items() if value is not None}


def measurement_of(document: Document) -> Measurement | None:
    """What was measured of the track in a document; None where nothing was."""
    measured = document.get("measured")
    return None if not measured else Measurement(**{name: measured.get(name) for name in _MEASURED})


def seconds_of(document: Document) -> Seconds | None:
    """How long the track in a document lasts: as measured, else by its header; None where that does not say."""
    measured = document.get("measured") or {}
    seconds: Seconds | None = measured.get("seconds", document.get("seconds"))
    return seconds


def file_document(record: FileRecord) -> Document:
    return {
        "_id": pack_path(record.path),
        "root": pack_path(record.root),
        "track": record.track,
        "size": record.size,
        "mtime_ns": record.mtime_ns,
        "tags": record.tags_version,
        **({"parts": list(record.parts)} if record.parts else {}),
        **({"sheets": list(map(_packed_stamp, record.sheets))} if record.sheets else {}),
        **({"words": _packed_stamp(record.words)} if record.words else {}),
    }


def file_of(document: Document) -> FileRecord:
    return FileRecord(
        path=unpack_path(document["_id"]),
        root=sys.intern(unpack_path(document["root"])),  # one text for all files of a folder
        track=TrackId(document["track"]),
        size=document["size"],
        mtime_ns=document["mtime_ns"],
        tags_version=document.get("tags", 1),
        parts=tuple(map(TrackId, document.get("parts", ()))),
        sheets=tuple(map(_unpacked_stamp, document.get("sheets", ()))),
        words=_unpacked_stamp(document["words"]) if "words" in document else None,
    )


def _packed_stamp(stamp: Stamp) -> list[Any]:
    return [pack_path(stamp.path), stamp.size, stamp.mtime_ns]


def _unpacked_stamp(stored: Sequence[Any]) -> Stamp:
    path, size, mtime_ns = stored
    return Stamp(unpack_path(path), size, mtime_ns)


def problem_document(problem: Problem) -> Document:
    return {
        "_id": pack_path(problem.key),
        **({} if problem.track is None else {"track": problem.track}),
        "kind": problem.kind.value,
        "code": problem.code,
        "values": storable(problem.values),
        "at": problem.at,
        "size": problem.size,
        "mtime_ns": problem.mtime_ns,
        "rule": problem.rule,
    }


def problem_of(document: Document) -> Problem:
    track = document.get("track")
    path = unpack_path(document["_id"]).removesuffix("" if track is None else problem_key("", track))
    code, values = told_of(document) if "code" in document else recognised(document, name=shown_name(path))
    return Problem(
        path=path,
        track=track,
        kind=ProblemKind(document["kind"]),
        code=code,
        values=values,
        at=document["at"],
        size=document["size"],
        mtime_ns=document["mtime_ns"],
        rule=document.get("rule", 1),
    )


def storable(value: Any) -> Any:
    """Values of a sentence, without what no encoding of Unicode can store."""
    match value:
        case str():
            return clean_text(value)
        case Mapping():
            return {name: storable(each) for name, each in value.items()}
        case list() | tuple():
            return list(map(storable, value))
        case _:
            return value


def folder_of(document: Document) -> LibraryFolder:
    return LibraryFolder(
        path=unpack_path(document["_id"]),
        added_at=document["added_at"],
        away=document["away"],
        excluded=tuple(map(unpack_path, document.get("excluded", ()))),
        unknown=tuple((str(ending), int(count)) for ending, count in document.get("unknown", ())),
        encoding=document.get("encoding", ""),
    )


def feature_document(record: FeatureRecord, rev: int) -> Document:
    """One binary of little-endian float32, row by row; lists of doubles are seven times slower to insert.

    Raises:
        ValueError: the values are not shaped (windows, dims), or not all finite.
    """
    values = np.ascontiguousarray(record.values, dtype=_FLOAT32)
    if record.values.ndim != 2:  # noqa: PLR2004 - (windows, dims)
        raise ValueError(f"features of {record.track} have shape {record.values.shape}, not (windows, dims)")
    if not np.isfinite(values).all():
        raise ValueError(f"features of {record.track} for {record.key} hold values that are not finite")
    return {
        "_id": f"{record.key}:{record.track}",
        "track": record.track,
        "profile": record.profile,
        "version": record.version,
        "key": record.key,
        "shape": list(values.shape),
        "values": Binary(values.tobytes()),
        "rev": rev,
        **({"whole": True} if record.whole else {}),
    }


def sound_document(record: SoundRecord) -> Document:
    """The waveform as one binary, point by point."""
    return {
        "_id": record.track,
        "version": record.version,
        "points": len(record.waveform),
        "waveform": Binary(np.ascontiguousarray(record.waveform, np.uint8).tobytes()),
        "loudness": record.loudness,
        "peak": record.peak,
        "seconds": record.seconds,
    }


def sound_of(document: Document) -> SoundRecord:
    return SoundRecord(
        track=TrackId(document["_id"]),
        version=document["version"],
        waveform=np.frombuffer(document["waveform"], np.uint8).reshape(document["points"], 2),
        loudness=document["loudness"],
        peak=document["peak"],
        seconds=document["seconds"],
    )


def feature_of(document: Document) -> FeatureRecord:
    values = np.frombuffer(document["values"], dtype=_FLOAT32).reshape(document["shape"])
    return FeatureRecord(
        track=TrackId(document["track"]),
        profile=document["profile"],
        version=document["version"],
        values=values.astype(np.float32, copy=False),
        rev=document.get("rev", 0),
        whole=document.get("whole", False),
    )
