"""Where libVLC is, by what it tells now and then and by the clock in between."""

from __future__ import annotations

import pytest

from musicplayer.playback.place_heard import AFTER_A_SEEK, LONGEST_GUESS, STREAM_BLOCK, PlaceHeard


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(clock: Clock) -> PlaceHeard:
    made = PlaceHeard(clock)
    made.begin(10.0)
    made.run_anew(clock.now)
    return made


def test_the_clock_carries_a_place_on_at_its_rate_and_not_for_ever(place: PlaceHeard, clock: Clock) -> None:
    clock.now += 1.0
    assert place.now() == pytest.approx(11.0)
    place.set_rate(2.0, place.now())
    clock.now += 1.0
    assert place.now() == pytest.approx(13.0)
    clock.now += 60.0
    assert place.now() == pytest.approx(11.0 + 2.0 * LONGEST_GUESS)


def test_what_rests_stays_where_it_is(place: PlaceHeard, clock: Clock) -> None:
    place.hold(12.5)
    clock.now += 5.0
    assert (place.running, place.now()) == (False, 12.5)
    place.run(clock.now)
    clock.now += 0.5
    assert place.now() == pytest.approx(13.0)


def test_a_place_far_behind_is_not_believed_of_a_file(place: PlaceHeard, clock: Clock) -> None:
    place.tell(12.0, clock.now, 0.0)
    place.tell(0.0, clock.now, 0.0)
    assert place.now() == pytest.approx(12.0)


def test_a_place_of_before_a_seek_is_not_believed_just_after_it(place: PlaceHeard, clock: Clock) -> None:
    place.seek(2.0)
    place.tell(11.0, clock.now, 0.0)
    assert place.now() == pytest.approx(2.0)
    clock.now += 2 * AFTER_A_SEEK
    place.tell(2.6, clock.now, 0.0)
    assert place.now() == pytest.approx(2.6)


def test_of_a_stream_the_earliest_telling_counts_and_a_late_one_only_if_another_follows(clock: Clock) -> None:
    place = PlaceHeard(clock)
    place.begin(of_stream=True)
    place.run_anew(clock.now)
    place.tell(1.0 + STREAM_BLOCK, clock.now, 0.0)
    assert place.now() == pytest.approx(1.0)
    clock.now += 1.0
    place.tell(1.8 + STREAM_BLOCK, clock.now, 0.01)
    assert place.now() == pytest.approx(2.0), "the thread that told it may have waited for its turn"
    place.tell(1.8 + STREAM_BLOCK, clock.now, 0.01)
    assert place.now() == pytest.approx(1.8), "the sound itself has waited"


def test_at_the_end_it_is_as_long_as_it_is_known_to_be(place: PlaceHeard) -> None:
    place.tell(14.0, 100.0, 0.0)
    place.end(None)
    assert (place.running, place.now()) == (False, 14.0)
    place.end(14.3)
    assert place.now() == 14.3
