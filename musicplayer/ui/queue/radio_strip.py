"""The strip above the queue while the radio is on: what it sounds like, what it waits for, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.phrases import isolated
from indexer.core.tracks import TrackOf
from musicplayer.discover.radio import AHEAD, Radio, RadioState
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.labels import ElidedLabel, GlyphLabel
from musicplayer.ui.look.look import Look

_GLYPH = 20


class RadioStrip(QWidget):
    """Follows the radio; hidden while it is off.

    Signals:
        stop_requested: the button was pressed.
    """

    stop_requested = Signal()

    def __init__(self, radio: Radio, track_of: TrackOf, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("radioStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._radio = radio
        self._track_of = track_of
        self._glyph = GlyphLabel(look, _GLYPH)
        self._line = ElidedLabel()
        self._detail = ElidedLabel("small")
        self.stop_button = worded_button(
            look.icons.icon("x"), tr("Stop"), tip=tr("Switch the radio off; the queue stays")
        )
        self.stop_button.setAccessibleName(tr("Stop the radio"))
        self.stop_button.clicked.connect(self.stop_requested)
        self._build_ui()
        self.refresh()

    def refresh(self) -> None:
        """Say what holds."""
        self.setVisible(self._radio.is_on)
        if not self._radio.is_on:
            return
        self._line.set_whole_text(tr("Radio: {like}", like=self.like()))
        self._detail.set_whole_text(self._about())
        self.setAccessibleName(f"{self._line.whole_text}. {self._about()}")
        self._glyph.show_glyph("broadcast", "accent")

    @property
    def text(self) -> str:
        """What it says, empty while the radio is off."""
        return "" if self.isHidden() else f"{self._line.whole_text} · {self._detail.whole_text}"

    def like(self) -> str:
        """What the radio sounds like, in words."""
        found = [track for seed in self._radio.seeds if (track := self._track_of(seed)) is not None]
        if not found:
            return tr("like tracks that are no longer in the library")
        title, artist, others = isolated(found[0].title), isolated(found[0].artist), len(self._radio.seeds) - 1
        first = (
            tr("like {title} by {artist}", title=title, artist=artist) if artist else tr("like {title}", title=title)
        )
        return (
            first if not others else trn("{first} and {number} more", "{first} and {number} more", others, first=first)
        )

    def _about(self) -> str:
        own = self._radio.own_ahead()
        if self._radio.state is RadioState.WAITING:
            return tr("Waits until its music has been analysed")
        if self._radio.state is RadioState.USED_UP:
            return tr("Everything that fits is in the queue already")
        if own:
            return trn("Goes on after {number} track of yours", "Goes on after {number} tracks of yours", own)
        return trn("Keeps {number} track ahead", "Keeps {number} tracks ahead", AHEAD)

    def _build_ui(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(self._line)
        lines.addWidget(self._detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 6, 7)
        layout.setSpacing(9)
        layout.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(lines, 1)
        layout.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignVCenter)
