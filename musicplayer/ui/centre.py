"""The centre of the window: one page at a time, chosen in the side bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from musicplayer.ui.places import Place
from musicplayer.ui.sidebar import Sidebar


class Centre(QStackedWidget):
    """Shows the page of the current place.

    Signals:
        went: the key of the place that is shown.
    """

    went = Signal(str)

    def __init__(self, sidebar: Sidebar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._places: dict[str, Place] = {}
        self._current = ""
        sidebar.chosen.connect(self.go)

    @property
    def current_place(self) -> str:
        """Key of the place that is shown."""
        return self._current

    def add(self, place: Place) -> None:
        """Take a place in; the first one is shown."""
        self._places[place.key] = place
        if self.indexOf(place.page) < 0:
            self.addWidget(place.page)
        self._sidebar.add(place)
        if not self._current:
            self.go(place.key)

    def remove(self, key: str) -> None:
        """Take a place out; where it was shown the first place is."""
        place = self._places.pop(key)
        self._sidebar.remove(key)
        if self._current == key:
            self.go(next(iter(self._places)))
        if place.page not in [other.page for other in self._places.values()]:
            self.removeWidget(place.page)

    def go(self, key: str) -> None:
        """Show a place; a key that is not known changes nothing."""
        place = self._places.get(key)
        if place is None:
            return
        changed, self._current = key != self._current, key
        self._sidebar.select(key)
        if changed and place.enter is not None:
            place.enter()
        self.setCurrentWidget(place.page)
        if changed:
            self.went.emit(key)
