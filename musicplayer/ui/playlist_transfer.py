"""Imports and exports playlist files, off the UI thread, and names what could not be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from indexer.errors import SegueError
from indexer.library import TrackId
from musicplayer.language import tr, trn
from musicplayer.library.library import Library
from musicplayer.library.playlist_entries import Entry
from musicplayer.library.playlist_files import READABLE, WRITABLE, write_playlist
from musicplayer.library.playlist_matching import How, Imported, Line, Shelf, import_playlist, tracks_below
from musicplayer.library.playlists import Playlists
from musicplayer.tasks import Tasks
from musicplayer.ui.message_bar import MessageBar
from musicplayer.ui.missing_dialog import MissingDialog
from musicplayer.ui.preferences import Preferences

_FILTER_IN = " ".join(f"*{ending}" for ending in READABLE)
_AGAIN_MS = 1_000


class PlaylistTransfer(QObject):
    """Files in and out.

    Signals:
        imported: the id of the playlist that was made.
        folder_wanted: a folder to add to the library.
    """

    imported = Signal(str)
    folder_wanted = Signal(object)

    def __init__(
        self,
        playlists: Playlists,
        library: Library,
        preferences: Preferences,
        messages: MessageBar,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._playlists = playlists
        self._library = library
        self._preferences = preferences
        self._messages = messages
        self._window = window
        self._tasks = Tasks(workers=1, parent=self)
        self._awaited: dict[str, tuple[Path, tuple[TrackId, ...]]] = {}
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._look_again)

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def choose_import(self) -> None:
        """Let playlist files be chosen and import them."""
        dialog = QFileDialog(self._window, tr("Import playlists"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(tr("Playlists ({endings})", endings=_FILTER_IN))
        dialog.filesSelected.connect(self.import_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_files(self, paths: Sequence[str]) -> None:
        """Make a playlist of each file."""
        shelf = Shelf.of(self._library.catalogue)
        for path in map(Path, paths):
            self._remember_folder(path)
            self._run(lambda path=path: import_playlist(path, shelf), lambda found, path=path: self._take(path, found))

    def choose_export(self, name: str, tracks: Sequence[TrackId]) -> None:
        """Let a file be chosen and write `tracks` to it."""
        suggestion = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in name).strip(". ") or "playlist"
        dialog = QFileDialog(self._window, tr("Export “{name}”", name=name), self._folder())
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
        self._remember_folder(target)
        entries = [entry for track in tracks if (entry := self._entry(track)) is not None]
        lost = len(tracks) - len(entries)
        self._run(lambda: write_playlist(target, name, entries), lambda _: self._tell_written(target, entries, lost))

    def tracks_of_files(self, paths: Sequence[str], then: Callable[[list[TrackId]], None]) -> None:
        """Give `then` the tracks of files, folders and playlist files that were dropped; others are named."""
        shelf = Shelf.of(self._library.catalogue)
        self._run(lambda: _tracks_of(paths, shelf), lambda found: self._take_dropped(found, then))

    def on_library_changed(self) -> None:
        """Tracks came in; those that an import waits for may be among them."""
        if self._awaited and not self._again.isActive():
            self._again.start()

    # Helpers

    def _take(self, path: Path, found: Imported) -> None:
        made = self._playlists.create(found.name, found.tracks)
        self.imported.emit(made.id)
        if not found.missing:
            number = len(found.tracks)
            self._messages.tell(
                trn(
                    "“{name}” was imported with {number} track.",
                    "“{name}” was imported with {number} tracks.",
                    number,
                    name=made.name,
                )
            )
            return
        shown = [entry.shown or tr("An entry without a name") for entry in found.missing]
        dialog = MissingDialog(made.name, len(found.tracks), shown, found.folder, self._window)
        dialog.folder_chosen.connect(lambda folder: self._await(made.id, path, found, folder))
        dialog.open()

    def _await(self, playlist: str, path: Path, found: Imported, folder: str) -> None:
        self._awaited[playlist] = (path, found.tracks)
        self.folder_wanted.emit(folder)

    def _look_again(self) -> None:
        """Put what came into the library since into its place in the lists that still are as they were imported."""
        shelf = Shelf.of(self._library.catalogue)
        for playlist, (path, before) in list(self._awaited.items()):
            now = self._playlists.get(playlist)
            if now is None or now.tracks != before:
                del self._awaited[playlist]
                continue
            self._run(
                lambda path=path: import_playlist(path, shelf),
                lambda found, playlist=playlist, path=path: self._complete(playlist, path, found),
            )

    def _complete(self, playlist: str, path: Path, found: Imported) -> None:
        if playlist not in self._awaited or self._playlists.get(playlist) is None:
            return
        self._playlists.set_tracks(playlist, found.tracks)
        if found.missing:
            self._awaited[playlist] = (path, found.tracks)
        else:
            del self._awaited[playlist]

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
                    names=(names + ("…" if number > 3 else ".")).encode("utf-8", "replace").decode(),  # noqa: PLR2004
                ),
                tr("Add the folder first, with File › Add folder, then drop it again."),
            )

    def _entry(self, track: TrackId) -> Entry | None:
        found = self._library.track(track)
        if found is None:
            return None
        start = found.start if found.stretch.is_part else None
        return Entry(
            (found.path,), found.title, found.artist, found.album, found.seconds, found.id, start=start, end=found.end
        )

    def _tell_written(self, path: Path, entries: Sequence[Entry], lost: int) -> None:
        shown = str(path).encode("utf-8", "replace").decode()
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

    def _run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        self._tasks.run(work, lambda result: (then(result), None)[1], self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SegueError):
            raise error
        self._messages.warn(str(error.message).encode("utf-8", "replace").decode(), error.advice)

    def _folder(self) -> str:
        return self._preferences.settings.last_folder or str(Path.home())

    def _remember_folder(self, path: Path) -> None:
        self._preferences.settings.last_folder = str(path.parent)
        self._preferences.save_soon()


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
