"""Takes a picture that is dropped on a part of the window: a file, or what a browser lets be dragged."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QWidget

from indexer.core.catalogue.covers import PICTURES
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.mime import files_of

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class PictureDrops(QObject):
    """Shows by a frame around the cover that a picture can be dropped; all else is left to who takes it otherwise.

    Signals:
        file_dropped: the path of a picture.
        picture_dropped: the QImage of one that is no file here.
    """

    file_dropped = Signal(str)
    picture_dropped = Signal(object)

    def __init__(self, part: QWidget, cover: CoverLabel) -> None:
        """Take what is dropped anywhere on `part`, which shows `cover`."""
        super().__init__(part)
        self._cover = cover
        part.setAcceptDrops(True)
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _DRAGS or kind == QEvent.Type.Drop:
            dropped = cast("QDropEvent", event)  # which the others are derived from
            if not self._cover.has_track or not has_picture(dropped.mimeData()):
                return False
            dropped.acceptProposedAction()
            self._cover.invite(on=kind in _DRAGS)
            if kind == QEvent.Type.Drop:
                self._take(dropped.mimeData())
            return True
        if kind == QEvent.Type.DragLeave:
            self._cover.invite(on=False)
        return super().eventFilter(watched, event)

    def _take(self, data: QMimeData) -> None:
        files = _picture_files(data)
        if files:
            self.file_dropped.emit(files[0])
        else:
            self.picture_dropped.emit(QImage(data.imageData()))


def has_picture(data: QMimeData) -> bool:
    """Whether one picture, and nothing else, is dragged."""
    return len(_picture_files(data)) == 1 or (data.hasImage() and not files_of(data))


def _picture_files(data: QMimeData) -> list[str]:
    files = files_of(data)
    return files if all(Path(file).suffix.lower() in PICTURES for file in files) else []
