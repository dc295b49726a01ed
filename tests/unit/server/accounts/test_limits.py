"""Guessing gets slow for who guesses, and for nobody else."""

from __future__ import annotations

import threading

import pytest

from musicplayer.server.accounts.limits import (
    FORGOTTEN_AFTER,
    FREE,
    HUNTED_FROM,
    LONGEST_WAIT,
    MOST_ADDRESSES,
    MOST_NAMES,
    Attempts,
    TooManyLogins,
)
from tests.unit.server.accounts.conftest import Clock

STRANGER, OWNER = "203.0.113.7", "198.51.100.2"


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def wait_of(attempts: Attempts, address: str, name: str = "") -> float:
    """How long an address is told to wait; an attempt that is let through counts as a failed one."""
    try:
        attempts.begin(address, name)
    except TooManyLogins as refused:
        return refused.retry_after
    return 0.0


def test_a_few_attempts_are_free_then_each_waits_twice_as_long(attempts: Attempts, clock: Clock) -> None:
    assert [wait_of(attempts, STRANGER) for _ in range(FREE)] == [0.0] * FREE
    waits = []
    for _ in range(12):
        waits.append(wait_of(attempts, STRANGER))
        clock.now += waits[-1]
        attempts.begin(STRANGER)
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST_WAIT


def test_a_refused_attempt_does_not_lengthen_the_wait(attempts: Attempts) -> None:
    for _ in range(FREE):
        attempts.begin(STRANGER)
    assert {wait_of(attempts, STRANGER) for _ in range(100)} == {1.0}


def test_others_do_not_wait_for_a_stranger_who_guesses_at_their_name(attempts: Attempts, clock: Clock) -> None:
    for _ in range(500):
        clock.now += wait_of(attempts, STRANGER, "anna")
    assert wait_of(attempts, OWNER, "anna") == 0.0


def test_a_name_that_many_guess_at_leaves_each_address_one_attempt(attempts: Attempts) -> None:
    for number in range(HUNTED_FROM):
        attempts.begin(f"203.0.113.{number}", "anna")
    assert [wait_of(attempts, OWNER, "anna"), wait_of(attempts, OWNER, "anna")] == [0.0, 1.0]
    assert [wait_of(attempts, "192.0.2.1", "ben") for _ in range(FREE)] == [0.0] * FREE


def test_a_right_attempt_does_not_count_and_gives_no_new_guesses(attempts: Attempts, clock: Clock) -> None:
    for _ in range(50):
        attempts.begin(OWNER, "anna")
        attempts.take_back(OWNER, "anna")
    let_through = 0
    for _ in range(50):  # a listener who guesses at another's password, and logs in properly in between
        let_through += wait_of(attempts, OWNER, "ben") == 0.0
        if wait_of(attempts, OWNER, "anna") == 0.0:
            attempts.take_back(OWNER, "anna")
    assert let_through == FREE
    assert wait_of(attempts, OWNER, "ben") >= 1.0


def test_what_is_long_past_is_forgotten(attempts: Attempts, clock: Clock) -> None:
    for _ in range(FREE):
        attempts.begin(STRANGER)
    clock.now += FORGOTTEN_AFTER + 2.0
    assert [wait_of(attempts, STRANGER) for _ in range(FREE)] == [0.0] * FREE


def test_a_network_of_version_six_counts_as_one_address(attempts: Attempts) -> None:
    for number in range(FREE):
        attempts.begin(f"2001:db8::{number}")
    assert wait_of(attempts, "2001:db8::ffff:1") == 1.0
    assert wait_of(attempts, "2001:db8:0:1::1") == 0.0
    for _ in range(FREE):
        attempts.begin("::ffff:192.0.2.9")
    assert wait_of(attempts, "192.0.2.9") == 1.0


def test_memory_is_bounded(attempts: Attempts) -> None:
    for number in range(MOST_ADDRESSES + 1000):
        attempts.begin(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", f"name {number}")
    attempts.begin("no address at all" * 100, "x")
    assert len(attempts) == MOST_ADDRESSES + MOST_NAMES


def test_attempts_at_the_same_time_are_no_way_around(attempts: Attempts) -> None:
    through: list[float] = []
    threads = [threading.Thread(target=lambda: through.append(wait_of(attempts, STRANGER))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert through.count(0.0) == FREE
