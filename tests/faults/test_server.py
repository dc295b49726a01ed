"""The short form of what happens to a server: a small library with a model that no Spark made."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pymongo
import pytest

from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database, FeatureRecord, open_database
from indexer.core.store.managed.server import hold
from indexer.core.tracks import TrackId
from tests.faults import server
from tests.faults.fault import Fault, Verdict, judge
from tests.faults.world import World
from tests.served_library import make_library
from tests.serving import Served, serving
from tests.unit.discover.small_model import write_small_model
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here"),
]

LONG = (server.kill_database, server.hold_half_open)
SHORT = [fault for fault in server.SERVER if fault.strike not in LONG]
CUT_SECONDS = 1.0
FEW = 6


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World.below(tmp_path_factory.mktemp("faults")) as world:
        hold(world.home)
        with open_database(world.home) as database:
            make_library(database, world.home, world.music)
        world.ledger.note()
        yield world


@pytest.mark.parametrize("fault", SHORT, ids=[fault.name.removeprefix("server: ") for fault in SHORT])
def test_nothing_is_lost(fault: Fault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CUT_SECONDS", CUT_SECONDS)
    verdict = Verdict(fault.name)
    judge(fault, world, random.Random(5), verdict)
    if verdict.skipped:
        pytest.skip(verdict.skipped)
    assert verdict.holds, verdict
    assert verdict.injected == 1


def test_a_model_that_is_replaced_meanwhile_answers_soon(database: Database, home: Home, tmp_path: Path) -> None:
    """Whoever asks meanwhile is answered by the one or the other."""
    tracks = make_library(database, home, tmp_path / "music")
    chance = np.random.default_rng(3)
    sounds = {track.id: chance.normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32) for track in tracks}
    with serving(home, database.uri) as served:
        wait_until(lambda: similar(served, tracks[0].id))
        before = similar(served, tracks[0].id)
        write_small_model(home, sounds, name="another", key=SONIC.key)
        answers = [before]

        def is_another() -> bool:
            answers.append(similar(served, tracks[0].id))
            return answers[-1] != before

        wait_until(is_another)
        assert all(answers), "nothing was answered while the model was replaced"
        assert similar(served, tracks[0].id) == answers[-1]


def test_a_library_that_is_made_anew_is_followed(database: Database, home: Home, tmp_path: Path) -> None:
    """Its database is emptied under the server's connection, and filled with fewer tracks that nobody knew."""
    made = make_library(database, home, tmp_path / "music")
    few = [replace(track, id=TrackId(f"{900 + number:032x}")) for number, track in enumerate(made[:FEW])]
    sounds = np.random.default_rng(3).normal(size=(FEW, SONIC.windows, SONIC.dims)).astype(np.float32)
    sounds[:, :, SONIC.columns.index("heard_seconds")] = 10
    with serving(home, database.uri) as served, served.client() as client:
        with pymongo.MongoClient[dict[str, object]](database.uri) as raw:
            raw.drop_database(raw.get_default_database().name)
        with open_database(home, uri=database.uri) as again:
            again.folders.add(str(tmp_path / "music"))
            again.tracks.upsert(few)
            again.features.upsert(
                FeatureRecord(track.id, SONIC.name, SONIC.version, sound)
                for track, sound in zip(few, sounds, strict=True)
            )
        wanted = {track.id for track in few}
        wait_until(lambda: {row["id"] for row in client.get("/api/tracks?size=100").json()["tracks"]} == wanted)
        wait_until(lambda: similar(served, few[0].id), "nothing sounds like anything")
        assert set(similar(served, few[0].id)) < wanted
        wait_until(lambda: client.get(f"/stream/{few[0].id}").is_success, "its folder is not known")
        assert client.get(f"/stream/{made[0].id}").status_code == httpx.codes.NOT_FOUND


def similar(served: Served, seed: str) -> list[str]:
    """What sounds like a track, as the page has it."""
    with served.client() as client:
        return [row["track"]["id"] for row in client.get(f"/api/similar?seed={seed}").json()["rows"]]
