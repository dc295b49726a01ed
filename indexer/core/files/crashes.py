"""What nobody caught goes into the log: exceptions of every thread, without their variables, and sudden deaths."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
import threading
from types import TracebackType
from typing import IO, Any

from indexer.core.files.logs import FILE_BYTES, set_aside
from indexer.core.files.privacy import PRIVATE_FOLDER, open_private
from indexer.core.home import Home

log = logging.getLogger("unexpected")

_crash_files: list[IO[bytes]] = []
"""Kept open for as long as the process lives: one that dies can open nothing."""


def catch_all(home: Home, program: str) -> None:
    """Log what nobody catches from now on; where each thread was when the process died goes to `PROGRAM-crash.log`."""
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    sys.unraisablehook = _on_unraisable
    with contextlib.suppress(OSError):  # A home that cannot be written to is told of elsewhere.
        _record_deaths(home, program)


def log_exception(error: BaseException) -> None:
    """Log one with its traceback."""
    log.critical("%s", type(error).__name__, exc_info=error)


def _record_deaths(home: Home, program: str) -> None:
    path = home.logs / f"{program}-crash.log"
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > FILE_BYTES:
            set_aside(path, kept=1)
    _crash_files.append(os.fdopen(open_private(path), "ab", buffering=0))
    faulthandler.enable(file=_crash_files[-1])


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
