"""The dock of the play queue: what comes, in an order that hands can change."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.language import tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import Track, TrackId, TrackOf
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.labels import DockTitle
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import DropPage
from musicplayer.ui.look.track_rows import Role, nobody
from musicplayer.ui.queue.queue_list import QueueDelegate, QueueList
from musicplayer.ui.queue.queue_model import QueueModel

_ROOMY = 4
"""Rows in view from which on one before the current one is among them; all else is for what comes."""


class QueueDock(QDockWidget):
    """Shows and edits the queue.

    Signals:
        save_requested: make a playlist of it.
        export_requested: write it to a playlist file.
        files_dropped: list of paths, and the row before which to put their tracks.
    """

    save_requested = Signal()
    export_requested = Signal()
    files_dropped = Signal(object, int)

    def __init__(
        self,
        player: Player,
        catalogue: Catalogue,
        commands: TrackCommands,
        look: Look,
        parent: QWidget | None = None,
        *,
        loose: TrackOf = nobody,
    ) -> None:
        """Show the queue of `player`; `loose` knows what `catalogue` does not."""
        super().__init__(tr("Queue"), parent)
        self.setObjectName("queueDock")
        self._player = player
        self._catalogue = catalogue
        self._commands = commands
        self._icons = look.icons
        self._loose = loose
        self._followed: int | None = None
        self._to_come: float | None = None
        self._follows = True
        self._folds = True
        self._follow_soon = QTimer(self, singleShot=True, interval=0)
        self._follow_soon.timeout.connect(self._follow)
        self.model = QueueModel(player, catalogue, self, loose=loose)
        self.list = QueueList(tr("Play queue"))
        self._build_ui(look)
        self._build_actions()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Update what is said about the queue as a whole."""
        number = len(self._player.queue)
        self._to_come = self.model.seconds_to_come()
        self._say_length()
        self._say_played()
        self._stack.setCurrentWidget(self.list if number else self.empty)
        for widget in (self.clear_button, self.save_button):
            widget.setEnabled(number > 0)
        self.undo_button.setEnabled(self._player.queue.can_undo)
        if self._player.queue.index != self._followed:
            self._follow_soon.start()

    def on_catalogue_changed(self) -> None:
        """Names and lengths may be others."""
        self.model.on_catalogue_changed()
        self.refresh()

    def add_chip(self, chip: QWidget) -> None:
        """Put something into the head that is to be seen as long as it has something to say."""
        self.title_bar.add_chip(chip)

    def selected_tracks(self) -> list[TrackId]:
        return [self.model.track_at(row) for row in self.list.selected_rows()]

    def remove_selected(self) -> None:
        rows = self.list.selected_rows()
        if not rows:
            return
        self._player.remove(self.model.places_of(rows))
        after = min(rows[0], self.model.rowCount() - 1)
        if after >= 0:
            self.list.setCurrentIndex(self.model.index(after, 0))

    def move_selected(self, rows: list[int], step: int) -> None:
        """Move rows up or down by one, together."""
        to = rows[0] - 1 if step < 0 else rows[-1] + 2
        if 0 <= to <= self.model.rowCount():
            self._player.move(self.model.places_of(rows), self.model.place_of(to))
            first = to if step < 0 else to - len(rows)
            self.list.select_rows(first, first + len(rows) - 1)

    def toggle_stop(self, row: int) -> None:
        """Mark a row as the one to stop after, or take the mark away."""
        queue, place = self._player.queue, self.model.place_of(row)
        marked = queue.stop_after == queue.items[place].uid
        if place == queue.index and self._player.stop_after_current:
            self._player.stop_after_current = False
        else:
            self._player.mark_stop(None if marked else place)

    def fold_played(self, on: bool) -> None:
        """Keep what was played out of the way, or show it, until asked for the other."""
        self._folds = on
        self.model.fold(on)
        self._say_played()
        self.show_current()

    def show_current(self) -> None:
        """Bring the current row into view, with as much as there is room for of what comes after it."""
        row = self.model.current_row
        if row is not None:
            height = max(self.list.sizeHintForRow(row), 1)
            before = 1 if self.list.viewport().height() >= _ROOMY * height else 0
            self.list.scrollTo(self.model.index(max(row - before, 0), 0), QueueList.ScrollHint.PositionAtTop)

    def menu(self) -> QMenu:
        """The context menu of the selected rows."""
        rows = self.list.selected_rows()
        stop = QAction(self._icons.icon("stop-circle"), tr("Stop after this"), self)
        stop.setCheckable(True)
        stop.setChecked(bool(self.model.index(rows[0], 0).data(Role.STOPS)))
        stop.triggered.connect(lambda: self.toggle_stop(rows[0]))
        play = lambda: self._player.jump(self.model.place_of(rows[0]))  # noqa: E731
        menu = self._commands.menu(self.selected_tracks(), self, [self._remove, stop], play)
        stop.setParent(menu)
        return menu

    def _build_ui(self, look: Look) -> None:
        self.title_bar = DockTitle(tr("Queue"))
        self.undo_button = tool_button(
            look.icons.icon("arrow-counter-clockwise"), tr("Undo"), tip=tr("Undo the last change")
        )
        self.clear_button = tool_button(
            look.icons.icon("trash"), tr("Clear queue"), tip=tr("Clear the queue (can be undone)")
        )
        self.save_button = tool_button(
            look.icons.icon("floppy-disk"), tr("Save queue"), tip=tr("Save or export the queue")
        )
        words = {self.undo_button: tr("Undo"), self.save_button: tr("Save"), self.clear_button: tr("Clear")}
        for button, word in words.items():
            self.title_bar.add_button(button, word)
        self.setTitleBarWidget(self.title_bar)
        self.played_button = worded_button(look.icons.icon("caret-right", name_on="caret-down"), "")
        self.played_button.setObjectName("fold")
        self.played_button.setCheckable(True)
        self.played_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setModel(self.model)
        self.list.setItemDelegate(QueueDelegate(look, RowCovers(look, self._track, self.list), self.list))
        self.list.setAcceptDrops(True)
        self.list.setDropIndicatorShown(True)
        self.list.setDragDropMode(QueueList.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.empty = DropPage(self.model, look)
        self.empty.show_state(
            "queue", tr("The queue is empty"), tr("Drag tracks here, or press + in “More like this”.")
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        panel = QWidget()
        panel.setObjectName("panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(panel)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.played_button)
        self._layout.addWidget(self._stack)
        self.setWidget(panel)

    def _build_actions(self) -> None:
        self._remove = QAction(self._icons.icon("x"), tr("Remove from queue"), self)
        self._remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self._remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._remove.triggered.connect(self.remove_selected)
        save = QMenu(self)
        save.addAction(self._icons.icon("playlist"), tr("Save as playlist…"), self.save_requested.emit)
        save.addAction(self._icons.icon("export"), tr("Export…"), self.export_requested.emit)
        self.save_menu = save
        self.save_button.setMenu(save)
        self.save_button.setPopupMode(self.save_button.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        player = self._player
        player.queue_changed.connect(self.refresh)
        player.modes_changed.connect(self.refresh)
        player.position_changed.connect(lambda _: self._say_length())
        player.duration_changed.connect(lambda _: self._say_length())
        self.list.resized.connect(self._follow_soon.start)
        self.list.scrolled_by_hand.connect(self._on_hand)
        self.model.files_dropped.connect(self.files_dropped)
        self.model.repaint_needed.connect(self.list.viewport().update)
        self.list.activated_row.connect(lambda row: player.jump(self.model.place_of(row)))
        self.played_button.clicked.connect(lambda shown: self.fold_played(not shown))
        self.list.menu_requested.connect(self._on_menu)
        self.list.remove_requested.connect(self.remove_selected)
        self.list.move_requested.connect(self.move_selected)
        self.list.undo_requested.connect(player.undo)
        self.clear_button.clicked.connect(player.clear)
        self.undo_button.clicked.connect(player.undo)

    def _say_length(self) -> None:
        """The number of tracks, and how long they last or, while one is current, how long is left."""
        number = len(self._player.queue)
        tracks = trn("{number} track", "{number} tracks", number)
        if not number:
            note = ""
        elif self._to_come is None:
            note = tr("{tracks} · {length}", tracks=tracks, length=span(self.model.total_seconds()))
        else:
            left = self._to_come + max(self._player.duration() - self._player.position(), 0.0)
            note = tr("{tracks} · {time} left", tracks=tracks, time=span(left))
        if note != self.title_bar.note:
            self.title_bar.set_note(note)

    def _say_played(self) -> None:
        """How many came before, played or passed over, and whether they are shown."""
        folded, played = self.model.folded, self.model.played
        words = trn("{number} earlier", "{number} earlier", folded or played)
        about = tr("Show the tracks before this one") if folded else tr("Hide the tracks before this one")
        self.played_button.setText(f" {words}")
        self.played_button.setAccessibleName(f"{words}. {about}")
        self.played_button.setToolTip(about)
        self.played_button.setChecked(not folded)
        self.played_button.setVisible(bool(folded or (played and not self._folds)))

    def on_track(self, track: TrackId | None) -> None:
        """Follow what plays, unless a hand is at the list."""
        if track is not None and not self.list.is_in_hand:
            self._follows = True
            self._follow_soon.start()

    def _on_hand(self) -> None:
        """Somebody looks elsewhere; the next track is followed again."""
        self._follows = False

    def _follow(self) -> None:
        """Bring the current row into view when the rows are there and laid out."""
        if self._follows and not self.list.is_in_hand:
            self._followed = self._player.queue.index
            self.model.fold(self._folds)
            self._say_played()
            self.show_current()

    def _on_menu(self, spot: QPoint) -> None:
        pop_up(self.menu(), spot)

    def _track(self, track: TrackId) -> Track | None:
        if (loose := self._loose(track)) is not None:
            return loose
        row = self._catalogue.row_of(track)
        return None if row is None else self._catalogue.track(row)
