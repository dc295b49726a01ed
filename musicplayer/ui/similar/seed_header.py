"""The head of the panel: which tracks the list is about, a chip for each of several, and whether it stays with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import isolated
from indexer.core.settings import NearBy
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.covers import CoverStack
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look

_FOLLOWING = {
    NearBy.SOUND: mark("Sounds like what is playing"),
    NearBy.WORDS: mark("Has words like what is playing"),
    NearBy.LISTENERS: mark("Is played with what is playing"),
    NearBy.ALL: mark("Goes with what is playing"),
}
_PINNED = {
    NearBy.SOUND: mark("Pinned: sounds like your choice"),
    NearBy.WORDS: mark("Pinned: has words like your choice"),
    NearBy.LISTENERS: mark("Pinned: is played with your choice"),
    NearBy.ALL: mark("Pinned: goes with your choice"),
}

PIN_KEYS = "Ctrl+P"

_WIDEST = 132
_CROSS = 12
_LINE = 27
MOST_LINES = 2
"""Lines of chips; more are scrolled to."""


class SeedHeader(QWidget):
    """Names the seed with its cover; several with covers in a stack, and a chip for each.

    Signals:
        pinned: the pin was pressed (True) or released (False).
        seed_removed: the TrackId of a chip that was pressed.
    """

    pinned = Signal(bool)
    seed_removed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seed")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._covers = CoverStack(look)
        self._why = ElidedLabel("overline")
        self._title = ElidedLabel("strong")
        self._artist = ElidedLabel("small")
        self.chips = SeedChips(look.icons)
        self.chips.removed.connect(self.seed_removed)
        self.pin_button = tool_button(look.icons.icon("push-pin", name_on="push-pin-fill"), tr("Stay with this track"))
        self.pin_button.setCheckable(True)
        self.pin_button.clicked.connect(self.pinned)
        self._build_ui()

    def show_seed(self, track: Track, *, pinned: bool, by: NearBy = NearBy.SOUND) -> None:
        """Name one seed, and what the list goes by."""
        self._covers.show_tracks([track])
        self._say_pinned(pinned, by)
        self._title.set_whole_text(track.title)
        self._artist_name = track.artist
        self.show_facts("")
        self.chips.show_seeds(())
        self.setAccessibleName(tr("Tracks that sound like {title} by {artist}", title=track.title, artist=track.artist))

    def show_seeds(self, tracks: Sequence[Track], *, of: int = 0, by: NearBy = NearBy.SOUND) -> None:
        """Name several, of as many as were chosen; they stay until the pin is released."""
        self._covers.show_tracks(tracks)
        self._say_pinned(True, by)
        chosen = trn("{number} track", "{number} tracks", max(of, len(tracks)))
        some = tr("{asked} of {chosen}", asked=len(tracks), chosen=chosen)
        self._title.set_whole_text(some if of > len(tracks) else chosen)
        self._artist_name = ", ".join(dict.fromkeys(isolated(track.artist) for track in tracks if track.artist))
        self.show_facts("")
        self.chips.show_seeds(tracks)
        self.setAccessibleName(
            trn("Tracks that sound like {number} track", "Tracks that sound like {number} tracks", len(tracks))
        )

    def show_facts(self, facts: str) -> None:
        """Say tempo and key of the seed beside its artist."""
        self._artist.set_whole_text(" · ".join(isolated(part) for part in (self._artist_name, facts) if part))

    @property
    def title(self) -> str:
        return self._title.whole_text

    @property
    def byline(self) -> str:
        """Whose it is, with its tempo and key once they are known."""
        return self._artist.whole_text

    @property
    def overline(self) -> str:
        """What it says about why the list is about this."""
        return self._why.whole_text

    def _say_pinned(self, pinned: bool, by: NearBy) -> None:
        self._why.set_whole_text(tr((_PINNED if pinned else _FOLLOWING)[by]))
        self.pin_button.setChecked(pinned)
        keys = f" ({PIN_KEYS})"
        tip = tr("Follow what plays again") if pinned else tr("Stay with this track, whatever plays next")
        self.pin_button.setToolTip(tip + keys)

    def _build_ui(self) -> None:
        self._artist_name = ""
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch()
        for label in (self._why, self._title, self._artist):
            lines.addWidget(label)
        lines.addStretch()
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._covers, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(lines, 1)
        top.addWidget(self.pin_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 8, 9)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.chips)


class SeedChips(QScrollArea):
    """A chip for each seed, in lines.

    Signals:
        removed: the TrackId whose chip was pressed.
    """

    removed = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seedChips")
        self.setAccessibleName(tr("What this list is about"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icons = icons
        self._lines = MOST_LINES
        self._inside = QWidget()
        self._inside.setObjectName("seedChipsInside")
        self._flow = FlowLayout(self._inside)
        self.setWidget(self._inside)

    def show_seeds(self, seeds: Sequence[Track]) -> None:
        """Show these instead."""
        while item := self._flow.takeAt(0):
            if (chip := item.widget()) is not None:
                chip.hide()
                chip.deleteLater()
        for seed in seeds:
            chip = self._chip(seed)
            self._flow.addWidget(chip)
            chip.show()  # Qt does so itself only later, and what is not shown has no height
        self._fit()

    def show_lines(self, lines: int) -> None:
        """Take no more lines than these, where every pixel counts; none at all hides the chips."""
        if lines != self._lines:
            self._lines = lines
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setVisible(bool(self._lines and self._flow.count()))
        self.setFixedHeight(min(self._flow.heightForWidth(self.viewport().width()), self._lines * _LINE))

    def _chip(self, seed: Track) -> QWidget:
        chip = worded_button(
            self._icons.icon("x"), "", tip=tr("{title} by {artist}", title=seed.title, artist=seed.artist)
        )
        chip.setProperty("chip", True)
        chip.setIconSize(QSize(_CROSS, _CROSS))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross comes after the title
        chip.setText(chip.fontMetrics().elidedText(seed.title, Qt.TextElideMode.ElideRight, _WIDEST))
        chip.setAccessibleName(tr("Take “{title}” out", title=seed.title))
        chip.clicked.connect(lambda: self.removed.emit(seed.id))
        return chip
