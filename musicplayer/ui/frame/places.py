"""What the side bar lists and the centre shows: a place is a name, a glyph and a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtWidgets import QWidget


class Section(StrEnum):
    """Groups of the side bar, in this order."""

    DISCOVER = "discover"
    LIBRARY = "library"
    PLAYLISTS = "playlists"


OF_THE_MACHINE = frozenset({"folders", "indexing", "for-you"})
"""Keys of places that show what the machine with the music has or does, and that no window on a shared library has."""


@dataclass(frozen=True)
class Place:
    """Somewhere to go.

    Attributes:
        key: unique and lasting, settings keep it: "tracks", "albums", "playlist:65f0…".
        title: what the side bar says.
        glyph: Phosphor name.
        section: where it is listed; None for the foot of the side bar.
        page: the widget to show; places may share one.
        enter: called when the place is chosen, to fill a shared page.
        again: called when it is clicked while it is shown, to go back to its beginning.
    """

    key: str
    title: str
    glyph: str
    section: Section | None
    page: QWidget
    enter: Callable[[], None] | None = None
    again: Callable[[], None] | None = None
