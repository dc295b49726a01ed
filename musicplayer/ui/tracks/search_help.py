"""The search language in examples, beside the search field; a click puts one into it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from indexer.core.language import mark, tr
from musicplayer.ui.look.buttons import ToolButton

EXAMPLES = (
    ("boards canada", mark("words, in title, artist, album or genre")),
    ('"live at"', mark("these words side by side")),
    ("artist:björk", mark("in one place: artist, albumartist, album, title, genre, folder, licence")),
    ("year>2008", mark("a number: year, track, disc")),
    ("year:1990-1999", mark("from one to another")),
    ("length<4:00", mark("shorter than four minutes")),
    ("plays:0", mark("never played")),
    ("rating>=4", mark("four stars or more; rating:0 for none")),
    ("is:favourite", mark("with a heart; also liked, disliked, played, rated, away, speech")),
    ("listener:me", mark("what somebody with an account here played; me for your own")),
    ("bpm:120-130", mark("what was measured: bpm, loudness, bitrate, samplerate, channels")),
    ("key:Am", mark("in a key, by its name or its place on the wheel, 8A")),
    ("format:flac", mark("the ending of the file")),
    ("added<7d", mark("added in the last seven days; h, d, w, m, y for hours to years")),
    ("added>2024-05", mark("added after May 2024")),
    ("played>30d", mark("last played more than thirty days ago")),
    ("-remix", mark("without this word; works with all of these")),
    ("genre:jazz|blues", mark("one or the other; OR between whole terms")),
    ("(live OR demo) year<1990", mark("brackets hold together")),
    ("live sort:-added", mark("in this order, - from the end; sort:genre,-year by two")),
)
_WIDTH = 440


class SearchHelp(QFrame):
    """A small window over the page that goes at the next click or Escape.

    Signals:
        chosen: an example to search for.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAccessibleName(tr("How to search"))
        self.buttons: list[ToolButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        title = QLabel(tr("How to search"))
        title.setProperty("tone", "strong")
        layout.addWidget(title)
        layout.addLayout(self._examples())
        note = QLabel(tr("Case and accents make no difference. All that you type has to fit."))
        note.setProperty("tone", "small")
        note.setWordWrap(True)
        layout.addWidget(note)
        self.setMinimumWidth(_WIDTH)

    def open_below(self, widget: QWidget) -> None:
        """Show it under `widget`, its left edge in line, as far as the screen has room for all of it there."""
        room = widget.screen().availableGeometry()
        self.resize(self.sizeHint().boundedTo(room.size()))
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        x = max(room.left(), min(corner.x(), room.right() - self.width()))
        self.move(x, max(room.top(), min(corner.y(), room.bottom() - self.height())))
        self.show()
        self.buttons[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}
        if event.key() in steps:
            self.focusNextPrevChild(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _examples(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        for row, (example, meaning) in enumerate(EXAMPLES):
            button = self._button(example, tr(meaning))
            words = QLabel(tr(meaning))
            words.setProperty("tone", "soft")
            grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(words, row, 1)
        return grid

    def _button(self, example: str, meaning: str) -> ToolButton:
        button = ToolButton()
        button.setText(example)
        button.setProperty("code", True)
        button.setAccessibleName(tr("Search for {example}: {meaning}", example=example, meaning=meaning))
        button.setToolTip(tr("Search for {example}", example=example))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self._choose(example))
        self.buttons.append(button)
        return button

    def _choose(self, example: str) -> None:
        self.close()
        self.chosen.emit(example)
