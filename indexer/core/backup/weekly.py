"""A copy of what cannot be made again, once a week; the last four are kept."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.backup.errors import BackupError
from indexer.core.backup.places import ENDING, Copy, copies_in, folder_of, weekly_copy
from indexer.core.backup.writing import write_backup
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, nobody
from indexer.core.files.atomic import PARTIAL
from indexer.core.files.json_files import read_object, write_object
from indexer.core.files.locks import holding
from indexer.core.home import Home
from indexer.core.text import shown_path
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from indexer.core.store import Database

EVERY: Seconds = 7 * 24 * 3600.0
KEPT = 4
_CLOCK_ERROR: Seconds = 24 * 3600.0
"""A copy from further in the future was made while the clock was wrong, and says nothing of when the last one was."""
_ABANDONED: Seconds = 24 * 3600.0
"""An unfinished copy that was not written to for so long was left by a process that was killed."""


def last_copy(home: Home, now: float | None = None) -> Copy | None:
    """The newest weekly copy."""
    limit = (time.time() if now is None else now) + _CLOCK_ERROR
    return next((copy for copy in copies_in(folder_of(home)) if copy.automatic and copy.at < limit), None)


def is_due(home: Home, now: float | None = None) -> bool:
    """Whether the last weekly copy is older than a week, or there is none."""
    last = last_copy(home, now)
    return last is None or (time.time() if now is None else now) - last.at >= EVERY


def keep_weekly_copy(
    database: Database, home: Home, *, now: float | None = None, on_event: EventSink = nobody
) -> Path | None:
    """Make the copy of this week where it is due, and remove those before the last four.

    Nothing is done for an empty library, or while another process is at it. A failure is told once: as long as it
    stays the same, later calls return None.

    Args:
        database: where the library is.
        home: whose backups.
        now: seconds since 1970; by default the clock's.
        on_event: told of the progress.

    Returns:
        The copy, None where none was made.

    Raises:
        BackupError: it cannot be made.
    """
    at = time.time() if now is None else now
    if not is_due(home, at) or database.transfer.is_empty():
        return None
    folder = folder_of(home)
    try:
        with holding(home, "backup") as alone:
            made = _make(database, home, folder, at, on_event) if alone else None
    except (OSError, SegueError) as error:
        _complain_once(home, folder, error)
        return None
    _failure_file(home).unlink(missing_ok=True)
    return made


def _make(database: Database, home: Home, folder: Path, at: float, on_event: EventSink) -> Path:
    target = weekly_copy(folder, at)
    write_backup(database, home, target, now=at, on_event=on_event)
    _tidy(folder, at, keep=target)
    return target


def _tidy(folder: Path, now: float, *, keep: Path) -> None:
    """A copy that cannot be removed is tried again next week."""
    others = [copy.path for copy in copies_in(folder) if copy.automatic and copy.path != keep]
    abandoned = [path for path in folder.glob(f"{PARTIAL}*{ENDING}") if _age(path, now) > _ABANDONED]
    for path in (*others[KEPT - 1 :], *abandoned):
        with contextlib.suppress(OSError):
            path.unlink()


def _age(path: Path, now: float) -> Seconds:
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0


def _complain_once(home: Home, folder: Path, error: OSError | SegueError) -> None:
    reason = error.message if isinstance(error, SegueError) else f"{error.strerror or error}."
    if _told(home) == reason:
        return
    with contextlib.suppress(OSError):
        write_object(_failure_file(home), {"reason": reason})
    raise BackupError("backup-weekly", folder=shown_path(folder), reason=reason) from error


def _told(home: Home) -> str:
    return str(read_object(_failure_file(home)).get("reason", ""))


def _failure_file(home: Home) -> Path:
    return home.data / "backup-failure.json"
