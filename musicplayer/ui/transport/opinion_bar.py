"""What the listener says of the track that plays: a heart, two thumbs and stars, to see and to click."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from indexer.core.language import tr
from indexer.core.plays import MOST_STARS, Opinion, Thumb
from indexer.core.tracks import TrackId
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.look import Look

_GLYPH = 16
_STAR = 14
_HIGH = 22
_HALVES = round(2 * MOST_STARS)


class OpinionBar(QWidget):
    """Shows an opinion and asks for another; whoever made it connects it.

    Signals:
        stars_chosen: a number of stars, in halves; 0 for none.
    """

    stars_chosen = Signal(float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = look.icons.icon
        self.favourite = _toggle(
            tool_button(icon("heart", name_on="heart-fill"), tr("Favourite"), tip=tr("Favourite (Ctrl+D)"), size=_GLYPH)
        )
        self.up = _toggle(
            tool_button(
                icon("thumbs-up", name_on="thumbs-up-fill"), tr("Thumb up"), tip=tr("Thumb up (Ctrl+T)"), size=_GLYPH
            )
        )
        self.down = _toggle(
            tool_button(
                icon("thumbs-down", name_on="thumbs-down-fill", on="danger"),
                tr("Thumb down"),
                tip=tr("Thumb down: never in the radio, never recommended (Ctrl+Shift+T)"),
                size=_GLYPH,
            )
        )
        self.stars = StarSlider(look)
        self.stars.chosen.connect(self.stars_chosen)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.favourite, self.up, self.down):
            layout.addWidget(part)
        layout.addSpacing(4)
        layout.addWidget(self.stars)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_opinion(None)

    def show_opinion(self, opinion: Opinion | None, stars: float = 0.0) -> None:
        """Show what is said, and these stars; None where nothing can be said."""
        self.setEnabled(opinion is not None)
        said = opinion or Opinion(TrackId(""))
        self.favourite.setChecked(said.favourite)
        self.up.setChecked(said.thumb is Thumb.UP)
        self.down.setChecked(said.thumb is Thumb.DOWN)
        self.stars.show_stars(stars)


class StarSlider(QSlider):
    """Five stars: a click chooses whole ones, the arrow keys halves; a click on what is chosen takes all away.

    Signals:
        chosen: by the person, stars in halves, 0 for none.
    """

    chosen = Signal(float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self.setAccessibleName(tr("Stars"))
        self.setToolTip(tr("Stars (Alt+1 to Alt+5, Alt+0 for none)"))
        self.setRange(0, _HALVES)
        self.setPageStep(2)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(QSize(round(MOST_STARS) * _STAR + 2, _HIGH))
        self.actionTriggered.connect(lambda _: self.chosen.emit(self.sliderPosition() / 2))

    def show_stars(self, stars: float) -> None:
        self.setValue(round(2 * stars))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.position().x()
        at = self.width() - place if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else place
        stars = min(int(at // _STAR) + 1, round(MOST_STARS))
        wanted = 0 if 2 * stars == self.value() else 2 * stars
        self.setValue(wanted)
        self.chosen.emit(wanted / 2)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel over the bar rates nothing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter, theme, draw = QPainter(self), self._look.theme, self._look.icons.draw
        top = (self.height() - _STAR) // 2
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for star in range(round(MOST_STARS)):
            left = self.width() - (star + 1) * _STAR if backwards else star * _STAR
            box = QRect(left, top, _STAR, _STAR)
            halves = min(max(self.value() - 2 * star, 0), 2)
            if halves < 2:  # noqa: PLR2004 - a whole one
                draw(painter, box, "star", theme.colour("faint" if self.isEnabled() else "track"))
            if halves:
                painter.save()
                half = _STAR // 2
                painter.setClipRect(
                    box if halves > 1 else box.adjusted(half, 0, 0, 0) if backwards else box.adjusted(0, 0, -half, 0)
                )
                draw(painter, box, "star-fill", theme.colour("text"))
                painter.restore()
        if self.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _toggle(button: QToolButton) -> QToolButton:
    button.setCheckable(True)
    button.setProperty("said", True)
    button.setFixedSize(_HIGH + 4, _HIGH + 4)
    return button
