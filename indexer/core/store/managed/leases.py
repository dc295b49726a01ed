"""Leases: every user of the managed server leaves a file that says which process it is."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

from indexer.core.store.processes import ProcessMark


class Lease:
    """One user's claim on the server, until it is given back or the process ends in whatever way.

    All is in the file's name, so that a lease is never seen half written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: Path, holder: ProcessMark | None = None) -> Lease:
        """Claim the server for a process, this one by default.

        Raises:
            OSError: the folder cannot be written to.
        """
        file = folder / f"{holder or ProcessMark.of()}-{uuid.uuid4().hex}"
        file.touch(exist_ok=False)
        return cls(file)

    def give_back(self) -> None:
        """End the claim; ending it twice does no harm."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)


def is_anyone_left(folder: Path) -> bool:
    """Whether a living process holds a lease; leases of dead ones are removed on the way."""
    return any([_is_held(file) for file in _lease_files(folder)])  # noqa: C419 - all are to be looked at


def _lease_files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # The home was deleted, so no one uses it.


def _is_held(file: Path) -> bool:
    mark = ProcessMark.parse(file.name.partition("-")[0])
    if mark is not None and mark.is_alive():
        return True
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
    return False
