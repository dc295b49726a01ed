"""A search as rows of rules, "genre | contains | jazz", and back: the search stays what is kept, rules only show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from indexer.core.catalogue.search import Query, QueryError, parse
from indexer.core.catalogue.search_fields import (
    DATE_FIELDS,
    LISTENER,
    MEASURED_FIELDS,
    NUMBER_FIELDS,
    STATES_SAID,
    TEXT_FIELDS,
)
from indexer.core.catalogue.search_grammar import Reader
from indexer.core.catalogue.search_reading import Typed
from indexer.core.catalogue.search_terms import Group, Part
from indexer.core.text import fold

MOST_RULES = 30
"""A search of more parts than this is read more easily as a line."""

BETWEEN_VALUES = ";"
"""Between the values of a rule that has several, where they are typed in one field; no such value holds it."""


class Kind(Enum):
    """What a field holds, which says how it can be compared."""

    WORDS = auto()
    NUMBER = auto()
    DATE = auto()
    KEY = auto()
    STATE = auto()
    LISTENER = auto()


class Comparison(StrEnum):
    """How the field of a rule has to stand to its values."""

    CONTAINS = auto()
    LACKS = auto()
    ONE_OF = auto()
    NONE_OF = auto()
    IS = auto()
    IS_NOT = auto()
    AT_LEAST = auto()
    AT_MOST = auto()
    MORE = auto()
    LESS = auto()
    BETWEEN = auto()  # two values
    WITHIN = auto()  # an age such as "30d", as of the two that follow
    NOT_WITHIN = auto()  # what never happened as well
    LONGER_AGO = auto()
    MISSING = auto()  # no value
    KNOWN = auto()  # no value

    @property
    def has_value(self) -> bool:
        return self not in {Comparison.MISSING, Comparison.KNOWN}

    @property
    def has_several(self) -> bool:
        """Whether any of its values will do."""
        return self in {Comparison.ONE_OF, Comparison.NONE_OF}

    @property
    def is_of_age(self) -> bool:
        return self in {Comparison.WITHIN, Comparison.NOT_WITHIN, Comparison.LONGER_AGO}


ANYWHERE_FIELD = ""
KIND_OF: dict[str, Kind] = {
    ANYWHERE_FIELD: Kind.WORDS,
    **dict.fromkeys(TEXT_FIELDS, Kind.WORDS),
    **dict.fromkeys((*NUMBER_FIELDS, *MEASURED_FIELDS), Kind.NUMBER),
    **dict.fromkeys(DATE_FIELDS, Kind.DATE),
    "key": Kind.KEY,
    "is": Kind.STATE,
    LISTENER: Kind.LISTENER,
}
"""The fields of rules, as the search language calls them."""

_C = Comparison
_COMPARISONS: dict[Kind, tuple[Comparison, ...]] = {
    Kind.WORDS: (_C.CONTAINS, _C.LACKS, _C.ONE_OF, _C.NONE_OF, _C.MISSING, _C.KNOWN),
    Kind.NUMBER: (
        *(_C.IS, _C.IS_NOT, _C.AT_LEAST, _C.AT_MOST, _C.MORE, _C.LESS, _C.BETWEEN),
        *(_C.MISSING, _C.KNOWN),
    ),
    Kind.DATE: (
        *(_C.WITHIN, _C.NOT_WITHIN, _C.LONGER_AGO),
        *(_C.IS, _C.LESS, _C.AT_MOST, _C.AT_LEAST, _C.MORE, _C.MISSING, _C.KNOWN),
    ),
    Kind.KEY: (_C.IS, _C.IS_NOT, _C.ONE_OF, _C.NONE_OF, _C.MISSING, _C.KNOWN),
    Kind.STATE: (_C.IS, _C.IS_NOT),
    Kind.LISTENER: (_C.IS, _C.IS_NOT),
}
_NEVER_MISSING = frozenset({ANYWHERE_FIELD, "plays", "added", "format"})

_EXCLUDING = {_C.LACKS: _C.CONTAINS, _C.NONE_OF: _C.ONE_OF, _C.IS_NOT: _C.IS, _C.KNOWN: _C.MISSING}
_EXCLUDING |= {_C.NOT_WITHIN: _C.WITHIN}
_TURNED = {plain: excluding for excluding, plain in _EXCLUDING.items()}
_OPERATORS = {_C.AT_LEAST: ">=", _C.AT_MOST: "<=", _C.MORE: ">", _C.LESS: "<", _C.WITHIN: "<", _C.LONGER_AGO: ">"}
_COMPARED = {">=": _C.AT_LEAST, "<=": _C.AT_MOST, ">": _C.MORE, "<": _C.LESS}

AGE = re.compile(r"(?P<number>\d{1,4})(?P<unit>[hdwmy])")
"""How long ago: `30d`, in hours, days, weeks, months or years."""

_SPAN = re.compile(r"(?P<low>-?[^-]+?)(?:\.\.|-)(?P<high>-?[^-]+)")
_PLAIN_WORD = re.compile(r"(?!(?:OR|AND|NOT)\b)\w[\w.,&'\"!?+/#-]*")
_PLAIN_NUMBER = re.compile(r"[\w.,:#-]+")
_IN_PHRASES = "\N{DOUBLE PRIME}"
"""What a quotation mark is written as between quotation marks; a search takes the two for one."""


@dataclass(frozen=True)
class Rule:
    """One row.

    Attributes:
        field: as the search language calls it; empty for words anywhere.
        comparison: one of `comparisons_of(field)`.
        values: what it is compared with, as typed: one text, two for BETWEEN, any number where one of them will do,
            none for what is missing or known.
    """

    field: str
    comparison: Comparison
    values: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all that it is compared with was said; as long as it is not it is no rule."""
        if not self.comparison.has_value:
            return True
        needed = 2 if self.comparison is Comparison.BETWEEN else 1
        if KIND_OF[self.field] is Kind.DATE and not self.comparison.is_of_age and any(map(AGE.fullmatch, self.values)):
            return False  # an age is no day: a search compares the two the other way round
        return len(self.values) >= needed and all(map(_says_something, self.values))


