"""The rules of a smart playlist as rows, which read and write the line of its search."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import read
from indexer.core.catalogue.smart_rules import MOST_RULES, Rules, rules_of, text_of
from indexer.core.language import tr
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.playlists.rule_row import EMPTY_RULE, RuleRow
from musicplayer.ui.playlists.rule_values import Offers

_GAP = 6
_PAUSE_MS = 400
"""Who types "a OR b OR" goes through searches that say more than rules; these are not told of."""

_MOST_SEEN = 6
_LEAST_SEEN = 3
"""Rows that are seen at once where there is much room and little; the others are scrolled to."""


class SmartRows(QWidget):
    """Rows, one of them at least, or a sentence where the search says more than they can.

    Signals:
        written: the search that the rows stand for now, after a hand changed them.
        resized: there are more rows or fewer, or the sentence in their place.
    """

    written = Signal(str)
    resized = Signal()

    def __init__(self, catalogue: Catalogue, icons: Icons) -> None:
        super().__init__()
        self._offers = Offers(catalogue)
        self._icons = icons
        self._text = ""
        self._fresh: RuleRow | None = None  # to be scrolled to as soon as it has a place
        self.rows: list[RuleRow] = []
        self.joined = QComboBox()
        self.joined.setAccessibleName(tr("How the rules belong together"))
        self.joined.addItem(tr("All of these hold"))
        self.joined.addItem(tr("Any of these holds"))
        self._sheet = QWidget()
        self._area = _Area(self._sheet)
        self.add = worded_button(icons.icon("plus"), tr("Add a rule"))
        self.more = QLabel(tr("This search says more than rules can show."))
        self.more.setProperty("tone", "soft")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._arrange(rows_shown=False))
        self._build_ui()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show_rules(Rules())
        self._area.verticalScrollBar().rangeChanged.connect(self._scroll_to_fresh)
        self.joined.currentIndexChanged.connect(lambda _: self._write())
        self.add.clicked.connect(self._on_add)

    @property
    def rules(self) -> Rules:
        """What the rows say, without those that are not complete."""
        complete = tuple(row.rule for row in self.rows if row.rule.is_complete)
        return Rules(complete, any_of=self.joined.currentIndex() == 1 and len(complete) > 1)

    def show_text(self, text: str) -> None:
        """Show a search; what is none, while it is being typed, leaves the rows as they were."""
        if text == self._text or read(text).refused is not None:
            return
        self._text = text
        self._pause.stop()
        rules = rules_of(text)
        if rules is not None and (rules != self.rules or self._area.isHidden()):
            self._show_rules(rules)
        elif rules is None and self.isVisible():
            self._pause.start()
        elif rules is None:
            self._arrange(rows_shown=False)

    def focus(self) -> None:
        """Give the keyboard to what the first rule asks for."""
        self.rows[0].values.take_keyboard()

    def _build_ui(self) -> None:
        self._lines = QVBoxLayout(self._sheet)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(_GAP)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self.joined, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._area)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.more)

    def _show_rules(self, rules: Rules) -> None:
        shown = rules.rules or (EMPTY_RULE,)
        while len(self.rows) > len(shown):
            self._drop(self.rows[-1])
        while len(self.rows) < len(shown):
            self._append()
        for row, rule in zip(self.rows, shown, strict=True):
            row.show_rule(rule)
        if len(rules.rules) > 1:
            self._join(any_of=rules.any_of)
        self._arrange(rows_shown=True)

    def _join(self, *, any_of: bool) -> None:
        with QSignalBlocker(self.joined):
            self.joined.setCurrentIndex(int(any_of))

    def _append(self) -> RuleRow:
        row = RuleRow(self._offers, self._icons)
        row.changed.connect(self._write)
        row.removal_requested.connect(lambda: self._on_remove(row))
        before: QWidget = self.rows[-1].remove if self.rows else self.joined
        self._lines.addWidget(row)
        row.show()  # else not before the next turn, and it could not be given the keyboard
        self.rows.append(row)
        for control in row.controls:
            QWidget.setTabOrder(before, control)
            before = control
        return row

    def _drop(self, row: RuleRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _arrange(self, *, rows_shown: bool) -> None:
        for number, row in enumerate(self.rows, 1):
            row.be_number(number)
        self.joined.setVisible(rows_shown and len(self.rows) > 1)
        self._area.setVisible(rows_shown)
        self.add.setVisible(rows_shown)
        self.add.setEnabled(len(self.rows) < MOST_RULES)
        self.more.setVisible(not rows_shown)
        height = self.rows[0].sizeHint().height()
        self._area.be_for(len(self.rows), height)
        self._lines.activate()
        self._layout.activate()
        self.resized.emit()

    def _write(self) -> None:
        self._pause.stop()
        self._text = text_of(self.rules)
        self.written.emit(self._text)

    def _on_add(self) -> None:
        row = self._append()
        self._arrange(rows_shown=True)
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fresh = row

    def _scroll_to_fresh(self) -> None:
        if self._fresh in self.rows:
            self._area.ensureWidgetVisible(self._fresh)
        self._fresh = None

    def _on_remove(self, row: RuleRow) -> None:
        at = self.rows.index(row)
        if len(self.rows) == 1:
            row.show_rule(EMPTY_RULE)
        else:
            self._drop(row)
        self._arrange(rows_shown=True)
        self.rows[min(at, len(self.rows) - 1)].remove.setFocus(Qt.FocusReason.OtherFocusReason)
        self._write()


class _Area(QScrollArea):
    """As high as its rows, up to a number of them, and lower where there is no room."""

    def __init__(self, sheet: QWidget) -> None:
        super().__init__()
        self._best = self._least = 0
        sheet.setObjectName("ruleSheet")
        self.setWidget(sheet)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Rules"))

    def be_for(self, rows: int, height: int) -> None:
        """Make room for so many rows of this height in pixels."""

        def of(count: int) -> int:
            return count * (height + _GAP) - _GAP

        self._best, self._least = of(min(rows, _MOST_SEEN)), of(min(rows, _LEAST_SEEN))
        self.setMaximumHeight(of(rows))
        self.setMinimumHeight(self._least)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._best)
