"""The ways to look at the library: albums, artists, genres, folders, what is new, often or never played."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from indexer.core.catalogue.albums import AlbumOrder
from indexer.core.catalogue.catalogue import CatalogueChange
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, tr
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.groups_alike import GroupsAlike
from musicplayer.library.groupings import Groupings
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.lazy_page import LazyPage
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.tracks.albums_page import AlbumsPage
from musicplayer.ui.tracks.artists_page import ArtistsPage
from musicplayer.ui.tracks.browse_page import BrowsePage, Browsing, GroupedPage
from musicplayer.ui.tracks.column_browser import PLACE as COLUMN_BROWSER
from musicplayer.ui.tracks.column_browser import ColumnBrowser
from musicplayer.ui.tracks.cover_control import CoverControl
from musicplayer.ui.tracks.group_model import GroupWords
from musicplayer.ui.tracks.library_page import LibraryPage, join_page
from musicplayer.ui.tracks.place_keeper import PlaceKeeper
from musicplayer.ui.tracks.scope import Scope, most_played, never_played, recently_added
from musicplayer.ui.tracks.track_view import ARTIST_COLUMNS

if TYPE_CHECKING:
    from musicplayer.ui.tracks.details_dialog import DetailsDialog

P = TypeVar("P", bound=GroupedPage)


class Views(QObject):
    """Adds the places of the section LIBRARY and joins their pages, which are made when they are first shown."""

    def __init__(self, shell: Shell, services: Services, tracks: LibraryPage, covers: CoverControl) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._covers = covers
        self.groupings = Groupings(services.library.catalogue, self)
        self.alike = GroupsAlike(self.groupings, lambda: services.similar.model, self)
        shell.closing.then(self.alike.shutdown)
        self.keeper = PlaceKeeper(shell, services, tracks)
        self._made: list[LibraryPage] = []
        self._tracks = tracks
        join_page(tracks, shell)
        make = self.groupings
        self._albums = LazyPage(self._make_albums)
        self._artists = LazyPage(self._make_artists)
        self._genres = self._browsing(Browsing("genres", mark("Genres"), _GENRES, make.genres, nested=True))
        self._folders = self._browsing(
            Browsing("folders", mark("Folders"), _FOLDERS, make.folders, Column.PATH, nested=True)
        )
        self._browser = LazyPage(self._make_column_browser)
        self._add_places(tracks)
        self._connect()

    @property
    def albums(self) -> AlbumsPage:
        return self._albums.content

    @property
    def artists(self) -> ArtistsPage:
        return self._artists.content

    @property
    def genres(self) -> BrowsePage:
        return self._genres.content

    @property
    def folders(self) -> BrowsePage:
        return self._folders.content

    @property
    def browser(self) -> ColumnBrowser:
        return self._browser.content

    def go_to_artist(self, track: TrackId) -> None:
        """Show everything of the artist of a track, of several the first."""
        row, artists = self.groupings.catalogue.row_of(track), self.groupings.artists()
        groups = [] if row is None else artists.groups_of(row).tolist()
        if groups:
            self._shell.places.go("artists")
            self.artists.choose(artists.keys[groups[0]])
            self.artists.table.setFocus(Qt.FocusReason.OtherFocusReason)  # else Space would be typed into the search

    def go_to_album(self, track: TrackId) -> None:
        """Show the album of a track."""
        row = self.groupings.catalogue.row_of(track)
        if row is None:
            return
        self._shell.places.go("albums")
        self.albums.open_album_of(row)

    def show_details(self, tracks: Sequence[TrackId]) -> DetailsDialog:
        """Show all that is known of tracks of the library, in a window beside the others."""
        from musicplayer.ui.tracks.details_dialog import DetailsDialog  # noqa: PLC0415 - no start needs it

        client = self._services.library.client
        dialog = DetailsDialog(self._services.library.catalogue, tracks, self._shell.window)
        asked = weakref.ref(dialog)

        def show(found: dict[TrackId, Track]) -> None:
            still = asked()
            if still is not None and isValid(still):
                still.show_ids(found.values())

        dialog.ids_wanted.connect(lambda ids: client.ask(lambda database: database.tracks.get(ids), show))
        dialog.ask_ids()
        dialog.show()
        return dialog

    # What the library, the player and the jobs do

    def on_changed(self, change: CatalogueChange) -> None:
        """Tracks came, went or have other names."""
        for page in self._made:
            page.model.on_changed(change)

    def on_reset(self) -> None:
        """The library is another one."""
        for page in self._made:
            page.model.on_reset()

    def on_plays_changed(self) -> None:
        for page in self._made:
            page.model.on_plays_changed()

    def mark_playing(self) -> None:
        """Mark what plays on every page of tracks."""
        player = self._services.player
        for page in (self._tracks, *self._made):
            page.model.set_playing(player.under_way, paused=player.state is PlaybackState.PAUSED)

    def set_indexing(self, running: bool) -> None:
        """Say on every page whether the indexer is at work."""
        for page in (self._tracks, *self._made):
            page.set_indexing(running)
        if self._albums.is_made:
            self.albums.set_indexing(running)

    # Building

    def _browsing(self, browsing: Browsing) -> LazyPage[BrowsePage]:
        return LazyPage(lambda: self._make_browser(browsing))

    def _make_browser(self, browsing: Browsing) -> BrowsePage:
        services = self._services
        page = BrowsePage(services.library.catalogue, browsing, self._shell.commands, services.look)
        return self._followed(page, browsing.key)

    def _make_artists(self) -> ArtistsPage:
        browsing = Browsing("artists", mark("Artists"), _ARTISTS, self.groupings.artists, columns=ARTIST_COLUMNS)
        page = ArtistsPage(self.groupings, browsing, self._shell.commands, self._services.look, self.alike)
        page.album_requested.connect(self._open_album)
        return self._followed(page, browsing.key)

    def _make_column_browser(self) -> ColumnBrowser:
        preferences = self._services.preferences
        page = ColumnBrowser(self.groupings, self._shell.commands, self._services.look)
        page.choose(preferences.settings.browser)
        if preferences.settings.browser_share:
            page.size_lists(preferences.settings.browser_share)
        page.chosen.connect(lambda chosen: preferences.set("browser", chosen))
        page.lists_sized.connect(lambda share: preferences.set("browser_share", share))
        return self._followed(page, COLUMN_BROWSER)

    def _open_album(self, key: str) -> None:
        self._shell.places.go("albums")
        self.albums.open_album(key)

    def _followed(self, page: P, key: str) -> P:
        """Join a page with the library and the player, and keep how it is looked at."""
        self._join(page)
        self.groupings.changed.connect(page.on_groups_changed)
        page.table.keep_columns(key, self._services.preferences)
        self.keeper.keep_page(page)
        return page

    def _join(self, page: LibraryPage) -> None:
        join_page(page, self._shell)
        self._made.append(page)
        page.set_indexing(self._services.jobs.is_running)
        self.mark_playing()

    def _make_albums(self) -> AlbumsPage:
        services, preferences = self._services, self._services.preferences
        page = AlbumsPage(self.groupings, self._shell.commands, services.look, alike=self.alike)
        page.artist_requested.connect(self.go_to_artist)
        if services.shared is not None:
            page.how_to_fill = tr("Those of the library stand here as soon as it answers and has some.")
        self._join(page.album)
        page.album.table.keep_columns("album", preferences)
        self._covers.follow(page.album, page.album.header.cover, page.album.tracks)
        self.groupings.changed.connect(page.on_groups_changed)
        page.play_requested.connect(self._shell.commands.play)
        page.set_indexing(services.jobs.is_running)
        order = preferences.settings.album_order
        page.set_order(next((each for each in AlbumOrder if each.value == order), AlbumOrder.ARTIST))
        page.order_changed.connect(lambda name: preferences.set("album_order", name))
        self.keeper.keep_albums(page)
        return page

    def _add_places(self, page: LibraryPage) -> None:
        add = self._shell.places.add
        catalogue = self._services.library.catalogue
        section = Section.LIBRARY
        add(Place("albums", tr("Albums"), "squares-four", section, self._albums, again=self._to_all_albums))
        add(Place("artists", tr("Artists"), "user", section, self._artists))
        add(Place("genres", tr("Genres"), "tree-structure", section, self._genres))
        add(Place("folders", tr("Folders"), "folder", section, self._folders))
        add(Place(COLUMN_BROWSER, tr("Column browser"), "columns", section, self._browser))
        for scope, title, glyph in (
            (recently_added(catalogue), mark("Recently added"), "clock-counter-clockwise"),
            (most_played(catalogue), mark("Most played"), "fire"),
            (never_played(catalogue), mark("Never played"), "moon"),
        ):
            add(Place(scope.key, tr(title), glyph, section, page, _entering(page, scope)))

    def _to_all_albums(self) -> None:
        self.albums.show_grid()

    def _connect(self) -> None:
        self._shell.commands.extend(self._extend_menu)
        self._shell.commands.extend(self._covers.add_to_menu)
        self._services.similar.changed.connect(self.alike.on_model_changed)

    # Slots

    def ask_genres(self) -> None:
        self._services.library.client.ask(lambda database: database.genres.all(), self.groupings.know_genres)

    def _extend_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        first = tracks[0]
        icon = self._services.look.icons.icon
        menu.addAction(icon("user"), tr("Go to artist"), lambda: self.go_to_artist(first))
        menu.addAction(icon("squares-four"), tr("Go to album"), lambda: self.go_to_album(first))
        known = [track for track in tracks if self._services.library.knows(track)]
        if known:
            menu.addAction(icon("info"), tr("Details…"), lambda: self.show_details(known))


def _entering(page: LibraryPage, scope: Scope) -> Callable[[], None]:
    return lambda: page.show_scope(scope)


_ARTISTS = GroupWords(mark("All artists"), mark("Unknown artist"))
_GENRES = GroupWords(mark("All genres"), mark("No genre"))
_FOLDERS = GroupWords(mark("All folders"), mark("No folder"))
