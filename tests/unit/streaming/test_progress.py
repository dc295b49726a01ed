"""What is told to a broker of how far a process is: never beyond what is done, nor beyond what may yet be lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place
from indexer.core.kafka.telling import SETTLED_SECONDS
from indexer.streaming.progress import Progress

ONE, OTHER = Place(Topic.PLAYS, 0), Place(Topic.PLAYS, 1)


def taken(*offsets: int, now: float = 0.0) -> Progress:
    progress = Progress()
    for offset in offsets:
        progress.take((ONE, offset), now)
    return progress


def test_an_event_counts_once_all_before_it_are_done() -> None:
    progress = taken(7, 8, 9)
    progress.finish([(ONE, 8), (ONE, 9)])
    assert progress.reached(SETTLED_SECONDS) == {}
    progress.finish([(ONE, 7)])
    assert progress.reached(SETTLED_SECONDS) == {ONE: 10}
    assert len(progress) == 0


def test_what_was_taken_a_moment_ago_is_not_told_yet() -> None:
    progress = taken(0, 1, now=100.0)
    progress.take((ONE, 2), 105.0)
    progress.finish([(ONE, 0), (ONE, 1), (ONE, 2)])
    assert progress.reached(100.0 + SETTLED_SECONDS - 0.1) == {}
    assert progress.reached(100.0 + SETTLED_SECONDS) == {ONE: 2}
    assert progress.reached(105.0 + SETTLED_SECONDS) == {ONE: 3}


def test_nothing_is_told_twice_and_nothing_of_places_that_others_have() -> None:
    progress = taken(0)
    progress.take((OTHER, 5), 0.0)
    progress.finish([(ONE, 0), (OTHER, 5)])
    reached = progress.reached(SETTLED_SECONDS)
    progress.told(reached)
    assert progress.reached(SETTLED_SECONDS) == {}
    progress.forget([OTHER])
    progress.finish([(OTHER, 5)])
    progress.take((ONE, 1), 20.0)
    progress.finish([(ONE, 1)])
    assert progress.reached(40.0) == {ONE: 2}


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(0, 31))
def test_the_offset_told_is_the_first_that_is_not_done(order: list[int], count: int) -> None:
    progress = taken(*range(count))
    progress.finish([(ONE, offset) for offset in order if offset < count])
    undone = [offset for offset in range(count) if offset not in order]
    first = undone[0] if undone else count
    assert progress.reached(SETTLED_SECONDS).get(ONE, 0) == first
