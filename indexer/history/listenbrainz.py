"""Reads what ListenBrainz exports: listens and love or hate, as lines of JSON or as one list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.core.plays import Named, Play, Tally, Thumb
from indexer.history.json_records import Record, records_in
from indexer.history.reading import Found, Refused, Source, Teller, told
from indexer.history.values import Unfit, named_of, number_of, time_of

CLIENT = "listenbrainz"


def read(source: Source, teller: Teller) -> Iterator[Found]:
    """A play for each listen, a tally for each recording that was loved or hated.

    Source: https://listenbrainz.readthedocs.io/en/latest/users/json.html; the export has a folder of lines of JSON
    for each year, and feedback.jsonl.
    """
    with source.open() as stream:
        for found in records_in(stream):
            if isinstance(found, Refused):
                yield found
                continue
            line, record = found
            for each in listens_of(record):
                yield told(line, lambda each=each: _told(each, teller))  # type: ignore[misc]


def listens_of(record: Record) -> list[Record]:
    """The listens of an answer of the API, `payload.listens`; else the record itself."""
    payload = record.get("payload")
    listens = payload.get("listens") if isinstance(payload, dict) else payload
    if not isinstance(listens, list):
        return [record]
    return [each for each in listens if isinstance(each, dict)] or [record]


def _told(record: Record, teller: Teller) -> Play | Tally:
    if "score" in record:
        return _opinion(record, teller)
    at = record.get("listened_at", record.get("timestamp"))
    if at is None and record.get("playing_now"):
        raise Unfit("history-playing")
    return teller.play(time_of(at), _named(record))


def _opinion(record: Record, teller: Teller) -> Tally:
    score = record["score"]
    thumb = Thumb.UP if score == 1 else Thumb.DOWN if score == -1 else Thumb.NONE
    created = record.get("created")
    return teller.tally(_named(record), 0, thumb=thumb, last_at=None if created is None else time_of(created))


def _named(record: Record) -> Named:
    about = _object(record, "track_metadata")
    info = _object(about, "additional_info")
    mapping = _object(about, "mbid_mapping")
    return named_of(
        about.get("artist_name"),
        about.get("track_name"),
        album=about.get("release_name"),
        mbid=mapping.get("recording_mbid") or info.get("recording_mbid") or record.get("recording_mbid"),
        artist_mbid=_first(mapping.get("artist_mbids")) or _first(info.get("artist_mbids")),
        isrc=info.get("isrc"),
        seconds=_seconds(info),
    )


def _seconds(info: Record) -> float | None:
    thousandths = number_of(info.get("duration_ms"))
    return thousandths / 1000 if thousandths is not None else number_of(info.get("duration"))


def _object(record: Record, name: str) -> Record:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else ""
