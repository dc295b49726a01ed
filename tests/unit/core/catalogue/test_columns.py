"""Columns of texts: what a search finds in them is what Python finds in each text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.columns import PackedTexts, TextColumn

WORDS = st.text(st.sampled_from("abäß日\ud800 "), max_size=5)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8), WORDS)
def test_texts_side_by_side_are_searched_as_each_alone(first: list[str], then: list[str], typed: str) -> None:
    packed, texts = PackedTexts(first), [*first, *then]
    packed.extend(then)
    assert packed.texts() == texts
    held = [typed in text if typed else not text for text in texts]
    assert packed.holding(typed).tolist() == held
    assert packed.holding_all(typed.split()).tolist() == [all(word in text for word in typed.split()) for text in texts]
    assert packed.starting(typed).tolist() == [text.startswith(typed) for text in texts]


def test_what_comes_after_a_search_is_found_by_the_next() -> None:
    column = TextColumn()
    column.extend(["Ångström", "none"])
    assert column.containing("angs").tolist() == [True, False]
    column.extend(["Ångström", "Angst", ""])
    column[1] = "angsty"
    assert column.containing("angs").tolist() == [True, True, True, True, False]
    assert column.starting("angst").tolist() == [True, True, True, True, False]
    assert column.containing("").tolist() == [False, False, False, False, True]


NAMES = st.text(st.sampled_from("aAä-– 12"), max_size=3)


@given(st.lists(NAMES, min_size=30, max_size=60, unique=True), st.lists(NAMES, max_size=6))
def test_names_that_come_one_by_one_are_ranked_as_all_at_once(first: list[str], then: list[str]) -> None:
    column, whole = TextColumn(), TextColumn()
    column.extend(first)
    column.ranks()
    for name in then:
        column.extend([name])
        column.ranks()
    whole.extend([*first, *then])
    assert column.ranks().tolist() == whole.ranks().tolist()


@given(st.lists(NAMES, min_size=40, max_size=60, unique=True), st.lists(NAMES, max_size=4))
def test_a_few_names_together_are_ranked_as_all_at_once(first: list[str], then: list[str]) -> None:
    column, whole = TextColumn(), TextColumn()
    column.extend(first)
    column.ranks()
    column.extend(then)
    whole.extend([*first, *then])
    assert column.ranks().tolist() == whole.ranks().tolist()