@dataclass(frozen=True)
class Rules:
    """What has to hold: all of the rules, or any of them, which says something of two or more only."""

    rules: tuple[Rule, ...] = ()
    any_of: bool = False


def _says_something(value: str) -> bool:
    """Whether anything is left of a value as it is searched, where spaces and signs that are not seen do not count."""
    return bool(fold(value).strip())


def comparisons_of(field: str) -> tuple[Comparison, ...]:
    """What a rule about this field may ask, the usual first."""
    every = _COMPARISONS[KIND_OF[field]]
    return tuple(one for one in every if one.has_value) if field in _NEVER_MISSING else every


def text_of(rules: Rules) -> str:
    """The search that finds what these rules ask for; those that are not complete are left out."""
    texts = [_rule_text(rule) for rule in rules.rules if rule.is_complete]
    return (" OR " if rules.any_of else " ").join(texts)


def rules_of(text: str) -> Rules | None:
    """The rules that find what a search finds; None for one that says more, or is none.

    Brackets, OR beside parts that all have to hold, an order and parts that are not understood are more than rules say.
    """
    try:
        query = parse(text)
        rules = _rules(query)
        same = rules is not None and parse(text_of(rules)).terms == query.terms
    except QueryError:  # of a value behind a "|" too, which is something else where it stands alone
        return None
    return rules if same else None


def _rules(query: Query) -> Rules | None:
    """What the parts of a search look like; whether that is true is for their own text to say."""
    if query.sorting or query.notes or len(query.terms) > MOST_RULES:
        return None
    found = [_rule(part) for part in query.terms]
    any_of = False
    if len(query.terms) == 1 and found[0] is None:
        [part] = query.terms
        if isinstance(part, Group) and part.any_of and not part.negated:
            found, any_of = [_rule(inner) for inner in part.parts], True
    kept = tuple(rule for rule in found if rule is not None)
    return Rules(kept, any_of) if len(kept) == len(found) <= MOST_RULES else None


