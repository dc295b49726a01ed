"""Joins the queue to the window: what was cleared or replaced can come back, and it can become a playlist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.library import TrackId
from musicplayer.language import tr, trn
from musicplayer.ui.playlist_commands import PlaylistCommands
from musicplayer.ui.playlist_transfer import PlaylistTransfer
from musicplayer.ui.services import Services

if TYPE_CHECKING:
    from musicplayer.ui.main_window import MainWindow


class QueueControl(QObject):
    """Messages and files of the queue."""

    def __init__(
        self, window: MainWindow, services: Services, commands: PlaylistCommands, transfer: PlaylistTransfer
    ) -> None:
        super().__init__(window)
        self._player = services.player
        self._messages = window.messages
        self._commands = commands
        self._transfer = transfer
        self._player.queue_swept.connect(self._on_swept)
        window.queue.save_requested.connect(self.save)
        window.queue.export_requested.connect(self.export)
        window.queue.files_dropped.connect(self._on_files)

    def save(self) -> None:
        """Ask for a name and make a playlist of the queue."""
        if len(self._player.queue):
            self._commands.make_named(self._tracks(), tr("Queue"))

    def export(self) -> None:
        """Let a file be chosen and write the queue to it."""
        if len(self._player.queue):
            self._transfer.choose_export(tr("Queue"), self._tracks())

    def _on_swept(self, number: int, replaced: bool) -> None:
        if number == 1 and replaced:
            return  # one track is no list that anyone made
        words = (
            trn("A queue of {number} track was replaced.", "A queue of {number} tracks was replaced.", number)
            if replaced
            else trn("The queue of {number} track was cleared.", "The queue of {number} tracks was cleared.", number)
        )
        depth = self._player.queue.undo_depth
        self._messages.tell(words, "", tr("Undo"), lambda: self._go_back_to(depth))

    def _go_back_to(self, depth: int) -> None:
        """Take back the edit that made the queue this deep, and those that came after it."""
        while self._player.queue.undo_depth >= depth and self._player.undo():
            pass

    def _on_files(self, paths: list[str], at: int) -> None:
        self._transfer.tracks_of_files(paths, lambda tracks: self._player.insert(at, tracks))

    def _tracks(self) -> list[TrackId]:
        return [item.track for item in self._player.queue.items]
