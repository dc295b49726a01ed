"""A standalone cluster of two workers hears what this machine hears, also when an executor is killed half way."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import psutil
import pymongo
import pytest
import soundfile
from pyspark.sql import SparkSession

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.file_run import FileRunResult
from indexer.core.events import Event, ProblemFound, Progress
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.politeness import environment
from indexer.core.store import Database, open_database
from indexer.core.tracks import ProblemKind, Track, TrackId
from indexer.spark.connector import PACKAGES_VARIABLE
from indexer.spark.extraction import extract_on_spark
from indexer.spark.masters import DatabaseOutOfReach
from indexer.spark.session import spark_log, spark_session
from indexer.spark.source import features_frame
from tests.connector_stand_in import StandIn
from tests.hearing import FOLDER_VARIABLE, done_by_name, gate, gated
from tests.spark_cluster import Cluster, cluster
from tests.waiting import wait_until

pytestmark = [pytest.mark.spark, pytest.mark.database]

PROFILES = (CLASSIC, SONIC)
GOOD = 18
GATED = frozenset({4, 5, 6, 7, 12, 13, 14, 15})
"""Numbers of tracks that wait for the gate: the second halves of two tasks, so that both executors come to a stop."""


@dataclass(frozen=True)
class Library:
    home: Home
    music: Path
    database: Database
    ids: list[TrackId]

    @property
    def free(self) -> set[TrackId]:
        """Tracks that are heard before the gate opens; those of the last task may be, or have to wait for a core."""
        return {track for number, track in enumerate(self.ids[:16]) if number not in GATED}

    @property
    def gated(self) -> set[TrackId]:
        """Tracks that are not heard before it opens."""
        return {self.ids[number] for number in GATED}

    def features(self) -> dict[tuple[str, TrackId], np.ndarray]:
        found = {profile.key: self.database.features.get(profile.key, self.ids) for profile in PROFILES}
        return {(key, track): values for key, tracks in found.items() for track, values in tracks.items()}


@dataclass(frozen=True)
class Killed:
    """A run in which an executor was killed, with what was seen of it."""

    result: FileRunResult
    events: list[Event]
    stored_before: set[TrackId]
    words: str
    orphans: list[psutil.Process]
    done: Counter[str]


@pytest.fixture(scope="module")
def new_database(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def make() -> Database:
        uri = urlsplit(database_server)._replace(path=f"/test_{uuid.uuid4().hex[:16]}").geturl()
        opened.append(open_database(Home.resolve(tmp_path_factory.mktemp("home")), uri=uri))
        return opened[-1]

    yield make
    for database in opened:
        with pymongo.MongoClient[dict[str, object]](database.uri) as client:
            client.drop_database(database.name)
        database.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[], Database]) -> Library:
    """Tracks of noise; one more is no music, and one kills."""
    folder = tmp_path_factory.mktemp("cluster")
    music, tracks = folder / "music", []
    music.mkdir()
    for number in range(GOOD):
        path = music / f"{number:02}{'-gated' if number in GATED else ''}.wav"
        soundfile.write(path, 0.1 * np.random.default_rng(number).standard_normal(2 * 22_050), 22_050)
        tracks.append(path)
    (music / "90.mp3").write_bytes(b"these are words, not music " * 40)
    (music / "91-killer.wav").write_bytes(tracks[0].read_bytes())
    tracks += [music / "90.mp3", music / "91-killer.wav"]
    ids = [TrackId(f"{number:032x}") for number in range(len(tracks))]
    made = Library(Home.resolve(folder / "home"), music, new_database(), ids)
    add_tracks(made.database, made)
    return made


def add_tracks(database: Database, library: Library) -> None:
    paths = sorted(library.music.iterdir())
    database.tracks.upsert(
        Track(id=track, path=str(path), root=str(library.music)) for track, path in zip(library.ids, paths, strict=True)
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Cluster]:
    with (
        environment({FOLDER_VARIABLE: str(library.music.parent)}),
        cluster(tmp_path_factory.mktemp("spark")) as started,
        spark_session(library.home, started.url),
    ):
        yield started


def run(
    library: Library, master: str, on_event: Callable[[Event], None], control: Control, *, full: bool = False
) -> FileRunResult:
    return extract_on_spark(
        library.database,
        library.home,
        master=master,
        profiles=PROFILES,
        on_event=on_event,
        control=control,
        full=full,
        time_limit=600.0,  # of a gated file on a busy machine
        analyse=gated,
    )


@pytest.fixture(scope="module")
def killed(library: Library, running: Cluster) -> Killed:
    """A run whose first executor dies when half of the files it began with are stored."""
    events: list[Event] = []
    seen: dict[str, Any] = {}

    def stored() -> set[TrackId]:
        return library.database.features.analysed(SONIC.key)

    def kill() -> None:
        try:
            wait_until(lambda: stored() >= library.free, seconds=600)
            seen["stored"], seen["words"] = stored(), words_of(running.processes())
            victim = running.executors()[0]
            below = victim.children(recursive=True)
            victim.kill()
            seen["orphans"] = psutil.wait_procs(below, timeout=60)[1]
        finally:
            gate(library.music.parent).touch()

    killer = threading.Thread(target=kill)
    killer.start()
    result = run(library, running.url, events.append, Control())
    killer.join()
    return Killed(result, events, seen["stored"], seen["words"], seen["orphans"], done_by_name(library.music.parent))


def words_of(processes: list[psutil.Process]) -> str:
    """Command lines and environments, as other users or a status page could show them."""
    words = []
    for process in processes:
        with suppress(psutil.Error):  # it has ended meanwhile
            words.append(f"{process.cmdline()} {process.environ()}")
    return "\n".join(words)


def event_logs(running: Cluster) -> list[str]:
    """What Spark's status pages are made of."""
    return [path.read_text(encoding="utf-8") for path in running.folder.rglob("events_*")]


