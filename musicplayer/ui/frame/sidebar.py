"""The side bar: where one can go in the library, section by section."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QFrame, QTreeWidget, QTreeWidgetItem, QWidget

from indexer.core.language import mark, tr
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.sidebar_delegate import DROP_TARGET, SidebarDelegate, room_for
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import TRACKS, tracks_of
from musicplayer.ui.look.theme import Theme

DEFAULT_WIDTH, WIDEST_USUAL = 184, 220
"""Pixels between which it is as wide as the names of places need, until a hand makes it wider or narrower."""

SMALLEST_WIDTH = 164

_TITLES = {
    Section.LIBRARY: mark("Library"),
    Section.DISCOVER: mark("Discover"),
    Section.PLAYLISTS: mark("Playlists"),
}
_KEY = int(Qt.ItemDataRole.UserRole)
_NAMED_BY_PERSON = "playlist:"
"""Places whose keys begin so can be renamed."""


class Sidebar(QTreeWidget):
    """Lists places.

    Signals:
        chosen: the key of the place to show.
        clicked_again: the key of the place that was chosen before.
        menu_requested: the key of the place, empty for the section itself, the section, and where on the screen.
        dropped: the key of the place, and the list of TrackId dropped on it.
        renamed: the key of a place and the name that was typed for it.
        delete_requested: the key of a place that a person named.
        undo_requested: of the latest change of such places.

    Attributes:
        accepts: whether tracks can be dropped on the place of a key.
        has_undo: whether one is offered at the moment; else the key is the window's, for the queue.
    """

    chosen = Signal(str)
    clicked_again = Signal(str)
    menu_requested = Signal(str, str, QPoint)
    dropped = Signal(str, object)
    renamed = Signal(str, str)
    delete_requested = Signal(str)
    undo_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = look.icons
        self._items: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[Section, QTreeWidgetItem] = {}
        self._target: QTreeWidgetItem | None = None
        self._before: QTreeWidgetItem | None = None
        self.accepts: Callable[[str], bool] = lambda _key: False
        self.has_undo: Callable[[], bool] = lambda: False
        self._set_up(look.theme)
        self.customContextMenuRequested.connect(self._on_menu)
        self.currentItemChanged.connect(self._on_current)
        self.itemSelectionChanged.connect(self._on_selected)
        self.itemChanged.connect(self._on_changed)
        self.itemClicked.connect(self._on_clicked)

    def add(self, place: Place, at: int | None = None) -> None:
        """List a place in its section, at the end or as the one numbered `at`."""
        item = QTreeWidgetItem([place.title])
        item.setIcon(0, self._icons.icon(place.glyph, on="selection_text"))
        item.setData(0, _KEY, place.key)
        item.setToolTip(0, place.title)
        if place.key.startswith(_NAMED_BY_PERSON):
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        head = self.head(place.section or Section.LIBRARY)
        head.insertChild(head.childCount() if at is None else at, item)
        self._items[place.key] = item
        self._show_heads()

    def name_section(self, section: Section, title: str, tip: str) -> None:
        """Give a section another title than the usual one, and a tool tip that says more."""
        head = self.head(section)
        head.setText(0, title)
        head.setToolTip(0, tip)

    def rename(self, key: str, title: str) -> None:
        with QSignalBlocker(self):
            self._items[key].setText(0, title)
            self._items[key].setToolTip(0, title)

    def edit_name(self, key: str) -> None:
        """Let the name of a place be typed; `renamed` tells what it came to."""
        item = self._items.get(key)
        if item is not None:
            self.setCurrentItem(item)
            self.editItem(item)

    def remove(self, key: str) -> None:
        item = self._items.pop(key)
        if (head := item.parent()) is not None:
            head.removeChild(item)
        self._show_heads()

    def select(self, key: str) -> None:
        """Mark a place as the one that is shown; of one that is not listed here, none."""
        item = self._items.get(key)
        if item is not None:
            self.setCurrentItem(item)
        else:
            self.setCurrentIndex(QModelIndex())

    def keys(self, section: Section) -> list[str]:
        """The places of a section, from the top."""
        return [str(item.data(0, _KEY)) for item in children_of(self.head(section))]

    def head(self, section: Section) -> QTreeWidgetItem:
        """The title of a section."""
        if section not in self._sections:
            for each in Section:  # in their order, whichever is asked for first
                if each not in self._sections:
                    head = QTreeWidgetItem(self, [tr(_TITLES[each])])
                    head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                    head.setExpanded(True)
                    self._sections[each] = head
            self._show_heads()
        return self._sections[section]

    def usual_width(self) -> int:
        """Pixels in which places that Segue named are shown whole, beside a scroll bar."""
        named = [item.text(0) for key, item in self._items.items() if not key.startswith(_NAMED_BY_PERSON)]
        room = max((room_for(name, self.fontMetrics()) for name in named), default=0)
        return min(max(DEFAULT_WIDTH, room + self.verticalScrollBar().sizeHint().width()), WIDEST_USUAL)

    # Qt's side

    def sizeHint(self) -> QSize:
        return QSize(self.usual_width(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Take the keys of playlists before the window's own of the same name."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._key_of(event):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._before = self.currentItem()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted, item = self._key_of(event), self.currentItem()
        if wanted == QKeySequence.StandardKey.Undo:
            self.undo_requested.emit()
        elif wanted == QKeySequence.StandardKey.Delete and item is not None:
            self.delete_requested.emit(str(item.data(0, _KEY)))
        else:
            super().keyPressEvent(event)

    def _key_of(self, event: QKeyEvent) -> QKeySequence.StandardKey | None:
        """Which of the keys for playlists it is, where that means something."""
        item = self.currentItem()
        named = item is not None and str(item.data(0, _KEY) or "").startswith(_NAMED_BY_PERSON)
        if named and event.matches(QKeySequence.StandardKey.Delete):
            return QKeySequence.StandardKey.Delete
        undoes = self.has_undo() and event.matches(QKeySequence.StandardKey.Undo)
        return QKeySequence.StandardKey.Undo if undoes else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(TRACKS):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(self._taker_at(event.position().toPoint()) if event.mimeData().hasFormat(TRACKS) else None)
        if self._target is None:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        item = self._taker_at(event.position().toPoint())
        tracks = tracks_of(event.mimeData())
        self._aim(None)
        if item is None or not tracks:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(str(item.data(0, _KEY)), tracks)

    # Helpers

    def _set_up(self, theme: Theme) -> None:
        self.setObjectName("sidebar")
        self.setAccessibleName(tr("Places"))
        self.setItemDelegate(SidebarDelegate(theme, self))
        self.setHeaderHidden(True)
        # By rows, Qt selects for a screen reader that of the same number under the first caption.
        self.setSelectionBehavior(QTreeWidget.SelectionBehavior.SelectItems)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setItemsExpandable(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setMinimumWidth(SMALLEST_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QTreeWidget.EditTrigger.EditKeyPressed)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        theme.changed.connect(self.viewport().update)

    def _show_heads(self) -> None:
        """A caption over nothing is not shown, but for the playlists, where it offers to make one."""
        for section, head in self._sections.items():
            head.setHidden(not head.childCount() and section is not Section.PLAYLISTS)

    def _taker_at(self, spot: QPoint) -> QTreeWidgetItem | None:
        item = self.itemAt(spot)
        key = None if item is None else item.data(0, _KEY)
        return item if key and self.accepts(str(key)) else None

    def _aim(self, item: QTreeWidgetItem | None) -> None:
        """Show where a drop would go."""
        if item is not self._target:
            with QSignalBlocker(self):
                if self._target is not None:
                    self._target.setData(0, DROP_TARGET, False)
                if item is not None:
                    item.setData(0, DROP_TARGET, True)
            self._target = item
            self.viewport().update()

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        key = None if item is None else item.data(0, _KEY)
        if key:
            self.chosen.emit(str(key))

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        if item is self._before and (key := item.data(0, _KEY)):
            self.clicked_again.emit(str(key))

    def _on_selected(self) -> None:
        """Screen readers select what they go to; keys and the mouse have made it the current one by then."""
        for item in self.selectedItems():
            if item is not self.currentItem():
                self.setCurrentItem(item)

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        key, before, title = str(item.data(0, _KEY) or ""), item.toolTip(0), item.text(0).strip()
        if not key or title == before:
            return
        if title:
            item.setToolTip(0, title)
            self.renamed.emit(key, title)
        else:
            self.rename(key, before)

    def _on_menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        if item is None:
            return
        head = item if item.parent() is None else item.parent()
        section = next(name for name, each in self._sections.items() if each is head)
        self.menu_requested.emit(str(item.data(0, _KEY) or ""), section.value, self.viewport().mapToGlobal(spot))


def children_of(head: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """What is listed under a title, from the top."""
    return [item for row in range(head.childCount()) if (item := head.child(row)) is not None]
