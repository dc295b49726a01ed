"""The page Listening: figures, plots, and what is kept about the listener, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from indexer.core.discover.genre_hues import slot_of
from indexer.core.language import mark, tr
from indexer.core.taste.diary import Diary, Span
from musicplayer.ui.listening.diary_words import (
    days_bars,
    hours_bars,
    kept_words,
    lines_bars,
    streak_words,
    total_words,
)
from musicplayer.ui.listening.plots import BarPlot, StackedPlot
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage

_SPANS = {Span.MONTH: mark("30 days"), Span.YEAR: mark("A year"), Span.ALL: mark("All the time")}
_FIGURES = (mark("This week"), mark("This month"), mark("This year"), mark("In all"), mark("Streak"))
_TWO_COLUMNS = 760
_FIGURE_WIDTH = 150
_MARGIN = 18
_AIR = 12


class ListeningPage(QStackedWidget):
    """Shows a diary, or says that there is nothing to show yet.

    Signals:
        shown: somebody looks.
        span_chosen: a Span.
        export_requested: what is kept is to be written to a file.
        erase_requested: it is to be forgotten; a question comes first.
    """

    shown = Signal()
    span_chosen = Signal(object)
    export_requested = Signal()
    erase_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None, *, shared: bool = False) -> None:
        """`shared` says that another machine has the library, and what is kept about a listener."""
        super().__init__(parent)
        self._shared = shared
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.empty = StatePage(look, width=420)
        self.spans = QComboBox()
        self.spans.setAccessibleName(tr("How far back"))
        for span, name in _SPANS.items():
            self.spans.addItem(tr(name), span)
        self.figures = [_Figure(tr(name)) for name in _FIGURES]
        self.days = BarPlot(tr("Plays over time"), look)
        self.hours = BarPlot(tr("Plays by hour of the day"), look)
        self.hours.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.artists = StackedPlot(tr("Artists over time"), look)
        self.genres = StackedPlot(tr("Genres over time"), look)
        self.kept = text_label("", "soft")
        self.export_button = push_button(tr("Export…"), icon=look.icons.icon("export"))
        self.erase_button = push_button(tr("Erase…"), icon=look.icons.icon("eraser"))
        self._columns = 0
        self._build_ui()
        self._connect()
        self.say_empty()

    def set_top(self, bar: QWidget) -> None:
        """Lay something between the title and the figures."""
        self._column.insertWidget(1, bar)

    def say_empty(self) -> None:
        """There are no plays yet."""
        self.empty.show_state(
            "chart-bar",
            tr("Nothing was played yet"),
            tr("This page fills as you play: by day and hour, by artist and genre.") if self._shared else tr(_EMPTY),
        )
        self.setCurrentWidget(self.empty)

    def show_diary(self, diary: Diary, kept: Mapping[str, Any]) -> None:
        """Show what plays add up to, and how much is kept."""
        totals = [total_words(total) for total in (diary.week, diary.month, diary.year, diary.ever)]
        for figure, (value, about) in zip(self.figures, [*totals, streak_words(diary)], strict=True):
            figure.show_words(value, about)
        self.days.show_bars(days_bars(diary))
        self.hours.show_bars(hours_bars(diary))
        self.artists.show_bars(lines_bars(diary, diary.artists))
        self.genres.show_bars(lines_bars(diary, diary.genres, slot_of))
        if not self._shared:
            self.kept.setText(kept_words(kept))
        self.setCurrentWidget(self._scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()
        self.shown.emit()

    def _connect(self) -> None:
        self.spans.currentIndexChanged.connect(lambda _: self.span_chosen.emit(self.spans.currentData()))
        self.export_button.clicked.connect(self.export_requested)
        self.erase_button.clicked.connect(self.erase_requested)

    def _build_ui(self) -> None:
        sheet = QWidget()
        sheet.setObjectName("page")
        sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = self._column = QVBoxLayout(sheet)
        column.setContentsMargins(_MARGIN, 14, _MARGIN, _MARGIN)
        column.setSpacing(_AIR)
        head = QHBoxLayout()
        head.addWidget(text_label(tr("Listening"), "headline"), 1)
        head.addWidget(self.spans)
        column.addLayout(head)
        self._row = QGridLayout()
        self._row.setSpacing(_AIR)
        column.addLayout(self._row)
        self._grid = QGridLayout()
        self._grid.setSpacing(_AIR)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._cards = [
            _card(tr("Plays"), self.days),
            _card(tr("By hour of the day"), self.hours),
            _card(tr("Artists"), self.artists),
            _card(tr("Genres"), self.genres),
        ]
        if not self._shared:
            self._cards.append(_card(tr("What is kept about you"), self._kept_part()))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(sheet)
        self.addWidget(self.empty)
        self.addWidget(self._scroll)

    def _kept_part(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.kept)
        layout.addWidget(
            text_label(
                tr(
                    "All of it lies in the database of your library. Segue learns your taste from it, on this computer."
                ),
                "small",
            )
        )
        layout.addLayout(button_line(self.export_button, self.erase_button, spacing=8))
        return part

    def _arrange(self) -> None:
        """Two columns where there is room, the first plot over both; the last figure fills what is left of its row."""
        room = (self.width() - 2 * _MARGIN) // (_FIGURE_WIDTH + _AIR)
        per_row = min(max(room, 1), len(self.figures))
        columns = 2 if self.width() >= _TWO_COLUMNS else 1
        wanted = 100 * columns + per_row
        if wanted == self._columns:
            return
        self._columns = wanted
        for place, figure in enumerate(self.figures):
            left = per_row - place % per_row if figure is self.figures[-1] else 1
            self._row.addWidget(figure, place // per_row, place % per_row, 1, left)
        first, *rest = self._cards
        self._grid.addWidget(first, 0, 0, 1, columns)
        for place, card in enumerate(rest):
            self._grid.addWidget(card, 1 + place // columns, place % columns)


_EMPTY = mark(
    "This page fills as you play: by day and hour, by artist and genre. What you listened to elsewhere can be brought "
    "along with File › Import listening history."
)


class _Figure(QFrame):
    """A number under what it is of."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        self._value, self._about = text_label("", "headline"), text_label("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(1)
        for label in (text_label(name, "small"), self._value, self._about):
            layout.addWidget(label)
        layout.addStretch(1)

    def show_words(self, value: str, about: str) -> None:
        self._value.setText(value)
        self._about.setText(about)


def _card(title: str, content: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("figure")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 9, 12, 9)
    name = QLabel(title)
    name.setProperty("tone", "strong")
    layout.addWidget(name)
    layout.addWidget(content)
    if not content.sizePolicy().expandingDirections() & Qt.Orientation.Vertical:
        layout.addStretch(1)
    return card
