"""What is chosen where the keyboard is: the tracks that keys are about, and their menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QWidget

from indexer.core.tracks import TrackId


@runtime_checkable
class Chooser(Protocol):
    """Something in which tracks are selected."""

    def selected_tracks(self) -> list[TrackId]: ...


@runtime_checkable
class GroupChooser(Protocol):
    """Something in which albums, artists, genres or folders are selected."""

    def tracks_of_selected(self) -> list[TrackId]: ...


def chosen_tracks() -> list[TrackId]:
    """The tracks that are selected where the keyboard is; none where no tracks are."""
    return next((tracks for each in _holders() if isinstance(each, Chooser) and (tracks := each.selected_tracks())), [])


def chosen_with_groups() -> list[TrackId]:
    """The same, and where groups are selected all that is in them."""
    for each in _holders():
        tracks = each.tracks_of_selected() if isinstance(each, GroupChooser) else []
        if tracks:
            return tracks
    return chosen_tracks()


def open_menu_of_chosen() -> None:
    """Open the context menu where the keyboard is, for keyboards without a key for it."""
    widget = QApplication.focusWidget()
    if widget is not None:
        spot = widget.rect().center()
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, spot, widget.mapToGlobal(spot))
        QApplication.sendEvent(widget, asked)


def _holders() -> Iterator[QWidget]:
    """The widget that has the keyboard, and what it lies in."""
    widget = QApplication.focusWidget()
    while widget is not None:
        yield widget
        widget = widget.parentWidget()
