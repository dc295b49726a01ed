"""Small labels: one cuts its text with an ellipsis, one wraps it, one shows a cover with round corners; and a line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track, TrackId
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme


class ElidedLabel(QLabel):
    """One line that never widens its layout: what does not fit ends in an ellipsis and shows in the tool tip."""

    def __init__(self, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._align()
        if tone:
            self.setProperty("tone", tone)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def set_whole_text(self, text: str) -> None:
        self._whole = text
        self._cut()

    @property
    def whole_text(self) -> str:
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _align(self) -> None:
        """Begin where the window's lines begin, whichever way the text itself is read."""
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class WrappedLabel(QLabel):
    """Centred text in lines of a fixed width, as high as it needs; Qt's own cuts lines off inside stacked pages."""

    def __init__(self, text: str, tone: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setFixedWidth(width)

    def heightForWidth(self, width: int) -> int:
        """The height at the width it has: layouts ask about their own width, which is more."""
        return super().heightForWidth(min(width, self.maximumWidth()))


def rule() -> QFrame:
    """A thin line between two parts of a dialog."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


class CoverLabel(QWidget):
    """The cover of one track in a square with round corners; a note where there is none."""

    RADIUS = 5.0

    def __init__(self, side: int, artwork: Artwork, icons: Icons, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._artwork = artwork
        self._icons = icons
        self._theme = theme
        self._track: TrackId | None = None
        self._pixmap: QPixmap | None = None
        self.setFixedSize(side, side)
        self.setAccessibleName(tr("Cover"))
        artwork.ready.connect(self._on_ready)

    def show_track(self, track: Track | None) -> None:
        """Show the cover of `track`: at once where it is in memory, else as soon as it is read."""
        self._track = track.id if track else None
        self._pixmap = None
        if track is not None:
            image = self._artwork.image(track.id, self._pixels())
            if image is None:
                self._artwork.request(track, self._pixels())
            else:
                self._take(image)
        self.update()

    def _on_ready(self, track: TrackId, size: int, image: QImage) -> None:
        if track == self._track and size == self._pixels():
            self._take(image)

    def _take(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def _pixels(self) -> int:
        return round(self.width() * self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), self.RADIUS, self.RADIUS)
        painter.setClipPath(shape)
        if self._pixmap is not None and not self._pixmap.isNull():
            painter.drawPixmap(self.rect(), self._pixmap)
            return
        painter.fillRect(self.rect(), self._theme.colour("track"))
        third = self.rect().adjusted(*(self.width() // 3 * sign for sign in (1, 1, -1, -1)))
        self._icons.draw(painter, third, "music-note", self._theme.colour("soft"))
