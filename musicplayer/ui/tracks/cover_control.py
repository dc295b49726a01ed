"""Gives an album another cover: a file that is chosen, or a picture that is dropped where its cover is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from indexer.core.catalogue.album_rule import album_rows
from indexer.core.catalogue.chosen_covers import Choice, CoverUnwritable
from indexer.core.catalogue.covers import LARGEST_FILE, PICTURES
from indexer.core.errors import SegueError
from indexer.core.language import tr
from indexer.core.text import shown_name
from indexer.core.tracks import TrackId
from musicplayer.library.artwork import decoded
from musicplayer.threads import Tasks
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.picture_drops import PictureDrops

_TRIED = 64
"""Pixels at which it is found out whether a file is a picture."""

TracksOf = Callable[[], Sequence[TrackId]]


class CoverControl(QObject):
    """Keeps what is chosen in the home; files of music stay as they are.

    It offers nothing where another machine has the library, whose server gives the covers that were chosen there.
    """

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._chosen = services.chosen_covers
        self._tasks = Tasks(workers=1, parent=self)
        self.offers = services.shared is None
        shell.closing.then(self._tasks.shutdown)

    def follow(self, part: QWidget, cover: CoverLabel, tracks_of: TracksOf) -> None:
        """Let pictures be dropped on a part of the window for the album of `tracks_of`, and its cover have a menu."""
        if not self.offers:
            return
        self.take_drops(part, cover, tracks_of)
        cover.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        cover.customContextMenuRequested.connect(lambda spot: self._show_menu(cover, spot, tracks_of()))
        cover.setToolTip(tr("Drop a picture here to show it as the cover"))

    def take_drops(self, part: QWidget, cover: CoverLabel, tracks_of: TracksOf) -> None:
        """The same of a part whose cover has another menu."""
        if self.offers:
            drops = PictureDrops(part, cover)
            drops.file_dropped.connect(lambda path: self.choose(tracks_of(), path))
            drops.picture_dropped.connect(
                lambda image: self._keep(tracks_of(), lambda: _bytes_of(image), tr("What was dropped"))
            )

    def choose(self, tracks: Sequence[TrackId], path: str) -> None:
        """Show the picture in a file as the cover of the album that tracks are on."""
        self._keep(tracks, lambda: _content_of(Path(path)), shown_name(path))

    def choose_file(self, tracks: Sequence[TrackId]) -> QFileDialog:
        """Let a picture be chosen for the album that tracks are on."""
        dialog = QFileDialog(self._shell.window, tr("Choose a cover"), self._folder_of(tracks))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{suffix}" for suffix in sorted(PICTURES))
        dialog.setNameFilters([tr("Pictures ({endings})", endings=endings), tr("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.choose(tracks, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        """Offer it for tracks of one album."""
        if self.offers and set(self._album_of(tracks)).issuperset(tracks):
            self._fill(menu.addMenu(self._services.look.icons.icon("image"), tr("Cover")), tracks)

    def forget(self, tracks: Sequence[TrackId]) -> None:
        """Show the cover that the music has itself."""
        wanted = dict.fromkeys(self._album_of(tracks))
        self._tasks.run(
            lambda: self._chosen.put(wanted),
            partial(self._on_kept, tr("The cover is the music's own.")),
            self._on_failed,
        )

    def _keep(self, tracks: Sequence[TrackId], read: Callable[[], bytes], name: str) -> None:
        album = self._album_of(tracks)

        def keep() -> Choice:
            content = read()
            if decoded(content, _TRIED) is None:
                raise SegueError("cover-none", name=name)
            return self._chosen.choose(album, content)

        if album:
            self._tasks.run(keep, partial(self._on_kept, tr("The album has another cover.")), self._on_failed)
        else:
            self._shell.messages.tell(tr("This file is not in the library") if tracks else tr("Nothing is playing"))

    def _on_kept(self, words: str, before: Choice) -> None:
        self._renew(before)
        advice = tr("Segue keeps it; the files of the music are as they were.")
        self._shell.messages.tell(words, advice, tr("Undo"), lambda: self._undo(before))

    def _undo(self, before: Choice) -> None:
        self._tasks.run(lambda: self._chosen.put(before), self._renew, self._on_failed)

    def _renew(self, changed: Choice) -> None:
        for track in changed:
            if (found := self._services.library.track(track)) is not None:
                self._services.look.artwork.renew(found)
        current = self._services.player.current
        playing = self._services.library.track(current) if current is not None and current in changed else None
        if playing is not None:
            self._services.cover_file.request(playing)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SegueError):
            raise error
        self._shell.messages.warn(error.message, error.advice)

    def _album_of(self, tracks: Sequence[TrackId]) -> list[TrackId]:
        """All of the album of the first track, or that track where it is on none; nothing outside of the library."""
        catalogue = self._services.library.catalogue
        row = catalogue.row_of(tracks[0]) if tracks else None
        if row is None:
            return []
        return catalogue.ids(album_rows(catalogue, row).tolist()) or [tracks[0]]

    def _folder_of(self, tracks: Sequence[TrackId]) -> str:
        path = self._services.library.path_of(tracks[0]) if tracks else None
        return self._services.preferences.folder if path is None else str(Path(path).parent)

    def _show_menu(self, cover: QWidget, spot: QPoint, tracks: Sequence[TrackId]) -> None:
        if self._album_of(tracks):
            menu = QMenu(cover)
            self._fill(menu, tracks)
            pop_up(menu, cover.mapToGlobal(spot))

    def _fill(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        icon = self._services.look.icons.icon
        menu.addAction(icon("image"), tr("Choose a cover…"), lambda: self.choose_file(tracks))
        if self._chosen.picture_of(tracks[0]) is not None:
            own = tr("Show the music's own cover")
            menu.addAction(icon("arrow-counter-clockwise"), own, lambda: self.forget(tracks))


def _content_of(path: Path) -> bytes:
    """What is in a file.

    Raises:
        SegueError: it cannot be read, or is no picture by its size.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CoverUnwritable("cover-large", megabytes=LARGEST_FILE // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise SegueError("cover-none", name=shown_name(str(path))) from error


def _bytes_of(image: QImage) -> bytes:
    """A picture as a file of it would be, which takes a moment for a large one."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
