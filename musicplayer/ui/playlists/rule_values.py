"""What a rule of a smart playlist is compared with: a text with what is known offered, two, an age, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import names_in
from indexer.core.catalogue.formats import format_of
from indexer.core.catalogue.search_fields import LISTENER, TEXT_FIELDS
from indexer.core.catalogue.search_terms import ME
from indexer.core.catalogue.smart_rules import AGE, BETWEEN_VALUES, KIND_OF, Comparison, Kind
from indexer.core.language import tr
from indexer.core.musical_keys import KEYS, key_written
from indexer.core.text import natural_key
from musicplayer.ui.playlists.rule_words import UNITS, example_of, state_words

_OFFERED = 10
_LONGEST_AGE = 9_999
_USUAL_AGE, _USUAL_UNIT = 30, "d"
_UNLISTED = frozenset({"title", "path", "folder"})
"""Of these there are nearly as many as tracks."""


class Offers:
    """The values that the library has in a field, found out when they are first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, list[str]] = {}

    def of(self, field: str) -> list[str]:
        """In the order of the alphabet, keys in the order of the wheel; none of fields that have too many."""
        if field not in self._known:
            self._known[field] = self._values(field)
        return self._known[field]

    def _values(self, field: str) -> list[str]:
        if KIND_OF[field] is Kind.KEY:
            return [key_written(code).partition(" ")[0].replace("♯", "#") for code in range(KEYS)]
        if field == LISTENER:
            return [ME[0], *sorted(self._catalogue.listeners)]
        if field == "format":
            return sorted({format_of(path) for path in self._catalogue.texts("path").values} - {""})
        if field in _UNLISTED or field not in TEXT_FIELDS:
            return []
        found = {
            name
            for column in TEXT_FIELDS[field]
            for text in self._catalogue.texts(column).values
            for name in names_in(text)
        }
        return sorted(found, key=lambda name: natural_key(name.casefold()))


class ValueEdit(QLineEdit):
    """A field that offers what is known as one types, and all of it at the arrow down."""

    def __init__(self, offers: Offers) -> None:
        super().__init__()
        self._offers = offers
        self._field = ""
        self._completer = _Completer(self)
        self.setCompleter(self._completer)

    def be_about(self, field: str, *, several: bool) -> None:
        """Offer the values of `field`, each of `several` for itself."""
        self._completer.several = several
        self.setPlaceholderText(example_of(field, several=several))
        if field != self._field:
            self._field = field
            self._completer.offer([])
            if self.hasFocus():
                self._completer.offer(self._offers.of(field))

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self._completer.has_offers:
            self._completer.offer(self._offers.of(self._field))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._completer.has_offers:
            self._completer.setCompletionPrefix(self._completer.splitPath(self.text())[0])
            self._completer.complete()
        else:
            super().keyPressEvent(event)


