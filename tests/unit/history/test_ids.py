"""Ids get places in the order in which they come, as a dictionary would give them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.history.ids import LONGEST_ID, Places, same_as_before, words_in, words_of

IDS = st.binary(min_size=1, max_size=LONGEST_ID).map(lambda drawn: bytes(33 + byte % 94 for byte in drawn))
FEW = st.lists(st.sampled_from([b"a", b"b", b"a" * 8, b"a" * 9, b"a" * 40, b"b" * 40, b"c" * 64]) | IDS)


def as_dictionary(batches: list[list[bytes]]) -> tuple[list[list[int]], list[bytes]]:
    places: dict[bytes, int] = {}
    return [[places.setdefault(each, len(places)) for each in batch] for batch in batches], list(places)


@given(st.lists(FEW, max_size=5))
def test_places_are_those_of_a_dictionary(batches: list[list[bytes]]) -> None:
    places = Places()
    found = [places.of(words_of(batch)).tolist() for batch in batches]
    assert (found, places.ids()) == as_dictionary(batches)
    assert len(places) == len(places.ids())
    assert places.known(words_of([*places.ids(), b"\1"])).tolist() == [*range(len(places)), -1]


def test_they_stay_when_the_table_grows() -> None:
    drawn = np.random.default_rng(0).integers(0, 30_000, (8, 10_000))
    batches = [[b"%d" % number for number in batch] for batch in drawn.tolist()]
    batches[4].append(b"x" * LONGEST_ID)
    places = Places()
    found = [places.of(words_of(batch)).tolist() for batch in batches]
    assert (found, places.ids()) == as_dictionary(batches)


@given(FEW)
def test_ids_in_a_text_are_those_that_are_cut_out_of_it(ids: list[bytes]) -> None:
    lengths = np.array([len(each) for each in ids], np.int64)
    starts = np.cumsum(lengths) - lengths
    read = words_in(b"".join(ids) + bytes(LONGEST_ID), starts, lengths)
    assert np.array_equal(read, words_of(ids))
    assert same_as_before(read).tolist() == [n > 0 and each == ids[n - 1] for n, each in enumerate(ids)]