def test_features_are_those_of_one_machine_bit_by_bit(
    library: Library, killed: Killed, new_database: Callable[[], Database]
) -> None:
    alone = Library(library.home, library.music, new_database(), library.ids)
    add_tracks(alone.database, alone)
    extract(alone.database, profiles=PROFILES, workers=1, on_event=lambda _: None, control=Control())
    expected, found = alone.features(), library.features()
    assert killed.stored_before >= library.free
    assert not killed.stored_before & library.gated
    good = [key for key in expected if key[1] != library.ids[-1]]  # the killer is a sound file to everyone else
    assert len(good) == 2 * GOOD
    assert found.keys() == set(good)
    assert all(found[key].tobytes() == expected[key].tobytes() for key in good)


def test_nothing_is_analysed_or_stored_twice(library: Library, killed: Killed) -> None:
    assert killed.orphans == []
    assert set(killed.done.values()) == {1}
    assert len(killed.done) == GOOD + 1  # and the file that is no music
    with pymongo.MongoClient[dict[str, object]](library.database.uri) as client:
        features = client[library.database.name]["features"]
        pairs = [(document["key"], document["track"]) for document in features.find({}, {"key": 1, "track": 1})]
    assert len(pairs) == len(set(pairs)) == 2 * GOOD
    assert library.database.features.count(SONIC.key) == GOOD


def test_what_fails_comes_back_as_on_one_machine(library: Library, killed: Killed) -> None:
    assert (killed.result.done, killed.result.failed) == (GOOD, 2)
    found = {Path(event.path).name: event.problem for event in killed.events if isinstance(event, ProblemFound)}
    assert found == {"90.mp3": ProblemKind.NOT_AUDIO, "91-killer.wav": ProblemKind.CRASHED}
    stored = library.database.problems.by_path()
    assert {Path(path).name for path in stored} == found.keys()
    assert all(problem.message and problem.advice and problem.size for problem in stored.values())
    last = killed.events[-1]
    assert isinstance(last, Progress)
    assert (last.done, last.total, last.failed) == (GOOD + 2, GOOD + 2, 2)


def test_the_password_shows_nowhere(library: Library, running: Cluster, killed: Killed) -> None:
    password = urlsplit(library.database.uri).password
    assert password
    assert "CoarseGrainedExecutorBackend" in killed.words
    events = event_logs(running)
    assert any("SparkListenerTaskEnd" in text for text in events)
    everything = [killed.words, running.written(), spark_log(library.home).read_text(encoding="utf-8"), *events]
    assert not any(password in text for text in everything)


@pytest.mark.parametrize("profile", [SONIC], ids=lambda profile: profile.name)
def test_the_connector_gives_the_same_rows(
    library: Library, running: Cluster, killed: Killed, monkeypatch: pytest.MonkeyPatch, profile: Profile
) -> None:
    spark = SparkSession.getActiveSession()
    assert spark is not None
    spark.dataSource.register(StandIn)

    def rows() -> list[dict[str, object]]:
        with features_frame(spark, library.database, library.home, profile, GOOD) as frame:
            return list(frame.toArrow().to_pylist())

    ours = rows()
    monkeypatch.setenv(PACKAGES_VARIABLE, "org.example:other:1,org.mongodb.spark:mongo-spark-connector_2.13:10.5.0")
    assert rows() == ours
    assert [row["track"] for row in ours] == library.ids[:GOOD], "sums depend on the order"
    password = urlsplit(library.database.uri).password
    assert password
    assert not any(password in text for text in event_logs(running))


def test_cancelling_keeps_what_was_stored(library: Library, running: Cluster, killed: Killed) -> None:
    gate(library.music.parent).unlink()
    control, mark = Control(), library.database.features.newest_rev()

    def stored() -> set[TrackId]:
        return library.database.features.written_since(SONIC.key, library.ids, mark)

    def cancel() -> None:
        try:
            wait_until(lambda: stored() >= library.free, seconds=600)
        finally:
            control.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    run(library, running.url, lambda _: None, control, full=True)
    canceller.join()
    gate(library.music.parent).touch()
    assert stored() >= library.free
    assert not stored() & library.gated
    assert library.database.features.count(SONIC.key) == GOOD


def test_a_database_that_only_this_machine_reaches_is_refused(library: Library) -> None:
    with pytest.raises(DatabaseOutOfReach, match="on others") as refused:
        run(library, "spark://192.0.2.1:7077", lambda _: None, Control())
    assert "SEGUE_MONGODB_URI" in refused.value.advice
