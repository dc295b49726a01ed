from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.store.bulk import Run, runs_of


def test_what_lies_side_by_side_is_one_run() -> None:
    documents = [("/b", "2"), ("/a", "1"), ("/c", "3"), ("/d", "4")]
    assert list(runs_of(documents, {"1", "2", "4"})) == [Run("/a", "/b", ["1", "2"]), Run("/d", "/d", ["4"])]


def test_a_key_of_two_documents_is_in_a_run_only_with_both() -> None:
    documents = [("/a", "1"), ("/b", "2"), ("/b", "3"), ("/c", "4")]
    assert list(runs_of(documents, {"1", "2", "4"})) == [Run("/a", "/a", ["1"]), Run("/c", "/c", ["4"])]
    assert list(runs_of(documents, {"1", "2", "3", "4"})) == [Run("/a", "/c", ["1", "2", "3", "4"])]


def test_long_runs_are_cut() -> None:
    documents = [(f"/{number}", str(number)) for number in range(5)]
    assert [run.ids for run in runs_of(documents, set("01234"), longest=2)] == [["0", "1"], ["2", "3"], ["4"]]


def test_nothing_wanted_is_no_run() -> None:
    assert list(runs_of([("/a", "1")], {"2"})) == []
    assert list(runs_of([], {"2"})) == []


@given(
    keys=st.lists(st.sampled_from("abcdefgh"), max_size=12),
    wanted=st.sets(st.integers(0, 11)),
    longest=st.integers(1, 4),
)
def test_a_range_holds_what_it_names_and_nothing_else(keys: list[str], wanted: set[int], longest: int) -> None:
    documents = [(key, str(number)) for number, key in enumerate(keys)]
    names = {str(number) for number in wanted}
    found = list(runs_of(documents, names, longest=longest))
    for run in found:
        assert {identity for key, identity in documents if run.low <= key <= run.high} == set(run.ids)
        assert set(run.ids) <= names
    named = [identity for run in found for identity in run.ids]
    assert len(named) == len(set(named))
    alone = {key for key in keys if all(str(number) in names for number, other in enumerate(keys) if other == key)}
    assert set(named) == {identity for key, identity in documents if key in alone}
