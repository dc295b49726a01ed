"""Why a track is in the panel: a dialog with one sentence, a bar for each part of the sound, and both tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.model.alike import in_a_sentence
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.similar import Similar
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.labels import ElidedLabel, WrappedLabel, rule
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.similar.share_bars import ShareBars
from musicplayer.ui.similar.sound_table import SoundTable

if TYPE_CHECKING:
    from indexer.core.model.explain import Explanation

ANSWER_MS = 6_000
"""Reading two tracks takes milliseconds; after this long the database is not there."""

_AIR = 12

_WIDTH = 400
_MARGIN = 22


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


class ExplainDialog(QDialog):
    """Stays beside the window; another row's explanation takes the place of the one before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explain")
        self.setWindowTitle(tr("Why is this here?"))
        self._title = ElidedLabel("title")
        self._beside = ElidedLabel("soft")
        self._sentence = _left("", "strong")
        self._nearness = _left("", "soft")
        self._trouble = _left("", "soft")
        self.bars = ShareBars(theme)
        self.sounds = SoundTable()
        self.close_button = push_button(tr("Close"), primary=True)
        self.close_button.clicked.connect(self.close)
        self._build_ui()

    @property
    def text(self) -> str:
        """What it says in sentences."""
        if self._stack.currentWidget() is self._answer:
            return f"{self._sentence.text()} {self._nearness.text()}"
        return self._trouble.text()

    def ask(self, seed: Track, other: Track, nearness: str) -> None:
        """Name the two and wait for the explanation; `nearness` is what their row says of it, in a sentence."""
        self._nearness.setText(nearness)
        self._title.set_whole_text(tr("Why “{title}” is here", title=other.title))
        by = f"{other.artist} · " if other.artist else ""
        self._beside.set_whole_text(by + tr("compared with “{title}”", title=seed.title))
        self.sounds.set_titles(other.title, seed.title)
        self._say(tr("Comparing the two…"), busy=True)
        self.setAccessibleName(tr("Why {other} sounds like {seed}", other=other.title, seed=seed.title))
        self.show()
        self.raise_()
        self.activateWindow()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_explanation(self, explanation: Explanation) -> None:
        """Fill in what was waited for; `explanation.one` is the seed."""
        self._sentence.setText(in_a_sentence(explanation))
        self.bars.show_blocks(explanation.blocks)
        self.bars.setVisible(bool(explanation.blocks))
        self.sounds.show_sounds(explanation.other, explanation.one)
        self._line.setVisible(not self.sounds.isHidden())
        self.setAccessibleDescription(self._sentence.text())
        self._stack.setCurrentWidget(self._answer)
        self.adjustSize()

    def show_failure(self, message: str, advice: str = "") -> None:
        """Say why there is no explanation."""
        self._say(f"{message} {advice}".strip())

    def _say(self, words: str, *, busy: bool = False) -> None:
        self._trouble.setText(words)
        self._busy.setVisible(busy)
        self._stack.setCurrentWidget(self._waiting)

    def _build_ui(self) -> None:
        self._stack = QStackedWidget()
        self._answer = self._build_answer()
        self._waiting = self._build_waiting()
        self._stack.addWidget(self._answer)
        self._stack.addWidget(self._waiting)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 18, _MARGIN, 16)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self._beside)
        layout.addSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addSpacing(12)
        layout.addLayout(button_line(right=[self.close_button]))
        self.setFixedWidth(_WIDTH + 2 * _MARGIN)

    def _build_answer(self) -> QWidget:
        page = QWidget()
        self._line = rule()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._sentence)
        layout.addWidget(self._nearness)
        layout.addSpacing(12)
        layout.addWidget(self.bars)
        layout.addSpacing(10)
        layout.addWidget(self._line)
        layout.addSpacing(8)
        layout.addWidget(self.sounds)
        layout.addStretch()
        return page

    def _build_waiting(self) -> QWidget:
        page = QWidget()
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(tr("Progress"))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._trouble)
        layout.addWidget(self._busy)
        layout.addStretch()
        return page


def _left(text: str, tone: str) -> WrappedLabel:
    label = WrappedLabel(text, tone, _WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
