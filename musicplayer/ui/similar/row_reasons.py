"""Fills in why the panel's rows are there, once the panel has been painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from indexer.core.discover.selection import SimilarRow
from indexer.core.tracks import TrackId
from musicplayer.ui.similar.reason_words import facts_of
from musicplayer.ui.similar.seed_header import SeedHeader
from musicplayer.ui.similar.similar_rows import SimilarRows

if TYPE_CHECKING:
    from musicplayer.discover.reasons import Pair, Reason, Reasons

AFTER_MS = 80
"""Long enough for the panel to be painted, and for someone who skips through tracks to have gone on."""


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

    def _show(self, found: Mapping[Pair, Reason]) -> None:
        shown = {self._pairs[pair]: reason for pair, reason in found.items() if pair in self._pairs}
        self._model.show_reasons(shown)
        if self._seed is not None and shown:
            self._header.show_facts(facts_of(next(iter(shown.values())).seed))
