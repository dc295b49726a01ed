"""Cyclic garbage is collected in the main thread, whoever made it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from musicplayer.garbage import GarbageCollector, collect_if_due


class Noted:
    """In a cycle with itself; remembers the thread in which it went."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        self.itself = self
        self.gone = gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread())


@pytest.fixture
def collector(qapp: QObject) -> Iterator[GarbageCollector]:
    enabled = gc.isenabled()
    gc.collect()
    made = GarbageCollector()
    yield made
    made.close()
    if not enabled:
        gc.disable()


def litter() -> None:
    """Make enough objects that a collector that is on would run."""
    for _ in range(3):
        kept = [[number] for number in range(2 * gc.get_threshold()[0])]
        del kept


def test_what_another_thread_leaves_goes_in_the_main_one(collector: GarbageCollector, qtbot: QtBot) -> None:
    gone: list[threading.Thread] = []

    def work() -> None:
        Noted(gone)
        litter()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert gone == []
    keep = [[number] for number in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(gone), timeout=10_000)
    assert gone == [threading.main_thread()]
    del keep


def test_nothing_is_collected_before_its_time(collector: GarbageCollector) -> None:
    gc.collect()
    assert collect_if_due() is None


def test_it_leaves_collection_as_python_does_it(qapp: QObject) -> None:
    enabled = gc.isenabled()
    GarbageCollector().close()
    assert gc.isenabled()
    if not enabled:
        gc.disable()
