"""Servers of the local network, heard over the loopback interface as the server itself announces them."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from musicplayer.library.nearby import Found, Nearby
from musicplayer.server.announcing import announced

LOOPBACK = ["127.0.0.1"]
WAIT_MS = 30_000


@pytest.fixture
def nearby(qapp: object) -> Iterator[Nearby]:
    made = Nearby()
    yield made
    made.shutdown()


@pytest.fixture
def server() -> Iterator[None]:
    """One that is announced while the test runs."""
    pytest.importorskip("zeroconf", reason="the extra `network` is not installed")
    loop, ends = asyncio.new_event_loop(), asyncio.Event()

    async def announce() -> None:
        async with announced(4849, LOOPBACK, base="/music", secure=True, interfaces=LOOPBACK):
            await ends.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(announce()), daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(ends.set)
    thread.join(20)
    loop.close()


def test_a_server_is_found_with_its_machine_and_whole_address(server: None, nearby: Nearby, qtbot: QtBot) -> None:
    with qtbot.waitSignal(nearby.found, timeout=WAIT_MS) as heard:
        nearby.look(WAIT_MS / 1_000, interfaces=LOOPBACK)
    [found] = heard.args
    assert isinstance(found, Found)
    assert found.machine
    assert found.address.startswith("https://")
    assert found.address.endswith(":4849/music")


def test_without_the_package_nothing_is_found_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, nearby: Nearby, qtbot: QtBot
) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    nearby.look(0.0)
    with qtbot.assertNotEmitted(nearby.found):
        nearby.shutdown()
