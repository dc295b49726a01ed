from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.events import Event
from indexer.core.sentences.told import plain
from indexer.core.store import Database, DatabaseError
from indexer.core.tracks import TrackState
from indexer.scanning.scan import ScanResult
from tests import bad_files
from tests.integration.scanning.library import Scan, tracks

pytestmark = pytest.mark.database


def test_a_cancelled_scan_keeps_what_it_read_and_the_next_goes_on(
    database: Database, root: Path, run: Scan, events: list[Event]
) -> None:
    for seed in range(5):
        bad_files.good(root, f"{seed}.flac", seed=seed)
    reads = iter(range(100))
    result = run(cancelled=lambda: next(reads) > 4)
    assert result.cancelled
    assert 0 < result.new < 5
    assert result.tracks == result.new
    assert run() == ScanResult(new=5 - result.new, unchanged=result.new, tracks=5)


@pytest.mark.parametrize("broken", ["tracks", "files"])
def test_a_scan_cut_off_at_a_write_is_made_up_for(
    database: Database, root: Path, run: Scan, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    kept = bad_files.good(root, "kept.flac", seed=1)
    run()
    bad_files.good(root, kept.name, seed=2, seconds=4)
    bad_files.good(root, "new.flac", seed=3)

    def fail(*_: object) -> None:
        raise DatabaseError.again(*plain("The database said no.", "Try again."))

    with monkeypatch.context() as patch:
        patch.setattr(getattr(database, broken), "upsert", fail)
        with pytest.raises(DatabaseError):
            run()
    result = run()
    assert (result.tracks, result.changed) == (2, 1)
    assert len(tracks(database, TrackState.GONE)) == 1
    assert run() == ScanResult(unchanged=2, tracks=2)


def test_a_dead_database_is_an_error_of_its_own(database: Database, root: Path, run: Scan) -> None:
    bad_files.good(root)
    database.close()
    with pytest.raises(DatabaseError):
        run()
