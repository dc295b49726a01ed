"""Tempo, key and loudness of two tracks, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from indexer.core.language import mark, number, tr
from indexer.core.phrases import MINUS, key_name
from musicplayer.ui.look.labels import ElidedLabel

if TYPE_CHECKING:
    from indexer.core.model.explain import Character

_NAMES = (mark("Tempo"), mark("Key"), mark("Loudness"))
_UNKNOWN = "–"


class SoundTable(QWidget):
    """Two columns under the titles; hidden where nothing is known of either."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = (ElidedLabel("small"), ElidedLabel("small"))
        self._values = tuple((QLabel(), QLabel()) for _ in _NAMES)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 76)
        for column, title in enumerate(self._titles, 1):
            grid.setColumnStretch(column, 1)
            grid.addWidget(title, 0, column)
        for row, (name, values) in enumerate(zip(_NAMES, self._values, strict=True), 1):
            label = QLabel(tr(name))
            label.setProperty("tone", "soft")
            grid.addWidget(label, row, 0)
            for column, value in enumerate(values, 1):
                grid.addWidget(value, row, column)

    @property
    def lines(self) -> list[str]:
        """What the table says, from the top."""
        return [
            f"{tr(name)}: {one.text()}, {other.text()}" for name, (one, other) in zip(_NAMES, self._values, strict=True)
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
                value.setAccessibleName(f"{tr(_NAMES[row])}: {said[row]}")
        self.setVisible(any(word != _UNKNOWN for said in words for word in said))


def sound_words(sound: Character) -> tuple[str, str, str]:
    """Tempo, key and loudness in words: `120 BPM`, `A minor`, `–` for what is not known."""
    known = sound.tempo is not None or sound.loudness is not None
    return (
        _UNKNOWN if sound.tempo is None else tr("{tempo} BPM", tempo=number(sound.tempo)),
        key_name(sound.key) or (tr("no clear key") if known else _UNKNOWN),
        _UNKNOWN if sound.loudness is None else tr("{level} dB", level=number(sound.loudness)).replace("-", MINUS),
    )
