"""Twelve hues that stay apart for colour-blind eyes, for whatever tells kinds apart by colour."""

from __future__ import annotations

from PySide6.QtGui import QColor

LIGHT_HUES = (
    "#3177f4", "#b15646", "#e77c06", "#84a968", "#731d88", "#8e94fc",
    "#2e8a7b", "#a56fb6", "#3f560c", "#4f648d", "#4938bf", "#6b3c4e",
)  # fmt: skip
DARK_HUES = (
    "#4a7de7", "#bc3e56", "#d65e0c", "#b2e7be", "#885cac", "#6cb9fb",
    "#9bb327", "#ca7caf", "#e5d936", "#ecc9f5", "#f5bb81", "#bc8b73",
)  # fmt: skip
"""Found by a search for the largest least distance in OKLab, to normal eyes and to those without red or green cones
(Machado et al., 2009), with a contrast of at least 2.6:1 on the ground; slots keep about the same hue in both."""


def hue(slot: int, *, dark: bool) -> QColor:
    """The hue of a slot, 0 to 11."""
    return QColor((DARK_HUES if dark else LIGHT_HUES)[slot])
