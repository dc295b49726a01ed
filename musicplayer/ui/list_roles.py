"""What the panel and the queue ask of a row beside its text."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole)


class Role(IntEnum):
    """Item data roles; Qt's display role is the title."""

    TRACK = _FIRST + 1
    ARTIST = _FIRST + 2
    LENGTH = _FIRST + 3  # as text
    CLOSENESS = _FIRST + 4  # 0..1
    CURRENT = _FIRST + 5
    AWAY = _FIRST + 6
    SOURCE = _FIRST + 20  # what put it into the queue by itself, as text
    STOPS = _FIRST + 21  # playing ends after it
    PLAYED = _FIRST + 22
