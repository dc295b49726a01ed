"""All that is known of one track or of many: names, sound, what was heard and said, the file and its ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.details import detail
from indexer.core.catalogue.shown import Column
from indexer.core.language import code, mark, number, tr, trn
from indexer.core.phrases import MINUS, span
from indexer.core.text import shown_text
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.tracks.track_table import NAMES

MOST_ASKED = 200
"""Tracks whose ids of recordings are asked for; of more there is no common one to show."""

_SIZE = (560, 640)
_MARGIN = 22
_GROUPS: tuple[tuple[str, tuple[Column, ...]], ...] = (
    (
        mark("Names"),
        (
            Column.TITLE,
            Column.ARTIST,
            Column.ALBUM,
            Column.ALBUM_ARTIST,
            Column.GENRES,
            Column.YEAR,
            Column.DISC,
            Column.NUMBER,
            Column.LICENCE,
        ),
    ),
    (
        mark("Sound"),
        (
            Column.LENGTH,
            Column.BPM,
            Column.KEY,
            Column.LOUDNESS,
            Column.FORMAT,
            Column.BIT_RATE,
            Column.SAMPLE_RATE,
            Column.CHANNELS,
        ),
    ),
    (
        mark("Plays and ratings"),
        (Column.PLAYS, Column.LAST_PLAYED, Column.RATING, Column.FAVOURITE, Column.ADDED),
    ),
    (mark("File"), (Column.PATH, Column.RECORDING_ID, Column.ALBUM_ID, Column.ARTIST_ID)),
)
_UNITS = {
    Column.BPM: mark("{value} BPM"),
    Column.LOUDNESS: mark("{value} LUFS"),
    Column.BIT_RATE: mark("{value} kbit/s"),
    Column.SAMPLE_RATE: mark("{value} kHz"),
}
_NAMED = {
    Column.BPM: mark("Tempo"),
    Column.BIT_RATE: mark("Bit rate"),
    Column.SAMPLE_RATE: mark("Sample rate"),
    Column.PATH: mark("Path"),
}
_DATES = frozenset({Column.ADDED, Column.LAST_PLAYED})
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GAINS = (("track_gain", mark("Track gain")), ("album_gain", mark("Album gain")))


class DetailsDialog(QDialog):
    """Stays open beside the window; what it shows can be selected, and copied as a whole.

    Signals:
        ids_wanted: list of TrackId, whose ids of recordings are to be given to `show_ids`.
    """

    ids_wanted = Signal(object)

    def __init__(self, catalogue: Catalogue, tracks: Sequence[TrackId], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setWindowTitle(tr("Track details"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._catalogue = catalogue
        found = (catalogue.row_of(track) for track in tracks)
        self._rows = np.array([row for row in found if row is not None], np.intp)
        self._facts: list[tuple[str, str]] = []
        self.headline = QLabel()
        self.copy_button = push_button(tr("Copy"))
        self.close_button = push_button(tr("Close"), primary=True)
        self._grid = QGridLayout()
        self._build_ui()
        self._fill()
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.words))
        self.close_button.clicked.connect(self.close)

    @property
    def words(self) -> str:
        """All that it says, a line a fact."""
        return "\n".join(f"{name}: {value}" for name, value in self._facts)

    def fact(self, name: str) -> str:
        """What stands beside a name; empty for what is not shown."""
        return next((value for each, value in self._facts if each == name), "")

    def ask_ids(self) -> None:
        """Ask for what the catalogue does not keep in memory."""
        if len(self._rows) <= MOST_ASKED:
            self.ids_wanted.emit(self._catalogue.ids(self._rows.tolist()))

    def show_ids(self, tracks: Iterable[Track]) -> None:
        """Add the ids of the recordings that the files name and the catalogue does not have."""
        values = {track.isrc for track in tracks}
        if values - {""}:
            self._add(tr("ISRC"), next(iter(values)) if len(values) == 1 else tr("various"))

    def _build_ui(self) -> None:
        self.headline.setProperty("tone", "title")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setWordWrap(True)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        sheet = QWidget()
        sheet.setObjectName("page")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(14, 12, 14, 12)
        column.addLayout(self._grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(tr("Track details"))
        area.setWidget(sheet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 20, _MARGIN, 18)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(area, 1)
        layout.addLayout(button_line(right=[self.copy_button, self.close_button], spacing=10))

    def _fill(self) -> None:
        rows = self._rows
        one = self._catalogue.title(int(rows[0])) if len(rows) == 1 else ""
        self.headline.setText(shown_text(one) or trn("{number} track", "{number} tracks", len(rows)))
        for heading, columns in _GROUPS:
            self._head(tr(heading))
            for column in columns:
                self._show(column)
            if Column.LENGTH in columns:
                self._add_sound()

    def _show(self, column: Column) -> None:
        value = detail(self._catalogue, self._rows, column)
        if column in _DATES:
            value = _DATE.sub(_day, value)
        if value and column in _UNITS:
            value = tr(_UNITS[column], value=value)
        if value:
            is_folder = column is Column.PATH and len(self._rows) > 1
            name = tr("Folder") if is_folder else tr(_NAMED.get(column, NAMES[column]))
            self._add(name, shown_text(value))

    def _add_sound(self) -> None:
        if len(self._rows) > 1:
            seconds = self._catalogue.numbers("seconds").array[self._rows]
            self._add(tr("In all"), span(float(seconds[seconds > 0].sum())))
        for field, name in _GAINS:
            gains = self._catalogue.numbers(field).array[self._rows]
            known = gains[~np.isnan(gains)]
            if len(known):
                low, high = (_signed(float(value)) for value in (known.min(), known.max()))
                self._add(tr(name), tr("{value} dB", value=low if low == high else f"{low} – {high}"))

    def _head(self, text: str) -> None:
        label = QLabel(text)
        label.setProperty("tone", "strong")
        label.setContentsMargins(0, 8 if self._grid.count() else 0, 0, 2)
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)

    def _add(self, name: str, value: str) -> None:
        self._facts.append((name, value))
        row = self._grid.rowCount()
        about, words = QLabel(name), QLabel(value)
        about.setProperty("tone", "soft")
        about.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        about.setBuddy(words)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setAccessibleName(name)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        words.setTextInteractionFlags(selectable)
        self._grid.addWidget(about, row, 0)
        self._grid.addWidget(words, row, 1)


def _day(written: re.Match[str]) -> str:
    """A day of a table, where days are short and sort, as people write it."""
    return QLocale(code()).toString(QDate(*(int(part) for part in written.groups())), tr("d MMM yyyy"))


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{number(abs(value), 2)}"
