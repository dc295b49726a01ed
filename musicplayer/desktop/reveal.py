"""Shows a file in the desktop's file manager, selected where the file manager can do that."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QProcess

from musicplayer.desktop.file_urls import file_url

SERVICE = "org.freedesktop.FileManager1"
_PATH = "/org/freedesktop/FileManager1"
_ANSWER_MS = 4_000
"""A file manager that has to be started first takes a moment."""


def reveal(path: str, otherwise: Callable[[], None]) -> None:
    """Ask the file manager to show the file at `path`; `otherwise` is called, now or later, if there is none."""
    if sys.platform == "linux":
        _ask_over_bus(path, otherwise)
        return
    program, arguments = select_command(path, sys.platform)
    if not QProcess.startDetached(program, arguments)[0]:
        otherwise()


def select_command(path: str, platform: str) -> tuple[str, list[str]]:
    """Program and arguments that select a file on macOS and Windows."""
    if platform == "darwin":
        return "open", ["-R", path]
    return "explorer", ["/select,", path.replace("/", "\\")]


def _ask_over_bus(path: str, otherwise: Callable[[], None]) -> None:
    """Source of the method: https://www.freedesktop.org/wiki/Specifications/file-manager-interface/."""
    # Imported here: only this loads Qt's D-Bus, which other systems need not have.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # noqa: PLC0415

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        otherwise()
        return
    message = QDBusMessage.createMethodCall(SERVICE, _PATH, SERVICE, "ShowItems")
    message.setArguments([[file_url(path)], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _ANSWER_MS), QCoreApplication.instance())

    def on_finished() -> None:
        failed = watcher.isError()
        watcher.deleteLater()
        if failed:
            otherwise()

    watcher.finished.connect(on_finished)
