"""Up to where the broker may be told that events are done."""

from __future__ import annotations

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place
from indexer.core.kafka.telling import SETTLED_SECONDS
from indexer.streaming.progress import Progress

ONE, OTHER = Place(Topic.PLAYS, 0), Place(Topic.PLAYS, 1)
LATER = 2 * SETTLED_SECONDS


def taken(*offsets: int, now: float = 0.0) -> Progress:
    progress = Progress()
    for offset in offsets:
        progress.take((ONE, offset), now)
    return progress


def test_it_reaches_to_the_first_event_that_is_not_done() -> None:
    progress = taken(5, 6, 9)
    progress.finish([(ONE, 6), (ONE, 9)])
    assert progress.reached(LATER) == {}
    assert len(progress) == 3
    progress.finish([(ONE, 5)])
    assert progress.reached(LATER) == {ONE: 10}
    assert len(progress) == 0


def test_what_a_killed_broker_may_have_lost_is_not_told_as_done_yet() -> None:
    progress = taken(1, 2)
    progress.take((ONE, 3), SETTLED_SECONDS)
    progress.finish([(ONE, 1), (ONE, 2), (ONE, 3)])
    assert progress.reached(SETTLED_SECONDS / 2) == {}
    assert progress.reached(SETTLED_SECONDS) == {ONE: 3}
    assert progress.reached(LATER) == {ONE: 4}


def test_what_the_broker_knows_is_not_told_again_and_places_are_apart() -> None:
    progress = taken(0, 1)
    progress.take((OTHER, 7), 0.0)
    progress.finish([(ONE, 0), (OTHER, 7)])
    assert progress.reached(LATER) == {ONE: 1, OTHER: 8}
    progress.told({ONE: 1})
    assert progress.reached(LATER) == {OTHER: 8}


def test_a_place_that_went_to_another_process_is_forgotten() -> None:
    progress = taken(3, 4)
    progress.forget([ONE])
    progress.finish([(ONE, 3)])
    assert progress.reached(LATER) == {}
    assert len(progress) == 0
    progress.take((ONE, 3), 0.0)  # it came back
    progress.finish([(ONE, 3)])
    assert progress.reached(LATER) == {ONE: 4}
