"""The playlists in the side bar: listed in their order, with menus, a button to add one, and drops on them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QWidget

from indexer.core.language import tr
from indexer.core.playlist import Playlist
from musicplayer.library.playlists import Playlists
from musicplayer.ui.frame.centre import Centre
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.sidebar import Sidebar, children_of
from musicplayer.ui.frame.sidebar_drops import SidebarDrops
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.playlists.playlist_page import PlaylistPage

PREFIX = "playlist:"
GLYPH, SMART_GLYPH = "playlist", "lightning"
_KEY = int(Qt.ItemDataRole.UserRole)
_BUTTON = 16


class PlaylistPlaces(QObject):
    """Keeps the places as the playlists are.

    Signals:
        tracks_dropped, files_dropped: the id of a playlist, empty for the section, and TrackIds or paths.
        menu_requested: the id, empty for the section itself, and where on the screen.
        delete_requested: the id.
        undo_requested: of the latest change of a playlist.
    """

    tracks_dropped = Signal(str, object)
    files_dropped = Signal(str, object)
    menu_requested = Signal(str, QPoint)
    delete_requested = Signal(str)
    undo_requested = Signal()

    def __init__(
        self, playlists: Playlists, sidebar: Sidebar, centre: Centre, page: PlaylistPage, icons: Icons
    ) -> None:
        super().__init__(sidebar)
        self._playlists = playlists
        self._sidebar = sidebar
        self._centre = centre
        self._page = page
        self.add_button = tool_button(icons.icon("plus"), tr("New playlist"), size=_BUTTON)
        self._head = sidebar.head(Section.PLAYLISTS)
        self._put_button()
        self._connect()
        for playlist in playlists.all():
            self._on_added(playlist.id)

    def go(self, playlist: str) -> None:
        """Show the page of a playlist."""
        self._centre.go(PREFIX + playlist)

    def edit_name(self, playlist: str) -> None:
        """Let the name be typed in the side bar."""
        self._sidebar.edit_name(PREFIX + playlist)

    def _connect(self) -> None:
        playlists, sidebar = self._playlists, self._sidebar
        self.drops = SidebarDrops(sidebar, self._head, PREFIX, self._accepts)
        self.drops.files_dropped.connect(lambda key, paths: self.files_dropped.emit(key.removeprefix(PREFIX), paths))
        self.drops.moved.connect(lambda key, index: playlists.place(key.removeprefix(PREFIX), index))
        sidebar.accepts = self._accepts
        sidebar.dropped.connect(self._on_dropped)
        sidebar.renamed.connect(self._on_renamed)
        sidebar.menu_requested.connect(self._on_menu)
        sidebar.delete_requested.connect(lambda key: self.delete_requested.emit(key.removeprefix(PREFIX)))
        sidebar.undo_requested.connect(self.undo_requested)
        playlists.added.connect(self._on_added)
        playlists.removed.connect(lambda playlist: self._centre.remove(PREFIX + playlist))
        playlists.changed.connect(self._on_changed)
        playlists.reordered.connect(self._arrange)

    def _accepts(self, key: str) -> bool:
        found = self._playlists.get(key.removeprefix(PREFIX)) if key.startswith(PREFIX) else None
        return found is not None and not found.is_smart

    def _on_dropped(self, key: str, tracks: object) -> None:
        if key.startswith(PREFIX):
            self.tracks_dropped.emit(key.removeprefix(PREFIX), tracks)

    def _on_renamed(self, key: str, name: str) -> None:
        if key.startswith(PREFIX):
            self._sidebar.rename(key, self._playlists.rename(key.removeprefix(PREFIX), name))

    def _on_added(self, playlist: str) -> None:
        found = self._playlists.get(playlist)
        if found is None:
            return
        at = [each.id for each in self._playlists.all()].index(playlist)
        glyph = SMART_GLYPH if found.is_smart else GLYPH

        def enter() -> None:
            self._page.show_playlist(playlist)

        self._centre.add(Place(PREFIX + playlist, found.name, glyph, Section.PLAYLISTS, self._page, enter), at)
        self._describe(found)
        self._arrange()

    def _on_changed(self, playlist: str) -> None:
        found = self._playlists.get(playlist)
        if found is not None:
            self._sidebar.rename(PREFIX + playlist, found.name)
            self._describe(found)

    def _describe(self, playlist: Playlist) -> None:
        """Say to a screen reader what kind it is, which others see by the glyph."""
        item = next((item for item in self._items() if item.data(0, _KEY) == PREFIX + playlist.id), None)
        if item is not None:
            kind = tr("smart playlist") if playlist.is_smart else tr("playlist")
            with QSignalBlocker(self._sidebar):
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{playlist.name}, {kind}")

    def _arrange(self) -> None:
        """Put the items into the order of the playlists, keeping the one that is chosen."""
        items = self._items()
        by_key = {str(item.data(0, _KEY)): item for item in items}
        wanted = [by_key[key] for each in self._playlists.all() if (key := PREFIX + each.id) in by_key]
        if wanted == items or len(wanted) != len(items):
            return
        with QSignalBlocker(self._sidebar):
            current = self._sidebar.currentItem()
            self._head.takeChildren()
            self._head.addChildren(wanted)
            if current is not None:
                self._sidebar.setCurrentItem(current)

    def _items(self) -> list[QTreeWidgetItem]:
        return children_of(self._head)

    def _put_button(self) -> None:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 6, 0)
        line.addStretch()
        line.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignBottom)  # beside the words, which have air above
        self._sidebar.setItemWidget(self._head, 0, holder)

    def _on_menu(self, key: str, section: str, spot: QPoint) -> None:
        if section == Section.PLAYLISTS.value:
            self.menu_requested.emit(key.removeprefix(PREFIX), spot)
