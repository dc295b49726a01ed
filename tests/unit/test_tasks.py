"""Work off the main thread, answers on it."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from musicplayer.tasks import Tasks


def test_the_result_comes_back_to_the_main_thread(qtbot: QtBot) -> None:
    tasks = Tasks()
    seen: list[object] = []
    tasks.run(threading.get_ident, lambda worker: seen.extend([worker, threading.get_ident()]), seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] != seen[1] == threading.get_ident()
    tasks.shutdown()


def test_so_does_an_error(qtbot: QtBot) -> None:
    tasks = Tasks()
    seen: list[object] = []
    tasks.run(lambda: 1 // 0, seen.append, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert isinstance(seen[0], ZeroDivisionError)
    tasks.shutdown()


def test_one_worker_keeps_the_order(qtbot: QtBot) -> None:
    tasks = Tasks(workers=1)
    seen: list[int] = []
    for number in range(20):
        tasks.run(lambda number=number: number, seen.append, lambda _: None)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20))
    tasks.shutdown()


def test_nothing_comes_back_after_shutdown(qtbot: QtBot) -> None:
    tasks = Tasks()
    seen: list[object] = []
    tasks.run(lambda: 1, seen.append, seen.append)
    tasks.shutdown()
    tasks.run(lambda: 2, seen.append, seen.append)
    qtbot.wait(50)
    assert seen == []
