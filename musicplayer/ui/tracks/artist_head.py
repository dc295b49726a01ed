"""Over the tracks of an artist: a picture, what can be done with all of it, albums, and who sounds like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from indexer.core.catalogue.albums import Albums
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.grouping import Ints
from indexer.core.language import tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import leave_keyboard, push_button
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.folding_buttons import FoldingButtons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.album_strip import AlbumStrip

_COVER = 88
_MOST_NAMED = 6
"""Links that stand in one line."""


@dataclass(frozen=True, eq=False)
class ArtistShown:
    """What there is to say of an artist.

    Attributes:
        name: as it is shown.
        tracks: how many there are.
        seconds: of all of them.
        picture: the track whose cover stands for the artist.
        albums: of the library.
        own: albums of the artist.
        appears_on: albums of others.
        most_played: tracks, those played most first.
    """

    name: str
    tracks: int
    seconds: float
    picture: Track
    albums: Albums
    own: Ints
    appears_on: Ints
    most_played: Sequence[Track]


class LinkLine(QWidget):
    """A word and a few links in a line; hidden while there are none.

    Signals:
        chosen: the place of a link.
    """

    chosen = Signal(int)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: list[QPushButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._words = QLabel(words)
        self._words.setProperty("tone", "soft")
        self._layout.addWidget(self._words)
        self._layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What the links say."""
        return [link.text() for link in self._links]

    def show_links(self, texts: Sequence[str]) -> None:
        """Show these instead, as many as stand in one line."""
        if list(texts[:_MOST_NAMED]) == self.texts:
            return
        for link in self._links:
            self._layout.removeWidget(link)
            link.deleteLater()
        self._links = [self._link(place, text) for place, text in enumerate(texts[:_MOST_NAMED])]
        self.setVisible(bool(self._links))
        self._show_those_that_fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_those_that_fit()

    def _show_those_that_fit(self) -> None:
        """Leave out whole links at the end rather than parts of all."""
        room = self.width() - self._words.sizeHint().width()
        for link in self._links:
            room -= link.sizeHint().width() + self._layout.spacing()
            link.setVisible(room >= 0)

    def click(self, place: int) -> None:
        """Choose a link."""
        self._links[place].click()

    def _link(self, place: int, text: str) -> QPushButton:
        link = QPushButton(text.replace("&", "&&"))
        link.setProperty("link", True)
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.clicked.connect(lambda: self.chosen.emit(place))
        self._layout.insertWidget(1 + place, link)
        return link


class ArtistHead(QWidget):
    """Hidden unless one artist is shown.

    Signals:
        play_requested, shuffle_requested, radio_requested: do so with all of the artist.
        track_requested: place of a track among the most played.
        artist_requested: place of an artist among those who sound alike.
    """

    play_requested = Signal()
    shuffle_requested = Signal()
    radio_requested = Signal()
    track_requested = Signal(int)
    artist_requested = Signal(int)

    def __init__(self, catalogue: Catalogue, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("albumHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cover = CoverLabel(_COVER, look)
        self.name = ElidedLabel("headline")
        self.facts = ElidedLabel("soft")
        icon = look.icons.icon
        self.play = push_button(tr("Play"), plays=True, icon=icon("play-fill", "on_accent"))
        self.shuffle = push_button(tr("Shuffle"), icon=icon("shuffle"))
        self.radio = push_button(tr("Radio"), icon=icon("broadcast"))
        leave_keyboard(self.shuffle, self.radio)
        self.most_played = LinkLine(tr("Most played:"))
        self.alike = LinkLine(tr("Sounds like:"))
        self.own = AlbumStrip(catalogue, look)
        self.own.model.names_artists = False
        self.appears_on = AlbumStrip(catalogue, look)
        self._build_ui()
        for button, wanted in (
            (self.play, self.play_requested),
            (self.shuffle, self.shuffle_requested),
            (self.radio, self.radio_requested),
        ):
            button.clicked.connect(wanted)
        self.most_played.chosen.connect(self.track_requested)
        self.alike.chosen.connect(self.artist_requested)
        self.hide()

    def show_artist(self, shown: ArtistShown) -> None:
        """Say all of it; who sounds like the artist is told by `show_alike`."""
        self.name.set_whole_text(shown.name)
        albums = trn("{number} album", "{number} albums", len(shown.own)) if len(shown.own) else ""
        tracks = trn("{number} track", "{number} tracks", shown.tracks)
        self.facts.set_whole_text(" · ".join(filter(None, (albums, tracks, span(shown.seconds)))))
        self.cover.show_track(shown.picture)
        self.most_played.show_links([track.title or tr("Untitled") for track in shown.most_played])
        self.own.show_albums(tr("Albums"), shown.albums, shown.own)
        self.appears_on.show_albums(tr("Appears on"), shown.albums, shown.appears_on)
        self.show()

    def show_alike(self, names: Sequence[str]) -> None:
        """Name the artists who sound alike, the nearest first."""
        self.alike.show_links(names)

    def _build_ui(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self.name, self.facts):
            words.addWidget(part)
        words.addSpacing(4)
        words.addWidget(FoldingButtons((self.play, self.shuffle, self.radio)))
        top = QHBoxLayout()
        top.setContentsMargins(12, 10, 12, 4)
        top.setSpacing(14)
        top.addWidget(self.cover, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        lines = QVBoxLayout()
        lines.setContentsMargins(12, 0, 12, 0)
        lines.setSpacing(0)
        lines.addWidget(self.alike)
        lines.addWidget(self.most_played)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addLayout(lines)
        albums = QHBoxLayout()
        albums.setSpacing(0)
        albums.addWidget(self.own, 1)
        albums.addWidget(self.appears_on, 1)
        layout.addLayout(albums)
