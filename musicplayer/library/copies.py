"""Files that are copies of tracks that are in the library already: they are not listed twice, so it is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from indexer.core.store import Database

Ask = Callable[[Callable[["Database"], Any], Callable[[Any], None]], None]
"""Does work with the database elsewhere and gives its result to a function here."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with the same sound as another one.

    Attributes:
        path: of the copy.
        root: the folder of the library that it lies in.
        of: path of the file that stands in the library for both.
    """

    path: str
    root: str
    of: str


class Copies(QObject):
    """Knows the copies, as of the last look.

    Signals:
        changed: they are others.
        found: the number of copies that were not there at the look before.
    """

    changed = Signal()
    found = Signal(int)

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        """Hand work on the database to `ask`."""
        super().__init__(parent)
        self._ask = ask
        self._copies: list[Copy] | None = None
        self._by_root: Counter[str] = Counter()

    @property
    def all(self) -> list[Copy]:
        """In the order of their paths."""
        return self._copies or []

    def number_in(self, root: str) -> int:
        """How many lie in a folder of the library."""
        return self._by_root[root]

    def refresh(self) -> None:
        """Look again."""
        self._ask(read_copies, self._on_read)

    def forget(self) -> None:
        """The library is another one."""
        self._copies = None
        self._by_root.clear()
        self.changed.emit()

    def _on_read(self, copies: list[Copy]) -> None:
        before, self._copies = self._copies, copies
        if copies == before:
            return
        self._by_root = Counter(copy.root for copy in copies)
        self.changed.emit()
        fresh = {copy.path for copy in copies} - {copy.path for copy in before or ()}
        if fresh and before is not None:
            self.found.emit(len(fresh))


def read_copies(database: Database) -> list[Copy]:
    """Every file whose track is shown by another one."""
    doubled = database.files.doubled()
    shown = {track.id: track.path for track in database.tracks.each(list(doubled))}
    copies = []
    for track, files in doubled.items():
        paths = [file.path for file in files]
        first = shown[track] if shown.get(track) in paths else min(paths)
        copies += [Copy(file.path, file.root, first) for file in files if file.path != first]
    return sorted(copies, key=lambda copy: copy.path)
