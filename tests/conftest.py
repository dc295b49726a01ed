"""Fixtures that every kind of test shares: an isolated home, a real database, real music where it is present."""

from __future__ import annotations

import gc
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pymongo
import pytest
import soundfile
from hypothesis import settings
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from indexer.core import language
from indexer.core.files.logs import drop_handlers
from indexer.core.home import Home
from indexer.core.sentences.told import told
from indexer.core.store import Database, open_database
from indexer.core.store.connection import Connection
from musicplayer.threads import collect_if_due
from musicplayer.ui.look import translations

# How long an example takes says nothing on a machine that does something else as well.
settings.register_profile("segue", deadline=None)
settings.load_profile("segue")

REPOSITORY = Path(__file__).resolve().parent.parent
os.environ.setdefault("SEGUE_AOUT", "dummy")
if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# Windows of tests before are garbage that a worker thread must not find; see musicplayer.threads.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: (item.get_closest_marker("spark") is None, "e2e" not in item.path.parts))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    collect_if_due()
    drop_handlers()  # a command that ran in this process logs to a stream that is the test's own


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own for one test."""
    return Home.resolve(tmp_path / "home")


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    """German is spoken during the test."""
    language.use(translations.load("de", tmp_path), "de")
    yield
    language.use(translations.load(language.ENGLISH, tmp_path))


@pytest.fixture(scope="session")
def music_folder() -> Path:
    """The sample clips, in FMA's layout with metadata beside them; skips where they are absent."""
    folder = Path(os.environ.get("SEGUE_TEST_MUSIC", REPOSITORY.parent / "shared" / "music"))
    if not (folder / "clips").is_dir():
        pytest.skip(f"sample music not found at {folder} (set SEGUE_TEST_MUSIC)")
    return folder


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """18 synthesised tracks of six styles, tagged and with covers; read only, so copy it to change it."""
    from indexer.demo import make_demo

    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, tracks=18)
    return folder


def tone(seconds: float = 1.0, hertz: float = 440.0, rate: int = 22_050) -> NDArray[np.float32]:
    """A sine at half of full scale, mono, shape (n,)."""
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.fixture
def make_tone(tmp_path: Path) -> Callable[..., Path]:
    """Writes a sine to a file below the test's own folder; the suffix chooses the format."""

    def write(name: str = "tone.wav", *, seconds: float = 2.0, hertz: float = 440.0, rate: int = 22_050) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(seconds, hertz, rate), rate)
        return path

    return write


def turn(qtbot: QtBot) -> None:
    """Let everything come that waits for the event loop by now."""
    with qtbot.waitCallback() as turned:
        QTimer.singleShot(0, turned)


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real server that all tests share: SEGUE_MONGODB_URI, else a managed one."""
    home = Home.resolve(tmp_path_factory.mktemp("database-server"))
    with open_database(home) as database:
        yield database.uri


@pytest.fixture
def database(database_server: str, home: Home) -> Iterator[Database]:
    """An empty database of its own for one test, on the shared server."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    uri = urlsplit(database_server)._replace(path=f"/{name}").geturl()
    with open_database(home, uri=uri) as database:
        yield database
    with pymongo.MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    """A connection beside the one of `database`, to see or change what no store tells."""
    made = Connection(database.uri, told("database-of-others", variable="the test"))
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with connected(database) as made:
        yield made
