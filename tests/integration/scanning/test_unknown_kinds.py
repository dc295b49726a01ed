from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core import language
from indexer.core.events import Event, Notice
from indexer.core.sentences.told import told
from indexer.core.store import Database
from indexer.scanning.scan import ScanResult
from musicplayer import translations
from tests import bad_files
from tests.integration.scanning.library import Scan

pytestmark = pytest.mark.database


def notices(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Notice)]


def test_files_of_unknown_kinds_are_counted_and_told_once(
    database: Database, root: Path, run: Scan, events: list[Event]
) -> None:
    bad_files.good(root)
    for number in range(8):
        (root / f"{number}.mid").touch()
    (root / "song.cdg").touch()
    (root / "cover.jpg").touch()
    database.folders.add(str(root))
    told = f"9 files in {root} are of kinds that Segue does not know: .mid 8, .cdg 1."
    assert run() == ScanResult(new=1, unknown=9, tracks=1)
    assert told in notices(events)
    assert database.folders.all()[0].unknown == ((".mid", 8), (".cdg", 1))
    assert run() == ScanResult(unchanged=1, unknown=9, tracks=1)
    assert told not in notices(events)
    (root / "song.cdg").unlink()
    run()
    assert f"8 files in {root} are of kinds that Segue does not know: .mid 8." in notices(events)
    for path in root.glob("*.mid"):
        path.unlink()
    assert run() == ScanResult(unchanged=1, tracks=1)
    assert database.folders.all()[0].unknown == ()


def test_it_is_told_in_the_language_of_the_player(tmp_path: Path) -> None:
    language.use(translations.load("de", tmp_path), "de")
    try:
        kinds = [told("kind-count", kind=".mid", number=2), told("kind-without-ending", number=1)]
        notice = Notice("kinds-unknown", {"folder": "/m", "number": 3, "kinds": kinds})
        assert notice.message == "3 Dateien in /m sind von Arten, die Segue nicht kennt: .mid 2, ohne Endung 1."
    finally:
        language.use(translations.load(language.ENGLISH, tmp_path))
