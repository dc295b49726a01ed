"""The play queue: rules by example, and by a machine that tries everything in any order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from indexer.core.playing.queue import UNDO_LEVELS, UNKNOWN, PlayQueue, Repeat
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import TrackId
from tests.waiting import cost

RADIO = PlayContext(PlaySource.RADIO, seed=TrackId("z"))


def ids(names: str) -> list[TrackId]:
    return [TrackId(name) for name in names]


def names(queue: PlayQueue) -> str:
    return "".join(item.track for item in queue.items)


def queue_of(tracks: str, start: int = 0, seed: int = 1) -> PlayQueue:
    queue = PlayQueue(chance=Random(seed))
    queue.replace(ids(tracks), start)
    return queue


def current(queue: PlayQueue) -> str | None:
    return queue.current.track if queue.current else None


def played_through(queue: PlayQueue, most: int = 100) -> str:
    heard = current(queue) or ""
    while len(heard) < most and (item := queue.advance(by_user=False)) is not None:
        heard += item.track
    return heard


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_is_seen_coming_is_what_comes(shuffle: bool) -> None:
    queue = queue_of("abcdef")
    queue.shuffle = shuffle
    coming = [item.track for item in queue.peek(3)]
    assert coming == [item.track for item in (queue.advance(by_user=False) for _ in range(3)) if item]
    assert [item.track for item in queue_of("ab", start=1).peek(3)] == []


def test_nothing_is_seen_coming_behind_the_place_where_playing_stops() -> None:
    queue = queue_of("abcd")
    queue.stop_after = queue.items[2].uid
    assert [item.track for item in queue.peek(9)] == ["b", "c"]
    queue.stop_after = queue.items[0].uid
    assert queue.peek(9) == []


def test_a_track_that_repeats_itself_and_the_next_round_are_seen_coming() -> None:
    queue = queue_of("ab", start=1)
    queue.repeat = Repeat.ALL
    assert [item.track for item in queue.peek(9)] == ["a"]
    queue.repeat = Repeat.ONE
    assert [item.track for item in queue.peek(3)] == ["b"] * 3


def test_replace_starts_where_asked() -> None:
    queue = queue_of("abc", start=1)
    assert (current(queue), queue.index) == ("b", 1)


def test_plays_in_order_and_stops_at_the_end() -> None:
    queue = queue_of("abc")
    assert played_through(queue) == "abc"
    assert current(queue) == "c"


def test_repeat_all_goes_round_in_both_directions() -> None:
    queue = queue_of("abc")
    queue.repeat = Repeat.ALL
    assert played_through(queue, 7) == "abcabca"
    queue.jump(0)
    assert queue.back() is not None
    assert current(queue) == "c"


def test_repeat_one_repeats_until_someone_presses_next() -> None:
    queue = queue_of("ab")
    queue.repeat = Repeat.ONE
    assert played_through(queue, 3) == "aaa"
    queue.advance(by_user=True)
    assert current(queue) == "b"


def test_next_of_an_empty_queue_is_nothing() -> None:
    queue = PlayQueue()
    queue.repeat = Repeat.ALL
    assert queue.advance(by_user=True) is None
    assert queue.back() is None
    queue.shuffle = True
    assert queue.advance(by_user=True) is None
    assert queue.back() is None


def test_play_next_goes_right_after_the_current_item() -> None:
    queue = queue_of("abc", start=1)
    assert queue.play_next(ids("xy")) == 2
    assert names(queue) == "abxyc"


def test_inserting_before_the_current_item_keeps_it_current() -> None:
    queue = queue_of("abc", start=1)
    queue.insert(1, ids("xy"))
    assert (names(queue), current(queue)) == ("axybc", "b")


def test_moving_several_items_keeps_their_order_and_the_current_one() -> None:
    queue = queue_of("abcdef", start=3)
    queue.move([4, 0], 3)
    assert (names(queue), current(queue)) == ("bcaedf", "d")


def test_removing_the_current_item_goes_on_with_what_followed_it() -> None:
    queue = queue_of("abcd", start=1)
    queue.remove([1])
    assert queue.current is None
    assert queue.advance(by_user=False) == queue.items[1]
    assert current(queue) == "c"


def test_after_a_gap_back_goes_to_what_was_before_it() -> None:
    queue = queue_of("abcd", start=1)
    queue.remove([1])
    queue.back()
    assert current(queue) == "a"


def test_what_put_an_item_there_and_where_to_stop_are_kept_through_edits_and_a_restart() -> None:
    queue = queue_of("ab")
    queue.append(ids("rs"), origin=RADIO)
    queue.stop_after = queue.items[3].uid
    queue.move([3], 0)
    queue.remove([1])
    queue.undo()
    again = PlayQueue.from_state(json.loads(json.dumps(queue.to_state())))
    assert [(item.track, item.origin) for item in again.items] == [
        ("s", RADIO),
        ("a", UNKNOWN),
        ("b", UNKNOWN),
        ("r", RADIO),
    ]
    assert again.stop_after == again.items[0].uid


def test_stopping_after_an_item_holds_once_and_only_there() -> None:
    queue = queue_of("abc")
    queue.stop_after = queue.items[1].uid
    assert not queue.stops_here()
    queue.advance(by_user=False)
    assert queue.stops_here()
    assert not queue.stops_here()


@pytest.mark.parametrize("sources", [3, [3], [[0]], [[9, "radio"]], [[0, 1]], [[True, "radio"]], [["0", "radio"]]])
def test_marks_that_make_no_sense_are_left_out(sources: Any) -> None:
    queue = PlayQueue.from_state({"tracks": ["a"], "sources": sources, "stop_after": "x"})
    assert [item.origin for item in queue.items] == [UNKNOWN]
    assert queue.stop_after is None


@pytest.mark.parametrize(
    "origins",
    [3, [3], [[0, 1]], [[0, 9, {}]], [[0, 1, {"source": "x"}]], [[0, 1, {"source": 3}]], [[0, 1, {"seed": 3}]]]
    + [[[0, 1, odd]] for odd in (None, 0, 1.5, "", [], True, {"position": 10**30}, {"position": True})],
)
def test_origins_that_make_no_sense_are_left_out(origins: Any) -> None:
    queue = PlayQueue.from_state({"tracks": ["a"], "origins": origins})
    assert [item.origin for item in queue.items] == [UNKNOWN]


def test_what_a_version_before_kept_of_the_radio_is_understood() -> None:
    queue = PlayQueue.from_state({"tracks": ["a", "b"], "sources": [[1, "radio"]]})
    assert [item.origin for item in queue.items] == [UNKNOWN, PlayContext(PlaySource.RADIO)]


def test_a_long_queue_of_one_origin_is_kept_as_one_run() -> None:
    queue = PlayQueue()
    queue.replace(ids("abcdef"), origin=PlayContext(PlaySource.ALBUM))
    assert queue.to_state()["origins"] == [[0, 6, {"source": "album"}]]
    assert {item.origin for item in PlayQueue.from_state(queue.to_state()).items} == {PlayContext(PlaySource.ALBUM)}


def test_what_was_played_is_above_the_current_item_or_what_chance_took() -> None:
    queue = queue_of("abcd", start=2)
    assert {item.track for item in queue.items if item.uid in queue.played} == {"a", "b"}
    queue.shuffle = True
    assert queue.played == frozenset()
    queue.advance(by_user=True)
    assert {item.track for item in queue.items if item.uid in queue.played} == {"c"}


def test_clear_can_be_undone_and_what_plays_is_current_again() -> None:
    queue = queue_of("abc", start=1)
    queue.clear()
    assert (names(queue), current(queue)) == ("", None)
    assert queue.undo()
    assert (names(queue), current(queue)) == ("abc", "b")


def test_undoing_a_replacement_brings_the_old_queue_back_to_go_on_with() -> None:
    queue = queue_of("abc", start=1)
    queue.replace(ids("xy"))
    queue.undo()
    assert names(queue) == "abc"
    assert queue.current is None  # "x" sounds, and is not in this queue
    queue.advance(by_user=False)
    assert current(queue) == "b"


def test_undo_of_an_addition_keeps_the_place_reached_since() -> None:
    queue = queue_of("abc")
    queue.append(ids("d"))
    queue.advance(by_user=True)
    queue.undo()
    assert (names(queue), current(queue)) == ("abc", "b")


def test_nothing_to_undo() -> None:
    assert not PlayQueue().undo()


def test_jump_out_of_range_is_an_error() -> None:
    with pytest.raises(IndexError):
        queue_of("ab").jump(2)


@given(st.integers(1, 30), st.integers(0, 1000))
def test_shuffle_plays_everything_once(count: int, seed: int) -> None:
    queue = PlayQueue(chance=Random(seed))
    queue.replace([TrackId(str(number)) for number in range(count)], seed % count)
    queue.shuffle = True
    heard = [queue.current]
    while (item := queue.advance(by_user=False)) is not None:
        heard.append(item)
    assert len(heard) == count == len({item.uid for item in heard if item})


@given(st.integers(2, 12), st.integers(0, 1000))
def test_repeated_shuffle_plays_whole_rounds_and_never_twice_in_a_row(count: int, seed: int) -> None:
    queue = PlayQueue(chance=Random(seed))
    queue.replace([TrackId(str(number)) for number in range(count)])
    queue.shuffle = True
    queue.repeat = Repeat.ALL
    heard = [queue.current.uid if queue.current else 0]
    for _ in range(3 * count - 1):
        expected = queue.peek_next()
        item = queue.advance(by_user=False)
        assert item is not None
        assert item == expected
        heard.append(item.uid)
    rounds = [heard[start : start + count] for start in range(0, 3 * count, count)]
    assert all(len(set(one)) == count for one in rounds)
    assert all(one != other for one, other in pairwise(heard))


def test_back_in_shuffle_returns_through_what_was_heard_and_forward_again() -> None:
    queue = queue_of("abcdefgh")
    queue.shuffle = True
    heard = [queue.current, *(queue.advance(by_user=True) for _ in range(4))]
    for expected in reversed(heard[:-1]):
        assert queue.back() == expected
    assert [queue.advance(by_user=True) for _ in range(4)] == heard[1:]


def test_play_next_in_shuffle_really_comes_next() -> None:
    queue = queue_of("abcdefgh")
    queue.shuffle = True
    queue.play_next(ids("xy"))
    assert [item.track for item in (queue.advance(by_user=False), queue.advance(by_user=False)) if item] == ["x", "y"]


STATES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("tracks", "index", "position", "repeat", "shuffle", "played", "upcoming"), STATES),
    )
    | STATES
)
def test_any_rubbish_becomes_a_queue_that_works(state: Any) -> None:
    queue = PlayQueue.from_state(state)
    for _ in range(6):
        queue.advance(by_user=False)
    queue.back()
    assert PlayQueue.from_state(queue.to_state()).to_state() == queue.to_state()


class QueueMachine(RuleBasedStateMachine):
    """Any sequence of edits and steps keeps the promises of the queue."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = PlayQueue(chance=Random(0))
        self.fresh = 0
        self.before_edits: list[list[int]] = []
        self.last: int | None = None  # what played last, also when it was removed since

    def tracks(self, count: int) -> list[TrackId]:
        made = [TrackId(str(number)) for number in range(self.fresh, self.fresh + count)]
        self.fresh += count
        return made

    def uids(self) -> list[int]:
        return [item.uid for item in self.queue.items]

    def there(self, indexes: Sequence[int]) -> bool:
        return any(0 <= index < len(self.queue) for index in indexes)

    def edit(self, change: Any, *, counts: bool) -> None:
        """Make a change, and see that it can be undone if it `counts` as one."""
        before, current = self.uids(), self.queue.current
        change()
        if counts:
            self.before_edits = [*self.before_edits, before][-UNDO_LEVELS:]
        assert self.queue.undo_depth == len(self.before_edits)
        if current is not None and current in self.queue.items:
            assert self.queue.current == current, "an edit must not change what plays"

    @rule(count=st.integers(0, 5))
    def append(self, count: int) -> None:
        self.edit(lambda: self.queue.append(self.tracks(count)), counts=count > 0)

    @rule(at=st.integers(-1, 12), count=st.integers(0, 4))
    def insert(self, at: int, count: int) -> None:
        self.edit(lambda: self.queue.insert(at, self.tracks(count)), counts=count > 0)

    @rule(count=st.integers(0, 3))
    def play_next(self, count: int) -> None:
        self.edit(lambda: self.queue.play_next(self.tracks(count)), counts=count > 0)

    @rule(indexes=st.lists(st.integers(-1, 12), max_size=4))
    def remove(self, indexes: list[int]) -> None:
        self.edit(lambda: self.queue.remove(indexes), counts=self.there(indexes))

    @rule(indexes=st.lists(st.integers(-1, 12), max_size=4), to=st.integers(-1, 14))
    def move(self, indexes: list[int], to: int) -> None:
        before = sorted(self.uids())
        self.edit(lambda: self.queue.move(indexes, to), counts=self.there(indexes))
        assert sorted(self.uids()) == before

    @rule(count=st.integers(0, 6), start=st.integers(0, 6))
    def replace(self, count: int, start: int) -> None:
        self.edit(lambda: self.queue.replace(self.tracks(count), start), counts=True)
        self.last = self.last if count else None

    @rule()
    def clear(self) -> None:
        self.edit(self.queue.clear, counts=len(self.queue) > 0)

    @precondition(lambda self: self.before_edits)
    @rule()
    def undo(self) -> None:
        playing, expected = self.last, self.before_edits.pop()
        assert self.queue.undo()
        assert self.uids() == expected
        if playing in expected:
            assert self.queue.current is not None
            assert self.queue.current.uid == playing

    @rule(on=st.booleans())
    def shuffle(self, on: bool) -> None:
        self.queue.shuffle = on

    @rule(repeat=st.sampled_from(Repeat))
    def repeat(self, repeat: Repeat) -> None:
        self.queue.repeat = repeat

    @rule(by_user=st.booleans())
    def advance(self, by_user: bool) -> None:
        expected = self.queue.peek_next(by_user=by_user)
        assert self.queue.advance(by_user=by_user) == expected
        assert expected is None or self.queue.current == expected

    @rule()
    def back(self) -> None:
        item = self.queue.back()
        assert item is None or self.queue.current == item

    @precondition(lambda self: len(self.queue))
    @rule(index=st.integers(0, 30))
    def jump(self, index: int) -> None:
        index %= len(self.queue)
        assert self.queue.jump(index) == self.queue.items[index] == self.queue.current

    @rule()
    def save_and_restore(self) -> None:
        saved = json.loads(json.dumps(self.queue.to_state()))
        restored = PlayQueue.from_state(saved)
        assert [item.track for item in restored.items] == [item.track for item in self.queue.items]
        assert restored.index == self.queue.index
        assert (restored.repeat, restored.shuffle) == (self.queue.repeat, self.queue.shuffle)

    @invariant()
    def numbers_are_unique_and_the_order_of_chance_names_only_what_is_there(self) -> None:
        uids = self.uids()
        assert len(set(uids)) == len(uids)
        saved = self.queue.to_state()
        played, upcoming = saved["played"], saved["upcoming"]
        assert len(set(upcoming)) == len(upcoming)
        if self.queue.shuffle:
            current = set() if self.queue.index is None else {self.queue.index}
            assert {*upcoming, *played} | current == set(range(len(uids))), "one would never come, or one is not there"
        else:
            assert upcoming == played == []

    @invariant()
    def what_plays_is_remembered(self) -> None:
        if self.queue.current is not None:
            self.last = self.queue.current.uid


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


