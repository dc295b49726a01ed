"""Joins the playlists to the window: places, page, menus, messages, files, and the queue that becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from indexer.core.language import tr
from indexer.core.tracks import TrackId, is_awaited
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.playlists.awaited_lines import AwaitedLines
from musicplayer.ui.playlists.inheritance_message import InheritanceMessage
from musicplayer.ui.playlists.playlist_commands import PlaylistCommands
from musicplayer.ui.playlists.playlist_page import PlaylistPage
from musicplayer.ui.playlists.playlist_places import PlaylistPlaces
from musicplayer.ui.playlists.playlist_transfer import PlaylistTransfer
from musicplayer.ui.playlists.queue_control import QueueControl
from musicplayer.ui.playlists.smart_dialog import SaveSearch
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.tracks.library_page import LibraryPage


class PlaylistControl(QObject):
    """Owns the parts and connects them."""

    def __init__(
        self, shell: Shell, services: Services, tracks: LibraryPage, dock: QueueDock, library_control: LibraryControl
    ) -> None:
        window = shell.window
        super().__init__(window)
        self._shell = shell
        self._library_control = library_control
        self._services = services
        self._playlists = services.playlists
        library, icons = services.library, services.look.icons
        self.commands = PlaylistCommands(
            services.playlists, library.catalogue, services.player, shell.messages, icons, window
        )
        self.transfer = PlaylistTransfer(shell, services)
        self.awaited = AwaitedLines(shell, services)
        self.page = PlaylistPage(services.playlists, library, services.look)
        self.places = PlaylistPlaces(services.playlists, shell.places.sidebar, shell.places, self.page, icons)
        self.save_search = SaveSearch(tracks, icons)
        self.save_search.requested.connect(self.commands.make_smart)
        self.save_search.kept.connect(self.commands.keep_search)
        InheritanceMessage(services, shell.messages, self)
        self._add_actions()
        self._connect_page()
        self._connect_places()
        shell.commands.extend(self.commands.fill_menu)
        shell.closing.then(self.transfer.shutdown)
        shell.closing.then(self.awaited.shutdown)
        self.queue = QueueControl(shell, services, dock, library_control, self.commands, self.transfer)

    def _add_actions(self) -> None:
        actions = self._shell.actions
        actions.new_playlist.triggered.connect(self._on_new)
        actions.new_smart.triggered.connect(self._on_new_smart)
        actions.import_playlist.triggered.connect(self.transfer.choose_import)
        self.places.add_button.clicked.connect(self._on_new)

    def _connect_page(self) -> None:
        page, commands = self.page, self.commands
        page.play_requested.connect(commands.play)
        page.row_activated.connect(lambda row: self._shell.commands.play_in_list(page.model.shown_tracks(), row))
        page.shuffle_requested.connect(commands.shuffle)
        page.queue_requested.connect(commands.enqueue)
        page.export_requested.connect(self._export)
        page.edit_requested.connect(commands.edit_smart)
        page.tracks_dropped.connect(commands.add)
        page.files_dropped.connect(
            lambda key, paths, at: self.transfer.tracks_of_files(paths, lambda tracks: commands.add(key, tracks, at))
        )
        page.removed.connect(commands.tell_removed)
        page.menu_requested.connect(self._on_page_menu)

    def _connect_places(self) -> None:
        places, commands = self.places, self.commands
        commands.go_requested.connect(places.go)
        commands.naming_requested.connect(self._name_in_page)
        places.menu_requested.connect(self._on_place_menu)
        places.delete_requested.connect(commands.delete)
        places.undo_requested.connect(self._on_undo)
        self._shell.places.sidebar.has_undo = lambda: commands.offers_undo
        places.tracks_dropped.connect(self._add_or_make)
        places.files_dropped.connect(self._on_files_dropped)
        self.transfer.imported.connect(places.go)
        self._shell.visitors.playlists_given.connect(self.transfer.import_files)
        self._shell.places.went.connect(lambda _: self.page.refresh_soon())
        for part in (self.transfer, self.awaited):
            part.folder_wanted.connect(self._library_control.add_folder)

    def mark_playing(self) -> None:
        player = self._services.player
        self.page.model.set_playing(player.under_way, paused=player.state is PlaybackState.PAUSED)

    def _on_new(self) -> None:
        self.commands.make()

    def _on_new_smart(self) -> None:
        self.commands.make_smart()

    def _on_undo(self) -> None:
        self._playlists.undo()

    def on_library_changed(self) -> None:
        self.page.refresh_soon()
        self.awaited.on_library_changed()

    def _name_in_page(self, playlist: str) -> None:
        self.places.go(playlist)
        self.page.edit_name()

    def _add_or_make(self, playlist: str, tracks: Sequence[TrackId]) -> None:
        if playlist:
            self.commands.add(playlist, tracks)
        else:
            self.commands.make(tracks)

    def _on_files_dropped(self, playlist: str, paths: Sequence[str]) -> None:
        """Playlist files dropped on the section are imported; what else was dropped goes into a list."""
        from indexer.core.playlists.files import is_playlist_file  # noqa: PLC0415 - with the first drop

        if not playlist and all(map(is_playlist_file, paths)):
            self.transfer.import_files(paths)
        else:
            self.transfer.tracks_of_files(paths, lambda tracks: self._add_or_make(playlist, tracks))

    def _export(self, playlist: str) -> None:
        found = self._playlists.get(playlist)
        if found is not None:
            self.transfer.choose_export(found.name, self._playlists.tracks(playlist))

    def _on_page_menu(self, tracks: list[TrackId], rows: list[int], spot: QPoint) -> None:
        found = self._playlists.get(self.page.playlist)
        more = []
        if found is not None and not found.is_smart:
            remove = QAction(self._services.look.icons.icon("x"), tr("Remove from playlist"), self)
            remove.setShortcut("Del")
            remove.triggered.connect(lambda: self.page.remove_rows(rows))
            more.append(remove)
        menu = self._shell.commands.list_menu(tracks, rows, self._shell.window, self.page.model.shown_tracks, more)
        for action in more:
            action.setParent(menu)
        pop_up(menu, spot)

    def _on_place_menu(self, playlist: str, spot: QPoint) -> None:
        pop_up(self.place_menu(playlist), spot)

    def place_menu(self, playlist: str) -> QMenu:
        """The context menu of a playlist in the side bar, or of their section."""
        menu = QMenu(self._shell.window)
        if self._playlists.get(playlist) is not None:
            self._fill_place_menu(menu, playlist)
            menu.addSeparator()
        actions = self._shell.actions
        menu.addActions([actions.new_playlist, actions.new_smart, actions.import_playlist])
        undo = menu.addAction(tr("Undo last change of a playlist"), self._on_undo)
        undo.setEnabled(self._playlists.can_undo)
        return menu

    def _fill_place_menu(self, menu: QMenu, playlist: str) -> None:
        icon, commands = self._services.look.icons.icon, self.commands
        tracks = partial(self._playlists.tracks, playlist)  # looked up when it is chosen
        order = [each.id for each in self._playlists.all()]
        at = order.index(playlist)
        menu.addAction(icon("play"), tr("Play"), lambda: commands.play(tracks()))
        menu.addAction(icon("shuffle"), tr("Shuffle"), lambda: commands.shuffle(tracks()))
        menu.addAction(icon("queue"), tr("Add to queue"), lambda: commands.enqueue(tracks()))
        menu.addSeparator()
        menu.addAction(icon("pencil-simple"), tr("Rename"), lambda: self.places.edit_name(playlist))
        if (found := self._playlists.get(playlist)) is not None and found.is_smart:
            menu.addAction(icon("sliders-horizontal"), tr("Edit search…"), lambda: commands.edit_smart(playlist))
        menu.addAction(icon("export"), tr("Export…"), lambda: self._export(playlist))
        if self._services.shared is None and any(map(is_awaited, tracks())):
            menu.addAction(icon("folder"), tr("Look for missing music…"), lambda: self.awaited.choose_folder(playlist))
        up = menu.addAction(icon("arrow-up"), tr("Move up"), lambda: self._playlists.place(playlist, at - 1))
        down = menu.addAction(icon("arrow-down"), tr("Move down"), lambda: self._playlists.place(playlist, at + 1))
        up.setEnabled(at > 0)
        down.setEnabled(at < len(order) - 1)
        menu.addSeparator()
        menu.addAction(icon("trash"), tr("Delete playlist"), lambda: commands.delete(playlist))
