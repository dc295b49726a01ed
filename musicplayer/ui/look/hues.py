"""Hues to tell kinds apart by colour, the first twelve of which stay apart for colour-blind eyes as well."""

from __future__ import annotations

from PySide6.QtGui import QColor

from musicplayer.assets import look

LIGHT_HUES: tuple[str, ...] = tuple(look()["light_hues"])
DARK_HUES: tuple[str, ...] = tuple(look()["dark_hues"])
"""Found by a search for the largest least distance in OKLab, to normal eyes and to those without red or green cones
(Machado et al., 2009), with a contrast of at least 2.6:1 on the ground; of the first twelve a slot has mostly the
same hue in both. The others were found in the same way, apart from these and from each other, by CIEDE2000 as well."""


def hue(slot: int, *, dark: bool) -> QColor:
    """The hue of a slot, 0 to 27."""
    return QColor((DARK_HUES if dark else LIGHT_HUES)[slot])
