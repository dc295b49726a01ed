"""Fixtures of the tests of the scan: a folder of music, and a scan of it as a build does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.core.events import Event
from indexer.core.store import Database
from indexer.core.tags import reading
from indexer.scanning.scan import ScanResult, scan
from tests.integration.scanning.library import Scan


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def run(database: Database, root: Path, events: list[Event]) -> Scan:
    """Scan folders, the one of this test unless others are named, as a build does: they belong to the library."""

    def run_scan(*folders: Path, cancelled: Callable[[], bool] = lambda: False) -> ScanResult:
        for folder in folders or (root,):
            database.folders.add(str(folder))
        events.clear()
        return scan(database, folders or (root,), on_event=events.append, cancelled=cancelled)

    return run_scan


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are opened from now on."""
    paths: list[str] = []
    identify = reading.identify
    monkeypatch.setattr(reading, "identify", lambda path: (paths.append(str(path)), identify(path))[1])
    return paths
