"""The legend of the map: what the colours mean, how many tracks each has, and a way to light only some."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget

from indexer.core.discover.map_colours import ColourClass, Colouring
from indexer.core.language import number, tr, trn
from musicplayer.ui.look.buttons import ToolButton, push_button
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_labels import class_name
from musicplayer.ui.map.map_palette import colour_of

_WIDTH = 196
_ROW = 27
_DOT = 10


class MapLegend(QFrame):
    """Lists the classes of a colouring; chosen ones are lit, the others dimmed.

    Signals:
        chosen: set of places in the colouring's classes; empty for all.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapLegend")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self._theme = theme
        self.entries: list[LegendEntry] = []
        self.title = QLabel()
        self.title.setProperty("tone", "overline")
        self.all = push_button(tr("Show all"))
        self._build_ui()
        theme.changed.connect(self.update)

    def show_classes(self, title: str, colouring: Colouring) -> None:
        """List the classes of a colouring, none of them chosen."""
        self.title.setText(title)
        for entry in self.entries:
            self._list.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.entries = [LegendEntry(each, self._theme) for each in colouring.classes]
        for place, entry in enumerate(self.entries):
            self._list.insertWidget(place, entry)
            entry.toggled.connect(self._on_toggled)
        self.all.hide()

    def clear_choice(self) -> None:
        for entry in self.entries:
            entry.setChecked(False)

    def _build_ui(self) -> None:
        inner = QWidget()
        inner.setObjectName("mapLegendList")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(6, 0, 6, 6)
        self._list.setSpacing(1)
        self._list.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("mapLegendScroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self.title.setContentsMargins(14, 12, 8, 6)
        self.all.setToolTip(tr("Light every track again"))
        self.all.clicked.connect(self.clear_choice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 10)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.all, 0, Qt.AlignmentFlag.AlignHCenter)

    def _on_toggled(self) -> None:
        chosen = {place for place, entry in enumerate(self.entries) if entry.isChecked()}
        for entry in self.entries:
            entry.set_dimmed(bool(chosen) and not entry.isChecked())
        self.all.setVisible(bool(chosen))
        self.chosen.emit(chosen)


class LegendEntry(ToolButton):
    """A dot, a name and a number; pressed to light the class."""

    def __init__(self, entry: ColourClass, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._theme = theme
        self._dimmed = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = class_name(entry)
        said = trn("{number} track", "{number} tracks", entry.count)
        self.setAccessibleName(f"{self._name}, {said}")
        self.setToolTip(tr("Light only {name}: {tracks}", name=self._name, tracks=said))

    def set_dimmed(self, dimmed: bool) -> None:
        self._dimmed = dimmed
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH - 16, _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        inner = self.rect().adjusted(9, 0, -9, 0)
        colour = colour_of(self.entry.slot, dark=self._theme.is_dark)
        if self._dimmed:
            colour.setAlphaF(0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        dot = QRect(inner.left(), inner.center().y() - _DOT // 2 + 1, _DOT, _DOT)
        painter.drawEllipse(QStyle.visualRect(self.layoutDirection(), inner, dot))
        count = number(self.entry.count)
        taken = painter.fontMetrics().horizontalAdvance(count)
        painter.setPen(self._theme.colour("soft"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        words = QStyle.visualRect(self.layoutDirection(), inner, inner.adjusted(_DOT + 9, 0, -taken - 8, 0))
        shown = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(self._theme.colour("soft" if self._dimmed else "text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_ground(self, painter: QPainter) -> None:
        rect = self.rect().adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("selection" if self.isChecked() else "hover"))
            painter.drawRoundedRect(rect, 5, 5)
        if self.hasFocus():
            painter.setBrush(QColor(Qt.GlobalColor.transparent))
            painter.setPen(self._theme.colour("focus"))
            painter.drawRoundedRect(rect, 5, 5)
