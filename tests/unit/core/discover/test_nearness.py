"""Neighbours by words, by listeners and by all that is known."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.discover.nearness import NearByTaste
from indexer.core.settings import NearBy
from tests.unit.core.taste.made import made_model

WAYS = (NearBy.WORDS, NearBy.LISTENERS, NearBy.ALL)


@pytest.mark.parametrize("by", WAYS)
def test_neighbours_are_others_each_once_nearest_first(by: NearBy) -> None:
    near = NearByTaste(made_model(), by)
    found = near.similar(near.model.track_at(1), 12)
    tracks = [one.track for one in found]
    distances = [one.distance for one in found]
    assert len(set(tracks)) == len(tracks) == 12
    assert near.model.track_at(1) not in tracks
    assert distances == sorted(distances)
    assert all(0 <= one.closeness <= 1 for one in found)
    assert tracks[:5] == [one.track for one in near.similar(near.model.track_at(1), 5)]


def test_words_are_shared_by_what_is_near_by_words() -> None:
    near = NearByTaste(made_model(), NearBy.WORDS)
    found = near.similar(near.model.track_at(1), 500)
    assert {near.model.places[one.track] % 3 for one in found} == {1}
    assert len(found) == 39  # every third of 120, without itself


def test_who_plays_one_plays_what_is_near_by_listeners() -> None:
    near = NearByTaste(made_model(content=False), NearBy.LISTENERS)
    found = near.similar(near.model.track_at(1), 500)
    assert {near.model.places[one.track] % 6 for one in found} == {1}


def test_what_nobody_played_or_tagged_is_not_known() -> None:
    model = made_model(listeners=2)
    unheard, heard = model.track_at(5), model.track_at(1)
    by_listeners, by_all = NearByTaste(model, NearBy.LISTENERS), NearByTaste(model, NearBy.ALL)
    assert unheard not in by_listeners
    assert heard in by_listeners
    assert unheard in by_all
    assert "another" not in by_all
    assert heard not in NearByTaste(made_model(content=False), NearBy.WORDS)


def test_what_histories_carry_is_a_part_of_the_whole_score() -> None:
    model = made_model(content=False)
    one = np.array([1], np.int32), np.ones(1, np.float32)
    others = np.arange(len(model)) != 1
    np.testing.assert_allclose(model.solve.beside(1)[others], model.solve.scores(one)[others], atol=1e-6)
