"""One end of a journey: a place for a track, which can be dropped there, found by name, or taken from what plays."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.language import tr
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.tracks.track_picker import TrackPicker

_COVER = 56
_WIDE_FROM = 230
"""Pixels of width from which on there is room for more than words and buttons."""


class JourneyWell(QFrame):
    """Holds a track, or offers ways to choose one.

    Signals:
        chosen: the TrackId that was dropped or found.
        playing_requested: the button that takes what plays was pressed.
        cleared: the track was taken out.
    """

    chosen = Signal(object)
    playing_requested = Signal()
    cleared = Signal()

    def __init__(self, name: str, catalogue: Catalogue, look: Look, *, search: str) -> None:
        """A well called `name`; `search` is what its field asks for."""
        super().__init__()
        self.setObjectName("well")
        self.setAcceptDrops(True)
        self._name = name
        self._cover = CoverLabel(_COVER, look)
        self._title = ElidedLabel("strong")
        self._artist = ElidedLabel("small")
        self.clear_button = tool_button(look.icons.icon("x"), tr("Choose another track: {end}", end=name))
        self.clear_button.setToolTip(tr("Choose another track"))
        self.picker = TrackPicker(catalogue, look.icons, search)
        self.playing_button = worded_button(
            look.icons.icon("music-note"), tr("Now playing"), tip=tr("Use what is playing")
        )
        self.playing_button.setAccessibleName(tr("{end}: use what is playing", end=name))
        self._build_ui()
        self.picker.picked.connect(self.chosen)
        self.playing_button.clicked.connect(self.playing_requested)
        self.clear_button.clicked.connect(self.cleared)
        self.show_track(None)

    def show_track(self, track: Track | None) -> None:
        """Show the track that is there, or that there is none."""
        self._stack.setCurrentIndex(0 if track is None else 1)
        self._cover.show_track(track)
        self._title.set_whole_text(track.title if track else "")
        self._artist.set_whole_text(track.artist if track else "")
        self.setAccessibleName(f"{self._name}: {track.title}, {track.artist}" if track else self._name)
        mark_as(self, "tone", "full" if track else "empty")

    @property
    def title(self) -> str:
        """What the track is called, empty where there is none."""
        return self._title.whole_text

    def _build_ui(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(self._full_page())
        overline = QLabel(self._name)
        overline.setProperty("tone", "overline")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 10, 10)
        layout.setSpacing(5)
        layout.addWidget(overline)
        layout.addWidget(self._stack)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._hint = ElidedLabel("small")
        self._hint.set_whole_text(tr("or drop a track here"))
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.playing_button)
        foot.addWidget(self._hint, 1)
        layout.addWidget(self.picker)
        layout.addLayout(foot)
        return page

    def _full_page(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch()
        lines.addWidget(self._title)
        lines.addWidget(self._artist)
        lines.addStretch()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._cover)
        layout.addLayout(lines, 1)
        layout.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignTop)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self._cover, self._hint):
            part.setVisible(self.width() >= _WIDE_FROM)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tracks_of(event.mimeData()):
            mark_as(self, "tone", "target")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        mark_as(self, "tone", "full" if self.title else "empty")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        tracks = tracks_of(event.mimeData())
        mark_as(self, "tone", "full" if self.title else "empty")
        if tracks:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.chosen.emit(tracks[0])
