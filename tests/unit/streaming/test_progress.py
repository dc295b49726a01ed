"""Up to where the broker may be told that events are done."""

from __future__ import annotations

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place
from indexer.streaming.progress import Progress

ONE, OTHER = Place(Topic.PLAYS, 0), Place(Topic.PLAYS, 1)


def taken(*offsets: int) -> Progress:
    progress = Progress()
    for offset in offsets:
        progress.take((ONE, offset))
    return progress


def test_it_reaches_to_the_first_event_that_is_not_done() -> None:
    progress = taken(5, 6, 9)
    assert progress.reached() == {ONE: 5}
    progress.finish([(ONE, 6), (ONE, 9)])
    assert progress.reached() == {ONE: 5}
    assert len(progress) == 3
    progress.finish([(ONE, 5)])
    assert progress.reached() == {ONE: 10}
    assert len(progress) == 0


def test_what_the_broker_knows_is_not_told_again_and_places_are_apart() -> None:
    progress = taken(0, 1)
    progress.take((OTHER, 7))
    progress.finish([(ONE, 0), (OTHER, 7)])
    assert progress.reached() == {ONE: 1, OTHER: 8}
    progress.told({ONE: 1})
    assert progress.reached() == {OTHER: 8}


def test_a_place_that_went_to_another_process_is_forgotten() -> None:
    progress = taken(3, 4)
    progress.forget([ONE])
    progress.finish([(ONE, 3)])
    assert progress.reached() == {}
    assert len(progress) == 0
    progress.take((ONE, 3))  # it came back
    progress.finish([(ONE, 3)])
    assert progress.reached() == {ONE: 4}
