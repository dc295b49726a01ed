"""Fills in the lines of playlists that wait for their music: when it comes, or where a person says that it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer

from indexer.core.language import tr, trn
from indexer.core.playlists.folder import look_in
from indexer.core.playlists.matching import Line
from indexer.core.playlists.placeholders import entry_of, found_among, placeholder
from indexer.core.playlists.shelf import Shelf
from indexer.core.text import shown_text
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.dialogs import choose_folder
from musicplayer.ui.playlists.playlist_work import PlaylistWork

_AGAIN_MS = 1_000
_SHARE = 20
"""Looking is not to take more than such a part of the time while a scan goes on and something comes all the time."""


class AwaitedLines(PlaylistWork):
    """Looks off the UI thread."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell, services)
        self._ended = False
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._look_again)

    def shutdown(self) -> None:
        """End what is looked for."""
        self._ended = True
        super().shutdown()

    def on_library_changed(self) -> None:
        """Tracks came in; those that lines of playlists wait for may be among them."""
        if not self._again.isActive():
            self._again.start()

    def choose_folder(self, playlist: str) -> None:
        """Let a folder be chosen that may have what lines of a playlist wait for."""
        title = tr("Look for the missing music")
        choose_folder(self._window, title, self._preferences.folder, lambda folder: self.look_for(playlist, folder))

    def look_for(self, playlist: str, folder: str) -> None:
        """Look below a folder for what lines of a playlist wait for; it is added to the library if it has any."""
        pairs = [(track, entry) for track in self._playlists.tracks(playlist) if (entry := entry_of(track)) is not None]
        waiting = dict(pairs)
        entries = list(waiting.values())
        self._run(
            lambda: look_in(folder, entries, [folder], lambda: not self._ended),
            lambda lines: self._point(dict(zip(waiting, lines, strict=True)), folder),
        )

    # Helpers

    def _look_again(self) -> None:
        """Put what came into the library since into the lines that wait for it."""
        awaited = self._playlists.awaited()
        if not awaited:
            return
        shelf = Shelf.of(self._library.catalogue)
        began = time.monotonic()

        def fill_in(found: Mapping[TrackId, Sequence[TrackId]]) -> None:
            self._again.setInterval(max(_AGAIN_MS, round(1_000 * _SHARE * (time.monotonic() - began))))
            self._fill_in(found)

        self._run(lambda: found_among(shelf, awaited), fill_in)

    def _point(self, lines: Mapping[TrackId, Line], folder: str) -> None:
        """Have lines wait for the files that were found for them."""
        found: dict[TrackId, Sequence[TrackId]] = {}
        for track, line in lines.items():
            there = replace(line.entry, locations=(line.path, *line.entry.locations))
            if line.path and (pointed := placeholder(there, "")) is not None:
                found[track] = (pointed,)
        number, shown = len(found), shown_text(folder)
        if not found:
            self._messages.tell(tr("None of the missing music is in {folder}.", folder=shown))
            return
        self._playlists.put_in_place(found)
        self.folder_wanted.emit(folder)
        self._messages.tell(
            trn(
                "{number} missing track is in {folder}, which is added to your library.",
                "{number} missing tracks are in {folder}, which is added to your library.",
                number,
                folder=shown,
            )
        )

    def _fill_in(self, found: Mapping[TrackId, Sequence[TrackId]]) -> None:
        number = self._playlists.put_in_place(found) if found else 0
        if number:
            self._messages.tell(
                trn(
                    "{number} line of your playlists was waiting for music that is there now.",
                    "{number} lines of your playlists were waiting for music that is there now.",
                    number,
                )
            )
