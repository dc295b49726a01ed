"""The chip in the head of the queue while the radio is on: what it sounds like, what it waits for, and a way out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import isolated
from indexer.core.tracks import TrackOf
from musicplayer.discover.radio import AHEAD, Radio, RadioState
from musicplayer.ui.look.buttons import ToolButton
from musicplayer.ui.look.look import Look

_CROSS = 12
_WORDS = {RadioState.WAITING: mark("Radio waits"), RadioState.USED_UP: mark("Radio: no more")}


class RadioChip(ToolButton):
    """Follows the radio; hidden while it is off. A press is to end it; whoever made it connects that."""

    def __init__(self, radio: Radio, track_of: TrackOf, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._radio = radio
        self._track_of = track_of
        self.setProperty("chip", True)
        self.setObjectName("radioChip")
        self.setIcon(look.icons.icon("x", "accent"))
        self.setIconSize(QSize(_CROSS, _CROSS))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross comes after the word
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.refresh()

    def refresh(self) -> None:
        """Say what holds."""
        self.setVisible(self._radio.is_on)
        self.setText(tr(_WORDS.get(self._radio.state, "Radio")))
        self.setToolTip(f"{self.said}\n{tr('Click to end the radio; the queue stays.')}")
        self.setAccessibleName(tr("Stop the radio"))
        self.setAccessibleDescription(self.said)

    @property
    def said(self) -> str:
        """What it says to who asks for more, empty while the radio is off."""
        return f"{tr('Radio: {like}', like=self.like())} · {self._about()}" if self._radio.is_on else ""

    def like(self) -> str:
        """What the radio sounds like, in words."""
        found = [track for seed in self._radio.seeds if (track := self._track_of(seed)) is not None]
        if not found:
            return tr("like tracks that are no longer in the library")
        title, others = isolated(found[0].title), len(self._radio.seeds) - 1
        artist = isolated(found[0].artist) if found[0].artist else ""
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
