"""What the panel and the queue ask of a row beside its text."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import Qt

from indexer.core.catalogue.catalogue import Catalogue, Column

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
    LOOSE = _FIRST + 24  # it is not in the library
    STATE = _FIRST + 23  # what the player does with the current one, as the text of a PlaybackState


def catalogue_fact(catalogue: Catalogue, row: int, role: int) -> Any:
    """What every list says of a track in `row` of the catalogue; None for a role that it knows nothing of."""
    if role == Qt.ItemDataRole.DisplayRole:
        return catalogue.title(row)
    if role == Role.ARTIST:
        return catalogue.artist(row)
    if role == Role.LENGTH:
        return catalogue.text(row, Column.LENGTH)
    if role == Role.AWAY:
        return catalogue.is_away(row) or not catalogue.is_listed(row)
    return None
