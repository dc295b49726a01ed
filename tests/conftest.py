"""Fixtures that every kind of test shares: an isolated home, a real database, real music where it is present."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from indexer.core.politeness import ONE_THREAD

# Before NumPy is loaded: processes of tests share the cores, and threads of one's arithmetic wait for the others'.
os.environ.update(ONE_THREAD)

import numpy as np
import pymongo
import pytest
import soundfile
from filelock import FileLock
from hypothesis import settings
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core import language
from indexer.core.files.logs import drop_handlers
from indexer.core.home import Home
from indexer.core.politeness import environment
from indexer.core.sentences.told import told
from indexer.core.store import Database, open_database
from indexer.core.store.connection import Connection
from indexer.features.filters import CACHE_VARIABLE
from musicplayer import translations
from musicplayer.threads import collect_if_due
from musicplayer.ui.look.theme import Theme

# How long an example takes says nothing on a machine that does something else as well.
settings.register_profile("segue", deadline=None)
settings.load_profile("segue")

_standard_error: list[int] = []

REPOSITORY = Path(__file__).resolve().parent.parent
os.environ.setdefault("SEGUE_AOUT", "dummy")
if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# Windows of tests before are garbage that a worker thread must not find; see musicplayer.threads.
gc.disable()


ONE_JVM = (
    "tests/integration/test_spark_build.py",
    "tests/integration/test_hearing.py",
    "tests/integration/test_tune.py",
    "tests/integration/test_spark_joins.py",
    "tests/integration/spark_taste/test_als.py",
    "tests/integration/spark_taste/test_words.py",
    "tests/integration/spark_taste/test_table.py",
    "tests/integration/kafka/test_stream_train.py",
    "tests/integration/test_spark_masters.py",
)
"""Files that ask for the fixture `spark`, and last one that compares its models with theirs."""

LONG = (
    *ONE_JVM,
    "tests/e2e/test_tour.py",
    "tests/faults/test_processes.py",
    "tests/faults/test_streaming.py",
    "tests/e2e/test_kill.py",
    "tests/integration/test_vlc_backend.py",
    "tests/integration/test_cluster_extraction.py",
    "tests/e2e/test_embedding.py",
    "tests/integration/store/test_crash.py",
    "tests/e2e/test_indexing.py",
    "tests/integration/store/test_server.py",
    "tests/integration/test_spark_access.py",
    "tests/e2e/test_trouble.py",
    "tests/integration/test_seams.py",
    "tests/integration/test_studio.py",
    "tests/integration/test_streamed.py",
)
"""Files of tests that take long, the longest first."""

TOGETHER = dict.fromkeys(ONE_JVM, "one JVM")
"""Files that one process runs, by what it makes once for all of them."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, and all files of TOGETHER to the same."""
    from xdist.scheduler import LoadFileScheduling

    class FilesTogether(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return TOGETHER.get(file, file)

    return FilesTogether(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure() -> None:
    _standard_error.append(os.dup(2))  # before any test's output is captured


@pytest.fixture(autouse=True)
def _hooks_of_the_run() -> Iterator[None]:
    """After a program that ran in this process pytest tells again what nobody caught, and where the process died."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    if sys.unraisablehook is not hooks[1]:
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        faulthandler.enable(file=_standard_error[0])


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Windows and themes end with their test: each later theme dresses all windows, each older one does so again."""
    before = _windows_and_themes()
    yield
    for left in _windows_and_themes() - before:
        left.deleteLater()
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _windows_and_themes() -> set[QObject]:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return set()
    popup = Qt.WindowType.Popup  # goes with whose it is
    windows = {one for one in application.topLevelWidgets() if one.parent() is None and one.windowType() is not popup}
    return windows | set(application.findChildren(Theme, options=Qt.FindChildOption.FindDirectChildrenOnly))


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
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _filter_banks_kept(shared_folder: Path) -> Iterator[None]:
    """No process but the first computes filter banks, which takes seconds; whoever tests that unsets the variable."""
    with environment({CACHE_VARIABLE: str(shared_folder / "filter-banks")}):
        yield


@pytest.fixture(scope="session")
def demo_folder(shared_folder: Path) -> Path:
    """18 synthesised tracks of six styles, tagged and with covers; read only, so copy it to change it."""
    from indexer.demo import make_demo

    folder = shared_folder / "demo"
    with FileLock(shared_folder / "demo.lock"):
        make_demo(folder, tracks=18)  # by whichever process comes first
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


@contextmanager
def empty_database(server: str, home: Home) -> Iterator[Database]:
    """A database of its own for a home, on a server that others use too; it is gone afterwards."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    uri = urlsplit(server)._replace(path=f"/{name}").geturl()
    with open_database(home, uri=uri) as database:
        yield database
    with pymongo.MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)


@pytest.fixture
def database(database_server: str, home: Home) -> Iterator[Database]:
    """An empty database of its own for one test, on the shared server."""
    with empty_database(database_server, home) as database:
        yield database


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
