"""Why a track cannot be compared with others: asked of the database when it is wanted, and kept for a while."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.tracks import Problem, TrackId
from musicplayer.discover.dislikes import Ask, nobody


class Troubles(QObject):
    """Knows the problem that kept a track from being analysed, once the database has told it.

    Signals:
        changed: more is known than before.
    """

    changed = Signal()

    def __init__(self, catalogue: Catalogue, ask: Ask = nobody, parent: QObject | None = None) -> None:
        """Look paths up in `catalogue` and read problems through `ask`."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._ask = ask
        self._known: dict[TrackId, Problem | None] = {}

    def of(self, track: TrackId) -> Problem | None:
        """The problem of a track; None where there is none, or where that is being asked: `changed` tells."""
        row = self._catalogue.row_of(track)
        if row is not None and track not in self._known:
            self._known[track] = None
            path = self._catalogue.path(row)
            self._ask(lambda database: database.problems.of(path, track), lambda found: self._on_found(track, found))
        return self._known.get(track)

    def forget(self) -> None:
        """Ask anew from now on: problems came or went."""
        self._known.clear()

    def _on_found(self, track: TrackId, problem: Problem | None) -> None:
        if problem is not None:
            self._known[track] = problem
            self.changed.emit()
