"""Rates and remaining times, on a clock of our own."""

from __future__ import annotations

import pytest

from indexer.analysis.rate import RateMeter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_is_known_before_two_steps(clock: Clock) -> None:
    meter = RateMeter(clock)
    assert meter.per_second is None
    meter.step()
    assert meter.per_second is None
    assert meter.seconds_for(10) is None


def test_the_time_before_the_first_step_does_not_count(clock: Clock) -> None:
    meter = RateMeter(clock)
    clock.now += 60
    for _ in range(5):
        meter.step()
        clock.now += 0.5
    assert meter.per_second == pytest.approx(4 / 2.5)
    assert meter.seconds_for(16) == pytest.approx(10)


def test_it_follows_a_change_of_pace(clock: Clock) -> None:
    meter = RateMeter(clock)
    for _ in range(100):
        meter.step()
        clock.now += 0.1
    for _ in range(20):
        meter.step()
        clock.now += 1.0
    assert meter.per_second == pytest.approx(1.0, rel=0.1)


def test_a_pause_is_forgotten(clock: Clock) -> None:
    meter = RateMeter(clock)
    for _ in range(3):
        meter.step()
    meter.restart()
    assert meter.per_second is None


def test_a_stall_ends_in_no_rate_at_all(clock: Clock) -> None:
    meter = RateMeter(clock)
    for _ in range(3):
        meter.step()
    clock.now += 60
    assert meter.per_second is None
