"""Pausing, resuming and cancelling, from threads and from lines."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from indexer.analysis.control import Control
from tests.waiting import wait_until


@contextmanager
def piped() -> Iterator[tuple[Control, TextIO]]:
    reading, writing = os.pipe()
    with os.fdopen(reading) as source, os.fdopen(writing, "w", buffering=1) as sink:
        yield Control.from_stdin(source), sink
        sink.close()


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
        wait_until(lambda: control.is_paused)
        sink.write("what?\n\n RESUME \n")
        wait_until(lambda: not control.is_paused)
        sink.write("cancel\n")
        wait_until(lambda: control.is_cancelled)


def test_the_end_of_the_stream_changes_nothing() -> None:
    before = set(threading.enumerate())
    with piped() as (control, sink):
        [reader] = set(threading.enumerate()) - before
        sink.write("pause\n")
        sink.close()
        reader.join(5)
        assert not reader.is_alive()
        assert control.is_paused
        assert not control.is_cancelled


def test_a_limit_on_files_at_once_is_set_and_lifted_by_lines() -> None:
    with piped() as (control, sink):
        assert control.at_once is None
        sink.write("at-once 2\n")
        wait_until(lambda: control.at_once == 2)
        sink.write("at-once many\nat-once 0\n")
        wait_until(lambda: control.at_once is None)
