"""What is analysed and counts, asked of everything that counts it: tracks that left are part of nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.build import BuildOptions, ModelPolicy, why_build_model
from indexer.commands.tables import write_features
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.ask import open_model
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import TrackId, TrackState
from indexer.spark.origin import stored
from musicplayer.discover.similar import Similar
from musicplayer.library.database_client import DatabaseClient
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import write_small_model

pytestmark = pytest.mark.database

TRACKS = 20
WAIT_MS = 15_000


def record(number: int) -> FeatureRecord:
    sound = np.random.default_rng(number).normal(size=SONIC.dims).astype(np.float32)
    values = np.tile(sound, (SONIC.windows, 1))
    values[:, SONIC.columns.index("heard_seconds")] = 0.5
    return FeatureRecord(track(number).id, SONIC.name, SONIC.version, values)


def put(database: Database, numbers: range) -> None:
    database.tracks.upsert(track(number) for number in numbers)
    database.features.upsert(record(number) for number in numbers)


def leave(database: Database, numbers: range) -> None:
    database.tracks.set_state([track(number).id for number in numbers], TrackState.GONE)


def build_of(home: Home, numbers: range) -> None:
    features = {track(number).id: record(number).values for number in numbers}
    write_small_model(home, features, name=f"of-{len(numbers)}-{numbers[0]}", key=SONIC.key)


def ids(numbers: range) -> set[TrackId]:
    return {track(number).id for number in numbers}


def test_a_model_of_what_is_left_is_not_built_again(home: Home, database: Database) -> None:
    put(database, range(TRACKS))
    build_of(home, range(TRACKS))
    assert why_build_model(database, home, BuildOptions()) is None
    leave(database, range(12, TRACKS))
    reason = why_build_model(database, home, BuildOptions())
    assert reason is not None
    assert "8 tracks came or went" in reason.message
    assert stored(database, home, SONIC)[1] == 12
    build_of(home, range(12))
    assert why_build_model(database, home, BuildOptions()) is None
    assert why_build_model(database, home, BuildOptions(model=ModelPolicy.ALWAYS)) is not None


def test_as_many_that_came_as_left_make_a_model_stale(home: Home, database: Database) -> None:
    put(database, range(TRACKS))
    build_of(home, range(TRACKS))
    leave(database, range(4))
    put(database, range(TRACKS, TRACKS + 4))
    assert database.features.count(SONIC.key) - 4 == TRACKS
    reason = why_build_model(database, home, BuildOptions())
    assert reason is not None
    assert "8 tracks came or went" in reason.message


def test_too_few_that_are_left_build_nothing(home: Home, database: Database) -> None:
    put(database, range(3))
    leave(database, range(2))
    assert why_build_model(database, home, BuildOptions()) is None


def test_every_reason_to_build_a_model_is_told_with_its_number(home: Home, database: Database) -> None:
    def reason(**options: Any) -> tuple[str, object] | None:
        notice = why_build_model(database, home, BuildOptions(**options))
        return None if notice is None else (notice.code, notice.values["number"])

    put(database, range(TRACKS))
    assert reason() == ("model-first", TRACKS)
    assert reason(model=ModelPolicy.NEVER) is None
    build_of(home, range(TRACKS))
    assert reason() is None
    assert reason(model=ModelPolicy.ALWAYS) == ("model-asked", TRACKS)
    assert reason(model=ModelPolicy.NEVER, full=True) is None
    assert reason(full=True) == ("model-renewed", TRACKS)
    put(database, range(TRACKS, TRACKS + 3))
    assert reason() is None, "a few may come"
    put(database, range(TRACKS, TRACKS + 7))
    assert reason() == ("model-outgrown", 7)
    build_of(home, range(TRACKS + 7))
    assert reason() is None


def test_a_model_that_is_damaged_or_of_another_profile_is_built_anew(home: Home, database: Database) -> None:
    put(database, range(TRACKS))
    features = {track(number).id: record(number).values for number in range(TRACKS)}
    write_small_model(home, features, key=f"{SONIC.name}:{SONIC.version - 1}")
    reason = why_build_model(database, home, BuildOptions())
    assert reason is not None
    assert reason.code == "model-renewed"
    build_of(home, range(TRACKS))
    (current_model_folder(home, SONIC.name) / "manifest.json").write_text("{", encoding="utf-8")
    reason = why_build_model(database, home, BuildOptions())
    assert reason is not None
    assert reason.code == "model-first"


def test_those_that_are_away_count_and_those_that_left_do_not(home: Home, database: Database) -> None:
    put(database, range(TRACKS))
    assert database.analysed_number(SONIC.key) == TRACKS
    database.tracks.set_state([track(0).id, track(1).id], TrackState.AWAY)
    leave(database, range(2, 6))
    left = ids(range(TRACKS)) - ids(range(2, 6))
    assert (database.analysed(SONIC.key), database.analysed_number(SONIC.key)) == (left, len(left))
    assert (database.analysed(CLASSIC.key), database.analysed_number(CLASSIC.key)) == (set(), 0)
    build_of(home, range(TRACKS))
    assert set(open_model(database, home, SONIC).tracks()) == left


def test_features_of_those_that_left_are_not_exported(database: Database, tmp_path: Path) -> None:
    put(database, range(6))
    database.tracks.set_state([track(1).id], TrackState.AWAY)
    leave(database, range(4, 6))
    assert write_features(database, SONIC, tmp_path / "features.csv") == 4
    with (tmp_path / "features.csv").open(encoding="utf-8") as stream:
        assert {row["track_id"] for row in csv.DictReader(stream)} == ids(range(4))


def test_the_player_notices_at_the_start_and_while_it_runs_that_tracks_left(
    home: Home, database: Database, qtbot: QtBot
) -> None:
    put(database, range(TRACKS))
    leave(database, range(15, TRACKS))
    build_of(home, range(TRACKS))
    catalogue = Catalogue()
    catalogue.upsert([track(number, artist=f"Artist {number}", seconds=100.0 + number) for number in range(TRACKS)])
    similar, client = Similar(home, SONIC.name, catalogue), DatabaseClient(home, SONIC.key, uri=database.uri)
    client.tracks_changed.connect(similar.follow)
    client.tracks_left.connect(similar.drop)
    client.features_arrived.connect(similar.add_features)
    client.missing_arrived.connect(similar.take_missing)
    similar.wants_features.connect(client.fetch_missing_features)
    similar.wants_features_of.connect(client.fetch_features)
    client.start()
    try:
        similar.start()
        qtbot.waitUntil(lambda: similar.is_outgrown, timeout=WAIT_MS)
        assert similar.model is not None
        assert set(similar.model.tracks()) == ids(range(15))
        assert similar.for_track(track(0).id).rows[0].others == 14
        leave(database, range(10, 15))
        qtbot.waitUntil(lambda: similar.model is not None and len(similar.model) == 10, timeout=WAIT_MS)
        database.tracks.set_state(sorted(ids(range(10, TRACKS))), TrackState.PRESENT)
        qtbot.waitUntil(lambda: similar.model is not None and len(similar.model) == TRACKS, timeout=WAIT_MS)
        assert (similar.growth, similar.is_outgrown) == (0.0, False)
    finally:
        client.shutdown()
        similar.shutdown()
