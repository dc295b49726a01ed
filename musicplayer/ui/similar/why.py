"""Asks why a track of the panel is near its seed, and shows the answer beside the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.similar import Similar
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.similar.explain_dialog import ExplainDialog

if TYPE_CHECKING:
    from indexer.core.model.explain import Explanation

ANSWER_MS = 6_000
"""Reading two tracks takes milliseconds; after this long the database is not there."""

_AIR = 12


class Why(QObject):
    """Owns the dialog; an answer to an earlier question is not shown.

    Signals:
        closed: the dialog was.
    """

    closed = Signal()

    def __init__(
        self, similar: Similar, track_of: Callable[[TrackId], Track | None], theme: Theme, panel: QWidget
    ) -> None:
        """Explanations are shown beside `panel`."""
        super().__init__(panel)
        self._similar = similar
        self._track_of = track_of
        self._panel = panel
        self._asked: tuple[TrackId, TrackId] | None = None
        self._late = QTimer(self, singleShot=True, interval=ANSWER_MS)
        self._late.timeout.connect(self._on_late)
        self.dialog = ExplainDialog(theme, panel)
        self.dialog.finished.connect(self._on_closed)
        similar.explained.connect(self._on_explained)

    def ask(self, seed: TrackId, other: TrackId, nearness: str) -> None:
        """Open the dialog and have the pair explained; `nearness` is what the row says of it."""
        one, two = self._track_of(seed), self._track_of(other)
        if one is None or two is None:
            return
        self._asked = (seed, other)
        self._late.start()
        opening = self.dialog.isHidden()
        self.dialog.ask(one, two, nearness)
        if opening:
            self._place()
        self._similar.explain(seed, other)

    def _on_explained(self, seed: str, other: str, explanation: Explanation) -> None:
        if (seed, other) == self._asked and self.dialog.isVisible():
            self._asked = None
            self._late.stop()
            self.dialog.show_explanation(explanation)
            self._keep_on_screen()

    def _on_late(self) -> None:
        self._asked = None
        self.dialog.show_failure(
            tr("The analysis of these two cannot be read."), tr("Is the database running? Try again.")
        )

    def _on_closed(self) -> None:
        self._asked = None
        self._late.stop()
        self.closed.emit()

    def _place(self) -> None:
        """Stand to the left of the panel, or to its right where there is no room."""
        corner = self._panel.mapToGlobal(QPoint(0, 0))
        left = corner.x() - self.dialog.width() - _AIR
        if left < self._panel.screen().availableGeometry().left():
            left = corner.x() + self._panel.width() + _AIR
        self.dialog.move(left, corner.y())
        self._keep_on_screen()

    def _keep_on_screen(self) -> None:
        frame, room = self.dialog.frameGeometry(), self._panel.screen().availableGeometry()
        left = max(min(frame.left(), room.right() - frame.width()), room.left())
        top = max(min(frame.top(), room.bottom() - frame.height()), room.top())
        self.dialog.move(left, top)
