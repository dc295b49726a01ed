"""What other programs tell the player: a second start, the desktop's media controls, addresses of files."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dbus_fast import DBusError
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.core.playing.queue import Repeat
from musicplayer.desktop.file_urls import file_url, path_of_url
from musicplayer.desktop.mpris_interfaces import PlayerInterface
from musicplayer.desktop.mpris_values import player_values
from musicplayer.desktop.player_state import PlayerState, Playing
from musicplayer.desktop.visit import BadVisit, Command, Visit, decode, encode, visit_from
from musicplayer.playback.backend import PlaybackState
from tests.fuzz import json_texts
from tests.fuzz.target import Box, Target
from tests.unit.core.catalogue.tracks import track

_VISIT = Visit(Command.SHOW, ("/music/a.mp3", os.fsdecode(b"/music/\xff.mp3")), "token")
_ADDRESSES = (
    "file:///music/a.mp3",
    "file://localhost/music/%C3%A9.mp3",
    "file://server/share/a.mp3",
    "file:///music/../../etc/passwd",
    "http://127.0.0.1:9/a.mp3",
    "file:///%00",
    "file:////server/x",
    "file://[::1/x",
    "javascript:alert(1)",
    "file:relative",
    "vlc://quit",
    "smb://server/x",
    "file:///" + "%2e%2e/" * 3_000,
    "\u202e",
)
_WORDS = (b"file://", b"localhost", b"%00", b"%", b"%ff", b"[", b"]", b"?", b"#", b"..", b"\\", b"//", b"\xed\xa0\x80")
_PLAYING = Playing(track(1, seconds=60.0), 1, 0, 60.0, None)


class _Remote:
    """Notes what a remote control would do."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given: self.asked.append((name, given))

    def playing(self) -> Playing:
        return _PLAYING


def _run_visit(data: bytes, _: Box) -> None:
    visit = decode(data)
    assert decode(encode(visit)) == visit
    assert all(Path(path).is_absolute() for path in visit.paths)


def _run_arguments(data: bytes, box: Box) -> None:
    """What a desktop file or a person puts on the command line."""
    given = os.fsdecode(data.replace(b"\x00", b"")).split("\n")
    visit = visit_from(Command.SHOW, given, {}, str(box.inside))
    assert decode(encode(visit)) == visit


def _run_addresses(data: bytes, _: Box) -> None:
    path = path_of_url(os.fsdecode(data))
    if path is not None:
        assert path.startswith("/")
        assert path_of_url(file_url(path)) == path


def _run_controls(data: bytes, _: Box) -> None:
    remote = _Remote()

    async def ask(work: Callable[[], Any]) -> Any:
        return work()

    state = PlayerState(PlaybackState.PLAYING, Repeat.OFF, False, 1.0, 80, _PLAYING, True, True, True)
    interface = PlayerInterface(remote, ask, player_values(state))
    number = int.from_bytes(data[1:9].ljust(8, b"\x00"), "big", signed=True)
    fraction: float = struct.unpack(">d", data[1:9].ljust(8, b"\x00"))[0]
    text = data[1:].decode("utf-8", "ignore").replace("\x00", "")  # what D-Bus lets through
    calls = (
        lambda: PlayerInterface.seek.__wrapped__(interface, number),
        lambda: PlayerInterface.set_position.__wrapped__(interface, text, number),
        lambda: PlayerInterface.open_uri.__wrapped__(interface, text),
        lambda: _setter("set_volume")(interface, fraction),
        lambda: _setter("set_rate")(interface, fraction),
        lambda: _setter("set_loop_status")(interface, text),
    )
    asyncio.run(_finished(calls[(data[0] if data else 0) % len(calls)]()))
    for name, given in remote.asked:
        assert name != "open" or given[0].startswith("/")
        assert name != "set_volume" or 0 <= given[0] <= 100
        assert name != "seek" or 0 <= given[0] <= 60


def _setter(name: str) -> Callable[..., Any]:
    """What is called when a property is set, without what takes it off the bus."""
    found: Callable[..., Any] = vars(PlayerInterface)[name].prop_setter
    return getattr(found, "__wrapped__", found)


async def _finished(work: Any) -> None:
    if work is not None:
        await work


def _control_seeds(_: Box) -> Sequence[bytes]:
    numbers = [struct.pack(">q", number) for number in (0, -1, 2**63 - 1, -(2**63), 10**6)]
    fractions = [struct.pack(">d", value) for value in (0.5, -1.0, float("nan"), float("inf"), 1e308)]
    texts = [address.encode("utf-8", "replace") for address in _ADDRESSES]
    return [bytes([way]) + each for way in range(6) for each in (*numbers, *fractions, *texts)]


def _visit_seeds(_: Box) -> Sequence[bytes]:
    long = json.dumps({"version": 1, "command": "show", "paths": ["/x"] * 50_000, "activation": ""}).encode()
    return [encode(_VISIT), long, *json_texts.deep(["version"])]


def _visits() -> SearchStrategy[bytes]:
    return json_texts.like(json.loads(encode(_VISIT)))


def _lines() -> SearchStrategy[bytes]:
    return st.lists(st.one_of(st.sampled_from(_ADDRESSES), st.text(max_size=20)), max_size=5).map(
        lambda lines: "\n".join(lines).encode("utf-8", "replace")
    )


TARGETS = (
    Target("second start", _run_visit, _visit_seeds, json_texts.WORDS, _visits, errors=(BadVisit,)),
    Target("arguments", _run_arguments, lambda _: [each.encode() for each in _ADDRESSES], _WORDS, _lines),
    Target("addresses", _run_addresses, lambda _: [each.encode() for each in _ADDRESSES], _WORDS),
    Target("media controls", _run_controls, _control_seeds, _WORDS, errors=(DBusError,)),
)
