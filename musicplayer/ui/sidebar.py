"""The side bar: where one can go in the library, section by section."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from musicplayer.language import mark, tr
from musicplayer.ui.icons import Icons
from musicplayer.ui.places import Place, Section

_TITLES = {
    Section.LIBRARY: mark("Library"),
    Section.DISCOVER: mark("Discover"),
    Section.PLAYLISTS: mark("Playlists"),
}
_KEY = int(Qt.ItemDataRole.UserRole)


class Sidebar(QTreeWidget):
    """Lists places.

    Signals:
        chosen: the key of the place to show.
        menu_requested: the key of the place, empty for the section itself, the section, and where on the screen.
    """

    chosen = Signal(str)
    menu_requested = Signal(str, str, QPoint)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._items: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[Section, QTreeWidgetItem] = {}
        self._accepts: Callable[[str, object], bool] | None = None
        self.setObjectName("sidebar")
        self.setAccessibleName(tr("Places"))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.currentItemChanged.connect(self._on_current)

    def add(self, place: Place) -> None:
        """List a place at the end of its section."""
        item = QTreeWidgetItem(self._section(place.section), [place.title])
        item.setIcon(0, self._icons.icon(place.glyph))
        item.setData(0, _KEY, place.key)
        self._items[place.key] = item

    def rename(self, key: str, title: str) -> None:
        self._items[key].setText(0, title)

    def remove(self, key: str) -> None:
        item = self._items.pop(key)
        item.parent().removeChild(item)

    def select(self, key: str) -> None:
        """Mark a place as the one that is shown."""
        item = self._items.get(key)
        if item is not None:
            self.setCurrentItem(item)

    def keys(self, section: Section) -> list[str]:
        """The places of a section, from the top."""
        head = self._section(section)
        return [str(head.child(row).data(0, _KEY)) for row in range(head.childCount())]

    def _section(self, section: Section) -> QTreeWidgetItem:
        if section not in self._sections:
            for each in Section:  # in their order, whichever is asked for first
                if each not in self._sections:
                    head = QTreeWidgetItem(self, [tr(_TITLES[each])])
                    head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                    head.setExpanded(True)
                    self._sections[each] = head
        return self._sections[section]

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        key = None if item is None else item.data(0, _KEY)
        if key:
            self.chosen.emit(str(key))

    def _on_menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        if item is None:
            return
        head = item if item.parent() is None else item.parent()
        section = next(name for name, each in self._sections.items() if each is head)
        self.menu_requested.emit(str(item.data(0, _KEY) or ""), section.value, self.viewport().mapToGlobal(spot))
