"""Imports and exports playlist files, off the UI thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from indexer.core.errors import SegueError
from indexer.core.language import tr, trn
from indexer.core.playlists.entries import Entry
from indexer.core.playlists.files import READABLE, WRITABLE, write_playlist
from indexer.core.playlists.folder import look_in
from indexer.core.playlists.matching import How, Imported, Line, import_playlist, tracks_below
from indexer.core.playlists.placeholders import entry_of, kept, placeholder
from indexer.core.playlists.shelf import Shelf
from indexer.core.text import shown_text
from indexer.core.tracks import TrackId, is_awaited
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.playlists.import_dialog import ImportDialog
from musicplayer.ui.playlists.playlist_work import PlaylistWork

_FILTER_IN = " ".join(f"*{ending}" for ending in READABLE)


class PlaylistTransfer(PlaylistWork):
    """Files in and out.

    Signals:
        imported: the id of the playlist that was made.
    """

    imported = Signal(str)

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell, services)
        self._undecided: deque[Imported] = deque()
        self._dialog: ImportDialog | None = None

    def shutdown(self) -> None:
        self._dialog = None  # which ends what is looked for in a folder
        super().shutdown()

    def choose_import(self) -> None:
        """Let playlist files be chosen and import them."""
        dialog = QFileDialog(self._window, tr("Import playlists"), self._preferences.folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(tr("Playlists ({endings})", endings=_FILTER_IN))
        dialog.filesSelected.connect(self.import_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_files(self, paths: Sequence[str]) -> None:
        """Make a playlist of each file."""
        shelf = Shelf.of(self._library.catalogue)
        for path in map(Path, paths):
            self._preferences.remember_folder(path)
            self._run(partial(import_playlist, path, shelf), self._take)

    def choose_export(self, name: str, tracks: Sequence[TrackId]) -> None:
        """Let a file be chosen and write `tracks` to it."""
        suggestion = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in name).strip(". ") or "playlist"
        dialog = QFileDialog(self._window, tr("Export “{name}”", name=name), self._preferences.folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("M3U8 playlist (*.m3u8)"), tr("XSPF playlist (*.xspf)")])
        dialog.setDefaultSuffix(WRITABLE[0][1:])
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(WRITABLE[1 if WRITABLE[1] in chosen else 0][1:])
        )
        dialog.selectFile(suggestion)
        dialog.fileSelected.connect(lambda path: self.export(path, name, tracks))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, path: str, name: str, tracks: Sequence[TrackId]) -> None:
        """Write `tracks` to a file; its ending tells the format."""
        target = Path(path)
        if target.suffix.lower() not in {".m3u", *WRITABLE}:
            target = target.with_name(target.name + WRITABLE[0])
        self._preferences.remember_folder(target)
        entries = [entry for track in tracks if (entry := self._entry(track)) is not None and entry.locations]
        lost = len(tracks) - len(entries)
        self._run(lambda: write_playlist(target, name, entries), lambda _: self._tell_written(target, entries, lost))

    def tracks_of_files(self, paths: Sequence[str], then: Callable[[list[TrackId]], None]) -> None:
        """Give `then` the tracks of files, folders and playlist files that were dropped; others are named."""
        shelf = Shelf.of(self._library.catalogue)
        self._run(lambda: _tracks_of(paths, shelf), lambda found: self._take_dropped(found, then))

    # Helpers

    def _take(self, found: Imported) -> None:
        """Take in at once what was found in its very places; ask about all else."""
        if all(line.how is How.EXACT for line in found.lines):
            self._import(found, found.lines, ())
        else:
            self._undecided.append(found)
            self._ask()

    def _ask(self) -> None:
        """Show the next list to decide about; one dialog at a time."""
        if self._dialog is not None or not self._undecided:
            return
        found = self._undecided.popleft()
        dialog = self._dialog = ImportDialog(found, self._preferences.folder, self._window, shared=self._is_shared)
        dialog.decided.connect(lambda lines, folders: self._import(found, lines, folders))
        dialog.look_requested.connect(lambda lines, folder: self._look(dialog, found, lines, folder))
        dialog.finished.connect(lambda _: self._on_asked())
        dialog.open()

    def _on_asked(self) -> None:
        self._dialog = None
        self._ask()

    def _look(self, dialog: ImportDialog, found: Imported, lines: Sequence[Line], folder: str) -> None:
        """Look below a folder for what is missing; closing the dialog ends that."""
        entries = [line.entry for line in lines]

        def goes_on() -> bool:
            return self._dialog is dialog

        def show(results: list[Line]) -> None:
            if goes_on():
                dialog.take(results, folder)

        self._run(lambda: look_in(folder, entries, found.folders, goes_on), show)

    def _import(self, found: Imported, lines: Sequence[Line], folders: Sequence[str]) -> None:
        base = found.folders[0] if found.folders else ""
        wanted = (track for line in lines for track in (line.tracks or (placeholder(line.entry, base),)))
        tracks, lost = kept(wanted)
        made = self._playlists.create(found.name, tracks)
        self.imported.emit(made.id)
        for folder in dict.fromkeys(folders):
            self.folder_wanted.emit(folder)
        self._tell_imported(made.name, tracks, lost)

    def _tell_imported(self, name: str, tracks: Sequence[TrackId], lost: int) -> None:
        waiting = sum(map(is_awaited, tracks))
        number = len(tracks) - waiting
        advice = []
        if waiting:
            advice.append(
                trn(
                    "{number} line waits for its music and is filled in when that comes.",
                    "{number} lines wait for their music and are filled in when that comes.",
                    waiting,
                )
            )
        if lost:
            advice.append(
                trn("{number} line was too long to be kept.", "{number} lines were too long to be kept.", lost)
            )
        self._messages.tell(
            trn(
                "“{name}” was imported with {number} track.",
                "“{name}” was imported with {number} tracks.",
                number,
                name=name,
            ),
            " ".join(advice),
        )

    def _take_dropped(self, found: Imported, then: Callable[[list[TrackId]], None]) -> None:
        if found.tracks:
            then(list(found.tracks))
        if found.missing:
            number = len(found.missing)
            names = ", ".join(Path(entry.shown).name for entry in found.missing[:3])
            self._messages.warn(
                trn(
                    "{number} of what was dropped is not in your library: {names}",
                    "{number} of what was dropped are not in your library: {names}",
                    number,
                    names=shown_text(names + ("…" if number > 3 else ".")),  # noqa: PLR2004
                ),
                "" if self._is_shared else tr("Add the folder first, with File › Add folder, then drop it again."),
            )

    def _entry(self, track: TrackId) -> Entry | None:
        found = self._library.track(track)
        if found is None:
            return entry_of(track)
        start = found.start if found.stretch.is_part else None
        return Entry(
            (found.path,), found.title, found.artist, found.album, found.seconds, found.id, start=start, end=found.end
        )

    def _tell_written(self, path: Path, entries: Sequence[Entry], lost: int) -> None:
        shown = shown_text(str(path))
        advice = trn(
            "{number} entry is unknown and was left out.", "{number} entries are unknown and were left out.", lost
        )
        self._messages.tell(
            trn(
                "{number} track was written to {path}.",
                "{number} tracks were written to {path}.",
                len(entries),
                path=shown,
            ),
            advice if lost else "",
        )

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SegueError):
            raise error
        self._messages.warn(shown_text(str(error.message)), error.advice)


def _tracks_of(paths: Sequence[str], shelf: Shelf) -> Imported:
    """What was dropped, in its order; playlist files stand for what they list."""
    lines: list[Line] = []
    for path in paths:
        if path.lower().endswith(READABLE):
            lines += import_playlist(Path(path), shelf).lines
            continue
        known, unknown = tracks_below(shelf, [path])
        lines += [Line(Entry((path,)), How.EXACT, tuple(known))] if known else []
        lines += [Line(Entry((each,))) for each in unknown]
    return Imported("", tuple(lines))
