"""What can be done with the tracks inside a lasso: a small bar at the foot of the map."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from indexer.core.language import number, tr, trn
from musicplayer.ui.look.buttons import push_button, tool_button
from musicplayer.ui.look.icons import Icons


class MapBar(QFrame):
    """Says how many tracks were chosen and offers to play and queue them.

    Signals:
        play_requested, queue_requested, dismissed: as the buttons say.
        more_requested: where on the screen the menu goes.
    """

    play_requested = Signal()
    queue_requested = Signal()
    more_requested = Signal(QPoint)
    dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.count = QLabel()
        self.count.setProperty("tone", "strong")
        self.queue = push_button(tr("Add to queue"), primary=True, icon=icons.icon("queue", "on_accent"))
        self.play = push_button(tr("Play"), icon=icons.icon("play"))
        self.more = push_button(tr("More…"))
        self.dismiss = tool_button(icons.icon("x"), tr("Drop the selection"), tip=tr("Drop the selection (Esc)"))
        self._build_ui()
        self.hide()

    def show_count(self, tracks: int, kept: int) -> None:
        """Say how many tracks are inside, and how many of them are taken where that is fewer."""
        words = trn("{number} track", "{number} tracks", tracks)
        if kept < tracks:
            words = tr("{tracks}, of which {kept} are taken", tracks=words, kept=number(kept))
        self.count.setText(words)
        self.queue.setAccessibleName(trn("Add {number} track to the queue", "Add {number} tracks to the queue", kept))
        self.play.setAccessibleName(trn("Play {number} track", "Play {number} tracks", kept))
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Go to the middle of the parent's foot."""
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move(max((parent.width() - self.width()) // 2, 0), max(parent.height() - self.height() - 16, 0))

    def _build_ui(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.count)
        layout.addSpacing(8)
        for button in (self.queue, self.play, self.more, self.dismiss):
            layout.addWidget(button)
        self.queue.clicked.connect(self.queue_requested)
        self.play.clicked.connect(self.play_requested)
        self.more.clicked.connect(lambda: self.more_requested.emit(self.more.mapToGlobal(self.more.rect().topLeft())))
        self.dismiss.clicked.connect(self.dismissed)