def _rule(part: Part) -> Rule | None:
    """The rule that a term or several values behind one field are; None for everything else."""
    if not isinstance(part, Group):
        return _single(Reader(part.said).read_pieces()[1], negated=part.negated) if part.said else None
    said = [leaf.said for leaf in part.parts]
    if not part.any_of or not part.said or part.said.startswith(("(", "-(")) or not all(said):
        return None
    first, *others = (Reader(one).read_pieces()[1] for one in said)
    values = (first.value, *(typed.value for typed in others))
    is_one_field = first.name in KIND_OF and all(typed.name in {"", first.name} for typed in others)
    if not is_one_field or Comparison.ONE_OF not in comparisons_of(first.name):
        return None
    if any(BETWEEN_VALUES in value for value in values):
        return None
    return Rule(first.name, _with(Comparison.ONE_OF, negated=part.negated), tuple(map(_unquoted, values)))


def _single(typed: Typed, *, negated: bool) -> Rule | None:
    if typed.name not in KIND_OF:
        words = f"{typed.field}{typed.operator}{typed.value}"
        return Rule(ANYWHERE_FIELD, _with(Comparison.CONTAINS, negated=negated), (_unquoted(words),))
    plain, values = _compared(typed, KIND_OF[typed.name])
    if negated and plain not in _TURNED:
        return None
    comparison = _with(plain, negated=negated)
    return Rule(typed.name, comparison, values) if comparison in comparisons_of(typed.name) else None


def _compared(typed: Typed, kind: Kind) -> tuple[Comparison, tuple[str, ...]]:
    """How a term compares its field, whether it excludes or not, and with what."""
    value = typed.value
    if not _says_something(value):
        return Comparison.MISSING, ()
    if kind is Kind.WORDS:
        return Comparison.CONTAINS, (_unquoted(value),)
    if kind is Kind.STATE:
        return Comparison.IS, (_state(value),)
    if kind is Kind.DATE and AGE.fullmatch(value.lower()):
        is_older = typed.compares in {">", ">="}
        return Comparison.LONGER_AGO if is_older else Comparison.WITHIN, (value.lower(),)
    span = _SPAN.fullmatch(value) if kind is Kind.NUMBER else None
    if span is not None and typed.compares not in _COMPARED:
        return Comparison.BETWEEN, (span["low"], span["high"])
    return _COMPARED.get(typed.compares, Comparison.IS), (_unquoted(value),)


def _state(said: str) -> str:
    """The first name of a state that has several."""
    term = STATES_SAID.get(said.lower())
    return next((name for name, other in STATES_SAID.items() if other == term), said)


def _with(plain: Comparison, *, negated: bool) -> Comparison:
    return _TURNED[plain] if negated else plain


def _rule_text(rule: Rule) -> str:
    minus = "-" if rule.comparison in _EXCLUDING else ""
    operator = _OPERATORS.get(_EXCLUDING.get(rule.comparison, rule.comparison), ":") if rule.field else ""
    kind = KIND_OF[rule.field]
    if not rule.comparison.has_value:
        value = '""'
    elif rule.comparison is Comparison.BETWEEN:
        value = _written((".." if rule.field in MEASURED_FIELDS else "-").join(rule.values), kind)
    else:
        value = "|".join(_written(one, kind) for one in rule.values)
    return f"{minus}{rule.field}{operator}{value}"


def _written(value: str, kind: Kind) -> str:
    """A value as it is read back: in quotation marks where a sign in it would mean something else."""
    plain = _PLAIN_WORD if kind is Kind.WORDS or kind is Kind.LISTENER else _PLAIN_NUMBER
    if plain.fullmatch(value):
        return value
    return '"' + value.replace('"', _IN_PHRASES) + '"'


def _unquoted(value: str) -> str:
    return value.replace(_IN_PHRASES, '"')
