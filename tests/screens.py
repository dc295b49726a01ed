"""An X server of a test's own: windows of other tests would lie over what is clicked or looked at."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QImage

_GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
sys.exit(not application.primaryScreen().grabWindow(0).save(sys.argv[1]))
"""


def has_screen() -> bool:
    """Whether one can be had on this machine."""
    return sys.platform.startswith("linux") and shutil.which("Xvfb") is not None


@contextlib.contextmanager
def screen(width: int = 1400, height: int = 900) -> Iterator[dict[str, str]]:
    """One that runs, in pixels: the environment of programs that are shown there."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        number = told.readline().decode().strip()
    try:
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def seen(there: dict[str, str], file: Path) -> QImage:
    """What is on that screen, whoever shows it; it is left in a file."""
    subprocess.run([sys.executable, "-c", _GRAB, str(file)], env=there, check=True, timeout=60)
    return QImage(str(file))
