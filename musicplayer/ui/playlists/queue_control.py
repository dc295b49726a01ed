"""Joins the queue to the window: what was replaced can come back, files come in, and it can become a playlist."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from indexer.core.language import tr, trn
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.frame.chosen import chosen_with_groups
from musicplayer.ui.frame.dropped import folders_of
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.playlists.playlist_commands import PlaylistCommands
from musicplayer.ui.playlists.playlist_transfer import PlaylistTransfer
from musicplayer.ui.queue.queue_dock import QueueDock


class QueueControl(QObject):
    """Messages and files of the queue."""

    def __init__(
        self,
        shell: Shell,
        services: Services,
        dock: QueueDock,
        library_control: LibraryControl,
        commands: PlaylistCommands,
        transfer: PlaylistTransfer,
    ) -> None:
        super().__init__(shell.window)
        self._player = services.player
        self._messages = shell.messages
        self._visitors = shell.visitors
        self._library = services.library
        self._library_control = library_control
        self._icons = services.look.icons
        self._commands = commands
        self._transfer = transfer
        dock.save_requested.connect(self.save)
        dock.export_requested.connect(self.export)
        dock.files_dropped.connect(self._on_files)
        self._visitors.loose_given.connect(self._on_loose)
        shell.actions.play_chosen_next.triggered.connect(lambda: self._with_chosen(shell.commands.play_next))
        shell.actions.enqueue_chosen.triggered.connect(lambda: self._with_chosen(shell.commands.enqueue))
        self._swept = ("", 0)
        self._player.queue_changed.connect(self._on_queue)
        self._is_shared = services.shared is not None
        if not self._is_shared:
            shell.commands.extend(self._add_to_menu)

    def save(self) -> None:
        """Ask for a name and make a playlist of the queue."""
        if len(self._player.queue):
            self._commands.make_named(self._tracks(), tr("Queue"))

    def export(self) -> None:
        """Let a file be chosen and write the queue to it."""
        if len(self._player.queue):
            self._transfer.choose_export(tr("Queue"), self._tracks())

    def on_swept(self, number: int, replaced: bool) -> None:
        if number == 1 and replaced:
            return  # one track is no list that anyone made
        words = (
            trn("A queue of {number} track was replaced.", "A queue of {number} tracks was replaced.", number)
            if replaced
            else trn("The queue of {number} track was cleared.", "The queue of {number} tracks was cleared.", number)
        )
        depth = self._player.queue.undo_depth
        self._swept = (words, depth)
        self._messages.tell(words, "", tr("Undo"), lambda: self._go_back_to(depth))

    def _with_chosen(self, act: Callable[[list[TrackId]], object]) -> None:
        tracks = chosen_with_groups()
        if tracks:
            act(tracks)
        else:
            self._messages.tell(tr("Choose tracks in a list to queue them."))

    def _on_queue(self) -> None:
        """A message that offers to take back what was taken back by a key goes."""
        words, depth = self._swept
        if words and self._player.queue.undo_depth < depth:
            self._swept = ("", 0)
            self._messages.take_back(words)

    def _go_back_to(self, depth: int) -> None:
        """Take back the edit that made the queue this deep, and those that came after it."""
        while self._player.queue.undo_depth >= depth and self._player.undo():
            pass

    def _on_files(self, paths: list[str], at: int) -> None:
        self._visitors.tracks_of(paths, lambda tracks: self._player.insert(at, tracks))

    def _on_loose(self, tracks: list[Track]) -> None:
        """Say that what was queued is not in the library, and how it gets there."""
        number, folders = len(tracks), folders_of(tracks)
        words = (
            tr("“{title}” is not in the library.", title=tracks[0].title)
            if number == 1
            else trn("{number} file is not in the library.", "{number} files are not in the library.", number)
        )
        advice = tr("It plays all the same; what is heard of it is not counted.") if number == 1 else ""
        if self._is_shared:
            self._messages.tell(words, advice)
            return
        self._messages.tell(
            words,
            advice,
            trn("Add this folder", "Add these folders", len(folders)),
            lambda: self._library_control.add_folders(folders),
        )

    def _add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        folders = folders_of([loose for track in tracks if (loose := self._library.loose_track(track)) is not None])
        if folders:
            words = trn("Add this folder", "Add these folders", len(folders))
            icon = self._icons.icon("folder-plus")
            menu.addAction(icon, words, lambda: self._library_control.add_folders(folders))

    def _tracks(self) -> list[TrackId]:
        return [item.track for item in self._player.queue.items]
