"""What everything in the window is drawn with, made once and given to whatever draws."""

from __future__ import annotations

from dataclasses import dataclass

from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme


@dataclass(frozen=True)
class Look:
    """The colours, the glyphs in them, and the covers."""

    theme: Theme
    icons: Icons
    artwork: Artwork
