"""A disk that runs full for real: every call says so, nothing acknowledged is lost, and space mends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.store import Database, DatabaseError, open_database
from indexer.core.store.managed.server import stop
from indexer.core.tracks import Track, TrackId
from tests.waiting import wait_until

pytestmark = pytest.mark.database

MEGABYTES = 64


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}M", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_named_and_mends(small_disk: Path) -> None:
    home = Home.resolve(small_disk / "home")
    with open_database(home) as database:
        written = _write_until_full(database, small_disk)
        (small_disk / "filling").unlink()
        _wait_until_it_writes(database)
        kept = {track.id for track in database.tracks.all()}
        assert set(written) <= kept
    stop(home)


def _write_until_full(database: Database, disk: Path) -> list[TrackId]:
    written = [track.id for track in _write(database, 0)]
    _fill(disk / "filling")
    with pytest.raises(DatabaseError) as failure:
        _write_on(database, written)
    assert "is full" in failure.value.message
    assert str(disk) in failure.value.message
    assert "Free some space" in failure.value.advice
    return written


def _write_on(database: Database, written: list[TrackId]) -> None:
    """Write batch after batch until it fails, noting what was acknowledged."""
    for batch in range(1, 200):
        written += [track.id for track in _write(database, batch)]


def _write(database: Database, batch: int) -> list[Track]:
    tracks = [
        Track(id=TrackId(f"{batch * 1000 + number:032x}"), path=f"/{batch}/{number}" + "x" * 2000, root="/")
        for number in range(100)
    ]
    database.tracks.upsert(tracks)
    return tracks


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"\0" * 65_536)
        except OSError:
            return


def _wait_until_it_writes(database: Database) -> None:
    def writes() -> bool:
        try:
            _write(database, 500)
        except DatabaseError:
            return False
        return True

    wait_until(writes, "the server writes again")
