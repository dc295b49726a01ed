"""The database is away while files are analysed: extraction waits for it, goes on, and loses nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.core.events import Event, Notice
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC
from indexer.core.store import FeatureRecord, open_database
from indexer.core.tracks import Track, TrackId
from tests.integration.store.conftest import state_of

pytestmark = [pytest.mark.database, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")]

TRACKS = 24


@pytest.mark.usefixtures("impatient")
def test_extraction_waits_for_a_server_that_was_killed(
    own_server: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    with open_database(own_server) as database, suspendable(own_server) as (keeper, server):
        tracks = add_tracks(tmp_path)
        database.tracks.upsert(tracks)
        store = database.features.upsert

        def upsert(records: Iterable[FeatureRecord]) -> int:
            monkeypatch.setattr(database.features, "upsert", store)
            keeper.suspend()  # or the server would be back before anybody noticed
            server.kill()
            return store(records)

        def on_event(event: Event) -> None:
            if isinstance(event, Notice):
                said.append(event.message)
                keeper.resume()

        monkeypatch.setattr(database.features, "upsert", upsert)
        result = extract(
            database, profiles=[CLASSIC], workers=1, on_event=on_event, control=Control(), cache=own_server.cache
        )
        assert (result.done, result.failed) == (TRACKS, 0)
        assert database.features.analysed(CLASSIC.key) == {track.id for track in tracks}
        assert database.features.count(CLASSIC.key) == TRACKS
        assert database.problems.count() == 0
    assert "Waiting" in said[0]
    assert said[-1] == "The database answers again."


@contextmanager
def suspendable(home: Home) -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """The keeper and the server of a home; the keeper goes on afterwards, whatever happened."""
    state = state_of(home)
    keeper, server = state.keeper.process(), state.server.process()
    assert keeper is not None
    assert server is not None
    try:
        yield keeper, server
    finally:
        keeper.resume()


def add_tracks(folder: Path) -> list[Track]:
    """Noise, one file for each."""
    tracks = []
    for number in range(TRACKS):
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.1 * np.random.default_rng(number).standard_normal(22_050), 22_050)
        tracks.append(Track(TrackId(f"{number:032x}"), str(path), str(folder)))
    return tracks
