"""How far a topic was read: what comes next, and how a topic that is another one is told."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import Place
from indexer.spark.stream.offsets import Kept, Offsets, Stretch

ONE, OTHER = Place(Topic.PLAYS, 0), Place(Topic.PLAYS, 1)


def test_all_that_is_there_is_read_in_batches_of_a_size() -> None:
    kept = {ONE: Kept(0, 25), OTHER: Kept(3, 4)}
    offsets = [Offsets.first(kept)]
    while (after := offsets[-1].further(kept, {}, 20)) is not offsets[-1]:
        offsets.append(after)
    assert [after.stretches(before) for before, after in pairwise(offsets)] == [
        [Stretch(ONE, 0, 10), Stretch(OTHER, 3, 4)],
        [Stretch(ONE, 10, 20)],
        [Stretch(ONE, 20, 25)],
    ]


def test_all_at_once_where_nothing_bounds_it() -> None:
    first = Offsets.first({ONE: Kept(0, 0)})
    assert first.further({ONE: Kept(0, 1_000)}, {}, None).stretches(first) == [Stretch(ONE, 0, 1_000)]


def test_they_are_plain_values_and_back() -> None:
    offsets = Offsets({ONE: 5, OTHER: 7}, {ONE: 99}, {OTHER: 2}, 3, 1)
    record = json.loads(json.dumps(offsets.as_record()))
    assert (record["plays:0"], record["plays:1"]) == (5, 7)
    assert Offsets.of_record(record) == offsets


def test_what_was_deleted_before_it_was_read_is_counted() -> None:
    before = Offsets({ONE: 10})
    after = before.further({ONE: Kept(14, 20)}, {}, 100)
    assert after.stretches(before) == [Stretch(ONE, 14, 20)]
    assert (after.gone, after.anew) == (4, 0)


def test_a_topic_that_ends_before_what_was_read_is_another_one() -> None:
    before = Offsets({ONE: 10}, {ONE: 1})
    after = before.further({ONE: Kept(0, 6)}, {}, 4)
    assert after.stretches(before) == [Stretch(ONE, 0, 4)]
    assert (after.gone, after.anew) == (0, 1)
    assert after.further({ONE: Kept(0, 6)}, {}, 4).stretches(after) == [Stretch(ONE, 4, 6)]


def test_a_topic_whose_last_message_is_another_one_is_read_from_its_beginning() -> None:
    before = Offsets({ONE: 10}, {ONE: 1})
    kept = {ONE: Kept(0, 50)}
    assert before.to_check(kept, resting=False) == {ONE: 9}
    assert before.to_check({ONE: Kept(0, 10)}, resting=False) == {}
    assert before.to_check({ONE: Kept(0, 10)}, resting=True) == {ONE: 9}
    assert before.further(kept, {ONE: 1}, 100).stretches(before) == [Stretch(ONE, 10, 50)]
    assert before.further(kept, {}, 100).stretches(before) == [Stretch(ONE, 10, 50)]
    after = before.further(kept, {ONE: 2}, 100)
    assert after.stretches(before) == [Stretch(ONE, 0, 50)]
    assert after.anew == 1


def test_places_that_are_added_are_read_from_their_beginning() -> None:
    before = Offsets({ONE: 10})
    after = before.further({ONE: Kept(0, 10), OTHER: Kept(2, 3)}, {}, 100)
    assert after.stretches(before) == [Stretch(OTHER, 2, 3)]
    assert (after.gone, after.anew) == (0, 0)


def test_a_topic_that_is_not_known_at_the_moment_changes_nothing() -> None:
    before = Offsets({ONE: 10})
    assert before.further({}, {}, 100) is before


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), st.integers(1, 30))
def test_nothing_that_is_kept_is_passed_over_and_it_ends(steps: list[tuple[int, int]], most: int) -> None:
    """Whatever a broker deletes and adds between batches."""
    low = high = 0
    offsets, read = Offsets.first({ONE: Kept(0, 0)}), set[int]()
    for gone, added in steps:
        high += added
        low = min(high, low + gone)
        wanted = set(range(low, high)) - read
        for _ in range(200):
            after = offsets.further({ONE: Kept(low, high)}, {}, most)
            if after is offsets:
                break
            for stretch in after.stretches(offsets):
                read |= set(range(stretch.begin, stretch.end))
            offsets = after
        assert wanted <= read
        assert offsets.next[ONE] == high
