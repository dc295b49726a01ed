"""Why a track is in the panel: one sentence, a bar for each part of the sound, and both tracks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import mark, number, tr
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.indexer_words import key_name
from musicplayer.ui.look.labels import ElidedLabel, WrappedLabel, rule
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.words import MINUS
from musicplayer.ui.similar.block_words import in_a_sentence
from musicplayer.ui.similar.share_bars import ShareBars

if TYPE_CHECKING:
    from indexer.core.model.explain import Character, Explanation

_WIDTH = 400
_MARGIN = 22
_FACTS = (mark("Tempo"), mark("Key"), mark("Loudness"))
_UNKNOWN = "–"


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
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 18, _MARGIN, 16)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self._beside)
        layout.addSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addSpacing(12)
        layout.addLayout(buttons)
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


class SoundTable(QWidget):
    """Tempo, key and loudness of two tracks in columns under their titles; hidden where nothing is known of either."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = (ElidedLabel("small"), ElidedLabel("small"))
        self._values = tuple((QLabel(), QLabel()) for _ in _FACTS)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 76)
        for column, title in enumerate(self._titles, 1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(title, 0, column)
        for row, (name, values) in enumerate(zip(_FACTS, self._values, strict=True), 1):
            label = QLabel(tr(name))
            label.setProperty("tone", "soft")
            grid.addWidget(label, row, 0)
            for column, value in enumerate(values, 1):
                grid.addWidget(value, row, column)

    @property
    def lines(self) -> list[str]:
        """What the table says, from the top."""
        return [
            f"{tr(name)}: {one.text()}, {other.text()}" for name, (one, other) in zip(_FACTS, self._values, strict=True)
        ]

    def set_titles(self, one: str, other: str) -> None:
        for label, title in zip(self._titles, (one, other), strict=True):
            label.set_whole_text(title)

    def show_sounds(self, one: Character, other: Character) -> None:
        """Show what is known of both."""
        words = (sound_words(one), sound_words(other))
        for row, values in enumerate(self._values):
            for value, said in zip(values, words, strict=True):
                value.setText(said[row])
                value.setAccessibleName(f"{tr(_FACTS[row])}: {said[row]}")
        self.setVisible(any(word != _UNKNOWN for said in words for word in said))


def sound_words(sound: Character) -> tuple[str, str, str]:
    """Tempo, key and loudness in words: `120 BPM`, `A minor`, `–` for what is not known."""
    known = sound.tempo is not None or sound.loudness is not None
    return (
        _UNKNOWN if sound.tempo is None else tr("{tempo} BPM", tempo=number(sound.tempo)),
        key_name(sound.key) or (tr("no clear key") if known else _UNKNOWN),
        _UNKNOWN if sound.loudness is None else tr("{level} dB", level=number(sound.loudness)).replace("-", MINUS),
    )


def _left(text: str, tone: str) -> WrappedLabel:
    label = WrappedLabel(text, tone, _WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
