"""The tracks of one album under its cover."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.catalogue.albums import Albums
from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.look.buttons import leave_keyboard, push_button, tool_button
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.folding_buttons import FoldingButtons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.album_model import artist_of, title_of, year_of
from musicplayer.ui.tracks.album_strip import AlbumStrip
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.scope import Emptiness, Scope
from musicplayer.ui.tracks.track_view import ALBUM_COLUMNS

_COVER = 120
_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Back)
_GONE = Emptiness("disc", mark("This album is not there any more"), mark("Its tracks were removed or named otherwise."))


class AlbumPage(LibraryPage):
    """A table in the order of the discs, with a header.

    Signals:
        back_requested: show the grid again.
    """

    back_requested = Signal()

    def __init__(self, catalogue: Catalogue, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(catalogue, look, ALBUM_COLUMNS, parent)
        self._rows_shown: Rows | None = None
        self.key = ""
        self.header = AlbumHeader(look)
        self.header.back_requested.connect(self.back_requested)
        self.set_header(self.header)
        self.alike = AlbumStrip(catalogue, look)
        self.set_foot(self.alike)
        self.row.hide()
        self.model.set_active(False)  # until it is shown
        self.show_scope(Scope("album", self._chosen, Column.NUMBER, empty=_GONE))

    def tracks(self) -> list[TrackId]:
        """The whole album in its order."""
        return self._catalogue.ids(self._chosen(self._catalogue.rows()).tolist())

    def forget(self) -> None:
        """The album is not there any more."""
        self._rows_shown = None
        self.model.refresh()

    def show_album(self, albums: Albums, album: int) -> None:
        """Show an album from its first track on."""
        rows = albums.rows_of(album)
        same, self.key = self.key == albums.key(album), albums.key(album)
        self._rows_shown = rows
        self.header.show_album(
            title_of(albums, album),
            artist_of(albums, album),
            year_of(albums, album),
            float(albums.seconds[album]),
            len(rows),
            self._catalogue.track(int(rows[0])),
        )
        self.model.refresh()
        if not same:
            self.table.sort_by(Column.NUMBER)
            self.table.scrollToTop()
            self.table.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _BACK:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _chosen(self, rows: Rows) -> Rows:
        if self._rows_shown is None:
            return rows[:0]
        found: Rows = self._rows_shown[np.isin(self._rows_shown, rows)]  # the library may have changed since
        return found

    def _choose_page(self) -> None:
        super()._choose_page()
        self.row.hide()


class AlbumHeader(QWidget):
    """The way back, the cover, names, and what can be done with all of the album.

    Signals:
        back_requested: show the grid again.
        play_requested, shuffle_requested, radio_requested, queue_requested: do so with the whole album.
        artist_requested: show everything of its artist.
    """

    back_requested = Signal()
    play_requested = Signal()
    shuffle_requested = Signal()
    radio_requested = Signal()
    queue_requested = Signal()
    artist_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("albumHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = tool_button(look.icons.icon("arrow-left"), tr("Back to all albums"))
        self.back.setToolTip(tr("Back to all albums (Backspace)"))
        self.cover = CoverLabel(_COVER, look)
        self.title = ElidedLabel("headline")
        self.artist = ElidedLabel("title")
        self.facts = ElidedLabel("soft")
        self.play = push_button(tr("Play"), plays=True, icon=look.icons.icon("play-fill", "on_accent"))
        self.shuffle = push_button(tr("Shuffle"), icon=look.icons.icon("shuffle"))
        self.radio = push_button(tr("Radio"), icon=look.icons.icon("broadcast"))
        self.queue = push_button(tr("Add to queue"), icon=look.icons.icon("queue"))
        self.by = push_button(tr("Go to artist"), icon=look.icons.icon("user"))
        leave_keyboard(self.shuffle, self.radio, self.queue)
        self._build_ui()
        self.back.clicked.connect(self.back_requested)
        self.play.clicked.connect(self.play_requested)
        self.shuffle.clicked.connect(self.shuffle_requested)
        self.radio.clicked.connect(self.radio_requested)
        self.queue.clicked.connect(self.queue_requested)
        self.by.clicked.connect(self.artist_requested)

    def show_album(self, title: str, artist: str, year: str, seconds: float, tracks: int, cover: Track) -> None:
        """Say all of it."""
        self.title.set_whole_text(title)
        self.artist.set_whole_text(artist)
        count = trn("{number} track", "{number} tracks", tracks)
        self.facts.set_whole_text(" · ".join(filter(None, (year, count, span(seconds)))))
        self.cover.show_track(cover)

    def _build_ui(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        for label in (self.title, self.artist, self.facts):
            words.addWidget(label)
        words.addSpacing(8)
        words.addWidget(FoldingButtons((self.play, self.shuffle, self.radio, self.queue, self.by)))
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(7, 12, 12, 14)
        layout.setSpacing(14)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.cover)
        layout.addLayout(words, 1)