def test_what_comes_is_told_in_the_order_of_play() -> None:
    queue = queue_of("abcd", start=1)
    assert [item.track for item in queue.upcoming()] == ["c", "d"]
    queue.remove([1])
    assert [item.track for item in queue.upcoming()] == ["c", "d"]
    queue.shuffle = True
    coming = [item.track for item in queue.upcoming()]
    assert sorted(coming) == ["a", "c", "d"]
    assert played_through(queue) == "".join(coming)


@pytest.mark.parametrize("shuffle", [False, True])
def test_what_extends_the_queue_plays_last_and_outlives_an_undo(shuffle: bool) -> None:
    queue = queue_of("abc")
    queue.shuffle = shuffle
    queue.remove([2])
    depth = queue.undo_depth
    queue.extend(ids("xy"), origin=RADIO)
    assert queue.undo_depth == depth
    assert [(item.track, item.origin) for item in queue.upcoming()][-2:] == [("x", RADIO), ("y", RADIO)]
    assert queue.undo()
    assert sorted(names(queue)) == ["a", "b", "c", "x", "y"]
    assert [item.track for item in queue.upcoming()][-2:] == ["x", "y"]
    assert sorted(played_through(queue)) == ["a", "b", "c", "x", "y"]


def test_items_can_stand_for_copies_of_their_tracks_also_in_the_queues_of_before() -> None:
    queue = PlayQueue()
    queue.append([TrackId("old"), TrackId("other"), TrackId("old")])
    queue.remove([1])
    first, last = queue.items
    queue.exchange({first.uid: TrackId("new")})
    assert [(item.uid, item.track) for item in queue.items] == [(first.uid, "new"), (last.uid, "old")]
    assert queue.undo()
    assert [item.track for item in queue.items] == ["new", "other", "old"]


def test_many_are_scattered_among_many_quickly_and_none_is_lost() -> None:
    """Adding a library to a queue of it in shuffled play: done one by one, its cost would grow as the square."""

    def shuffled(count: int) -> PlayQueue:
        queue = PlayQueue(chance=Random(3))
        queue.shuffle = True
        queue.replace([TrackId(f"a{number}") for number in range(count)])
        return queue

    tenth, queue = shuffled(12_000), shuffled(120_000)
    before = [item.uid for item in queue.upcoming()]
    small = cost(lambda: tenth.append([TrackId(f"b{number}") for number in range(11_000)]), times=1)
    large = cost(lambda: queue.append([TrackId(f"b{number}") for number in range(110_000)]), times=1)
    assert large < 50 * small
    coming = [item.uid for item in queue.upcoming()]
    assert len(coming) == len(set(coming)) == 229_999
    known = set(before)
    assert [uid for uid in coming if uid in known] == before
    places = [place for place, item in enumerate(queue.upcoming()) if item.track.startswith("b")]
    assert abs(sum(places) / len(places) - 115_000) < 2_000, "all over the queue"
