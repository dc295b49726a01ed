"""A field that finds a track of the library as one types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import match, read
from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.ui.look.buttons import dress_search_field
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.item_views import ENTER, offers_of
from musicplayer.ui.look.track_rows import Index, Role
from musicplayer.ui.tracks.search_box import DEBOUNCE_MS

OFFERED = 10


class TrackPicker(QLineEdit):
    """Offers the first tracks that match; Enter takes the first of them.

    Signals:
        picked: the TrackId that was chosen.
    """

    picked = Signal(object)

    def __init__(self, catalogue: Catalogue, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        dress_search_field(self, icons).triggered.connect(self.look)
        self.offers = _Offers(catalogue, self)
        self._completer, self._popup = offers_of(self, self.offers, OFFERED, tr("Tracks found"))
        self._completer.activated[QModelIndex].connect(lambda index: self._pick(index.data(Role.TRACK)))  # type: ignore[index]
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self.look)
        self.textEdited.connect(lambda _: self._pause.start())

    def look(self) -> None:
        """Offer what matches the text, at once."""
        self._pause.stop()
        self.offers.show_rows(self._matching())
        if self.offers.rowCount() and self.hasFocus():
            self._completer.complete()
        else:
            self._popup.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.look()
            if self.offers.rowCount():
                self._pick(self.offers.index(0, 0).data(Role.TRACK))
        else:
            super().keyPressEvent(event)

    def _matching(self) -> list[int]:
        text = self.text().strip()
        if not text:
            return []
        rows = match(self._catalogue, read(text))
        # Only a few of them are sorted: the first that come are as good as any.
        return [int(row) for row in self._catalogue.sort_order(rows[: OFFERED * 40], Column.ARTIST)[:OFFERED]]

    def _pick(self, track: TrackId | None) -> None:
        if track is not None:
            self._popup.hide()
            self.clear()
            self.picked.emit(track)


class _Offers(QAbstractListModel):
    """The tracks that are offered, one line each."""

    def __init__(self, catalogue: Catalogue, parent: QObject) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._rows: list[int] = []

    def show_rows(self, rows: list[int]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Role.TRACK:
            return self._catalogue.id_at(row)
        if role == Qt.ItemDataRole.DisplayRole:
            artist = self._catalogue.artist(row)
            return f"{self._catalogue.title(row)} – {artist}" if artist else self._catalogue.title(row)
        return None
