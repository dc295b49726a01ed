"""Twelve hues that stay apart for colour-blind eyes, and a second shade of each, to tell kinds apart by colour."""

from __future__ import annotations

from PySide6.QtGui import QColor

from musicplayer.assets import look

LIGHT_HUES: tuple[str, ...] = tuple(look()["light_hues"])
DARK_HUES: tuple[str, ...] = tuple(look()["dark_hues"])
"""Found by a search for the largest least distance in OKLab, to normal eyes and to those without red or green cones
(Machado et al., 2009), with a contrast of at least 2.6:1 on the ground; a slot has about the same hue in both. The
second twelve were found in the same way around the hues of the first, which they stay apart from."""


def hue(slot: int, *, dark: bool) -> QColor:
    """The hue of a slot, 0 to 23."""
    return QColor((DARK_HUES if dark else LIGHT_HUES)[slot])
