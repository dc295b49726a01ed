"""Pausing, resuming and cancelling, from threads and from lines."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from indexer.analysis.control import Control


@contextmanager
def piped() -> Iterator[tuple[Control, TextIO]]:
    reading, writing = os.pipe()
    with os.fdopen(reading) as source, os.fdopen(writing, "w", buffering=1) as sink:
        yield Control.from_stdin(source), sink
        sink.close()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds()


def test_a_new_control_lets_work_go_on() -> None:
    control = Control()
    assert not control.is_paused
    assert not control.is_cancelled
    assert control.wait_while_paused(0)


def test_waiting_ends_when_resumed() -> None:
    control = Control()
    control.pause()
    assert not control.wait_while_paused(0.01)
    threading.Timer(0.05, control.resume).start()
    assert control.wait_while_paused(5)


def test_cancelling_ends_a_pause_for_good() -> None:
    control = Control()
    control.pause()
    threading.Timer(0.05, control.cancel).start()
    assert control.wait_while_paused(5)
    control.pause()
    assert control.is_cancelled
    assert not control.is_paused


def test_lines_are_obeyed_and_others_ignored() -> None:
    with piped() as (control, sink):
        sink.write("pause\n")
        assert eventually(lambda: control.is_paused)
        sink.write("what?\n\n RESUME \n")
        assert eventually(lambda: not control.is_paused)
        sink.write("cancel\n")
        assert eventually(lambda: control.is_cancelled)


def test_the_end_of_the_stream_changes_nothing() -> None:
    with piped() as (control, sink):
        sink.write("pause\n")
        sink.close()
        assert eventually(lambda: control.is_paused)
        time.sleep(0.05)
        assert control.is_paused
        assert not control.is_cancelled


def test_a_limit_on_files_at_once_is_set_and_lifted_by_lines() -> None:
    with piped() as (control, sink):
        assert control.at_once is None
        sink.write("at-once 2\n")
        assert eventually(lambda: control.at_once == 2)
        sink.write("at-once many\nat-once 0\n")
        assert eventually(lambda: control.at_once is None)
