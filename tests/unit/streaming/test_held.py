"""Histories in memory: what they count, and when they are forgotten."""

from __future__ import annotations

import time

import numpy as np

from indexer.core.plays import ListenerId, Opinion, Thumb
from indexer.core.tracks import TrackId
from indexer.streaming.held import Held, HeldListener
from tests.plays import play_of
from tests.unit.core.taste.made import made_model

MODEL = made_model()


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


def held(*items: int) -> HeldListener:
    now = time.time()
    return HeldListener(MODEL, [play_of(id_of(item), now + number) for number, item in enumerate(items)])


def test_a_play_more_is_as_if_all_were_read_at_once() -> None:
    now = time.time()
    plays = [play_of(id_of(item), now + item) for item in (1, 2, 9, 4)]
    one = HeldListener(MODEL, plays[:2])
    assert [one.counts(play.id) for play in plays] == [True, True, False, False]
    for play in plays[2:]:
        one.add(play)
    one.settle({id_of(3): Opinion(id_of(3), Thumb.UP)})
    whole = MODEL.plays_of(plays)
    assert np.array_equal(one.plays.items, whole.items)
    assert np.array_equal(one.plays.at, whole.at)
    assert all(one.counts(play.id) for play in plays)
    assert one.opinions == {3: 1.0}
    assert len(one) == 4
    assert one.is_of(MODEL)
    assert not one.is_of(made_model(seed=1))


def test_who_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept = Held(most_plays=6, most_listeners=3)
    ann, ben, eve, joe = map(ListenerId, ("ann", "ben", "eve", "joe"))
    kept.put(ann, held(1, 2))
    kept.put(ben, held(3, 4))
    assert kept.get(ann) is not None
    kept.put(eve, held(5, 6, 7))
    assert (kept.get(ben), kept.plays, len(kept)) == (None, 5, 2)
    kept.put(joe, held())
    kept.put(ben, held())
    assert (len(kept), kept.get(ann)) == (3, None)
    kept.put(joe, held(*range(20)))
    assert (len(kept), kept.plays) == (1, 20)
    kept.clear()
    assert (len(kept), kept.plays) == (0, 0)


def test_what_was_said_elsewhere_is_read_again() -> None:
    kept, ann = Held(), ListenerId("ann")
    one = held(1)
    one.settle({})
    kept.put(ann, one)
    kept.hear_plays([ann])  # just read
    assert one.opinions == {}
    kept.hear_opinions([ann, ListenerId("nobody")])
    assert one.opinions is None
    assert kept.get(ann) is one
