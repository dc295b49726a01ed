"""Keeps the cover of what plays in a file of its own, for others to show: the desktop's controls, notifications."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, Signal
from PySide6.QtGui import QImage

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.files.atomic import write_atomically
from indexer.core.tracks import Track, TrackId
from musicplayer.library.artwork import drawn_cover, found_cover
from musicplayer.threads import Tasks

SIZE = 384
"""Pixels: sharp on a lock screen, and small enough to be read at once."""

KEPT = 4
"""Files of tracks before, which a slow reader may still be asked to show."""


class CoverFile(QObject):
    """Writes covers in the background, one for each track that is asked for, and drops older ones.

    Signals:
        ready: TrackId and Path.
    """

    ready = Signal(object, object)

    def __init__(
        self, folder: Path, thumbnails: Path, parent: QObject | None = None, *, chosen: ChosenCovers | None = None
    ) -> None:
        """Keep the files in `folder`; `thumbnails` is where small covers are kept anyway, `chosen` as for `Artwork`."""
        super().__init__(parent)
        self._folder = folder
        self._thumbnails = thumbnails
        self._chosen = chosen
        self._tasks = Tasks(workers=1, parent=self)
        self._wanted: TrackId | None = None

    def request(self, track: Track) -> None:
        """Have `ready` emitted for this track; for the one asked for before it is not any more."""
        self._wanted = track.id
        self._tasks.run(
            lambda: found_cover(track, SIZE, self._thumbnails, self._chosen) if track.id == self._wanted else None,
            lambda image: self._write(track, drawn_cover(track, SIZE) if image is None else image),
            lambda _: self._write(track, drawn_cover(track, SIZE)),
        )

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _write(self, track: Track, image: QImage) -> None:
        if track.id == self._wanted:
            self._tasks.run(
                lambda: write_cover(image, self._folder),
                lambda path: self._on_written(track.id, path),
                lambda _: None,  # a full disk; controls without a picture work all the same
            )

    def _on_written(self, track: TrackId, path: Path) -> None:
        if track == self._wanted:
            self.ready.emit(track, path)


def write_cover(image: QImage, folder: Path) -> Path:
    """Write a cover into `folder`, named after what it shows, and return where.

    Raises:
        OSError: it cannot be written.
    """
    content = _encoded(image)
    path = folder / f"{hashlib.blake2b(content, digest_size=16).hexdigest()}.jpg"
    if path.exists():
        path.touch()
    else:
        write_atomically(path, content)
        _drop_older(folder)
    return path


def _encoded(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 90)  # type: ignore[call-overload]
    return bytes(content.data())


def _drop_older(folder: Path) -> None:
    with contextlib.suppress(OSError):  # another Segue may be dropping them too
        files = sorted(folder.glob("*.jpg"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[KEPT + 1 :]:
            file.unlink(missing_ok=True)
