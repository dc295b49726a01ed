"""All albums as a wall of covers, and one of them with its tracks when it is opened."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.albums import AlbumOrder, Albums
from indexer.core.catalogue.search import match
from indexer.core.catalogue.search_reasons import why_nothing
from indexer.core.language import mark, tr, trn
from indexer.core.tracks import TrackId
from musicplayer.discover.groups_alike import GroupsAlike
from musicplayer.library.groupings import Groupings
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.tracks.album_grid import AlbumGrid
from musicplayer.ui.tracks.album_model import AlbumModel
from musicplayer.ui.tracks.album_page import AlbumPage
from musicplayer.ui.tracks.search_row import RowChoice, SearchRow

_ALIKE = 20
"""Albums that are shown under one, which they sound like."""

_ORDERS = {
    AlbumOrder.ARTIST: (mark("By artist"), False),
    AlbumOrder.TITLE: (mark("By title"), False),
    AlbumOrder.YEAR: (mark("Newest first"), True),
    AlbumOrder.ADDED: (mark("Added last first"), True),
    AlbumOrder.PLAYS: (mark("Most played first"), True),
}


class AlbumsPage(QStackedWidget):
    """The grid, and over it the page of one album.

    Signals:
        play_requested: list of TrackId.
        order_changed: name of the order of the grid.
        artist_requested: a TrackId, of whose artist everything is to be shown.
        searched: what is typed.

    Attributes:
        how_to_fill: what is said where there are none.
    """

    play_requested = Signal(object)
    order_changed = Signal(str)
    artist_requested = Signal(object)
    searched = Signal(str)

    def __init__(
        self,
        groupings: Groupings,
        commands: TrackCommands,
        look: Look,
        parent: QWidget | None = None,
        *,
        alike: GroupsAlike | None = None,
    ) -> None:
        """Show the albums of `groupings`; `alike` tells which sound like one of them, where that is to be said."""
        super().__init__(parent)
        self._groupings = groupings
        self._alike = alike
        self._commands = commands
        self.how_to_fill = tr("Add a folder of music, and its albums stand here.")
        self._stale = True
        self._busy = False
        self.model = AlbumModel(groupings.catalogue, self)
        self.grid = AlbumGrid(self.model, look)
        self.row = SearchRow(look.icons)
        self.order = RowChoice()
        self.state = StatePage(look)
        self.clear = push_button(tr("Clear the search"))
        self.album = AlbumPage(groupings.catalogue, look)
        self._build_ui()
        self._connect()

    def focus_search(self) -> None:
        """Search among all albums."""
        self.show_grid()
        self.row.focus()

    def set_indexing(self, running: bool) -> None:
        self._busy = running
        if not self.model.rowCount():
            self._choose_state()

    def set_order(self, order: AlbumOrder) -> None:
        self.order.setCurrentIndex(list(_ORDERS).index(order))

    def open_album(self, key: str) -> bool:
        """Show the tracks of an album; whether there is such an album."""
        albums = self._groupings.albums()
        album = albums.place_of(key)
        if album is None:
            return False
        self.album.show_album(albums, album)
        self.setCurrentWidget(self.album)
        self._show_alike()
        self.album.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def open_album_of(self, row: int) -> bool:
        """Show the album that a row of the catalogue lies on; whether it lies on one."""
        albums = self._groupings.albums()
        album = albums.number_of(row)
        return album is not None and self.open_album(albums.key(album))

    def play_shown(self) -> bool:
        """Play the album that is open, else what is selected, else all albums; whether there are any."""
        if self.currentWidget() is self.album:
            return self.album.play_shown()
        rows = self.grid.selected_rows() or range(self.model.rowCount())
        if rows:
            self.play_requested.emit(self.model.tracks_at(rows))
        return len(rows) > 0

    def restore_search(self, text: str) -> None:
        """Search as it was searched when Segue ended."""
        self.row.set_text(text)

    def view_state(self) -> dict[str, Any]:
        """The album that is open with its rows, and the albums that are selected, in values that JSON takes."""
        if self.currentWidget() is self.album:
            return {"album": self.album.key, **self.album.view_state()}
        return {"albums": [self.model.key_at(row) for row in self.grid.selected_rows()]}

    def restore_view(self, state: Mapping[str, Any]) -> None:
        """Open and select what `view_state` named, as far as it is there."""
        self._refresh_if_stale()
        keys = state.get("albums")
        self._select([key for key in (keys if isinstance(keys, list) else []) if isinstance(key, str)])
        if self.grid.selected_rows():
            self.grid.scrollTo(self.model.index(self.grid.selected_rows()[0], 0))
        if isinstance(state.get("album"), str) and self.open_album(state["album"]):
            self.album.restore_view(state)

    def show_grid(self) -> None:
        """Back to the grid, where it was left."""
        if self.currentWidget() is self.album:
            self.setCurrentIndex(0)
            self._select([self.album.key])
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_groups_changed(self) -> None:
        """The albums are others; taken in when somebody looks."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the albums that hold something the search finds; selection and place stay."""
        self._stale = False
        albums = self._groupings.albums()
        query = self.row.query
        shown = albums.among(match(self._groupings.catalogue, query)) if query.narrows else np.arange(len(albums))
        order = AlbumOrder(self.order.currentData())
        kept = [self.model.key_at(row) for row in self.grid.selected_rows()]
        top = self.grid.verticalScrollBar().value()
        self.model.show_albums(albums, albums.sorted(shown, order, descending=_ORDERS[order][1]))
        self._select(kept)
        self.grid.verticalScrollBar().setValue(top)
        self._choose_state()
        if self.currentWidget() is self.album:
            self._renew_album(albums)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            QTimer.singleShot(0, self, self._refresh_if_stale)

    def _build_ui(self) -> None:
        for order, (words, _) in _ORDERS.items():
            self.order.addItem(tr(words), order.value)
        self.order.setAccessibleName(tr("Order of the albums"))
        self.order.setToolTip(tr("Order of the albums"))
        self.row.add(self.order)
        self.state.add_button(self.clear)
        self._inner = QStackedWidget()
        self._inner.addWidget(self.grid)
        self._inner.addWidget(self.state)
        wall = QWidget()
        layout = QVBoxLayout(wall)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.row)
        layout.addWidget(self._inner, 1)
        self.addWidget(wall)
        self.addWidget(self.album)

    def _connect(self) -> None:
        self.row.queried.connect(self._on_queried)
        self.row.search.left_downwards.connect(self._enter_grid)
        self.row.search.entered.connect(self._enter_grid)
        self.clear.clicked.connect(self.row.search.clear)
        self.order.currentIndexChanged.connect(self._on_order)
        self.grid.opened.connect(lambda row: self.open_album(self.model.key_at(row)))
        self.grid.play_requested.connect(self.play_requested)
        self.grid.menu_requested.connect(self._on_menu)
        self.album.back_requested.connect(self.show_grid)
        self.album.play_requested.connect(self.play_requested)
        header = self.album.header
        header.play_requested.connect(lambda: self._commands.play(self.album.tracks()))
        header.shuffle_requested.connect(lambda: self._commands.play(_shuffled(self.album.tracks())))
        header.queue_requested.connect(lambda: self._commands.enqueue(self.album.tracks()))
        header.radio_requested.connect(lambda: self._commands.radio_requested.emit(self.album.tracks()))
        header.artist_requested.connect(lambda: self.artist_requested.emit(self.album.tracks()[0]))
        strip = self.album.alike
        strip.opened.connect(self.open_album)
        strip.play_requested.connect(self.play_requested)
        strip.menu_requested.connect(self._on_menu)
        if self._alike is not None:
            self._alike.changed.connect(self._show_alike)

    def _show_alike(self) -> None:
        """Show which albums sound like the one that is open."""
        albums = self._groupings.albums()
        album = albums.place_of(self.album.key)
        if self._alike is None or album is None or self.currentWidget() is not self.album:
            return
        found = self._alike.albums(album, _ALIKE)
        self.album.alike.show_albums(tr("Albums that sound like this one"), albums, np.array(found, np.intp))

    def _refresh_if_stale(self) -> None:
        if self._stale:
            self.refresh()

    def _renew_album(self, albums: Albums) -> None:
        album = albums.place_of(self.album.key)
        if album is None:
            self.album.forget()
        else:
            self.album.show_album(albums, album)
            self._show_alike()

    def _on_queried(self) -> None:
        self.refresh()
        self.grid.scrollToTop()
        self.searched.emit(self.row.search.text())

    def _on_order(self) -> None:
        self.refresh()
        self.grid.scrollToTop()
        self.order_changed.emit(self.order.currentData())

    def _on_menu(self, tracks: list[TrackId], spot: QPoint) -> None:
        pop_up(self._commands.menu(tracks, self), spot)

    def _enter_grid(self) -> None:
        if self.model.rowCount() and not self.row.is_wrong:
            self.grid.setFocus(Qt.FocusReason.TabFocusReason)
            self.grid.show_row(max(self.grid.currentIndex().row(), 0))

    def _select(self, keys: list[str]) -> None:
        rows = [row for key in keys if (row := self.model.row_of(key)) is not None]
        if rows:
            top = self.grid.verticalScrollBar().value()
            self.grid.select_rows(rows)
            self.grid.verticalScrollBar().setValue(top)  # Qt follows the current one

    def _choose_state(self) -> None:
        shown, listed = self.model.rowCount(), len(self._groupings.catalogue)
        self.row.setVisible(listed > 0)
        self.clear.setVisible(listed > 0)
        self._inner.setCurrentWidget(self.grid if shown else self.state)
        self.row.say(trn("{number} album", "{number} albums", shown) if listed else "")
        if shown:
            return
        refused, catalogue = self.row.query.refused, self._groupings.catalogue
        if listed and refused is not None:
            self.state.show_state("magnifying-glass", refused.message, refused.advice)
        elif listed:
            words = self.row.search.text()
            self.state.show_state(
                "magnifying-glass",
                tr("No album has “{words}”", words=words),
                self.row.query.hint
                or why_nothing(catalogue, self.row.query, catalogue.rows())
                or tr("Try fewer words, or look in one place: artist:  album:  year>1998"),
            )
        elif self._busy:
            self.state.show_state(
                "disc", tr("Looking for music…"), tr("Albums appear here as they are found."), busy=True
            )
        else:
            self.state.show_state("disc", tr("No albums yet"), self.how_to_fill)


def _shuffled(tracks: list[TrackId]) -> list[TrackId]:
    return random.sample(tracks, len(tracks))
