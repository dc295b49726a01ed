"""Where backups that Segue makes by itself are, and what they are called."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.core.files.settings_file import BACKUP_FOLDER, setting
from indexer.core.home import Home

ENDING = ".zip"
_AUTOMATIC = "segue-weekly-"
_BEFORE = "before-"
_STAMP = "%Y-%m-%d-%H%M%S"
_NAME = re.compile(
    rf"(?P<kind>{_AUTOMATIC}|{_BEFORE}\w+-)(?P<stamp>\d{{4}}-\d\d-\d\d-\d{{6}})(-\d+)?{re.escape(ENDING)}"
)


@dataclass(frozen=True, order=True)
class Copy:
    """A backup in the folder of backups.

    Attributes:
        at: when it was made, seconds since 1970.
        path: the file.
        automatic: whether it is one of the weekly copies.
        size: bytes.
    """

    at: float
    path: Path
    automatic: bool
    size: int


def folder_of(home: Home) -> Path:
    """The folder that was chosen for backups, else the one in the home."""
    chosen = setting(home, BACKUP_FOLDER)
    return Path(chosen) if chosen else own_folder(home)


def own_folder(home: Home) -> Path:
    return home.data / "backups"


def weekly_copy(folder: Path, now: float) -> Path:
    """The name of a weekly copy made at that time, by the world's clock, so that names sort by time."""
    return folder / f"{_AUTOMATIC}{datetime.fromtimestamp(now, UTC).strftime(_STAMP)}{ENDING}"


def copy_before(home: Home, what: str) -> Path:
    """A free name for a copy of what something is about to replace; always in the home, which is known to be there."""
    stamp = datetime.fromtimestamp(time.time(), UTC).strftime(_STAMP)
    names = (f"{_BEFORE}{what}-{stamp}{more}{ENDING}" for more in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(path for name in names if not (path := own_folder(home) / name).exists())


def copies_in(folder: Path) -> list[Copy]:
    """The weekly copies, and those made before something was replaced, the newest first."""
    found = [copy for path in _listed(folder) if (copy := _copy(path)) is not None]
    return sorted(found, reverse=True)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _copy(path: Path) -> Copy | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["stamp"], _STAMP).replace(tzinfo=UTC).timestamp()
        return Copy(at, path, found["kind"] == _AUTOMATIC, path.stat().st_size)
    except (ValueError, OSError):
        return None
