"""Puts a report together: a zip of small texts, each of which may be missing without the others."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from indexer.core.errors import SegueError
from indexer.core.files.atomic import replacing
from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.diagnose import allowed, parts
from musicplayer.diagnose.broker import broker

LOG_BYTES = 200_000
"""The end of each log that goes in; what led to a fault is there, and people look through what they send."""
_MOST_LOGS = 40
_LOG_NAME = re.compile(r"[a-z-]+\.log(?:\.\d+)?")

_ABOUT = """Segue's report for a bug.

It holds versions, numbers, what was chosen in the settings, and of the logs the sentences of the program itself, with …
in place of every value that is no number and no word of the program: no names of people, folders, machines and music,
no passwords. Please look through the files before you send them.
"""


class ReportNotWritten(SegueError):
    """The file of a report cannot be written."""


@dataclass(frozen=True)
class Report:
    """What was written: where, the names of its parts, and sentences on what could not be had."""

    file: Path
    parts: tuple[str, ...]
    missing: tuple[str, ...]


def suggested_name() -> str:
    """A file name that says when, and nothing else."""
    return time.strftime("segue-report-%Y-%m-%d.zip")


def write_report(home: Home, file: Path, *, wait: float = parts.WAIT_SECONDS) -> Report:
    """Write a report on a home to a zip file.

    Args:
        home: may be empty, damaged or not readable: the report says what could not be had.
        file: to write, or to replace.
        wait: seconds that the database may take to answer.

    Raises:
        ReportNotWritten: the file cannot be written.
    """
    collected = _Collected()
    settings = collected.ask("settings", lambda: _settings(home)) or Settings()
    found = collected.ask("library", lambda: parts.library(home, wait)) or {}
    if "not available" in found:
        collected.missing.append(f"library: {found['not available']}")
    for name, make in _facts(home, settings).items():
        collected.add(name, make)
    collected.add("library.json", lambda: found)
    for name, log in _logs(home, collected):
        collected.add(f"logs/{name}", partial(_end_of, log))
    missing = tuple(collected.missing)
    texts = {"about.txt": _ABOUT, **collected.texts, "missing.json": _as_json(missing)}
    _write(file, texts)
    return Report(file, tuple(texts), missing)


class _Collected:
    """The texts so far, and what went wrong on the way."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.missing: list[str] = []

    def ask(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` returns; None where it fails, whatever the reason: a report is made when things are broken."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - told in the report
            self.missing.append(f"{name}: {type(error).__name__}: {allowed.sentence(str(error))}")
            return None

    def add(self, name: str, make: Callable[[], Any]) -> None:
        made = self.ask(name, make)
        if made is not None:
            self.texts[name] = made if isinstance(made, str) else _as_json(made)


def _facts(home: Home, settings: Settings) -> dict[str, Callable[[], Any]]:
    return {
        "versions.json": parts.versions,
        "machine.json": parts.machine,
        "settings.json": lambda: parts.chosen_settings(settings),
        "folders.json": lambda: parts.folders(home),
        "models.json": lambda: parts.models(home),
        "broker.json": lambda: broker(home, settings),
    }


def _settings(home: Home) -> Settings:
    """Read without putting a damaged file aside, as a start of the player would."""
    if not home.settings_file.exists():
        return Settings()
    return Settings.of(json.loads(home.settings_file.read_text("utf-8")))


def _logs(home: Home, collected: _Collected) -> Iterator[tuple[str, Path]]:
    """Log files by the name they get in the report, the latest first where there are too many."""
    for prefix, folder in {"": home.logs, "database-": home.database}.items():
        found = collected.ask(f"{prefix}logs", partial(_log_files, folder)) or []
        yield from ((f"{prefix}{log.name}", log) for log in found[:_MOST_LOGS])


def _log_files(folder: Path) -> list[Path]:
    if not folder.exists():
        return []
    found = [entry for entry in folder.iterdir() if _LOG_NAME.fullmatch(entry.name) and entry.is_file()]
    return sorted(found, key=lambda entry: entry.stat().st_mtime, reverse=True)


def _end_of(log: Path) -> str:
    """What may be said of the last lines of a log."""
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - LOG_BYTES))
        content = file.read()
    whole = content if size <= LOG_BYTES else content.partition(b"\n")[2]
    return allowed.text(whole.decode("utf-8", "backslashreplace"))


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"


def _write(file: Path, texts: dict[str, str]) -> None:
    try:
        with replacing(file) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in texts.items():
                bundle.writestr(name, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ReportNotWritten("report-unwritable", file=file, reason=error.strerror or error) from error
