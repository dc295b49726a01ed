"""The centre of the window: one page at a time, chosen in the side bar."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QWidget

from musicplayer.ui.frame.foot import Foot
from musicplayer.ui.frame.lazy_page import LazyPage
from musicplayer.ui.frame.places import Place
from musicplayer.ui.frame.sidebar import Sidebar


class Centre(QStackedWidget):
    """Shows the page of the current place.

    Signals:
        went: the key of the place that is shown.

    Attributes:
        sidebar: where its places are listed and chosen.
        foot: what stands below them, with places of no section.
        left_out: keys of places that are not offered.
    """

    went = Signal(str)

    def __init__(
        self, sidebar: Sidebar, foot: Foot, parent: QWidget | None = None, *, left_out: Collection[str] = frozenset()
    ) -> None:
        super().__init__(parent)
        self.sidebar = sidebar
        self.foot = foot
        self.left_out = left_out
        self._places: dict[str, Place] = {}
        self._current = ""
        self._wished = ""
        sidebar.chosen.connect(self.go)
        sidebar.clicked_again.connect(self._go_back)
        foot.chosen.connect(self.go)

    @property
    def current_place(self) -> str:
        """Key of the place that is shown."""
        return self._current

    @property
    def places(self) -> tuple[str, ...]:
        """Keys of all places, in the order they were taken in."""
        return tuple(self._places)

    @property
    def page(self) -> QWidget:
        """The page that is shown, also where another widget stands for it; the empty centre before there is one."""
        shown = self.currentWidget()
        if isinstance(shown, LazyPage):
            content: QWidget = shown.content
            return content
        return self if shown is None else shown

    def add(self, place: Place, at: int | None = None) -> None:
        """Take a place in, at the end of its section or as the one numbered `at` there; the first one is shown.

        The page of one that is left out belongs here all the same, and is never seen.
        """
        if place.key in self.left_out:
            place.page.setParent(self)
            place.page.hide()
            return
        self._places[place.key] = place
        if self.indexOf(place.page) < 0:
            self.addWidget(place.page)
        if place.section is None:
            self.foot.add(place)
        else:
            self.sidebar.add(place, at)
        if not self._current or place.key == self._wished:
            self.go(place.key)

    def enter_page(self) -> None:
        """Bring the keyboard to the first thing of the page that takes it."""
        page = self.currentWidget() or self
        lists = (child for child in page.findChildren(QAbstractItemView) if child.isVisible())
        (page.focusWidget() or next(lists, page)).setFocus(Qt.FocusReason.OtherFocusReason)

    def wish(self, key: str) -> None:
        """Show a place as soon as it is there, unless another one is chosen before."""
        if key in self._places:
            self.go(key)
        else:
            self._wished = key

    def remove(self, key: str) -> None:
        """Take a place out; where it was shown the first place is."""
        place = self._places.pop(key)
        self.sidebar.remove(key)
        if self._current == key:
            self.go(next(iter(self._places)))
        if place.page not in [other.page for other in self._places.values()]:
            self.removeWidget(place.page)

    def _go_back(self, key: str) -> None:
        """To the beginning of a place that is shown."""
        place = self._places.get(key)
        if key == self._current and place is not None and place.again is not None:
            place.again()

    def go(self, key: str) -> None:
        """Show a place; a key that is not known changes nothing."""
        place = self._places.get(key)
        if place is None:
            return
        changed, self._current, self._wished = key != self._current, key, ""
        self.sidebar.select(key)
        self.foot.select(key)
        if changed and place.enter is not None:
            place.enter()
        self.setCurrentWidget(place.page)
        if changed:
            self.went.emit(key)
