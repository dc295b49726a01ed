"""What the indexer tells the program that started it: JSON lines, one event each, one versioned schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

from indexer.core.sentences.told import Told, Values, plain
from indexer.core.tracks import Problem

SCHEMA_VERSION = 2
_WITH_SENTENCES = 1
"""The schema before, in which what was told came as sentences."""

_DEEPEST = 8
"""How deep sentences may lie in the values of others: three deep is the most there is."""

_MOST = 2**53
"""No count or number is larger; infinite ones could not be shown as a time."""


class Stage(StrEnum):
    """The parts of a build, in order, and what else takes a while."""

    DATABASE = "database"
    SCAN = "scan"
    EXTRACT = "extract"
    MODEL = "model"
    SOUND = "sound"
    BACKUP = "backup"
    VERIFY = "verify"
    RESTORE = "restore"
    MOVE = "move"
    IMPORT = "import"
    TASTE = "taste"


@dataclass(frozen=True)
class StageStarted:
    kind: ClassVar[str] = "stage"
    stage: Stage
    total: int | None = None


@dataclass(frozen=True)
class Progress:
    """`rate` is in files per second, `seconds_left` the estimate at that rate, None while unknown."""

    kind: ClassVar[str] = "progress"
    stage: Stage
    done: int
    total: int | None = None
    rate: float | None = None
    seconds_left: float | None = None
    failed: int = 0
    current: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProblemFound(Told):
    """`problem` is how it is filed, `code` and `values` what is said about the file."""

    kind: ClassVar[str] = "problem"
    path: str
    problem: str
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Paused:
    kind: ClassVar[str] = "paused"
    paused: bool


@dataclass(frozen=True)
class Notice(Told):
    """For the person: what was chosen and why, or what was left out."""

    kind: ClassVar[str] = "notice"
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class ModelSwapped:
    """A new similarity model is in place under the models folder."""

    kind: ClassVar[str] = "model"
    model: str
    tracks: int
    recall: float | None = None


@dataclass(frozen=True)
class Finished:
    """The job ended as asked. `summary` holds counts and seconds by name."""

    kind: ClassVar[str] = "finished"
    summary: dict[str, float] = field(default_factory=dict)
    cancelled: bool = False


@dataclass(frozen=True)
class Failed(Told):
    """The job cannot go on, or could not begin."""

    kind: ClassVar[str] = "failed"
    code: str
    values: Values = field(default_factory=dict)


def problem_found(problem: Problem) -> ProblemFound:
    return ProblemFound(problem.path, problem.kind.value, problem.code, problem.values)


Event = StageStarted | Progress | ProblemFound | Paused | Notice | ModelSwapped | Finished | Failed
EventSink = Callable[[Event], None]


def nobody(event: Event) -> None:
    """An event sink that is not interested."""


_EVENTS: dict[str, type[Any]] = {
    event.kind: event
    for event in (StageStarted, Progress, ProblemFound, Paused, Notice, ModelSwapped, Finished, Failed)
}


def encode(event: Event) -> str:
    """One line of ASCII JSON, without the newline."""
    return json.dumps({"v": SCHEMA_VERSION, "event": event.kind, **asdict(event)})


def decode(line: str) -> Event | None:
    """The event of a line, or None for a line that is not an event of this schema (a stray print, a newer event)."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.pop("v", None) not in (SCHEMA_VERSION, _WITH_SENTENCES):
        return None
    event = _EVENTS.get(str(record.pop("event", "")))
    if event is None:
        return None
    try:
        return _build(event, record)
    except (KeyError, TypeError, ValueError):
        return None


def _build(event: type[Any], record: dict[str, Any]) -> Event:
    if issubclass(event, Told) and "code" not in record:
        record["code"], record["values"] = plain(record.pop("message"), record.pop("advice", ""))
    if "stage" in record:
        record["stage"] = Stage(record["stage"])
    if "current" in record:
        record["current"] = tuple(record["current"])
    built: Event = event(**record)
    for entry in fields(built):
        if not _FITS[str(entry.type)](getattr(built, entry.name)):
            raise TypeError(entry.name)
    return built


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and 0 <= value <= _MOST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= _MOST


def _is_flat(value: Any, depth: int) -> bool:
    """Whether no value lies deeper than `depth` in others, and no number is too large."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_is_flat(each, depth - 1) for each in inner)
    return not isinstance(value, int | float) or _is_number(value)


_FITS: dict[str, Callable[[Any], bool]] = {
    "Stage": lambda value: isinstance(value, Stage),
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": _is_count,
    "int | None": lambda value: value is None or _is_count(value),
    "float | None": lambda value: value is None or _is_number(value),
    "tuple[str, ...]": lambda value: all(isinstance(each, str) for each in value),
    "Values": lambda value: isinstance(value, dict) and _is_flat(value, _DEEPEST),
    "dict[str, float]": lambda value: isinstance(value, dict) and all(map(_is_number, value.values())),
}
"""Whether a value is of the type that a field is annotated with: whoever shows an event need not look again."""
