"""What player and indexer say to each other: JSON lines one way, orders on standard input the other."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from hypothesis.strategies import SearchStrategy

from indexer.analysis.control import Control, obey
from indexer.core.events import (
    Failed,
    Finished,
    ModelSwapped,
    Notice,
    Paused,
    ProblemFound,
    Progress,
    Stage,
    StageStarted,
    decode,
    encode,
)
from indexer.core.sentences.told import plain
from tests.fuzz import json_texts
from tests.fuzz.target import Box, Target

_EVENTS = (
    StageStarted(Stage.SCAN, 10),
    Progress(Stage.EXTRACT, 3, 10, 1.5, 4.0, 1, ("/music/a.mp3",)),
    ProblemFound("/music/a.mp3", "corrupt", *plain("a.mp3 is damaged.", "Replace it.")),
    Paused(True),
    Notice(*plain("A sentence.")),
    ModelSwapped("one", 10, 0.99),
    Finished({"tracks": 10.0}),
    Failed(*plain("It failed.", "Do something.")),
)
_ORDERS = b"pause\nresume\nat-once 2\nat-once 0\nCANCEL\n"
_ORDER_WORDS = (b"pause", b"resume", b"cancel", b"at-once ", b"\n", b"9" * 5_000, b"\xd9\xa3", b"\x00", b"-1", b"1e9")


def _run_events(data: bytes, _: Box) -> None:
    for line in data.decode("utf-8", "replace").splitlines():
        event = decode(line)
        if event is not None:
            _check(event)


def _check(event: object) -> None:
    """What is decoded is what its class says, so that whoever shows it need not look."""
    if isinstance(event, Progress):
        assert isinstance(event.done, int)
        assert all(isinstance(path, str) for path in event.current)
        assert event.total is None or isinstance(event.total, int)
        for number in (event.rate, event.seconds_left):
            assert number is None or isinstance(number, int | float)
        f"{event.done:,} {event.failed:,}"
    if isinstance(event, ProblemFound | Notice | Failed):
        assert isinstance(event.message, str)
    if isinstance(event, Finished):
        assert all(isinstance(value, int | float) for value in event.summary.values())
    if isinstance(event, ModelSwapped):
        assert isinstance(event.model, str)
        assert isinstance(event.tracks, int)


def _run_orders(data: bytes, _: Box) -> None:
    """Whatever came before, an order is obeyed."""
    control = Control()
    text = data.decode("utf-8", "replace")
    obey(control, io.StringIO(f"{text}\nresume\npause\n"))
    assert control.is_paused or control.is_cancelled
    assert control.at_once is None or control.at_once >= 1


def _event_seeds(_: Box) -> Sequence[bytes]:
    lines = [encode(event).encode() for event in _EVENTS]
    return [*lines, b"\n".join(lines), *json_texts.deep(["event"]), b"a stray print"]


def _events() -> SearchStrategy[bytes]:
    return json_texts.like(*(json.loads(encode(event)) for event in _EVENTS))


TARGETS = (
    Target("json lines", _run_events, _event_seeds, (*json_texts.WORDS, b'"event": "progress"', b'"v": 1'), _events),
    Target("orders", _run_orders, lambda _: [_ORDERS], _ORDER_WORDS),
)
