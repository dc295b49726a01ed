"""Logs: one file per program under the home's `logs`, of bounded size, for its owner only and without passwords.

At INFO and above a line names no music: tracks go by their id, folders are counted. Names are for DEBUG. What nobody
caught is logged as well: exceptions of every thread, and where each was when the process died.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.core.files.privacy import PRIVATE_FOLDER, open_private
from indexer.core.files.redaction import redacted
from indexer.core.home import Home

LEVEL_VARIABLE = "SEGUE_LOG_LEVEL"
FILE_BYTES = 1 << 20
FILES_KEPT = 4
"""Older files beside the one that is written: `player.log.1` is the latest of them."""

_LINE = "%(asctime)s %(levelname)-7s %(process)d %(name)s: %(message)s"
_ON_SCREEN = "%(levelname)s %(name)s: %(message)s"
_TALKATIVE = ("asyncio", "matplotlib", "numba", "PIL", "py4j", "pymongo", "watchdog")
"""Libraries whose details would fill the logs, some with contents of the library or with what they send for a login."""

log = logging.getLogger("unexpected")

_crash_descriptors: list[int] = []
"""The last is kept open for as long as the process lives: one that dies can open nothing."""


def log_file(home: Home, program: str) -> Path:
    """Where a program of this home writes its log."""
    return home.logs / f"{program}.log"


def start_logging(home: Home, program: str, *, verbose: bool = False) -> None:
    """Log to the program's file from INFO on, and warnings to standard error; with `verbose`, everything to both.

    SEGUE_LOG_LEVEL sets another level than INFO. The file is opened with its first line.
    """
    level = logging.DEBUG if verbose else _level_from_environment()
    screen = logging.StreamHandler()
    screen.setLevel(logging.DEBUG if verbose else logging.WARNING)
    screen.setFormatter(Careful(_ON_SCREEN))
    _replace_handlers([screen, LogFile(log_file(home, program))], level)


def log_to_file(path: Path, *, size: int = FILE_BYTES, kept: int = FILES_KEPT) -> None:
    """Log to one file only, for a program that nobody watches."""
    _replace_handlers([LogFile(path, size=size, kept=kept)], _level_from_environment())


class Careful(logging.Formatter):
    """Writes no passwords, no control characters, and no second line that could be taken for another message."""

    def format(self, record: logging.LogRecord) -> str:
        lines = redacted(super().format(record)).splitlines() or [""]
        return "\n    ".join("".join(map(_printable, line)) for line in lines)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """ISO 8601 in the local time, with milliseconds and the zone."""
        moment = time.localtime(record.created)
        zone = time.strftime("%z", moment)
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', moment)}.{int(record.msecs):03}{zone}"


class LogFile(logging.Handler):
    """Appends whole lines to a file; a full one is set aside. Several processes may write to the same file.

    A disk that is full or gone silences it until a line can be written again: nothing depends on a log.
    """

    def __init__(self, path: Path, *, size: int = FILE_BYTES, kept: int = FILES_KEPT) -> None:
        super().__init__()
        self.setFormatter(Careful(_LINE))
        self._path = path
        self._size = size
        self._kept = kept
        self._descriptor = -1

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        with contextlib.suppress(OSError):
            self._open_for(len(line))
            os.write(self._descriptor, line)

    def close(self) -> None:
        with self._held():
            self._close_file()
        super().close()

    def _held(self) -> contextlib.AbstractContextManager[object]:
        return self.lock if self.lock is not None else contextlib.nullcontext()

    def _open_for(self, length: int) -> None:
        """Have the file open that a line of this length belongs into."""
        if self._descriptor >= 0 and self._was_set_aside():
            self._close_file()  # by another process
        if self._descriptor < 0:
            self._open()
        if 0 < os.fstat(self._descriptor).st_size > self._size - length:
            self._close_file()
            with contextlib.suppress(OSError):  # Windows moves no file that another process has open.
                set_aside(self._path, kept=self._kept)
            self._open()

    def _open(self) -> None:
        self._path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self._descriptor = open_private(self._path)

    def _close_file(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _was_set_aside(self) -> bool:
        try:
            return not os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))  # noqa: PTH116 - as fstat
        except OSError:
            return True


def set_aside(path: Path, *, kept: int = FILES_KEPT) -> None:
    """Rename a log to `.1`, an older one to `.2`, and so on; the oldest is lost.

    Raises:
        OSError: a file cannot be renamed.
    """
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))


def catch_all(home: Home, program: str) -> None:
    """Log what nobody catches from now on: exceptions, without their variables.

    Where each thread was when the process died goes to `PROGRAM-crash.log`.
    """
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    sys.unraisablehook = _on_unraisable
    with contextlib.suppress(OSError):  # A home that cannot be written to is told of elsewhere.
        _record_deaths(home, program)


def drop_handlers() -> None:
    """Stop logging to where `start_logging` and `log_to_file` said."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one.formatter, Careful)]:
        root.removeHandler(handler)
        handler.close()


def _replace_handlers(handlers: list[logging.Handler], level: int) -> None:
    drop_handlers()
    root = logging.getLogger()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _level_from_environment() -> int:
    named = logging.getLevelNamesMapping().get(os.environ.get(LEVEL_VARIABLE, "").upper())
    return logging.INFO if named is None else named


def _printable(character: str) -> str:
    return character if character.isprintable() or character == "\t" else ascii(character)[1:-1]


def _record_deaths(home: Home, program: str) -> None:
    path = home.logs / f"{program}-crash.log"
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > FILE_BYTES:
            set_aside(path, kept=1)
    _crash_descriptors.append(open_private(path))
    faulthandler.enable(file=_crash_descriptors[-1])
    while len(_crash_descriptors) > 1:
        os.close(_crash_descriptors.pop(0))


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("%s", kind.__name__, exc_info=(kind, error, trace))


def _on_thread_exception(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
        name = found.thread.name if found.thread is not None else "?"
        log.critical("%s in thread %s", found.exc_type.__name__, name, exc_info=found.exc_value)


def _on_unraisable(found: Any) -> None:
    """Raised where Python cannot pass it on, in a finaliser for one; the object is not shown, it may hold anything."""
    if found.exc_value is not None:
        log.error("%s", found.err_msg or "ignored in a finaliser", exc_info=found.exc_value)
