"""What stands over the tracks of one album: the way back, the cover, names, and what can be done with all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.tracks import Track
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.buttons import push_button, tool_button
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.words import span

_COVER = 120


class AlbumHeader(QWidget):
    """Tells what album it is.

    Signals:
        back_requested: show the grid again.
        play_requested, shuffle_requested, queue_requested: do so with the whole album.
    """

    back_requested = Signal()
    play_requested = Signal()
    shuffle_requested = Signal()
    queue_requested = Signal()

    def __init__(self, artwork: Artwork, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("albumHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = tool_button(icons.icon("arrow-left"), tr("Back to all albums"))
        self.back.setToolTip(tr("Back to all albums (Backspace)"))
        self.cover = CoverLabel(_COVER, artwork, icons, theme)
        self.title = ElidedLabel("headline")
        self.artist = ElidedLabel("title")
        self.facts = ElidedLabel("soft")
        self.play = push_button(tr("Play"), primary=True, icon=icons.icon("play-fill", "on_accent"))
        self.shuffle = push_button(tr("Shuffle"), icon=icons.icon("shuffle"))
        self.queue = push_button(tr("Add to queue"), icon=icons.icon("queue"))
        for button in (self.play, self.shuffle, self.queue):
            button.setText(f" {button.text()}")  # air between icon and word, which no style setting gives
        self._build_ui()
        self.back.clicked.connect(self.back_requested)
        self.play.clicked.connect(self.play_requested)
        self.shuffle.clicked.connect(self.shuffle_requested)
        self.queue.clicked.connect(self.queue_requested)

    def show_album(self, title: str, artist: str, year: str, seconds: float, tracks: int, cover: Track) -> None:
        """Say all of it."""
        self.title.set_whole_text(title)
        self.artist.set_whole_text(artist)
        count = trn("{number} track", "{number} tracks", tracks)
        self.facts.set_whole_text(" · ".join(filter(None, (year, count, span(seconds)))))
        self.cover.show_track(cover)

    def _build_ui(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.play, self.shuffle, self.queue):
            buttons.addWidget(button)
        buttons.addStretch()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        for label in (self.title, self.artist, self.facts):
            words.addWidget(label)
        words.addSpacing(8)
        words.addLayout(buttons)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 12, 16, 14)
        layout.setSpacing(14)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.cover)
        layout.addLayout(words, 1)
