"""Colours of the map: the hues of the look, a ramp from old to new, and two greys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from indexer.core.discover.map_colours import NONE, OTHER, RAMP, Colouring
from musicplayer.ui.look.hues import hue
from musicplayer.ui.look.theme import Theme

Pixels = NDArray[np.uint32]
"""Colours as 0xffRRGGBB."""

LIGHT_RAMP = ("#b9c4cc", "#8fb8c2", "#5aa6ab", "#2a8f8d", "#0f6f70", "#0a4a52")
DARK_RAMP = ("#46525c", "#4b6f7c", "#4f9099", "#5cb4ae", "#8ed8bf", "#d6f7d6")
"""From old to new, away from the ground."""

_GREYS = {False: {OTHER: "#a3a9b1", NONE: "#c6cbd1"}, True: {OTHER: "#6b737d", NONE: "#474e57"}}
_DIMMED = 0.14


def colour_of(slot: int, *, dark: bool) -> QColor:
    """The colour of a slot of a `ColourClass`."""
    if slot in _GREYS[dark]:
        return QColor(_GREYS[dark][slot])
    if slot >= RAMP:
        return QColor((DARK_RAMP if dark else LIGHT_RAMP)[slot - RAMP])
    return hue(slot, dark=dark)


def pixels_of(colouring: Colouring, theme: Theme) -> tuple[Pixels, Pixels, int]:
    """Colours of the classes, the same dimmed, shape (classes,) each, and the ground behind them."""
    ground = theme.colour("surface").rgb()
    colours = np.array(
        [colour_of(entry.slot, dark=theme.is_dark).rgb() for entry in colouring.classes] or [ground], dtype=np.uint32
    )
    return colours, mixed(colours, ground, _DIMMED), ground


def mixed(colours: Pixels, ground: int, share: float) -> Pixels:
    """Colours laid over the ground with a share of 0 to 1 of their own."""
    result = np.full(np.shape(colours), 0xFF000000, dtype=np.uint32)
    for shift in (16, 8, 0):
        own = (colours >> np.uint32(shift)) & np.uint32(0xFF)
        behind = (ground >> shift) & 0xFF
        result |= np.round(own * share + behind * (1 - share)).astype(np.uint32) << np.uint32(shift)
    return result
