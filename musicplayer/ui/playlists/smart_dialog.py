"""Makes and edits smart playlists: rules or a search, an order and a limit, with what they find while one types."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import Group, QueryError
from indexer.core.catalogue.search_reasons import why_nothing
from indexer.core.catalogue.shown import Column
from indexer.core.catalogue.smart import MOST, RANDOM, SmartRule, find
from indexer.core.language import mark, tr, trn
from indexer.core.phrases import sentence, span
from indexer.core.playlists.edits import LONGEST_NAME
from musicplayer.ui.frame.bound import WholeNumber
from musicplayer.ui.look.buttons import button_line, push_button, tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.playlists.smart_rows import SmartRows
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.search_help import SearchHelp

_WIDTH = 650
_AROUND = 40
"""Pixels of the window that the dialog leaves free in its height."""

_PAUSE_MS = 150
_EXAMPLES = 3
_USUAL_LIMIT = 100

ORDERS: tuple[tuple[str, bool, str], ...] = (
    ("", False, mark("by artist and album")),
    (Column.TITLE, False, mark("by title")),
    (Column.ALBUM, False, mark("by album")),
    (Column.YEAR, True, mark("newest first")),
    (Column.YEAR, False, mark("oldest first")),
    (Column.ADDED, True, mark("recently added first")),
    (Column.PLAYS, True, mark("most played first")),
    (Column.PLAYS, False, mark("least played first")),
    (Column.LENGTH, False, mark("shortest first")),
    (Column.LENGTH, True, mark("longest first")),
    (Column.RATING, True, mark("best rated first")),
    (Column.BPM, False, mark("slowest first")),
    (Column.BPM, True, mark("fastest first")),
    (Column.KEY, False, mark("by key")),
    (Column.LOUDNESS, False, mark("softest first")),
    (Column.LOUDNESS, True, mark("loudest first")),
    (RANDOM, False, mark("in an order of chance")),
)
"""What can be chosen: order, whether descending, and the words for it."""


class SmartDialog(QDialog):
    """Says how many tracks would be in it, and what is wrong with a search that is none.

    The search is what counts: the rules write it, and show it as far as they can.

    Signals:
        decided: name and SmartRule.
    """

    decided = Signal(str, object)

    def __init__(
        self, catalogue: Catalogue, icons: Icons, name: str, rule: SmartRule, *, fresh: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("smart")
        self.setWindowTitle(tr("New smart playlist") if fresh else tr("Edit smart playlist"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parent = parent
        self._catalogue = catalogue
        self._seed = name
        self.name = QLineEdit(name)
        self.rows = SmartRows(catalogue, icons)
        self.query = QLineEdit(rule.query)
        self.help = tool_button(icons.icon("question"), tr("How to search"))
        self.order = QComboBox()
        self.limited = QCheckBox(tr("At most"))
        self.limit = WholeNumber()
        self.found = ElidedLabel("strong")
        self.examples = ElidedLabel("small")
        self.yes = push_button(tr("Create") if fresh else tr("Save"), primary=True)
        self.no = push_button(tr("Cancel"))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._set_up(rule)
        self._build_ui()
        self._connect()
        self.rows.show_text(rule.query)
        self.preview()

    @property
    def rule(self) -> SmartRule:
        """What is chosen."""
        order, descending, _ = ORDERS[self.order.currentIndex()]
        limit = self.limit.value() if self.limited.isChecked() else 0
        return SmartRule(self.query.text().strip(), str(order), descending, limit)

    def show_help(self) -> SearchHelp:
        """Open the help; an example that is chosen there becomes the search."""
        shown = SearchHelp(self)
        shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown.chosen.connect(self.query.setText)
        shown.chosen.connect(lambda _: self.query.setFocus(Qt.FocusReason.OtherFocusReason))
        shown.open_below(self.query)
        return shown

    def preview(self) -> None:
        """Look what the search finds."""
        self._pause.stop()
        try:
            rows = find(self._catalogue, self.rule, self._seed)
        except QueryError as error:
            self._say(sentence(error.message, error.advice), "", wrong=True)
            return
        seconds = self._catalogue.numbers("seconds").array[rows]
        words = trn("{number} track", "{number} tracks", len(rows))
        length = f" · {span(float(seconds[seconds > 0].sum()))}" if len(rows) else ""
        titles = [self._catalogue.title(int(row)) for row in rows[:_EXAMPLES]]
        examples = ", ".join(titles) + ("…" if len(rows) > _EXAMPLES else "")
        query = self.rule.parsed()
        nothing = "" if len(rows) else why_nothing(self._catalogue, query, self._catalogue.rows())
        self._say(f"{words}{length}", query.hint or nothing or examples, wrong=False)

    def _say(self, found: str, examples: str, *, wrong: bool) -> None:
        self.found.set_whole_text(found)
        self.examples.set_whole_text(examples)
        mark_as(self.found, "tone", "danger" if wrong else "strong")
        mark_as(self.query, "wrong", wrong)
        self.yes.setEnabled(not wrong and bool(self.name.text().strip()))

    def _set_up(self, rule: SmartRule) -> None:
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(tr("Name"))
        self.query.setAccessibleName(tr("Search line"))
        self.query.setPlaceholderText(tr("For example: genre:jazz|blues (year<1970 OR rating>=4) plays:0"))
        self.order.setAccessibleName(tr("Order"))
        for order, descending, words in ORDERS:
            self.order.addItem(_capital(tr(words)))
            if (order, descending) == (rule.order, rule.descending):
                self.order.setCurrentIndex(self.order.count() - 1)
        self.limited.setAccessibleName(tr("Limit the number of tracks"))
        self.limited.setChecked(rule.limit > 0)
        self.limit.setAccessibleName(tr("Most tracks"))
        self.limit.setRange(1, MOST)
        self.limit.setValue(rule.limit or _USUAL_LIMIT)
        self.limit.setEnabled(rule.limit > 0)
        self.yes.setDefault(True)

    def _build_ui(self) -> None:
        headline = QLabel(self.windowTitle())
        headline.setProperty("tone", "title")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(6)
        layout.addWidget(headline)
        layout.addSpacing(6)
        for caption, field in ((tr("Name"), self.name), (tr("Rules"), self.rows)):
            layout.addWidget(_caption(caption, field))
            layout.addWidget(field)
            layout.addSpacing(4)
        self.name.setMinimumWidth(_WIDTH)
        layout.addWidget(_caption(tr("Search line"), self.query))
        layout.addLayout(self._search_line())
        layout.addSpacing(4)
        layout.addLayout(self._order_line())
        layout.addStretch()
        layout.addSpacing(8)
        layout.addWidget(self.found)
        layout.addWidget(self.examples)
        layout.addSpacing(10)
        layout.addLayout(self._buttons())

    def _search_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.query, 1)
        line.addWidget(self.help)
        return line

    def _order_line(self) -> QGridLayout:
        """The order, and beside it how many."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.addWidget(_caption(tr("Order"), self.order), 0, 0)
        grid.addWidget(self.order, 1, 0)
        grid.addLayout(button_line(self.limited, self.limit, QLabel(tr("tracks")), spacing=8), 1, 1)
        return grid

    def _buttons(self) -> QHBoxLayout:
        note = QLabel(tr("It is looked up again whenever the library changes."))
        note.setProperty("tone", "small")
        return button_line(note, right=[self.no, self.yes], spacing=10)

    def _fit(self) -> None:
        """Be as high as the rules ask for and no higher than the window around, and stay on the screen."""
        if not self.isVisible():
            return
        room = self._parent.window().height() - _AROUND
        self._layout.activate()
        self.resize(self.width(), min(self.sizeHint().height(), max(room, self.minimumSizeHint().height())))
        screen = self.screen().availableGeometry()
        if self.geometry().bottom() > screen.bottom():
            self.move(self.x(), max(screen.top(), screen.bottom() - self.frameGeometry().height()))

    def _connect(self) -> None:
        self.rows.written.connect(self.query.setText)
        self.rows.resized.connect(self._fit)
        self.query.textChanged.connect(self.rows.show_text)
        self.help.clicked.connect(self.show_help)
        self.query.textChanged.connect(lambda _: self._pause.start())
        self.name.textChanged.connect(lambda _: self._pause.start())
        self.order.currentIndexChanged.connect(lambda _: self.preview())
        self.limited.toggled.connect(self.limit.setEnabled)
        self.limited.toggled.connect(lambda _: self.preview())
        self.limit.valueChanged.connect(lambda _: self._pause.start())
        self._pause.timeout.connect(self.preview)
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.reject)

    def _on_yes(self) -> None:
        self.preview()
        if self.yes.isEnabled():
            self.accept()
            self.decided.emit(self.name.text().strip(), self.rule)


