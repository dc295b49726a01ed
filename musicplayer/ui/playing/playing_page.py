"""The view of what plays: a large cover, what is sung, what comes next, on a ground in the colours of the cover."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import tr
from indexer.core.tags.sung import Lyrics
from indexer.core.tracks import Track, TrackId, TrackOf
from musicplayer.playback.player import Player
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.delegates import PADDING
from musicplayer.ui.look.links import CoverLink, Link, LinkLine
from musicplayer.ui.look.look import Look
from musicplayer.ui.playing.coming import ComingList
from musicplayer.ui.playing.lyrics_list import LyricsList
from musicplayer.ui.transport.transport_bar import named_parts

WIDE = 1120
"""Pixels from which on lyrics and what comes next stand side by side."""

_COVERS = (160, 208, 256, 320, 400, 480, 560, 640)
"""Sides of the cover: few, for each is kept on disk."""

_TINT = 0.26
"""Of the colour of the cover in the ground, at most: words stay as readable as on any other."""

_NAMES = 300
"""Pixels that names have at least, where there is room for them."""

_MARGIN = 28
_SHARES = (5, 6, 4)
_WORDS_BELOW = 118
"""Pixels of height for title, names and reason."""


class PlayingPage(QWidget):
    """Shows a track; who made it says which, and what its buttons do."""

    def __init__(self, player: Player, track_of: TrackOf, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nowPlaying")
        self._look = look
        self._track: Track | None = None
        self._ground = QColor()
        self.cover = _LargeCover(_COVERS[0], look)
        self.title = Link("headline")
        self.names = LinkLine("soft")
        self.why = QLabel()
        self.lyrics = LyricsList(look)
        self.coming = ComingList(player, track_of, look)
        self._no_lyrics = _notice()
        self._nothing_next = _notice()
        icon = look.icons.icon
        self.show_lyrics_button = _choice(worded_button(icon("text-align-left", on="selection_text"), tr("Lyrics")))
        self.show_coming_button = _choice(worded_button(icon("queue", on="selection_text"), tr("Up next")))
        self.full = _choice(
            tool_button(icon("corners-out", name_on="corners-in"), tr("Full screen"), tip=tr("Full screen (F11)"))
        )
        self.back = tool_button(icon("caret-down"), tr("Back"), tip=tr("Back (Esc)"))
        self._build_ui()
        self.show_lyrics_button.setChecked(True)
        self._side.buttonClicked.connect(lambda _: self._arrange())
        self.coming.rows.modelReset.connect(self._show_coming)
        look.artwork.ready.connect(self._on_cover)
        look.theme.changed.connect(self.update)
        self._show_coming()
        self.setFocusProxy(self.lyrics)

    def show_track(self, track: Track | None) -> None:
        """Show its names and cover; the lyrics come later."""
        self._track = track
        self._ground = QColor()
        self.cover.show_track(track)
        self.title.set_whole_text(track.title if track else tr("Nothing is playing"))
        self.title.leads = False
        self.names.show_parts(named_parts(track))
        self._find_ground()
        self._fit()

    def show_why(self, sentence: str) -> None:
        """Say why it was chosen; nothing where a person chose it."""
        self.why.setText(sentence)
        self.why.setVisible(bool(sentence))

    def show_words(self, lyrics: Lyrics, advice: str) -> None:
        """Show what is sung, or say that nothing is known and what can be done about it."""
        self.lyrics.show_lyrics(lyrics)
        self._no_lyrics.setText(advice)
        self._lyrics_side.setCurrentIndex(0 if lyrics else 1)
        self.setFocusProxy(self.lyrics if lyrics else self.coming)

    def clear_words(self) -> None:
        """Say nothing of lyrics until it is known whether there are any."""
        self.lyrics.show_lyrics(Lyrics())
        self._lyrics_side.setCurrentIndex(0)

    @property
    def notice(self) -> str:
        """What is said in place of lyrics; empty where there are some."""
        return self._no_lyrics.text() if self._lyrics_side.currentIndex() else ""

    # Building

    def _build_ui(self) -> None:
        self._side = QButtonGroup(self)
        self._side.setExclusive(True)
        top = QHBoxLayout()
        top.setSpacing(4)
        for button in (self.show_lyrics_button, self.show_coming_button):
            self._side.addButton(button)
            top.addWidget(button)
        self._next_name = QLabel(tr("Up next"))
        self._next_name.setProperty("tone", "strong")
        self._next_name.setContentsMargins(PADDING, 0, 0, 0)
        top.addStretch()
        for button in (self.full, self.back):
            top.addWidget(button)
        self._lyrics_side = _pages(self.lyrics, self._no_lyrics)
        self._coming_side = _pages(self.coming, self._nothing_next)
        coming = QVBoxLayout()
        coming.setSpacing(6)
        coming.addWidget(self._next_name)
        coming.addWidget(self._coming_side, 1)
        self._coming_part = QWidget()
        self._coming_part.setLayout(coming)
        coming.setContentsMargins(0, 0, 0, 0)
        self._body = QHBoxLayout()
        self._body.setSpacing(_MARGIN)
        for part in (self._left(), self._lyrics_side, self._coming_part):
            self._body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 10, 14, 14)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._body, 1)

    def _left(self) -> QWidget:
        self.why.setWordWrap(True)
        self.why.setProperty("tone", "small")
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.why.hide()
        self._about = QWidget()
        about = QVBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(4)
        about.addWidget(self.cover)
        about.addSpacing(8)
        for line in (self.title, self.names, self.why):
            about.addWidget(line)
        part = QWidget()
        part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addStretch()
        lines.addWidget(self._about, 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch()
        return part

    # Sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= WIDE
        for button in (self.show_lyrics_button, self.show_coming_button):
            button.setVisible(not wide)
        self._next_name.setVisible(wide)
        self._lyrics_side.setVisible(wide or self.show_lyrics_button.isChecked())
        self._coming_part.setVisible(wide or self.show_coming_button.isChecked())
        for place, share in enumerate(_SHARES if wide else (5, 6, 6)):
            self._body.setStretch(place, share)
        self._fit()

    def _fit(self) -> None:
        """As large a cover as there is room for."""
        shares = sum(_SHARES) if self.width() >= WIDE else 11
        width = (self.width() - 3 * _MARGIN) * _SHARES[0] // shares
        height = self.height() - 70 - _WORDS_BELOW
        side = max((side for side in _COVERS if side <= min(width, height)), default=_COVERS[0])
        if side != self.cover.width():
            self.cover.setFixedSize(side, side)
            self.cover.show_track(self._track)
        self._about.setFixedWidth(max(side, min(width, _NAMES)))

    # Ground

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        plain = self._look.theme.colour("surface")
        ground = QLinearGradient(0, 0, 0, self.height())
        ground.setColorAt(0, _mixed(plain, self._ground, _TINT) if self._ground.isValid() else plain)
        ground.setColorAt(1, plain)
        QPainter(self).fillRect(self.rect(), ground)

    def _on_cover(self, track: TrackId, _size: int, image: QImage) -> None:
        if self._track is not None and track == self._track.id:
            self._take_ground(image)

    def _find_ground(self) -> None:
        image = self.cover.image
        if image is not None:
            self._take_ground(image)
        self.update()

    def _take_ground(self, image: QImage) -> None:
        if not image.isNull():
            small = image.scaled(
                QSize(1, 1), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._ground = small.pixelColor(0, 0)
            self.update()

    def _show_coming(self) -> None:
        self._nothing_next.setText(tr("Nothing comes after this track."))
        self._coming_side.setCurrentIndex(0 if self.coming.rows.rowCount() else 1)


class _LargeCover(CoverLink):
    RADIUS = 10.0


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    parts = ((one.redF(), other.redF()), (one.greenF(), other.greenF()), (one.blueF(), other.blueF()))
    return QColor.fromRgbF(*(first + (second - first) * share for first, second in parts))


def _pages(*parts: QWidget) -> QStackedWidget:
    pages = QStackedWidget()
    pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    for part in parts:
        pages.addWidget(part)
    return pages


def _notice() -> QLabel:
    label = QLabel()
    label.setProperty("tone", "soft")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label


def _choice(button: QToolButton) -> QToolButton:
    button.setCheckable(True)
    return button
