"""`indexer stream train` with a real broker, a real Spark and a real database: each play once, then a new model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from indexer.analysis.control import Control
from indexer.cli import app
from indexer.commands.stream_train import Work, gather_once
from indexer.core.events import Event, Notice
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, Address, Topic
from indexer.core.kafka.broker import KafkaAway, Outlet, make_topics
from indexer.core.kafka.events import model_of
from indexer.core.plays import OWNER, ListenerId, PlaySource
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.taste.folder import load_taste, taste_stamp
from indexer.core.taste.model import TASTE
from indexer.core.taste.recommending import TasteInUse
from indexer.history.build import LISTENERS
from indexer.history.gathering import gather
from indexer.history.retrain import Learner
from indexer.spark.stream.files import GatheredFiles
from tests.brokers import Broker, needed, running
from tests.conftest import REPOSITORY
from tests.integration.conftest import TWO_CORES
from tests.integration.kafka.reading import messages_of
from tests.plays import play_of
from tests.serving import free_port
from tests.unit.core.catalogue.tracks import track
from tests.waiting import wait_until

pytestmark = [pytest.mark.spark, pytest.mark.database, pytest.mark.usefixtures("builds_share_spark")]

COUNT = 24
NOW = 1_790_000_000.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running(tmp_path / "broker") as made:
        make_topics(made.where)
        yield made


@pytest.fixture
def typed(database: Database, home: Home, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv(ADDRESS_VARIABLE, broker.address)
    return CliRunner()


@pytest.fixture
def library(database: Database) -> list[str]:
    """Ids of the tracks of a small library."""
    tracks = [track(number, genre=f"Genre {number % 3}") for number in range(COUNT)]
    database.tracks.upsert(tracks)
    return [each.id for each in tracks]


def told(address: Address, values: Iterable[tuple[str, bytes]]) -> None:
    """Have messages on the topic of plays, by key and value."""
    outlet = Outlet(address)
    for key, value in values:
        outlet.send(Topic.PLAYS, key, value)
    assert outlet.settle(30)


def message(
    number: int, listener: str = "guest", at: float | None = None, track: str | None = None, **more: Any
) -> tuple[str, bytes]:
    record = {
        "version": 1,
        "id": f"{number:024x}",
        "listener": listener,
        "track": f"{number % COUNT:032x}" if track is None else track,
        "at": NOW - number * 60 if at is None else at,
        "seconds_heard": 100.0,
        "seconds": 200.0,
        **more,
    }
    return listener, json.dumps(record).encode()


def train(typed: CliRunner) -> dict[str, Any]:
    result = typed.invoke(app, ["stream", "train", "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def gathered(home: Home) -> list[int]:
    return sorted(int(each, 16) for each in GatheredFiles(home).read().column("id").to_pylist())


def test_each_play_is_gathered_once_and_a_new_model_is_told_of(
    spark: SparkSession, typed: CliRunner, home: Home, broker: Broker, library: list[str]
) -> None:
    used = TasteInUse(home)
    assert used.now()[1] is None
    long_ago = [message(number, at=NOW - number * 86_400) for number in range(30)]
    odd = [("x", b"no JSON"), ("x", b'{"version": 9}'), message(99, at=9e11)]
    told(broker.where, [*long_ago[:20], *odd, *long_ago[10:]])
    first = train(typed)
    assert first["gathered"] == 30
    assert first["refused"] == 3
    assert gathered(home) == list(range(30))
    model = used.now()[1]
    assert model is not None
    assert model.version == first["model"]
    assert model.manifest.figures["plays"] == 30
    made = messages_of(broker.where, (Topic.MODELS,), until=lambda found: len(found) == 1)
    assert (model_of(made[0]).profile, model_of(made[0]).model) == (TASTE, model.version)

    nothing = typed.invoke(app, ["stream", "train", "--events"])
    assert nothing.exit_code == 0
    assert "stream-nothing-new" in nothing.stdout
    assert load_taste(home).version == model.version

    told(broker.where, [message(5), *(message(number) for number in range(30, 34))])
    second = train(typed)
    assert second["gathered"] == 4
    assert gathered(home) == list(range(34))
    assert load_taste(home).version == second["model"] != model.version


def test_what_the_database_knows_holds_and_what_was_erased_stays_so(
    spark: SparkSession, typed: CliRunner, home: Home, database: Database, broker: Broker, library: list[str]
) -> None:
    known = play_of(library[3], NOW, listener=ListenerId("guest"), play=f"{1:024x}")
    database.plays.add([known])
    web = {"source": PlaySource.WEB.value}
    named = {"track": None, "named": {"artist": "Artist 0", "title": "Title 2"}}
    told(
        broker.where,
        [
            message(1, track=library[9]),
            message(2),
            message(3, "gone", at=time.time() - 100),
            message(4, "had an account", **web),
            message(5, OWNER, **web),
            message(6, "by name", **named),
        ],
    )
    train(typed)
    found = gather(database, home, "sonic")
    assert {who: plays.items.tolist() for who, plays in found.listeners.items() if who != "by name"} == {
        "guest": [2, 3],
        "gone": [3],
        OWNER: [5],
    }
    erasing = typed.invoke(app, ["history", "erase", "--listener", "gone", "--yes"])
    assert erasing.exit_code == 0, erasing.output
    assert gathered(home) == [1, 2, 4, 5, 6]
    told(broker.where, [message(3, "gone", at=time.time() - 100), message(7, "gone", at=time.time() + 100)])
    train(typed)
    assert gather(database, home, "sonic").listeners[ListenerId("gone")].items.tolist() == [7]


def test_very_many_listeners_are_learnt_of_by_spark(
    spark: SparkSession, home: Home, database: Database, broker: Broker, library: list[str]
) -> None:
    told(broker.where, [message(number, f"listener {number % 40}") for number in range(200)])
    events: list[Event] = []
    learner = Learner(home, GatheredFiles(home), "sonic", TWO_CORES, most_rows=30)
    work = Work(home, broker.where, learner, events.append, Control(), most=120)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(URI_VARIABLE, database.uri)
        gather_once(work)
    assert work.counts["gathered"] == 200
    model = load_taste(home)
    assert model.version == work.model
    assert model.manifest.listeners == 40
    assert dict(model.solve.blocks)[LISTENERS] == 64


def test_a_topic_made_anew_is_read_from_its_beginning_and_that_is_said(
    spark: SparkSession, home: Home, database: Database, library: list[str], tmp_path: Path
) -> None:
    needed("noida")
    port = free_port()
    events: list[Event] = []
    for beginning in (0, 100):
        broker = Broker(tmp_path / f"broker {beginning}", "noida", port)
        broker.start()
        make_topics(broker.where)
        told(broker.where, [message(beginning + number) for number in range(20)])
        learner = Learner(home, GatheredFiles(home), "sonic", TWO_CORES)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(URI_VARIABLE, database.uri)
            gather_once(Work(home, broker.where, learner, events.append, Control()))
        broker.stop()
    assert gathered(home) == [*range(20), *range(100, 120)]
    assert [event.code for event in events if isinstance(event, Notice) and "stream" in event.code] == ["stream-anew"]
    with pytest.raises(KafkaAway):
        make_topics(broker.where, seconds=1)


def test_it_goes_on_through_the_death_of_the_broker_learns_again_and_ends_when_told_to(
    typed: CliRunner, home: Home, broker: Broker, library: list[str]
) -> None:
    command = [sys.executable, "-m", "indexer", "stream", "train", "--trigger", "continuous", "--every", "0.1"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    told(broker.where, [message(number, f"{number % 7}") for number in range(30)])
    with subprocess.Popen(
        [*command, "--events"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as run:
        try:
            wait_until(lambda: taste_stamp(home) is not None, "the first model", seconds=300)
            first = load_taste(home).version
            broker.kill()
            broker.start()
            told(broker.where, [message(number, f"{number % 7}") for number in range(30, 60)])
            wait_until(lambda: len(gathered(home)) == 60, "the other plays", seconds=300)
            wait_until(lambda: load_taste(home).version != first, "the second model", seconds=300)
        finally:
            run.terminate()
        assert run.stdout is not None
        lines = [json.loads(line) for line in run.stdout.read().splitlines()]
    assert run.returncode == 0
    assert (lines[-1]["event"], lines[-1]["summary"]["models"]) == ("finished", 2)
    assert gathered(home) == list(range(60))


def test_a_process_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(
    spark: SparkSession, typed: CliRunner, home: Home, broker: Broker, library: list[str]
) -> None:
    told(broker.where, [message(number, f"{number % 7}") for number in range(400)])
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "indexer", "stream", "train", "--most", "40", "--spark-master", TWO_CORES]
    for _ in range(2):
        before = GatheredFiles(home).number
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            enough: Callable[[], bool] = lambda before=before: GatheredFiles(home).number >= before + 2  # noqa: E731
            wait_until(enough, "two batches", seconds=300)
            run.kill()
        assert run.returncode < 0
    assert len(gathered(home)) < 400
    train(typed)
    assert gathered(home) == list(range(400))
