"""Library › About the model: the figures of the model in use, each explained in a line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import mark, tr
from musicplayer.discover.similar import Similar
from musicplayer.ui.indexing.model_card import Fact, Section, card_of, card_text, provisional_card
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.labels import rule
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage

_WIDTH = 620
_HIGHEST = 700
_PAGE_HEIGHT = 280
_MARGIN = 24
_NAME_WIDTH = 176
_COPY = mark("Copy as text")

Sections = tuple[Section, ...]


class ModelDialog(QDialog):
    """Stays open beside the window and follows the model.

    Signals:
        rebuild_requested: build one.
    """

    rebuild_requested = Signal()

    def __init__(self, similar: Similar, look: Look, parent: QWidget | None = None, *, shared: bool = False) -> None:
        """`shared` says that the library is on another machine, and its model made there."""
        super().__init__(parent)
        self.setObjectName("modelCard")
        self.setWindowTitle(tr("About the model"))
        self._similar = similar
        self._shared = shared
        self._counts = LibraryCounts()
        self._shown: tuple[str, str, Sections] = ("", "", ())
        self._page = StatePage(look)
        self.copy_button = push_button(tr(_COPY))
        self.rebuild_button = push_button(tr("Rebuild index…"))
        self.close_button = push_button(tr("Close"), primary=True)
        self._build_ui()
        self.copy_button.clicked.connect(self._copy)
        self.rebuild_button.clicked.connect(self._on_rebuild)
        self.close_button.clicked.connect(self.close)
        similar.changed.connect(self._follow)

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return card_text(*self._shown)

    def set_counts(self, counts: LibraryCounts) -> None:
        """Take the numbers that it names where there is no built model."""
        self._counts = counts
        self._follow()

    def open_fresh(self) -> None:
        """Show it, with the model as it is now."""
        self._refresh()
        self.resize(_WIDTH, min(self._wanted_height(), _HIGHEST))
        self.show()
        self.raise_()
        self.activateWindow()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        headline, intro, sections, may_build = self._content()
        self.rebuild_button.setVisible(may_build and not self._shared)
        self.copy_button.setVisible(bool(sections))
        if (headline, intro, sections) == self._shown:
            return
        self._shown = headline, intro, sections
        self.copy_button.setText(tr(_COPY))
        self._page.show_state("waves", headline, intro)
        self._area.setWidget(_sheet(headline, intro, sections))
        self._stack.setCurrentWidget(self._area if sections else self._page)

    def _wanted_height(self) -> int:
        """As high as what is shown; the page without figures wants some air."""
        sheet = self._area.widget()
        is_shown = self._stack.currentWidget() is self._area
        shown = sheet.heightForWidth(_WIDTH) if is_shown and sheet is not None else _PAGE_HEIGHT
        return shown + self.sizeHint().height() - self._stack.sizeHint().height()

    def _content(self) -> tuple[str, str, Sections, bool]:
        """Headline, introduction, figures, and whether to offer a build."""
        manifest, tracks = self._similar.manifest, self._counts.tracks
        analysed = min(self._counts.analysed, tracks)
        if manifest is None or (manifest.provisional and not analysed):
            return tr("There is no model yet"), tr(_ELSEWHERE if self._shared else _NO_MODEL), (), tracks > 0
        if manifest.provisional:
            return tr("A provisional model"), tr(_PROVISIONAL), provisional_card(manifest, analysed, tracks), True
        return tr("The model behind “More like this”"), tr(_BUILT), card_of(manifest), False

    def _build_ui(self) -> None:
        self._area = QScrollArea()
        self._area.setObjectName("card")
        self._area.setAccessibleName(tr("Figures of the model"))
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._page)
        buttons = button_line(self.copy_button, self.rebuild_button, right=[self.close_button], spacing=10)
        buttons.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(rule())
        layout.addSpacing(14)
        layout.addLayout(buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copy_button.setText(tr("Copied"))

    def _on_rebuild(self) -> None:
        self.close()
        self.rebuild_requested.emit()


def _sheet(headline: str, intro: str, sections: Sections) -> QWidget:
    sheet = QWidget()
    sheet.setObjectName("page")
    sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    grid = QGridLayout(sheet)
    grid.setContentsMargins(_MARGIN, 20, _MARGIN, 20)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(3)
    grid.setColumnMinimumWidth(0, _NAME_WIDTH)
    grid.setColumnStretch(1, 1)
    lines: list[tuple[QLabel, QLabel | None]] = [(_label(headline, "headline"), None), (_label(intro, "soft"), None)]
    for section in sections:
        lines.append((_heading(section.title), None))
        for fact in section.facts:
            lines += _lines_of(fact)
    for row, (left, right) in enumerate(lines):
        grid.addWidget(left, row, 0, 1, 2 if right is None else 1, Qt.AlignmentFlag.AlignTop)
        if right is not None:
            grid.addWidget(right, row, 1)
    grid.setRowStretch(len(lines), 1)
    return sheet


def _lines_of(fact: Fact) -> list[tuple[QLabel, QLabel | None]]:
    """Name and value on one line, what it means under the value."""
    value, about = _label(fact.value, "strong"), _label(fact.about, "small")
    value.setAccessibleName(f"{fact.name}: {fact.value}")
    about.setContentsMargins(0, 0, 0, 7)
    return [(_label(fact.name, "soft"), value), (QLabel(), about)]


def _heading(title: str) -> QLabel:
    heading = _label(title, "title")
    heading.setContentsMargins(0, 9, 0, 5)
    return heading


def _label(text: str, tone: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", tone)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label


_BUILT = mark("These figures were measured when it was built, on your own music.")
_PROVISIONAL = mark(
    "It stands in until the index is built, and answers from all that is analysed. Nothing is measured of it yet."
)
_ELSEWHERE = mark("It is made on the machine that has the library, and comes from there by itself.")
_NO_MODEL = mark("Segue makes one as soon as it has analysed some of your music. Add a folder, or rebuild the index.")
