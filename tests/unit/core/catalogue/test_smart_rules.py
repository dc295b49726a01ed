"""Rules and the search that they stand for: what one says the other finds, whatever is in the values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import match, parse
from indexer.core.catalogue.search_fields import DATE_FIELDS, MEASURED_FIELDS, NUMBER_FIELDS, STATES_SAID
from indexer.core.catalogue.smart_rules import KIND_OF, Comparison, Kind, Rule, Rules, comparisons_of, rules_of, text_of
from indexer.core.text import fold
from tests.unit.core.catalogue.tracks import track

AWKWARD = (
    "live at",
    "a|b",
    "(x)",
    "-",
    "-no",
    "year:1990",
    "OR",
    "NOT",
    "or",
    '12"',
    '12" mix',
    "'",
    "ä ö",
    "a:b",
    "?",
)
C = Comparison

WORDS = (
    st.one_of(
        st.sampled_from(AWKWARD),
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="″;"), max_size=8),
    )
    .map(str.strip)
    .filter(lambda text: bool(fold(text).strip()))
)
NUMBERS = st.integers(0, 9_999).map(str)
AGES = st.tuples(st.integers(0, 9_999), st.sampled_from("hdwmy")).map(lambda age: f"{age[0]}{age[1]}")
DATES = st.sampled_from(("2024", "2024-05", "2024-05-31", "1999-2004"))
OF_KIND = {
    Kind.WORDS: WORDS,
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DATES,
    Kind.KEY: st.sampled_from(("Am", "8A", "C#m", "F♯ minor", "minor")),
    Kind.STATE: st.sampled_from(sorted({*STATES_SAID} - {"favorite"})),
    Kind.LISTENER: WORDS,
}


@st.composite
def a_rule(draw: st.DrawFn) -> Rule:
    field = draw(st.sampled_from(sorted(KIND_OF)))
    comparison = draw(st.sampled_from(comparisons_of(field)))
    value = AGES if comparison.is_of_age else OF_KIND[KIND_OF[field]]
    if not comparison.has_value:
        return Rule(field, comparison)
    if comparison is C.BETWEEN:
        return Rule(field, comparison, (draw(value), draw(value)))
    count = draw(st.integers(2, 4)) if comparison.has_several else 1
    return Rule(field, comparison, tuple(draw(value) for _ in range(count)))


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    rules = tuple(draw(st.lists(a_rule(), max_size=5)))
    return Rules(rules, any_of=len(rules) > 1 and draw(st.booleans()))


@given(some_rules())
def test_rules_are_read_back_as_they_were(rules: Rules) -> None:
    assert rules_of(text_of(rules)) == rules


@given(a_rule(), a_rule())
def test_any_and_all_put_the_same_parts_together(one: Rule, other: Rule) -> None:
    each = [part for rule in (one, other) for part in parse(text_of(Rules((rule,)))).terms]
    assert parse(text_of(Rules((one, other)))).terms == tuple(each)
    [group] = parse(text_of(Rules((one, other), any_of=True))).terms
    assert group.parts == tuple(each)  # type: ignore[union-attr]


@given(WORDS, st.sampled_from(("genre", "artist", "")))
def test_a_value_is_looked_for_as_it_stands(value: str, field: str) -> None:
    [term] = parse(text_of(Rules((Rule(field, C.CONTAINS, (value,)),)))).needles
    assert term.needle == fold(value)


@given(st.text(st.sampled_from('ab"|()-:<> OR19'), max_size=14))
def test_rules_of_any_search_find_what_it_finds(text: str) -> None:
    rules = rules_of(text)
    if rules is not None:
        assert parse(text_of(rules)).terms == parse(text).terms
        assert rules_of(text_of(rules)) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", Rules()),
        ("night river", Rules((Rule("", C.CONTAINS, ("night",)), Rule("", C.CONTAINS, ("river",))))),
        ('"live at" NOT demo', Rules((Rule("", C.CONTAINS, ("live at",)), Rule("", C.LACKS, ("demo",))))),
        ("-genre:jazz|blues", Rules((Rule("genre", C.NONE_OF, ("jazz", "blues")),))),
        (
            "genre:a OR year>1990",
            Rules((Rule("genre", C.CONTAINS, ("a",)), Rule("year", C.MORE, ("1990",))), any_of=True),
        ),
        ("loudness:-12--9", Rules((Rule("loudness", C.BETWEEN, ("-12", "-9")),))),
        ("added:<7D -played<1y", Rules((Rule("added", C.WITHIN, ("7d",)), Rule("played", C.NOT_WITHIN, ("1y",))))),
        ('is:favorite -key:""', Rules((Rule("is", C.IS, ("favourite",)), Rule("key", C.KNOWN)))),
    ],
)
def test_what_a_search_looks_like(text: str, rules: Rules) -> None:
    assert rules_of(text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "(a OR b) c",
        "a b OR c",
        "-(a b)",
        "genre:jazz sort:year",
        "genre:jazz|artist:ann",
        "year>x",
        "bpm:fast",
        'a|-"',
        '"open',
    ],
)
def test_a_search_that_says_more_has_no_rules(text: str) -> None:
    assert rules_of(text) is None


def test_what_is_not_complete_is_no_rule() -> None:
    empty = (
        Rule("genre", C.CONTAINS, ("\u200b",)),
        Rule("year", C.BETWEEN, ("1990", "")),
        Rule("artist", C.ONE_OF, ()),
    )
    assert text_of(Rules((*empty, Rule("year", C.IS, ("1990",))), any_of=True)) == "year:1990"


def test_an_age_is_no_day() -> None:
    assert not Rule("added", Comparison.LESS, ("30d",)).is_complete
    assert Rule("added", Comparison.WITHIN, ("30d",)).is_complete


def test_rules_find_tracks() -> None:
    catalogue = Catalogue()
    catalogue.upsert([track(0, genre='12" mix'), track(1, genre="Jazz", year=1959), track(2, genre="Blues", year=1990)])
    for rule, rows in (
        (Rule("genre", C.CONTAINS, ('12" mix',)), [0]),
        (Rule("genre", C.ONE_OF, ("jazz", "blues")), [1, 2]),
        (Rule("year", C.BETWEEN, ("1950", "1960")), [1]),
        (Rule("year", C.MISSING), [0]),
        (Rule("played", C.NOT_WITHIN, ("30d",)), [0, 1, 2]),
    ):
        assert match(catalogue, parse(text_of(Rules((rule,))))).tolist() == rows


def test_every_field_of_the_language_is_one_of_the_rules() -> None:
    assert {*NUMBER_FIELDS, *MEASURED_FIELDS, *DATE_FIELDS} <= {*KIND_OF}
