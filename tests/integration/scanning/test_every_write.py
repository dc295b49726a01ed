"""A scan whose database goes away at any one of its writes: the next one makes up for it, or it waits itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mutagen.flac
import pytest

from indexer.core.events import Event, EventSink, Notice
from indexer.core.sentences.told import plain
from indexer.core.store import Database, DatabaseUnavailable, patience
from indexer.core.store.connection import Connection
from indexer.scanning import metadata
from indexer.scanning import scan as scan_module
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.conftest import connected
from tests.fma_files import write_metadata
from tests.integration.scanning.library import Scan

pytestmark = pytest.mark.database

_COLLECTIONS = ("tracks", "words", "files", "problems", "folders", "genres", "heirs", "meta")
_PASSING = ("rev", "added_at", "at")
"""Fields that say when something was written, not what."""

_FIRST = 2
"""The first write of a scan: the one before it adds the folder to the library."""

State = dict[str, list[dict[str, Any]]]


class Unreliable:
    """Lets writes through up to the n-th, which fails before or after the server has done it, and some more."""

    def __init__(self, fails_at: int, *, done: bool, failures: int = 1) -> None:
        self.writes = 0
        self._fails = range(fails_at, fails_at + failures)
        self._done = done

    def once_more(self, connection: Connection, operation: Callable[[], Any]) -> Any:
        self.writes += 1
        if self.writes not in self._fails:
            return _ONCE_MORE(connection, operation)
        if self._done:
            _ONCE_MORE(connection, operation)
        raise DatabaseUnavailable.again(*plain("The database does not answer.", "Wait."))


_ONCE_MORE = Connection.once_more


@contextmanager
def unreliable(monkeypatch: pytest.MonkeyPatch, fails_at: int, **options: Any) -> Iterator[Unreliable]:
    writes = Unreliable(fails_at, **options)

    def once_more(connection: Connection, operation: Callable[[], Any]) -> Any:
        return writes.once_more(connection, operation)

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "once_more", once_more)
        yield writes


@pytest.fixture
def changes(database: Database, root: Path, run: Scan, monkeypatch: pytest.MonkeyPatch) -> State:
    """A library of which every kind of thing has happened since it was scanned; the database as it was then."""
    monkeypatch.setattr(scan_module, "BATCH", 2)
    monkeypatch.setattr(metadata, "BATCH", 1)
    monkeypatch.setattr(metadata, "SAMPLE", 1)
    names = ("kept", "retagged", "replaced", "moved", "deleted", "copied", "broken")
    paths = {name: bad_files.good(root, f"{name}.flac", seed=seed, seconds=0.2) for seed, name in enumerate(names)}
    mended = bad_files.corrupt(root)
    for number in (2, 3, 5):
        bad_files.good(root / "000", f"{number:06d}.mp3", seed=20 + number, seconds=0.2)
    bad_files.mislabelled_text(root)
    run()
    media = mutagen.flac.FLAC(paths["retagged"])
    media["title"], media["lyrics"] = "Another title", "Words that came later"
    media.save()
    (root / "kept.lrc").write_text("[00:01]Words beside it", encoding="utf-8")
    bad_files.good(root, "replaced.flac", seed=30, seconds=0.3)
    paths["moved"].rename(root / "z moved.flac")
    paths["deleted"].unlink()
    shutil.copy(paths["copied"], root / "a copy.flac")
    paths["broken"].write_bytes(b"no music any more")
    bad_files.good(root, mended.name, seed=31, seconds=0.2)
    (root / "shopping list.mp3").unlink()
    bad_files.good(root, "new.flac", seed=32, seconds=0.2)
    write_metadata(root, {number: {"title": f"Food {number}", "artist": "AWOL"} for number in "235"})
    return documents(database)


def test_what_a_lost_write_leaves_undone_is_made_up_for(
    database: Database, run: Scan, changes: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, writes = undisturbed(database, run, changes, monkeypatch)
    monkeypatch.setattr(scan_module, "Patience", impatient)
    for number in range(_FIRST, writes + 1):
        put_back(database, changes)
        with unreliable(monkeypatch, number, done=bool(number % 2)), pytest.raises(DatabaseUnavailable):
            run()
        result = run()
        assert settled(database) == expected, f"write {number}"
        assert run() == ScanResult(unchanged=11, problems=1, tracks=10), f"write {number}"
        assert (result.tracks, database.tracks.count()) == (10, 13)


def test_a_database_that_comes_back_is_waited_for(
    database: Database, run: Scan, changes: State, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, writes = undisturbed(database, run, changes, monkeypatch)
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.001)
    for number in range(_FIRST, writes + 1, 3):
        put_back(database, changes)
        with unreliable(monkeypatch, number, done=bool(number % 2), failures=2):
            run()
        assert settled(database) == expected, f"write {number}"
        notices = [event.message for event in events if isinstance(event, Notice)]
        assert "The database does not answer. Waiting for it; nothing is lost." in notices
        assert "The database answers again." in notices


def impatient(on_event: EventSink, cancelled: Callable[[], bool]) -> patience.Patience:
    return patience.Patience(on_event, cancelled, limit=0.0)


def undisturbed(
    database: Database, run: Scan, changes: State, monkeypatch: pytest.MonkeyPatch, *, fewest: int = 20
) -> tuple[object, int]:
    """What a scan that nothing befalls makes of the changes, and how often it writes."""
    with unreliable(monkeypatch, -1, done=False) as writes:
        run()
    assert writes.writes > fewest
    return settled(database), writes.writes


def settled(database: Database) -> object:
    """All that there is to know about the library, but for when it was written."""
    seen = {
        name: {str(document["_id"]): {**document, **dict.fromkeys(_PASSING)} for document in some}
        for name, some in documents(database).items()
        if name != "meta"
    }
    counts = {state: database.tracks.count(state) for state in {track.state for track in database.tracks.all()}}
    return seen, counts


def documents(database: Database) -> State:
    with connected(database) as connection:
        return {name: list(connection.read(name, {})) for name in _COLLECTIONS}


def put_back(database: Database, documents: State) -> None:
    with connected(database) as connection:
        for name, some in documents.items():
            collection = connection.collection(name)
            collection.delete_many({})
            if some:
                collection.insert_many(some)