class _Completer(QCompleter):
    """Finds in the middle as well, and looks at the last of several values only."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.several = False
        self._values = QStringListModel(self)
        self.setModel(self._values)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(_OFFERED)
        popup = cast("QAbstractItemView", self.popup())  # which it makes when it is asked for
        popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.setObjectName("picks")
        popup.setAccessibleName(tr("Known values"))

    @property
    def has_offers(self) -> bool:
        return self._values.rowCount() > 0

    def offer(self, values: Sequence[str]) -> None:
        self._values.setStringList(list(values))

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(BETWEEN_VALUES)[2].strip() if self.several else path.strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        chosen = str(index.data())
        edit = self.widget()
        if not self.several or not isinstance(edit, QLineEdit):
            return chosen
        before, _, _ = edit.text().rpartition(BETWEEN_VALUES)
        return f"{before}{BETWEEN_VALUES} {chosen}" if before else chosen


class RuleValues(QStackedWidget):
    """Shows the right fields for a field and a comparison.

    Signals:
        changed: a hand changed something.
    """

    changed = Signal()

    def __init__(self, offers: Offers) -> None:
        super().__init__()
        self.text = ValueEdit(offers)
        self.low, self.high = QLineEdit(), QLineEdit()
        self.age, self.unit, self.choice = QSpinBox(), QComboBox(), QComboBox()
        self._nothing = QWidget()
        self._span = _side_by_side(self.low, QLabel(tr("to")), self.high)
        self._ago = _side_by_side(self.age, self.unit)
        self._comparison = Comparison.CONTAINS
        self.age.setRange(0, _LONGEST_AGE)
        self.age.setValue(_USUAL_AGE)
        for unit, words in UNITS.items():
            self.unit.addItem(tr(words), unit)
        self.unit.setCurrentIndex(self.unit.findData(_USUAL_UNIT))
        for state, words in state_words():
            self.choice.addItem(words, state)
        for page in (self.text, self._span, self._ago, self.choice, self._nothing):
            self.addWidget(page)
        self._connect()

    @property
    def controls(self) -> list[QWidget]:
        """What the keyboard goes through."""
        return [self.text, self.low, self.high, self.age, self.unit, self.choice]

    def take_keyboard(self) -> None:
        """Go to the first of the fields that are shown."""
        shown = self.currentIndex()
        field = {self.indexOf(self._span): self.low, self.indexOf(self._ago): self.age}.get(shown, self.widget(shown))
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def name(self, row: str) -> None:
        """Tell a screen reader what each is for, beginning with the words for the row."""
        self.text.setAccessibleName(tr("{rule}: value", rule=row))
        self.choice.setAccessibleName(tr("{rule}: value", rule=row))
        self.low.setAccessibleName(tr("{rule}: from", rule=row))
        self.high.setAccessibleName(tr("{rule}: to", rule=row))
        self.age.setAccessibleName(tr("{rule}: how many", rule=row))
        self.unit.setAccessibleName(tr("{rule}: unit", rule=row))

    def be_about(self, field: str, comparison: Comparison) -> None:
        """Show what is needed to compare this field so; what was typed stays as far as it fits."""
        self._comparison = comparison
        example = example_of(field, several=False)
        self.text.be_about(field, several=comparison.has_several)
        self.low.setPlaceholderText(example)
        self.high.setPlaceholderText(example)
        self.setCurrentWidget(self._page(field, comparison))

    def show_values(self, values: Sequence[str]) -> None:
        """Put these into the fields."""
        joined = f"{BETWEEN_VALUES} ".join(values)
        first, last = (values[0], values[-1]) if values else ("", "")
        self.text.setText(joined)
        self.low.setText(first)
        self.high.setText(last if len(values) > 1 else "")
        if (age := AGE.fullmatch(first)) is not None:
            self.age.setValue(int(age["number"]))
            self.unit.setCurrentIndex(self.unit.findData(age["unit"]))
        if (choice := self.choice.findData(first)) >= 0:
            self.choice.setCurrentIndex(choice)

    def values(self) -> tuple[str, ...]:
        """What is in the fields that are shown, without spaces around it; none for empty ones."""
        shown = self.currentWidget()
        if shown is self._nothing:
            return ()
        if shown is self._ago:
            return (f"{self.age.value()}{self.unit.currentData()}",)
        if shown is self.choice:
            return (str(self.choice.currentData()),)
        if shown is self._span:
            return (self.low.text().strip(), self.high.text().strip())
        text = self.text.text()
        several = text.split(BETWEEN_VALUES) if self._comparison.has_several else [text]
        return tuple(value.strip() for value in several if value.strip())

    def _page(self, field: str, comparison: Comparison) -> QWidget:
        if not comparison.has_value:
            return self._nothing
        if comparison.is_of_age:
            return self._ago
        if comparison is Comparison.BETWEEN:
            return self._span
        return self.choice if KIND_OF[field] is Kind.STATE else self.text

    def _connect(self) -> None:
        for edit in (self.text, self.low, self.high):
            edit.textChanged.connect(lambda _: self.changed.emit())
        self.age.valueChanged.connect(lambda _: self.changed.emit())
        for combo in (self.unit, self.choice):
            combo.currentIndexChanged.connect(lambda _: self.changed.emit())


def _side_by_side(*widgets: QWidget) -> QWidget:
    page = QWidget()
    line = QHBoxLayout(page)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    for widget in widgets:
        line.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return page