def _caption(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "small")
    label.setBuddy(field)
    return label


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class SaveSearch(QObject):
    """Seen while something is searched for.

    Signals:
        requested: a SmartRule that finds what the page shows, to be asked about.
        kept: the same, to be kept without a question.
    """

    requested = Signal(object)
    kept = Signal(object)

    def __init__(self, page: LibraryPage, icons: Icons) -> None:
        super().__init__(page)
        self._page = page
        name = tr("Save this search as a smart playlist")
        tip = tr("Save this search as a smart playlist; Ctrl+S in the field keeps it without a question")
        self.button = tool_button(icons.icon("lightning"), name, tip=tip)
        page.row.add(self.button)
        page.row.queried.connect(lambda _: self._show())
        page.search.textChanged.connect(lambda _: self._show())
        self.button.clicked.connect(lambda: self.requested.emit(self.rule()))
        page.search.keep_requested.connect(self._keep)
        self._show()

    def rule(self) -> SmartRule:
        """What the page shows, as a rule."""
        part = self._page.model.scope
        text = self._page.search.text().strip()
        if part.query and any(isinstance(term, Group) for term in self._page.row.query.terms):
            text = f"({text})"  # or an OR would reach beyond it
        query = f"{part.query} {text}".strip()
        return SmartRule(query, "" if part.column is Column.ARTIST else part.column, part.descending)

    def _keep(self) -> None:
        if not self._page.row.is_wrong:
            self.kept.emit(self.rule())

    def _show(self) -> None:
        self.button.setVisible(bool(self._page.search.text().strip()))
        self.button.setEnabled(not self._page.row.is_wrong)


def rule_in_words(rule: SmartRule) -> str:
    """`genre:rock · newest first · at most 50 tracks`."""
    parts = [rule.query or tr("every track"), order_in_words(rule)]
    if rule.limit:
        parts.append(trn("at most {number} track", "at most {number} tracks", rule.limit))
    return " · ".join(parts)


def order_in_words(rule: SmartRule) -> str:
    for order, descending, words in ORDERS:
        if (rule.order, rule.descending) == (order, descending):
            return tr(words)
    return tr(ORDERS[0][2])
