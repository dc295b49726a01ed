"""The ways to look at the library: albums, artists, genres, folders, what is new, often or never played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from indexer.library import TrackId
from musicplayer.language import mark, tr
from musicplayer.library.albums import AlbumOrder
from musicplayer.library.catalogue import Column
from musicplayer.library.folding import fold
from musicplayer.library.groupings import Groupings
from musicplayer.ui.albums_page import AlbumsPage
from musicplayer.ui.browse_page import BrowsePage, Browsing
from musicplayer.ui.group_model import GroupWords
from musicplayer.ui.library_page import LibraryPage
from musicplayer.ui.page_joining import join_page
from musicplayer.ui.places import Place, Section
from musicplayer.ui.scope import EVERYTHING, Scope, most_played, never_played, recently_added
from musicplayer.ui.services import Services
from musicplayer.ui.table_keeper import TableKeeper

if TYPE_CHECKING:
    from musicplayer.ui.main_window import MainWindow


class Views(QObject):
    """Adds the places of the section LIBRARY and joins their pages."""

    def __init__(self, window: MainWindow, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        catalogue = services.library.catalogue
        self.groupings = Groupings(catalogue, self)
        self.albums = AlbumsPage(self.groupings, window.commands, services.artwork, services.theme, services.icons)
        self.artists = self._browse("artists", mark("Artists"), _ARTISTS, self.groupings.artists)
        self.genres = self._browse("genres", mark("Genres"), _GENRES, self.groupings.genres, nested=True)
        self.folders = self._browse(
            "folders", mark("Folders"), _FOLDERS, self.groupings.folders, column=Column.PATH, nested=True
        )
        self._add_places()
        self._connect()
        self._keep_tables()

    @property
    def browsers(self) -> tuple[BrowsePage, ...]:
        return (self.artists, self.genres, self.folders)

    def go_to_artist(self, track: TrackId) -> None:
        """Show everything of the artist of a track."""
        row = self.groupings.catalogue.row_of(track)
        if row is None:
            return
        name = self.groupings.catalogue.artist(row) or str(self.groupings.catalogue.texts("album_artist")[row])
        self._window.centre.go("artists")
        self.artists.choose(fold(name))

    def go_to_album(self, track: TrackId) -> None:
        """Show the album of a track."""
        row = self.groupings.catalogue.row_of(track)
        if row is None:
            return
        self._window.centre.go("albums")
        self.albums.open_album_of(row)

    # Building

    def _browse(
        self,
        key: str,
        title: str,
        words: GroupWords,
        groups: object,
        *,
        column: Column = Column.ARTIST,
        nested: bool = False,
    ) -> BrowsePage:
        services = self._services
        browsing = Browsing(key, title, words, groups, column, nested)  # type: ignore[arg-type]
        return BrowsePage(services.library.catalogue, browsing, self._window.commands, services.theme, services.icons)

    def _add_places(self) -> None:
        add = self._window.centre.add
        catalogue, page = self._services.library.catalogue, self._window.library
        section = Section.LIBRARY
        add(Place("albums", tr("Albums"), "squares-four", section, self.albums))
        add(Place("artists", tr("Artists"), "user", section, self.artists))
        add(Place("genres", tr("Genres"), "tree-structure", section, self.genres))
        add(Place("folders", tr("Folders"), "folder", section, self.folders))
        for scope, title, glyph in (
            (recently_added(), mark("Recently added"), "clock-counter-clockwise"),
            (most_played(catalogue), mark("Most played"), "fire"),
            (never_played(catalogue), mark("Never played"), "moon"),
        ):
            add(Place(scope.key, tr(title), glyph, section, page, _entering(page, scope)))
        settings = self._services.preferences.settings
        if settings.sort_column in [column.value for column in Column]:
            page.set_sorting(EVERYTHING.key, Column(settings.sort_column), descending=settings.sort_descending)

    def _connect(self) -> None:
        library, groupings = self._services.library, self.groupings
        library.changed.connect(lambda _: groupings.invalidate())
        library.reset.connect(groupings.reset)
        library.plays_changed.connect(groupings.invalidate)
        library.link.connected.connect(self._ask_genres)
        self._services.jobs.finished.connect(lambda _: self._ask_genres())
        for page in (*self.browsers, self.albums.album):
            join_page(page, self._window, self._services)
        for each in (*self.browsers, self.albums):
            groupings.changed.connect(each.on_groups_changed)
        self.albums.play_requested.connect(self._window.commands.play)
        self._services.jobs.started.connect(lambda _: self.albums.set_indexing(True))
        self._services.jobs.idle.connect(lambda: self.albums.set_indexing(False))
        self._window.commands.extend(self._extend_menu)
        self._window.library.sorted_by.connect(self._on_sorted)

    def _keep_tables(self) -> None:
        preferences = self._services.preferences
        for page in self.browsers:
            TableKeeper(page.table, page.model.scope.key, preferences)
        TableKeeper(self.albums.album.table, "album", preferences)
        order = preferences.settings.album_order
        self.albums.set_order(next((each for each in AlbumOrder if each.value == order), AlbumOrder.ARTIST))
        self.albums.order_changed.connect(lambda name: preferences.set("album_order", name))

    # Slots

    def _ask_genres(self) -> None:
        self._services.library.link.ask(lambda database: database.genres.all(), self.groupings.know_genres)

    def _on_sorted(self, key: str, column: Column, descending: bool) -> None:
        if key == EVERYTHING.key:
            self._services.preferences.set("sort_column", column.value)
            self._services.preferences.set("sort_descending", descending)

    def _extend_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        first = tracks[0]
        icon = self._services.icons.icon
        menu.addAction(icon("user"), tr("Go to artist"), lambda: self.go_to_artist(first))
        menu.addAction(icon("squares-four"), tr("Go to album"), lambda: self.go_to_album(first))


def _entering(page: LibraryPage, scope: Scope) -> object:
    return lambda: page.show_scope(scope)


_ARTISTS = GroupWords(mark("All artists"), mark("Unknown artist"))
_GENRES = GroupWords(mark("All genres"), mark("No genre"))
_FOLDERS = GroupWords(mark("All folders"), mark("No folder"))
