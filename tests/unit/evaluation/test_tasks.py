"""Who asks, what may be found and what is right, on a library small enough to see through."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluation.labels import UNKNOWN, Codes
from indexer.evaluation.tasks import Task, tasks_of

#         0  1  2  3  4  5
ARTIST = [0, 0, 0, 1, 2, UNKNOWN]
ALBUM = [0, 0, 1, 1, 1, 1]
GENRE = [0, 1, 0, 0, UNKNOWN, 0]


def task(name: str) -> Task:
    codes = Codes(np.array(ARTIST), np.array(ALBUM), np.array(GENRE))
    return next(found for found in tasks_of(codes) if found.name == name)


def rows(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


def test_same_artist_has_every_other_clip_as_candidate() -> None:
    found = task("artist")
    assert found.queries.tolist() == [0, 1, 2]
    assert rows(found.relevant[0]) == [1, 2]
    assert rows(found.candidates[0]) == [1, 2, 3, 4, 5]


def test_other_album_takes_the_query_s_own_album_away() -> None:
    found = task("other_album")
    assert found.queries.tolist() == [0, 1, 2]
    assert rows(found.relevant[0]) == [2]
    assert rows(found.candidates[0]) == [2, 3, 4, 5]


def test_soundtrack_takes_the_query_s_own_artist_and_unknown_artists_of_the_album_away() -> None:
    found = task("soundtrack")
    assert found.queries.tolist() == [2, 3, 4]
    assert rows(found.relevant[2]) == [3, 4]
    assert rows(found.candidates[2]) == [3, 4]
    assert rows(found.candidates[3]) == [0, 1, 2, 4]


def test_genre_with_and_without_artist_filter() -> None:
    assert rows(task("genre").relevant[0]) == [2, 3, 5]
    assert rows(task("genre_filtered").relevant[0]) == [3]
    assert 4 not in task("genre").queries
    assert 5 not in task("genre_filtered").queries


def test_an_unknown_album_is_neither_the_same_nor_another() -> None:
    codes = Codes(np.zeros(3, dtype=np.intp), np.array([0, UNKNOWN, 1]), np.full(3, UNKNOWN))
    found = next(one for one in tasks_of(codes) if one.name == "other_album")
    assert found.queries.tolist() == [0, 2]
    assert rows(found.candidates[0]) == [2]


codes = st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=2, max_size=10).map(
    lambda rows: Codes(*(np.array(column) for column in zip(*rows, strict=True)))
)


@given(codes)
def test_nobody_finds_itself_and_unknown_labels_match_nothing(found: Codes) -> None:
    for one in tasks_of(found):
        assert not one.candidates.diagonal().any()
        assert not np.any(one.relevant & ~one.candidates)
        assert one.queries.tolist() == rows(one.relevant.any(axis=1))
    by_name = {one.name: one for one in tasks_of(found)}
    assert not by_name["artist"].relevant[found.artist == UNKNOWN].any()
    assert not by_name["genre"].relevant[:, found.genre == UNKNOWN].any()
    assert not by_name["soundtrack"].relevant[found.album == UNKNOWN].any()
