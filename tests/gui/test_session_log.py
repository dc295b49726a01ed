"""The log of a session tells its story, one line a thing, and names no music."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.files.logs import drop_handlers, log_file, start_logging
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.model.manifest import Manifest
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.store import LibraryFolder
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.diagnose.log_book import note_start
from musicplayer.discover.similar import Similar
from musicplayer.jobs import jobs
from tests.conftest import REPOSITORY

STAND_IN = REPOSITORY / "tests" / "unit" / "jobs" / "indexer_stand_in.py"
WAIT_MS = 60_000
MANIFEST = Manifest(
    id="m7", profile="sonic", profile_key="sonic:1", tracks=30, dims=64, neighbours=10, tables=2, hashes=3,
    bucket_length=1.0, probes=1, seed=0, recall=1.0, recall_sample=3, list_recall=1.0, candidate_share=1.0,
    largest_bucket=3, built_at="", spark_version="", seconds=1.0,
)  # fmt: skip


@pytest.fixture(autouse=True)
def log(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(jobs, "indexer_command", lambda: [sys.executable, str(STAND_IN), "works"])
    start_logging(home, "player")
    yield log_file(home, "player")
    drop_handlers()
    logging.getLogger().setLevel(logging.WARNING)


def test_the_log_tells_the_story_and_names_no_music(
    log: Path,
    qapp: QApplication,
    segue: Application,
    tracks: list[Track],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services, window = segue.services, segue.window
    services.library.catalogue.upsert([replace(track, title=f"Secret song {track.title}") for track in tracks])
    note_start(0.5)
    services.library.client.counts_changed.emit(LibraryCounts(30, 20, 1))
    services.library.client.folders_changed.emit([LibraryFolder("/music/of mine", 0.0, away=False)])
    with qtbot.waitSignal(services.jobs.idle, timeout=WAIT_MS):
        services.jobs.scan()
    monkeypatch.setattr(Similar, "manifest", property(lambda _: MANIFEST))
    services.similar.changed.emit()
    services.similar.changed.emit()
    window.shell.commands.play([track.id for track in tracks[:2]])
    window.shell.commands.enqueue([tracks[2].id], of="similar")
    services.player.extend([tracks[3].id], PlayContext(PlaySource.RADIO))
    for _ in range(3):
        services.player.next()
    told = [line.split(": ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines() if " player: " in line]
    first, one, two = (track.id for track in (tracks[0], tracks[1], tracks[3]))
    story = [
        "Segue ",
        "library: 30 tracks in 1 folders, 20 analysed, 1 files with problems",
        "job scan begins",
        "stage scan begins, 2 to do",
        "job scan ended after ",
        "model m7 of 30 tracks in 64 dimensions",
        "2 tracks to play, chosen in tracks",
        f"plays {first} of the queue, put there by a person",
        "1 tracks for the queue, chosen in similar",
        f"plays {one} of the queue, put there by a person",
        f"plays {two} of the queue, put there by radio",
    ]
    places = [next((at for at, line in enumerate(told) if line.startswith(part)), None) for part in story]
    assert None not in places, (story, told)
    assert places == sorted(place for place in places if place is not None)
    assert sum(line.startswith("model m7") for line in told) == 1
    assert not any(line.startswith("library: 30 tracks in 0 folders") for line in told)
    whole = log.read_text(encoding="utf-8")
    names = ("Secret song", "of mine", ".flac", "/x.mp3", *{track.artist for track in tracks}, "Album 0")
    assert [name for name in names if name in whole] == []
