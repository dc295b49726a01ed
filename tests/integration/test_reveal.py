"""Showing a file in the file manager, over a real session bus."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_MANAGER = """
import asyncio
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, method

class Manager(ServiceInterface):
    @method()
    def ShowItems(self, uris: "as", startup: "s"):
        print("shown", *uris, flush=True)

async def main():
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/FileManager1", Manager("org.freedesktop.FileManager1"))
    await bus.request_name("org.freedesktop.FileManager1")
    print("ready", flush=True)
    await bus.wait_for_disconnect()

asyncio.run(main())
"""
_ASKER = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from musicplayer.desktop.reveal import reveal
application = QCoreApplication([])
reveal(sys.argv[1], lambda: (print("otherwise", flush=True), application.quit()))
QTimer.singleShot(int(sys.argv[2]), application.quit)
application.exec()
"""


def ask(path: str, address: str, wait_ms: int) -> str:
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    return subprocess.run(
        [sys.executable, "-c", _ASKER, path, str(wait_ms)], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a matter of Linux")
def test_the_file_manager_is_given_the_file(bus_address: str) -> None:
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus_address}
    with subprocess.Popen(
        [sys.executable, "-c", _MANAGER], env=environment, stdout=subprocess.PIPE, text=True
    ) as manager:
        assert manager.stdout is not None
        assert manager.stdout.readline() == "ready\n"
        assert ask("/music/Sigur Rós/a b.flac", bus_address, 300) == ""
        assert manager.stdout.readline() == "shown file:///music/Sigur%20R%C3%B3s/a%20b.flac\n"
        manager.terminate()


@pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a matter of Linux")
def test_without_a_file_manager_something_else_is_done(bus_address: str) -> None:
    assert ask("/music/a.flac", bus_address, 6_000) == "otherwise"


@pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a matter of Linux")
def test_without_a_bus_something_else_is_done() -> None:
    assert ask("/music/a.flac", "unix:path=/nowhere/bus", 100) == "otherwise"
