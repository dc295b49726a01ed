"""What a rule of a smart playlist is compared with: a text with what is known offered, two, an age, a choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
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
from indexer.core.text import fold, natural_key
from musicplayer.ui.frame.bound import Choice, WholeNumber
from musicplayer.ui.look.item_views import offers_of
from musicplayer.ui.playlists.rule_words import UNITS, example_of, state_words

_SEEN, _MOST_OFFERED = 10, 200
_LONGEST_AGE = 9_999
_USUAL_AGE, _USUAL_UNIT = 30, "d"
_UNLISTED = frozenset({"title", "path", "folder"})
"""Of these there are nearly as many as tracks."""


class Offers:
    """The values that the library has in a field, found out when they are first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, list[tuple[str, str]]] = {}

    def matching(self, field: str, typed: str) -> list[str]:
        """The first values that hold what is typed, whatever the case and accents; before others those that begin so.

        In the order of the alphabet, keys in the order of the wheel; none of fields that have too many.
        """
        if field not in self._known:
            self._known[field] = [(fold(value), value) for value in self._values(field)]
        needle = fold(typed)
        found = [pair for pair in self._known[field] if needle in pair[0]]
        found.sort(key=lambda pair: not pair[0].startswith(needle))
        return [value for _, value in found[:_MOST_OFFERED]]

    def _values(self, field: str) -> list[str]:
        if KIND_OF[field] is Kind.KEY:
            return [key_written(code).partition(" ")[0].replace("♯", "#") for code in range(KEYS)]
        if field == LISTENER:
            return [ME[0], *sorted(self._catalogue.listeners)]
        if field == "format":
            return sorted({format_of(path) for path in self._catalogue.texts("path").values} - {""})
        if field in _UNLISTED or field not in TEXT_FIELDS:
            return []
        columns = [self._catalogue.texts(column).values for column in TEXT_FIELDS[field]]
        found = {name for texts in columns for text in texts for name in names_in(text)}
        return sorted(found, key=lambda name: natural_key(name.casefold()))


class ValueEdit(QLineEdit):
    """A field that offers what is known as one types, and all of it at the arrow down; of several values the last."""

    def __init__(self, offers: Offers) -> None:
        super().__init__()
        self._offers = offers
        self._field, self._several = "", False
        self._offered = QStringListModel(self)
        self._completer, self.popup = offers_of(self, self._offered, _SEEN, tr("Known values"))
        self._completer.activated[str].connect(self._take)  # type: ignore[index]
        self.textEdited.connect(lambda _: self._offer())

    def be_about(self, field: str, *, several: bool) -> None:
        """Offer the values of `field`, each of `several` for itself."""
        self._field, self._several = field, several
        self.setPlaceholderText(example_of(field, several=several))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.popup.isVisible():
            self._offer(asked=True)
        else:
            super().keyPressEvent(event)

    def _offer(self, *, asked: bool = False) -> None:
        """Offer what matches; with nothing typed only where it was asked for."""
        typed = self._split()[1]
        found = self._offers.matching(self._field, typed) if typed or asked else []
        if not found or found == [typed]:
            self.popup.hide()
            return
        self.popup.ensurePolished()  # else the first lines are laid out before they have their air
        self._offered.setStringList(found)
        self._completer.complete()

    def _split(self) -> tuple[str, str]:
        """The values that are there, and the one that is being typed."""
        before, _, last = self.text().rpartition(BETWEEN_VALUES) if self._several else ("", "", self.text())
        return before.strip(), last.strip()

    def _take(self, value: str) -> None:
        before = self._split()[0]
        self.setText(f"{before}{BETWEEN_VALUES} {value}" if before else value)


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
        self.age, self.unit, self.choice = WholeNumber(), Choice(), Choice()
        for box in (self.unit, self.choice):
            box.setMinimumWidth(0)
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
        if self._comparison.has_several and not comparison.has_several:
            self.text.setText(self.text.text().partition(BETWEEN_VALUES)[0].strip())
        self._comparison = comparison
        example = example_of(field, several=False)
        self.text.be_about(field, several=comparison.has_several)
        self.low.setPlaceholderText(example)
        self.high.setPlaceholderText(example)
        self.setCurrentWidget(self._page(field, comparison))

    def show_values(self, values: Sequence[str]) -> None:
        """Put these into the fields."""
        first, last = (values[0], values[-1]) if values else ("", "")
        told = first if not self._comparison.has_several else f"{BETWEEN_VALUES} ".join(values)
        self.text.setText("" if AGE.fullmatch(first) else told)  # an age is no day
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
