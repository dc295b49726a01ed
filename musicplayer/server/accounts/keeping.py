"""The file of the accounts: read when it changes, changed by one at a time, and never taken for empty when damaged."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import filelock

from indexer.core.errors import SegueError
from indexer.core.files.json_files import write_object
from indexer.core.files.privacy import mend
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.records import Kept, NewerRecord

LOCK_WAIT: Seconds = 5.0
"""For another process that changes the accounts, which takes milliseconds."""
_DAMAGED = ".damaged"
_MOST_ASIDE = 100

log = logging.getLogger(__name__)


class AccountsUnusable(SegueError):
    """The accounts cannot be read or written; who reads this is at the machine itself."""

    status: ClassVar[int] = 503


class AccountsFile:
    """What the file keeps, for every thread and for several processes.

    A file that is not there is one of nobody. One that is damaged is set aside, and as long as it lies there and no
    other has taken its place, nobody can log in and no first account can be made: whoever can delete it or put another
    in its place has the machine. Where the accounts were read before, they go on and are written again.

    Attributes:
        trouble: why nobody can log in; None where that is not so.
    """

    def __init__(self, path: Path) -> None:
        self.trouble: AccountsUnusable | None = None
        self._path = path
        self._kept = Kept()
        self._stamp: tuple[int, ...] | None = None
        self._lock = threading.Lock()
        """Held for moments: what is kept is looked at with every request."""
        self._changing = threading.Lock()
        with self._lock:
            self._look(at_start=True)

    def kept(self) -> Kept:
        """What is kept at present, also where another process changed it; not to be changed."""
        with self._lock:
            self._look()
            return self._kept

    @contextmanager
    def changing(self) -> Iterator[Kept]:
        """A copy to change, which is written and holds when the block ends without an error.

        Raises:
            AccountsUnusable: there is trouble, or the file cannot be written; nothing has changed.
        """
        with self._changing, self._held():
            with self._lock:
                self._look()
                if self.trouble is not None:
                    raise AccountsUnusable(self.trouble.code, **self.trouble.values)
                copy = self._kept.copy()
            yield copy
            self._write(copy)
            with self._lock:
                self._kept, self._stamp = copy, _stamp(self._path)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep other processes from changing it."""
        try:
            folder = self._path.parent / "locks"
            folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(folder / f"{self._path.stem}.lock", timeout=LOCK_WAIT)
            lock.acquire()
        except OSError as error:  # as is a lock that another holds for too long
            raise self._unwritable(error) from error
        try:
            yield
        finally:
            lock.release()

    def _write(self, kept: Kept) -> None:
        try:
            write_object(self._path, kept.as_record())
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> AccountsUnusable:
        return AccountsUnusable("accounts-unwritable", file=self._path, reason=error.strerror or error)

    def _look(self, *, at_start: bool = False) -> None:
        """Read the file if it is another than before; in trouble it is looked at again each time."""
        stamp = _stamp(self._path)
        if stamp == self._stamp and self.trouble is None and not at_start:
            return
        self._stamp = stamp
        try:
            content = self._path.read_bytes()
            mend(self._path)
            self._kept, self.trouble = Kept.of_record(json.loads(content)), None
        except FileNotFoundError:
            aside = _aside(self._path)
            if aside:
                self._in_trouble(AccountsUnusable("accounts-damaged", file=aside[-1], wanted=self._path))
            else:
                self.trouble = None
        except NewerRecord:
            self._kept = Kept()
            self._in_trouble(AccountsUnusable("accounts-newer", file=self._path))
        except OSError as error:
            self._in_trouble(AccountsUnusable("accounts-unreadable", file=self._path, reason=error.strerror or error))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            self._set_aside()

    def _in_trouble(self, trouble: AccountsUnusable) -> None:
        """Say so once; where accounts were read before, these hold."""
        if self.trouble is None or self.trouble.code != trouble.code:
            log.error("%s", trouble)
        self.trouble = None if self._kept.accounts else trouble

    def _set_aside(self) -> None:
        """Keep a damaged file for a person to look at, and have a sound one again where what it said is known."""
        stem, suffix = f"{self._path.stem}{_DAMAGED}", self._path.suffix
        names = (f"{stem}{suffix}", *(f"{stem}-{number}{suffix}" for number in range(2, _MOST_ASIDE)))
        aside = next((path for path in map(self._path.with_name, names) if not path.exists()), self._path)
        try:
            self._path.replace(aside)
        except OSError:
            aside = self._path
        self._in_trouble(AccountsUnusable("accounts-damaged", file=aside, wanted=self._path))
        if self.trouble is None:
            try:
                self._write(self._kept)
            except AccountsUnusable as error:
                log.error("%s", error)  # noqa: TRY400 - it says all there is
            self._stamp = _stamp(self._path)


def _aside(path: Path) -> list[Path]:
    """The damaged files beside it, the latest last."""
    found = path.parent.glob(f"{path.stem}{_DAMAGED}*{path.suffix}")
    return sorted(found, key=lambda each: (len(each.name), each.name))


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What tells a file from the one that was there before; None where there is none to be seen."""
    try:
        status = os.stat(path)  # noqa: PTH116 - with every request
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
