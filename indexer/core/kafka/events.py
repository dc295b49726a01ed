"""What messages say: JSON with a version, as docs/events.md describes it, made of notes and lists and read again."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind, amiss_in, note_of_record, record_of
from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Message
from indexer.core.plays import ID_DIGITS, LATEST, OWNER, Play
from indexer.core.taste.live import LiveList
from indexer.core.taste.weights import DAY
from indexer.core.text import as_text

VERSION = 1
"""Of the schema: it grows when something that was there means another thing, or is there no more."""

_AHEAD = DAY
"""That a clock may be ahead."""

_LONGEST_NAME = 200
_SOMETHING = "a field"
_ID = re.compile(rf"[0-9a-f]{{{ID_DIGITS}}}")
_TOPICS = {
    NoteKind.PLAY: Topic.PLAYS,
    NoteKind.OPINION: Topic.FEEDBACK,
    NoteKind.HIDE: Topic.FEEDBACK,
    NoteKind.RESTORE: Topic.FEEDBACK,
    NoteKind.IMPRESSION: Topic.IMPRESSIONS,
}


class MessageRefused(SegueError):
    """A message says nothing that could be understood; the code says what is wrong with it."""


class Written(NamedTuple):
    """A message as it is to be sent; the key is what keeps messages of one thing in order."""

    topic: Topic
    key: str
    value: bytes


@dataclass(frozen=True)
class ModelMade:
    """A model was built and is in use.

    Attributes:
        profile: what it is of: "taste", or a profile of sound.
        model: its version.
        at: when, seconds since 1970.
    """

    profile: str
    model: str
    at: float


def event_of(note: Note) -> Written:
    """The message of a note."""
    record = {"version": VERSION, **record_of(note), "listener": note.listener}
    return Written(_TOPICS[note.kind], note.listener, _json(record))


def note_of(message: Message, now: float | None = None) -> Note:
    """The note of a message of one of the topics of events.

    Args:
        message: from any producer.
        now: seconds since 1970, if not the time that it is.

    Raises:
        MessageRefused: it is none.
    """
    record = _read(message)
    plays = message.place.topic is Topic.PLAYS
    kind = record.get("kind", NoteKind.PLAY if plays else None)
    if kind not in list(NoteKind) or _TOPICS[NoteKind(kind)] is not message.place.topic:
        raise MessageRefused("event-kind", kind=("" if kind is None else str(kind))[:_LONGEST_NAME])
    content = {"listener": message.key or OWNER} | record
    note = _play(content) if plays else note_of_record(content | {"kind": kind})
    if note is None or not 0 < len(note.listener) <= _LONGEST_NAME:
        raise MessageRefused("event-incomplete", kind=as_text(kind), field=_amiss_in(content, NoteKind(kind)))
    if float(note.content.get("at", 0.0)) > (time.time() if now is None else now) + _AHEAD:
        raise MessageRefused("event-ahead")
    return note


def list_message(made: LiveList) -> Written:
    """The message that a listener is recommended a list."""
    return Written(Topic.RECOMMENDATIONS, made.listener, _json({"version": VERSION, **made.as_record()}))


def list_of(message: Message) -> LiveList:
    """The list of a message; raises MessageRefused."""
    try:
        return LiveList.of_record(_read(message))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise MessageRefused("event-incomplete", kind="recommendations", field=_SOMETHING) from error


def model_message(made: ModelMade) -> Written:
    """The message that a model is in use."""
    record = {"version": VERSION, "profile": made.profile, "model": made.model, "at": made.at}
    return Written(Topic.MODELS, made.profile, _json(record))


def model_of(message: Message) -> ModelMade:
    """The model that a message tells of; raises MessageRefused."""
    record = _read(message)
    try:
        return ModelMade(as_text(record["profile"]), as_text(record["model"]), float(record["at"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MessageRefused("event-incomplete", kind="model", field=_SOMETHING) from error


def dead_message(message: Message, error: SegueError) -> Written:
    """The message that another one was set aside, with the reason, where it was and what it held."""
    record: dict[str, Any] = {
        "version": VERSION,
        "code": error.code,
        "reason": error.english,
        "topic": message.place.topic.value,
        "partition": message.place.partition,
        "offset": message.offset,
        "key": message.key,
        "bytes": base64.b64encode(message.value).decode(),
    }
    return Written(Topic.DEAD, message.key, _json(record))


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode("ascii")


def _read(message: Message) -> dict[str, Any]:
    """The record of a message, of a version that is known."""
    try:
        record = json.loads(message.value.decode(), parse_constant=_refuse)
        if b"\\ud" in message.value.lower():
            json.dumps(record, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise MessageRefused("event-not-json") from error
    if not isinstance(record, dict):
        raise MessageRefused("event-not-json")
    version = record.get("version")
    if version != VERSION or isinstance(version, bool):
        raise MessageRefused("event-version", version=as_text(str(version))[:_LONGEST_NAME], known=str(VERSION))
    return record


def _refuse(constant: str) -> None:
    """NaN and the infinities are no JSON."""
    raise ValueError(constant)


def _play(record: dict[str, Any]) -> Note | None:
    """The note of a play: of a track of the library, or of music by its names."""
    flags = (record.get(name, False) for name in ("finished", "skipped"))
    lengths = (record.get(name) for name in ("seconds", "seconds_heard"))
    if not all(isinstance(flag, bool) for flag in flags) or not all(map(_is_length, lengths)):
        return None
    if record.get("track") is not None:
        return note_of_record({"finished": True, "seconds_heard": 0.0} | record | {"kind": NoteKind.PLAY.value})
    try:
        identity = as_text(record["id"])
        play = Play.of_record(identity, {"track": None, "finished": True} | record)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
    if play.named is None or not play.named.artist or not _ID.fullmatch(identity) or not 0 <= play.at <= LATEST:
        return None
    return Note(NoteKind.PLAY, play.as_record(), identity)


def _amiss_in(content: dict[str, Any], kind: NoteKind) -> str:
    """The name of what makes that a message is none, for a person who wrote what sends it."""
    listener = content["listener"]
    if not isinstance(listener, str) or not 0 < len(listener) <= _LONGEST_NAME:
        return "listener"
    if kind is not NoteKind.PLAY:
        return amiss_in(content, kind) or _SOMETHING
    for name in ("seconds", "seconds_heard"):
        if not _is_length(content.get(name)):
            return name
    if content.get("track") is None and not isinstance(content.get("named"), dict):
        return "track, or named"
    is_named = content.get("track") is None
    whole = {"finished": True, "skipped": False, "seconds_heard": 0.0} | content | ({"track": "-"} if is_named else {})
    return amiss_in(whole, kind) or ("named" if is_named else _SOMETHING)


def _is_length(value: object) -> bool:
    """Seconds, of something that was played; None where that is not said."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (is_number and 0 <= value <= LATEST)  # type: ignore[operator]
