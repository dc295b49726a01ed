"""Who waits for a list, what they wait for, and what counts for them."""

from __future__ import annotations

from indexer.core.home import Home
from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place
from indexer.core.plays import ListenerId
from indexer.core.tracks import TrackId
from indexer.streaming.database import PatientDatabase
from indexer.streaming.held import Held, HeldListener
from indexer.streaming.library import FollowedLibrary
from indexer.streaming.refreshing import Maker, Queue, Waiting
from tests.plays import play_of
from tests.unit.core.taste.made import made_model

ANN, BEN, EVE = map(ListenerId, ("ann", "ben", "eve"))
ONE, OTHER = Place(Topic.PLAYS, 0), Place(Topic.PLAYS, 1)


def waiting(*events: tuple[ListenerId, Place, int]) -> Queue:
    queue = Queue()
    for who, place, offset in events:
        queue.add(who, (place, offset), float(offset), f"id {offset}")
    return queue


def test_who_waits_longest_is_first_and_waits_once_for_all_that_came() -> None:
    queue = waiting((ANN, ONE, 0), (BEN, ONE, 1), (ANN, ONE, 2), (EVE, ONE, 3))
    assert len(queue) == 3
    (first, for_ann), (second, _) = queue.next(2)
    assert (first, second) == (ANN, BEN)
    assert for_ann == Waiting([(ONE, 0), (ONE, 2)], [0.0, 2.0], "id 2")
    assert [who for who, _ in queue.next(5)] == [EVE]
    assert queue.next(5) == []


def test_a_list_that_may_not_be_out_is_made_again_before_the_others_with_what_came_since() -> None:
    queue = waiting((ANN, ONE, 0), (BEN, ONE, 1))
    ((_, before),) = queue.next(1)
    queue.add(ANN, (ONE, 2), 2.0, "id 2")
    queue.again(ANN, before)
    assert queue.next(1) == [(ANN, Waiting([(ONE, 0), (ONE, 2)], [0.0, 2.0], "id 2"))]


def test_of_places_that_went_to_others_nobody_waits_any_more() -> None:
    queue = waiting((ANN, ONE, 0), (BEN, ONE, 1), (BEN, OTHER, 5))
    queue.again(EVE, Waiting(after="x"))
    queue.forget([ONE])
    assert dict(queue.next(5)) == {EVE: Waiting(after="x"), BEN: Waiting([(OTHER, 5)], [5.0], "id 5")}


def test_a_play_that_a_listener_was_read_with_counts_once(home: Home) -> None:
    held = Held()
    database = PatientDatabase(home, lambda _: False)
    maker = Maker(home, held, FollowedLibrary(home, held), database)
    there, later = (play_of(TrackId(f"{item:064x}"), float(item)) for item in (1, 2))
    held.put(there.listener, HeldListener(made_model(), [there]))
    maker.count(there)
    maker.count(later)
    listener = held.get(there.listener)
    assert listener is not None
    listener.settle({})
    assert len(listener.plays.items) == 2
    database.close()
