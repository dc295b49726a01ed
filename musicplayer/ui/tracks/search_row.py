"""The line over a page: search field, its help, what a page adds, and a sentence about what is shown."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from indexer.core.catalogue.search import Query, read
from indexer.core.language import tr
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.tracks.search_box import SearchBox
from musicplayer.ui.tracks.search_help import SearchHelp

_SEARCH_WIDTH = 460
_SAYS_FROM = 480
"""Pixels of width from which on a line with more than the search has room for how much is shown."""


class RowChoice(QComboBox):
    """One of several words in a row, as wide as the one that is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentTextChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        widths = [metrics.horizontalAdvance(self.itemText(place)) for place in range(self.count())]
        return hint - QSize(max(widths, default=0) - metrics.horizontalAdvance(self.currentText()), 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        self.view().setMinimumWidth(super().sizeHint().width())
        super().showPopup()


class SearchRow(QWidget):
    """Turns what is typed into searches.

    Signals:
        queried: a Query; one that finds nothing where what is typed is no search.
    """

    queried = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchBox(icons)
        self.help = tool_button(icons.icon("question"), tr("How to search"))
        self.summary = ElidedLabel("small")
        self.query = Query()
        self._has_more = False
        self.setObjectName("searchRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build_ui()
        self.search.searched.connect(self._on_searched)
        self.help.clicked.connect(self.show_help)

    @property
    def is_wrong(self) -> bool:
        """Whether what is typed is no search."""
        return self.query.refused is not None

    def add(self, widget: QWidget) -> None:
        """Put a widget between the search and the sentence."""
        self._line.insertWidget(self._line.count() - 1, widget)
        self._has_more = True

    def focus(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_text(self, text: str) -> None:
        """Search for `text` at once, without waiting for a pause in the typing."""
        self.search.setText(text)
        self.search.ask_now()

    def set_text(self, text: str) -> None:
        """Put another search into the field and read it, without telling anybody."""
        self._read(text)  # before the field tells whoever looks whether it is a search
        self.search.show_asked(text)

    def say(self, words: str) -> None:
        """Show a sentence, unless one about the search itself matters more."""
        self._say(self.query.hint or words, wrong=self.is_wrong)

    def show_help(self) -> SearchHelp:
        """Open the help; an example that is chosen there is searched for."""
        shown = SearchHelp(self)
        shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown.chosen.connect(self.show_text)
        shown.chosen.connect(lambda _: self.search.setFocus(Qt.FocusReason.OtherFocusReason))
        shown.open_below(self.search)
        return shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _build_ui(self) -> None:
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 8, 12, 8)
        self._line.setSpacing(6)
        self._line.addWidget(self.search, 3)
        self._line.addWidget(self.help)
        self._line.addWidget(self.summary, 3)

    def _on_searched(self, text: str) -> None:
        self._read(text)
        self.queried.emit(self.query)

    def _read(self, text: str) -> None:
        """Take `text` as the search; what is wrong with it is said where it is none."""
        self.query = read(text)
        self.search.mark_wrong(self.is_wrong)
        self.say("")

    def _say(self, words: str, *, wrong: bool) -> None:
        self.summary.set_whole_text(words)
        tone = "danger" if wrong else "small"
        if self.summary.property("tone") != tone:
            mark_as(self.summary, "tone", tone)
        self._make_room()

    def _make_room(self) -> None:
        """What is typed comes before how much is shown; what is wrong with it is always said."""
        self.summary.setVisible(self.is_wrong or not self._has_more or self.width() >= _SAYS_FROM)
