"""The page For you: shelves above each other, which stay where they are for as long as the pointer is over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.taste.page_words import ShelfWords
from indexer.core.taste.shelves import Shelf, ShelfKind
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.ui.foryou.shelf_rows import OpinionOf
from musicplayer.ui.foryou.shelf_view import AIR, ShelfPart
from musicplayer.ui.look.buttons import push_button, tool_button
from musicplayer.ui.look.folding_buttons import FoldingButtons
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage

SEEN_MS = 1_000
"""A shelf that was in view so long was shown to the listener."""

Key = tuple[ShelfKind, object]


@dataclass(frozen=True)
class ShelfShown:
    """A shelf with its words; `key` tells it from the others, and is the same when its tracks change."""

    key: Key
    shelf: Shelf
    words: ShelfWords

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        return tuple(pick.track for pick in self.shelf.picks)


class ForYouPage(QStackedWidget):
    """Shows shelves, or why there are none.

    Signals:
        shown: somebody looks, or does no longer.
        seen: shelves in view rested; `shelves_in_view` has them.
        made: a ShelfPart that is new and is to be connected.
        update_requested: taste is to be learnt anew.
    """

    shown = Signal(bool)
    seen = Signal()
    made = Signal(object)
    update_requested = Signal()

    def __init__(self, look: Look, track_of: TrackOf, opinion_of: OpinionOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look, self._track_of, self._opinion_of = look, track_of, opinion_of
        self.parts: dict[Key, ShelfPart] = {}
        self._shelves: dict[Key, ShelfShown] = {}
        self._waiting: Sequence[ShelfShown] | None = None
        self.empty = StatePage(look, width=420)
        self.empty_button = push_button(tr("Update taste"), primary=True)
        self.empty.add_button(self.empty_button)
        self.update_button = push_button(tr("Update taste"), icon=look.icons.icon("arrows-clockwise"))
        self.settings_button = tool_button(look.icons.icon("sliders-horizontal"), tr("Settings of recommendations"))
        self.note = ElidedLabel("soft")
        self._rested = QTimer(self, singleShot=True, interval=SEEN_MS)
        self._build_ui()
        self._rested.timeout.connect(self.seen)
        for button in (self.update_button, self.empty_button):
            button.clicked.connect(self.update_requested)

    @property
    def is_pointed_at(self) -> bool:
        """Whether the pointer is over the shelves."""
        return self._sheet.underMouse() or any(part.view.pointed_row is not None for part in self.parts.values())

    def shelf_of(self, part: ShelfPart) -> ShelfShown | None:
        """What a part shows."""
        return next((self._shelves.get(key) for key, each in self.parts.items() if each is part), None)

    def shelves_in_view(self) -> list[tuple[ShelfShown, tuple[TrackId, ...]]]:
        """What is in view, even in part, with its tracks as they stand there."""
        if not self.isVisible() or self.currentWidget() is not self._scroll:
            return []
        parts = [(key, part) for key, part in self.parts.items() if not part.visibleRegion().isEmpty()]
        return [(self._shelves[key], part.model.tracks) for key, part in parts if key in self._shelves]

    def set_top(self, bar: QWidget) -> None:
        """Lay something between the title and the shelves."""
        line = QHBoxLayout()
        line.setContentsMargins(AIR, 0, 0, 0)
        line.addWidget(bar)
        self._outer.insertLayout(1, line)

    def show_empty(self, headline: str, detail: str, *, busy: bool, can_update: bool) -> None:
        """Say why there is nothing."""
        self.empty.show_state("sparkle", headline, detail, busy=busy)
        self.empty_button.setVisible(can_update)
        self.setCurrentWidget(self.empty)

    def show_shelves(self, shelves: Sequence[ShelfShown]) -> None:
        """Show these; while the pointer is over the page nothing moves under it, and the rest comes when it leaves."""
        held = self.is_pointed_at and self.currentWidget() is self._scroll
        wanted = {each.key: each for each in shelves}
        for key, part in self.parts.items():
            if key in wanted:
                self._fill(part, wanted[key])
        if held and list(wanted) != list(self.parts):
            self._waiting = shelves
        else:
            self._arrange(shelves)
        self.setCurrentWidget(self._scroll)
        self._rested.start()

    def refresh(self) -> None:
        """Names or opinions may be others."""
        for part in self.parts.values():
            part.model.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rested.start()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and watched is self._sheet:
            self.settle()
        return super().eventFilter(watched, event)

    def settle(self) -> None:
        """The pointer is elsewhere: what waited for that is shown."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_shelves(waiting)

    def _fill(self, part: ShelfPart, shown: ShelfShown) -> None:
        self._shelves[shown.key] = shown
        part.show_words(shown.words)
        part.model.show_tracks(shown.tracks, part.view.pointed_row)

    def _arrange(self, shelves: Sequence[ShelfShown]) -> None:
        """Put the parts in order, make those that are new, take away those that are no longer wanted."""
        self._waiting = None
        wanted = [each.key for each in shelves]
        for key in [key for key in self.parts if key not in wanted]:
            part = self.parts.pop(key)
            self._shelves.pop(key, None)
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        made = {key: self.parts.get(key) or self._make() for key in wanted}
        for place, each in enumerate(shelves):
            part = made[each.key]
            if each.key not in self.parts:
                self._fill(part, each)
            if self._column.indexOf(part) != place:
                self._column.insertWidget(place, part)
        self.parts = made

    def _make(self) -> ShelfPart:
        part = ShelfPart(self._look, self._track_of, self._opinion_of)
        part.view.left.connect(lambda: self._settle(part))
        self.made.emit(part)
        return part

    def _settle(self, part: ShelfPart) -> None:
        """The pointer left a shelf: what it held there goes where it belongs."""
        shown = self.shelf_of(part)
        if shown is not None:
            part.model.show_tracks(shown.tracks)

    def _build_ui(self) -> None:
        self._sheet = QWidget()
        self._sheet.setObjectName("page")
        self._sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sheet.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._sheet.installEventFilter(self)
        outer = self._outer = QVBoxLayout(self._sheet)
        outer.setContentsMargins(18 - AIR, 14, 18, 18)
        outer.setSpacing(14)
        head = QHBoxLayout()
        head.setContentsMargins(AIR, 0, 0, 0)
        head.addWidget(text_label(tr("For you"), "headline"))
        head.addWidget(self.note, 1)
        head.addWidget(FoldingButtons((self.update_button,), at_end=True), 2)
        head.addWidget(self.settings_button)
        outer.addLayout(head)
        self._column = QVBoxLayout()
        self._column.setSpacing(16)
        outer.addLayout(self._column)
        outer.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._sheet)
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._rested.start())
        self.addWidget(self.empty)
        self.addWidget(self._scroll)
