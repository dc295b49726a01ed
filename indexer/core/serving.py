"""What a server of the library and the player that started it say to each other: lines of JSON, of one schema.

The server says what it is at and who may listen, again after every change, beside the events of `indexer.core.events`:
`Notice` for a request that it refused, `Failed` where it ends. Requests go the other way, over a pipe that nobody else
can read, for some hold a password.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from indexer.core.text import as_text

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class KnownDevice:
    """A device that has a key of its own."""

    id: str
    name: str


@dataclass(frozen=True)
class KnownListener:
    """Somebody who may listen."""

    id: str
    name: str
    admin: bool = False
    devices: tuple[KnownDevice, ...] = ()


@dataclass(frozen=True)
class Serving:
    """The server takes requests.

    Attributes:
        addresses: what to type into a browser, the likeliest to be reached first.
        link: where the first admin is made, once; empty as soon as there is one.
        listeners: who may listen.
        fingerprint: of the certificate that the server made itself, empty where it has none of its own.
    """

    addresses: tuple[str, ...]
    link: str = ""
    listeners: tuple[KnownListener, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True)
class AddListener:
    """Let somebody listen; the first one is the owner, whose plays are those of the desktop, and an admin."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class RemoveListener:
    """Let somebody listen no more."""

    id: str


@dataclass(frozen=True)
class RevokeDevice:
    """Take the key of a device away."""

    listener: str
    device: str


@dataclass(frozen=True)
class Stop:
    """End."""


@dataclass(frozen=True)
class Desktop:
    """What the player does at this moment.

    Attributes:
        tracks: ids of the queue, those around the current one.
        current: place of the current one among them, -1 where nothing plays.
        playing: whether it sounds.
        position: seconds from its beginning.
        seconds: its length, 0 while unknown.
        volume: 0 to 1.
    """

    tracks: tuple[str, ...] = ()
    current: int = -1
    playing: bool = False
    position: float = 0.0
    seconds: float = 0.0
    volume: float = 1.0


class Button(StrEnum):
    """What a listener elsewhere may press."""

    PLAY = "play"
    PAUSE = "pause"
    NEXT = "next"
    PREVIOUS = "previous"
    SEEK = "seek"
    VOLUME = "volume"
    JUMP = "jump"


@dataclass(frozen=True)
class Pressed:
    """A listener who may do so asks the player for something.

    `value` is the position in seconds for SEEK, 0 to 1 for VOLUME, the place among `Desktop.tracks` for JUMP.
    """

    button: Button
    value: float = 0.0


Request = AddListener | RemoveListener | RevokeDevice | Desktop | Stop

STOP = "stop"
"""`Stop` as a line, so that a shell can say it too."""

_REQUESTS: dict[str, type[AddListener | RemoveListener | RevokeDevice]] = {
    "add": AddListener,
    "remove": RemoveListener,
    "revoke": RevokeDevice,
}


def encode(state: Serving) -> str:
    """One line of ASCII JSON, without the newline."""
    return json.dumps({"v": SCHEMA_VERSION, "serving": asdict(state)})


def decode(line: str) -> Serving | None:
    """The state that a line tells, None for any other line."""
    state = _record(line).get("serving")
    try:
        return None if state is None else _state(state)
    except (KeyError, TypeError, AttributeError):
        return None


def encode_pressed(pressed: Pressed) -> str:
    """One line of ASCII JSON, without the newline."""
    return json.dumps({"v": SCHEMA_VERSION, "pressed": pressed.button.value, "value": pressed.value})


def decode_pressed(line: str) -> Pressed | None:
    """What was pressed, None for any other line."""
    record = _record(line)
    try:
        return Pressed(Button(record["pressed"]), float(record["value"]))
    except (KeyError, TypeError, ValueError):
        return None


def encode_request(request: Request) -> str:
    """One line, without the newline."""
    if isinstance(request, Stop):
        return STOP
    if isinstance(request, Desktop):
        return json.dumps({"v": SCHEMA_VERSION, "desktop": asdict(request)})
    name = next(name for name, kind in _REQUESTS.items() if isinstance(request, kind))
    return json.dumps({"v": SCHEMA_VERSION, "do": name, **asdict(request)})


def decode_request(line: str) -> Request | None:
    """The request of a line, None for a line that is none of this schema."""
    if line.strip() == STOP:
        return Stop()
    record = _record(line)
    if "desktop" in record:
        return _desktop(record["desktop"])
    kind = _REQUESTS.get(str(record.pop("do", "")))
    if kind is None or not all(isinstance(value, str) for value in record.values()):
        return None
    try:
        return kind(**record)
    except TypeError:
        return None


def _record(line: str) -> dict[str, Any]:
    """What is in a line of this schema, empty for another one."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) and record.pop("v", None) == SCHEMA_VERSION else {}


def _desktop(record: Any) -> Desktop | None:
    try:
        return Desktop(
            tuple(as_text(track) for track in record["tracks"]),
            int(record["current"]),
            bool(record["playing"]),
            *(float(record[name]) for name in ("position", "seconds", "volume")),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _state(state: Mapping[str, Any]) -> Serving:
    return Serving(
        addresses=tuple(as_text(each) for each in state["addresses"]),
        link=as_text(state["link"]),
        listeners=tuple(_listener(each) for each in state["listeners"]),
        fingerprint=as_text(state["fingerprint"]),
    )


def _listener(record: Mapping[str, Any]) -> KnownListener:
    devices = tuple(KnownDevice(as_text(each["id"]), as_text(each["name"])) for each in record["devices"])
    return KnownListener(as_text(record["id"]), as_text(record["name"]), bool(record["admin"]), devices)
