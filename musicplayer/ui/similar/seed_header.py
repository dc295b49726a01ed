"""The head of the panel: which tracks the list is about, and whether it stays with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.tracks import Track
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.covers import CoverStack
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.words import isolated
from musicplayer.ui.similar.seed_chips import SeedChips

PIN_KEYS = "Ctrl+P"


class SeedHeader(QWidget):
    """Names the seed with its cover; several with covers in a stack, and a chip for each.

    Signals:
        pinned: the pin was pressed (True) or released (False).
        seed_removed: the TrackId of a chip that was pressed.
    """

    pinned = Signal(bool)
    seed_removed = Signal(object)

    def __init__(self, artwork: Artwork, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seed")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._covers = CoverStack(artwork, icons, theme)
        self._why = ElidedLabel("overline")
        self._title = ElidedLabel("strong")
        self._artist = ElidedLabel("small")
        self.chips = SeedChips(icons)
        self.chips.removed.connect(self.seed_removed)
        self.pin_button = tool_button(icons.icon("push-pin", name_on="push-pin-fill"), tr("Stay with this track"))
        self.pin_button.setCheckable(True)
        self.pin_button.clicked.connect(self.pinned)
        self._build_ui()

    def show_seed(self, track: Track, *, pinned: bool) -> None:
        """Name one seed."""
        self._covers.show_tracks([track])
        self._say_pinned(pinned, tr("Sounds like what is playing"))
        self._title.set_whole_text(track.title)
        self._artist_name = track.artist
        self.show_facts("")
        self.chips.show_seeds(())
        self.setAccessibleName(tr("Tracks that sound like {title} by {artist}", title=track.title, artist=track.artist))

    def show_seeds(self, tracks: Sequence[Track], *, of: int = 0) -> None:
        """Name several, of as many as were chosen; they stay until the pin is released."""
        self._covers.show_tracks(tracks)
        self._say_pinned(True, "")
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
    def overline(self) -> str:
        """What it says about why the list is about this."""
        return self._why.whole_text

    def _say_pinned(self, pinned: bool, otherwise: str) -> None:
        self._why.set_whole_text(tr("Pinned: sounds like your choice") if pinned else otherwise)
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
