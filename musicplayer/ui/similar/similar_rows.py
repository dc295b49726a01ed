"""The tracks that sound like a seed, as a list model; why they are there comes once they have been painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column
from indexer.core.discover.near_words import near_sentence
from indexer.core.discover.selection import SimilarRow
from indexer.core.model.alike import agreement, agreement_in_short, facts, facts_in_short, facts_of, reason_lines
from indexer.core.phrases import isolated
from indexer.core.tracks import TrackId
from musicplayer.ui.look.track_rows import Index, Role, TrackRows
from musicplayer.ui.similar.seed_header import SeedHeader

if TYPE_CHECKING:
    from indexer.core.model.explain import Pair, PairReason
    from musicplayer.discover.reasons import Reasons

_FIRST = int(Qt.ItemDataRole.UserRole) + 100

AFTER_MS = 80
"""Long enough for the panel to be painted, and for someone who skips through tracks to have gone on."""


class SimilarRole(IntEnum):
    """What a row of the panel shows beside what every list of tracks does."""

    NAMES = _FIRST  # artist and album
    NEAR_SEEDS = _FIRST + 1  # of several seeds, how many it is near to and how many there are; None of one
    AGREEMENT = _FIRST + 3  # what agrees, empty until it is known
    FACTS = _FIRST + 4  # tempo and key beside the seed's
    AGREEMENT_IN_SHORT = _FIRST + 5  # for little room
    FACTS_IN_SHORT = _FIRST + 6


_SAID_OF_REASONS: dict[int, Callable[[PairReason], str]] = {
    SimilarRole.AGREEMENT: agreement,
    SimilarRole.AGREEMENT_IN_SHORT: agreement_in_short,
    SimilarRole.FACTS: facts,
    SimilarRole.FACTS_IN_SHORT: facts_in_short,
}


class SimilarRows(TrackRows, QAbstractListModel):
    """Most alike first."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._rows: tuple[SimilarRow, ...] = ()
        self._seeds = 1
        self._reasons: dict[TrackId, PairReason] = {}

    def show_rows(self, rows: Sequence[SimilarRow], seeds: int = 1) -> None:
        """Show these instead; the same ones again change nothing, so that a selection stays."""
        if tuple(rows) == self._rows and seeds == self._seeds:
            return
        self.beginResetModel()
        self._rows, self._seeds, self._reasons = tuple(rows), seeds, {}
        self.endResetModel()

    def show_reasons(self, reasons: Mapping[TrackId, PairReason]) -> None:
        """Say of these tracks why they are there."""
        self._reasons |= reasons
        if self._rows and reasons:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def seed_at(self, row: int) -> TrackId | None:
        """The seed that a row was compared with, where that was told."""
        return self._rows[row].seed

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._rows[row].track for row in rows]

    def tracks(self) -> list[TrackId]:
        return [row.track for row in self._rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self._rows[index.row()]
        if role == Role.TRACK:
            return shown.track
        if role == Role.NEARNESS:
            return shown.nearness
        if role == SimilarRole.NEAR_SEEDS:
            return (shown.near, self._seeds) if self._seeds > 1 else None
        if role in _SAID_OF_REASONS:
            reason = self._reasons.get(shown.track)
            return "" if reason is None else _SAID_OF_REASONS[role](reason)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._lines(shown))
        row = self._catalogue.row_of(shown.track)
        return None if row is None else self._of_catalogue(row, role, shown)

    def _of_catalogue(self, row: int, role: int, shown: SimilarRow) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.DisplayRole:
            return catalogue.title(row)
        if role == Role.ARTIST:
            return catalogue.artist(row)
        if role == SimilarRole.NAMES:
            return " – ".join(isolated(name) for name in (catalogue.artist(row), catalogue.album(row)) if name)
        if role == Role.AWAY:
            return catalogue.is_away(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            names = (catalogue.title(row), catalogue.artist(row), catalogue.album(row))
            known = [name for name in (*names, catalogue.text(row, Column.LENGTH)) if name]
            return f"{', '.join(known)}. {' '.join(self._lines(shown))}"
        return None

    def nearness_at(self, row: int) -> str:
        """How near a row is, in a sentence."""
        return near_sentence(self._rows[row], self._seeds)

    def _lines(self, shown: SimilarRow) -> list[str]:
        """Everything that a row shows of how near it is, in sentences."""
        reason = self._reasons.get(shown.track)
        return [near_sentence(shown, self._seeds), *(reason_lines(reason) if reason is not None else ())]


class RowReasons(QObject):
    """Asks for the reasons of what is shown, and for nothing that is not shown any more."""

    def __init__(self, reasons: Reasons | None, model: SimilarRows, header: SeedHeader, parent: QObject) -> None:
        super().__init__(parent)
        self._reasons = reasons
        self._model = model
        self._header = header
        self._pairs: dict[Pair, TrackId] = {}
        self._seed: TrackId | None = None
        self._later = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._later.timeout.connect(self._ask)
        if reasons is not None:
            reasons.arrived.connect(self._show)

    def follow(self, rows: Sequence[SimilarRow], seed: TrackId | None) -> None:
        """These rows are shown; `seed` is what the header names, None where it names several."""
        self._seed = seed
        self._pairs = {(row.seed, row.track): row.track for row in rows if row.seed is not None}
        if self._reasons is not None and self._pairs:
            self._show(self._reasons.known(list(self._pairs)))
            self._later.start()

    def _ask(self) -> None:
        if self._reasons is not None:
            self._reasons.ask(list(self._pairs))

    def _show(self, found: Mapping[Pair, PairReason]) -> None:
        shown = {self._pairs[pair]: reason for pair, reason in found.items() if pair in self._pairs}
        self._model.show_reasons(shown)
        if self._seed is not None and shown:
            self._header.show_facts(facts_of(next(iter(shown.values())).seed))
