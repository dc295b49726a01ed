"""What a second start hands to the Segue that runs: one line of JSON, checked when it is read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from musicplayer.desktop.file_urls import path_of_url

MOST_BYTES = 16_000_000
"""A command line holds 2 MB at the most on Linux; JSON makes six bytes of one that is not UTF-8."""

WELCOME = b"welcome\n"
"""The answer to a visit that was understood."""

ACTIVATION_VARIABLE = "XDG_ACTIVATION_TOKEN"
"""Set by the desktop for a program that a person starts: the right to bring a window to the front."""

_VERSION = 1


class Command(StrEnum):
    """What the running Segue is told to do besides taking the paths."""

    SHOW = "show"
    PLAY_PAUSE = "play-pause"
    NEXT = "next"
    PREVIOUS = "previous"
    STOP = "stop"
    DEMO = "demo"


class BadVisit(ValueError):
    """Someone said something else."""


@dataclass(frozen=True)
class Visit:
    """One start of Segue while it runs already.

    Attributes:
        paths: absolute, as `os.fsdecode` gives them; a file:// address counts as its path.
        activation: what the desktop gave the new process to raise a window with, empty where it does not.
        library: address of a server whose library is to be opened, empty for none.
    """

    command: Command = Command.SHOW
    paths: tuple[str, ...] = ()
    activation: str = ""
    library: str = ""


def visit_from(
    command: Command,
    paths: Sequence[str],
    environment: Mapping[str, str] = os.environ,
    folder: str | None = None,
    *,
    library: str = "",
) -> Visit:
    """The visit that a command line means; paths are taken from `folder`, the current one where it is None."""
    return Visit(
        command=command,
        paths=tuple(_absolute(path, folder or os.getcwd()) for path in paths if path and "\0" not in path),  # noqa: PTH109 - any bytes
        activation=environment.get(ACTIVATION_VARIABLE, ""),
        library=library.replace("\0", ""),
    )


def encode(visit: Visit) -> bytes:
    """One line; names that are not UTF-8 survive as escapes."""
    content = {
        "version": _VERSION,
        "command": visit.command.value,
        "paths": list(visit.paths),
        "activation": visit.activation,
        "library": visit.library,
    }
    return json.dumps(content).encode("ascii") + b"\n"


def decode(line: bytes) -> Visit:
    """The visit that a line holds.

    Raises:
        BadVisit: it holds none.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadVisit(str(error)) from error
    if not isinstance(content, dict) or content.get("version") != _VERSION:
        raise BadVisit("not a visit, or one of another version")
    command = content.get("command")
    if command not in tuple(Command):
        raise BadVisit(f"no command {command!r}")
    activation, library = _text(content.get("activation")), _text(content.get("library", ""))
    return Visit(Command(command), _paths(content.get("paths")), activation, library)


def _absolute(path: str, folder: str) -> str:
    local = path_of_url(path) or os.path.expanduser(path)  # noqa: PTH111 - any bytes
    return os.path.normpath(os.path.join(folder, local))  # noqa: PTH118 - any bytes


def _paths(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(_is_path(path) for path in found):
        raise BadVisit("the paths are not a list of absolute paths")
    return tuple(found)


def _is_path(path: Any) -> bool:
    return isinstance(path, str) and "\0" not in path and os.path.isabs(path)  # noqa: PTH117 - any bytes


def _text(found: Any) -> str:
    if not isinstance(found, str) or "\0" in found:
        raise BadVisit("the activation token or the address of a library is no text")
    return found
