"""The dock of the play queue: what comes, in an order that hands can change."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QStackedWidget, QVBoxLayout, QWidget

from indexer.library import TrackId
from musicplayer.library.catalogue import Catalogue
from musicplayer.playback.player import Player
from musicplayer.ui.buttons import tool_button
from musicplayer.ui.delegates import QueueDelegate
from musicplayer.ui.dock_title import DockTitle
from musicplayer.ui.drop_page import DropPage
from musicplayer.ui.icons import Icons
from musicplayer.ui.queue_model import QueueModel
from musicplayer.ui.theme import Theme
from musicplayer.ui.track_commands import TrackCommands, pop_up
from musicplayer.ui.track_list import TrackList
from musicplayer.ui.words import count, span


class QueueDock(QDockWidget):
    """Shows and edits the queue."""

    def __init__(
        self,
        player: Player,
        catalogue: Catalogue,
        commands: TrackCommands,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Queue", parent)
        self.setObjectName("queueDock")
        self._player = player
        self._commands = commands
        self.model = QueueModel(player, catalogue, self)
        self.list = TrackList("Play queue")
        self._build_ui(theme, icons)
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Update what is said about the queue as a whole."""
        number = self.model.rowCount()
        note = f"{count(number, 'track')} · {span(self.model.total_seconds())}" if number else ""
        self.title_bar.set_note(note)
        self._stack.setCurrentWidget(self.list if number else self._empty)
        self.clear_button.setEnabled(number > 0)
        self.undo_button.setEnabled(self._player.queue.can_undo)

    def on_catalogue_changed(self) -> None:
        """Names and lengths may be others."""
        self.model.repaint_all()
        self.refresh()

    def add_notice(self, notice: QWidget) -> None:
        """Put something above the queue that is to be seen as long as it has something to say."""
        self._layout.insertWidget(0, notice)

    def selected_tracks(self) -> list[TrackId]:
        return [self.model.track_at(row) for row in self.list.selected_rows()]

    def remove_selected(self) -> None:
        rows = self.list.selected_rows()
        if not rows:
            return
        self._player.remove(rows)
        after = min(rows[0], self.model.rowCount() - 1)
        if after >= 0:
            self.list.setCurrentIndex(self.model.index(after, 0))

    def _build_ui(self, theme: Theme, icons: Icons) -> None:
        self.title_bar = DockTitle("Queue")
        self.undo_button = tool_button(icons.icon("arrow-counter-clockwise"), "Undo", tip="Undo the last change")
        self.clear_button = tool_button(icons.icon("trash"), "Clear queue", tip="Clear the queue (can be undone)")
        self.title_bar.add_button(self.undo_button)
        self.title_bar.add_button(self.clear_button)
        self.setTitleBarWidget(self.title_bar)
        self.list.setModel(self.model)
        self.list.setItemDelegate(QueueDelegate(theme, icons, self.list))
        self.list.setAcceptDrops(True)
        self.list.setDropIndicatorShown(True)
        self.list.setDragDropMode(TrackList.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self._empty = DropPage(self.model, theme, icons)
        self._empty.show_state("queue", "The queue is empty", "Drag tracks here, or press + in “More like this”.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        panel = QWidget()
        panel.setObjectName("panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(panel)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._stack)
        self.setWidget(panel)

    def _connect(self) -> None:
        self._player.queue_changed.connect(self.refresh)
        self.list.activated_row.connect(self._player.jump)
        self.list.menu_requested.connect(self._on_menu)
        self.clear_button.clicked.connect(self._player.clear)
        self.undo_button.clicked.connect(self._player.undo)
        self._remove = QAction("Remove from queue", self)
        self._remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self._remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._remove.triggered.connect(self.remove_selected)
        self.list.addAction(self._remove)
        self.undo_action = QAction("Undo change of the queue", self)
        self.undo_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.undo_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.undo_action.triggered.connect(self._player.undo)
        self.list.addAction(self.undo_action)

    def _on_menu(self, spot: QPoint) -> None:
        pop_up(self._commands.menu(self.selected_tracks(), self, more=[self._remove]), spot)
