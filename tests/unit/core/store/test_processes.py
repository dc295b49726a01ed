"""A process is told from another one that was given its number."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.store.processes import ProcessMark


def test_this_process_lives() -> None:
    mark = ProcessMark.of()
    assert mark.is_alive()
    assert ProcessMark.parse(str(mark)) == mark


def test_an_ended_process_is_dead_even_as_a_zombie() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    mark = ProcessMark.of(child.pid)
    assert mark.is_alive()
    child.kill()
    for _ in range(500):
        if not mark.is_alive():
            break
    assert not mark.is_alive()
    child.communicate()


def test_another_process_with_the_same_number_is_not_meant() -> None:
    mark = ProcessMark.of()
    earlier = dataclasses.replace(mark, created=mark.created - 60_000, since_boot=mark.since_boot - 60_000)
    assert not earlier.is_alive()


def test_a_changed_clock_kills_no_one() -> None:
    mark = ProcessMark.of()
    assert dataclasses.replace(mark, created=mark.created - 3_600_000).is_alive()


@pytest.mark.parametrize("text", ["", "1", "a.b.c", "1.2", "1.2.3.4", "-1.2.3", "0.0.0"])
def test_rubbish_is_no_process(text: str) -> None:
    assert ProcessMark.parse(text) is None


@given(st.text())
def test_any_text_parses_or_is_refused(text: str) -> None:
    mark = ProcessMark.parse(text)
    assert mark is None or mark.pid > 0
