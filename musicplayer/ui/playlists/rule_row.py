"""One rule of a smart playlist: its field, how that is compared, with what, and a button that takes it away."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from indexer.core.catalogue.smart_rules import KIND_OF, Comparison, Rule, comparisons_of
from indexer.core.language import tr
from musicplayer.ui.frame.bound import Choice
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.playlists.rule_values import Offers, RuleValues
from musicplayer.ui.playlists.rule_words import comparison_words, field_words

EMPTY_RULE = Rule("genre", Comparison.CONTAINS)
"""What a row begins with."""

_FIELD_WIDTH, _COMPARISON_WIDTH = 148, 156


class _Choice(Choice):
    """One of a fixed width, so that rows stand in columns."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(width)
        self.setMaxVisibleItems(30)


class RuleRow(QWidget):
    """Shows a rule and lets it be changed.

    Signals:
        changed: a hand changed the rule.
        removal_requested: the row is to go.
    """

    changed = Signal()
    removal_requested = Signal()

    def __init__(self, offers: Offers, icons: Icons) -> None:
        super().__init__()
        self.field = _Choice(_FIELD_WIDTH)
        self.comparison = _Choice(_COMPARISON_WIDTH)
        self.values = RuleValues(offers)
        self.remove = tool_button(icons.icon("minus"), tr("Remove"))
        for field, words in field_words():
            self.field.addItem(words, field)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.field)
        line.addWidget(self.comparison)
        line.addWidget(self.values, 1)
        line.addWidget(self.remove)
        self.show_rule(EMPTY_RULE)
        self.field.currentIndexChanged.connect(lambda _: self._on_field())
        self.comparison.currentIndexChanged.connect(lambda _: self._on_comparison())
        self.values.changed.connect(self.changed)
        self.remove.clicked.connect(self.removal_requested)

    @property
    def rule(self) -> Rule:
        """What is chosen, complete or not."""
        return Rule(self._field(), self._comparison(), self.values.values())

    @property
    def controls(self) -> list[QWidget]:
        """What the keyboard goes through, in the order in which it is seen."""
        return [self.field, self.comparison, *self.values.controls, self.remove]

    def show_rule(self, rule: Rule) -> None:
        """Show another rule, without telling anybody."""
        with QSignalBlocker(self.field), QSignalBlocker(self.values):
            self.field.setCurrentIndex(self.field.findData(rule.field))
            self._kind = KIND_OF[rule.field]
            self._fill_comparisons(rule.comparison)
            self.values.be_about(rule.field, rule.comparison)
            self.values.show_values(rule.values)

    def be_number(self, number: int) -> None:
        """Tell a screen reader the place of the row, counted from 1."""
        row = tr("Rule {number}", number=number)
        self.field.setAccessibleName(tr("{rule}: field", rule=row))
        self.comparison.setAccessibleName(tr("{rule}: comparison", rule=row))
        self.values.name(row)
        words = tr("Remove rule {number}", number=number)
        self.remove.setAccessibleName(words)
        self.remove.setToolTip(words)

    def _field(self) -> str:
        return str(self.field.currentData())

    def _comparison(self) -> Comparison:
        return Comparison(self.comparison.currentData())

    def _fill_comparisons(self, chosen: Comparison) -> None:
        """Offer what the field can be compared by; the first where `chosen` is not among them."""
        field = self._field()
        with QSignalBlocker(self.comparison):
            self.comparison.clear()
            for comparison in comparisons_of(field):
                self.comparison.addItem(comparison_words(field, comparison), comparison.value)
            self.comparison.setCurrentIndex(max(0, self.comparison.findData(chosen.value)))

    def _on_field(self) -> None:
        """What was typed stays among fields of one kind."""
        self._fill_comparisons(self._comparison())
        kind, self._kind = self._kind, KIND_OF[self._field()]
        with QSignalBlocker(self.values):
            if kind is not self._kind:
                self.values.show_values(())
            self.values.be_about(self._field(), self._comparison())
        self.changed.emit()

    def _on_comparison(self) -> None:
        self.values.be_about(self._field(), self._comparison())
        self.changed.emit()
