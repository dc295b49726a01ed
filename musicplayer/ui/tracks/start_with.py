"""Albums to begin with, on pages that have nothing to show yet: covers that play with one click."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QVBoxLayout, QWidget

from indexer.core.catalogue.beginnings import beginnings, whole_album
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.language import tr
from indexer.core.phrases import isolated
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Track, TrackId
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import FittingPart, StatePage

_SOON_MS = 400
"""The window is painted first."""

_COVER = 68
_MARGIN = 5
_ROUND = 6.0
_GAP = 2
_ABOVE, _BELOW_CAPTION = 10, 4
_FEWEST = 2
"""Columns; a single cover would look lost."""


class StartWith(FittingPart):
    """Covers under two words, in as many columns and rows as there is room for.

    Signals:
        chosen: TrackId of one on the album to play.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = [_AlbumTile(look) for _ in range(most)]
        self._known = 0
        self.caption = ElidedLabel("small")
        self.caption.set_whole_text(tr("Start with…"))
        self.caption.setIndent(_MARGIN)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        for tile in self.tiles:
            tile.clicked.connect(lambda _=False, tile=tile: self.chosen.emit(tile.track))
            self._grid.addWidget(tile)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _ABOVE, 0, 0)
        layout.setSpacing(_BELOW_CAPTION)
        layout.addWidget(self.caption)
        layout.addLayout(self._grid)

    def show_albums(self, tracks: Sequence[Track]) -> None:
        """Show the albums that these are on, as many as there are tiles."""
        self._known = min(len(tracks), len(self.tiles))
        for tile, track in zip(self.tiles, tracks, strict=False):
            tile.show_album_of(track)

    def fit(self, width: int, height: int) -> bool:
        """Whole rows alone, as many albums as there is room for, rather in columns than in rows."""
        size = self.tiles[0].sizeHint()
        above = _ABOVE + self.caption.sizeHint().height() + _BELOW_CAPTION
        most_columns = min((width + _GAP) // (size.width() + _GAP), self._known)
        most_rows = max(height - above + _GAP, 0) // (size.height() + _GAP)
        shown, columns = max(
            ((columns * min(most_rows, self._known // columns), columns) for columns in range(1, most_columns + 1)),
            default=(0, 0),
        )
        if columns < _FEWEST or not shown:
            return False
        for place, tile in enumerate(self.tiles):
            tile.setVisible(place < shown)
            if place < shown:
                self._grid.addWidget(tile, place // columns, place % columns)
        self.setFixedWidth(columns * (size.width() + _GAP) - _GAP)
        return True


class StartControl(QObject):
    """Draws albums for pages that are in view and have nothing else."""

    def __init__(
        self, catalogue: Catalogue, commands: TrackCommands, look: Look, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._commands = commands
        self._look = look
        self._offers: list[_Offer] = []
        self._drawn: list[Track] = []
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._fill)

    def offer_on(self, page: StatePage, most: int, when: Callable[[], bool], *, behind: int = 0) -> StartWith:
        """Offer albums below what a page says, where there is room, `when` it has nothing else to lead on with.

        With `behind` they are others than the first so many, which are on a page beside it.
        """
        offer = _Offer(page, StartWith(self._look, most), when, behind)
        self._offers.append(offer)
        page.set_part(offer.part)
        page.installEventFilter(self)
        page.said.connect(self._soon.start)
        offer.part.chosen.connect(self._play)
        return offer.part

    def on_library(self) -> None:
        """The library may have more to draw from, or less; what was drawn stays where it is as long as it is there."""
        if len(self._drawn) < self._most or not all(map(self._is_there, self._drawn)):
            self._drawn = []
            self._soon.start()

    def on_reset(self) -> None:
        """The library is another one."""
        self._drawn = []
        self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):  # of two pages side by side one leads on
            self._soon.start()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        for offer in self._offers:
            if offer.page.isVisible():
                shown = self._albums_of(offer) if offer.when() else []
                offer.part.show_albums(shown)
                offer.page.show_part(bool(shown))

    def _albums_of(self, offer: _Offer) -> Sequence[Track]:
        """Those of a page; in a small library they are on another page, too."""
        if len(self._drawn) < self._most:
            drawn = beginnings(self._catalogue, int(time.time() // DAY), self._most)
            self._drawn = list(map(self._catalogue.track, drawn))
        own = self._drawn[offer.behind : offer.behind + offer.wanted]
        return own if len(own) == offer.wanted else self._drawn[: offer.wanted]

    def _play(self, track: TrackId) -> None:
        row = self._catalogue.row_of(track)
        if row is not None:
            self._commands.play(self._catalogue.ids(whole_album(self._catalogue, row).tolist()), of="albums")

    def _is_there(self, track: Track) -> bool:
        row = self._catalogue.row_of(track.id)
        return row is not None and self._catalogue.is_listed(row) and not self._catalogue.is_away(row)

    @property
    def _most(self) -> int:
        return max(each.behind + each.wanted for each in self._offers)


@dataclass(frozen=True)
class _Offer:
    """Albums on a page: `behind` so many that are for another page."""

    page: StatePage
    part: StartWith
    when: Callable[[], bool]
    behind: int

    @property
    def wanted(self) -> int:
        return len(self.part.tiles)


class _AlbumTile(QAbstractButton):
    """A cover with the name of its album; a click plays it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.track: TrackId | None = None
        self._cover = CoverLabel(_COVER, look)
        self._name = ElidedLabel("small")
        self._name.setFixedWidth(_COVER)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(3)
        for part in (self._cover, self._name):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(part)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Album"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_album_of(self, track: Track) -> None:
        self.track = track.id
        self._cover.show_track(track)
        self._name.set_whole_text(track.album)
        artist = track.album_artist or track.artist or tr("Unknown artist")
        words = tr("Play {album} by {artist}", album=isolated(track.album), artist=isolated(artist))
        self.setToolTip(words)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize() if layout is None else layout.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.setBrush(theme.colour("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _ROUND, _ROUND)
