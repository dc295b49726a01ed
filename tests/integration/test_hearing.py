"""Long tracks are heard quickly, then from end to end: once, whatever interrupts it, and one model follows."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.file_run import FileRunResult
from indexer.analysis.hearing import hear_all
from indexer.build import BuildOptions, ModelPolicy, build, why_build_model, why_model_after_hearing
from indexer.core.audio.samples import ANALYSIS_RATE
from indexer.core.events import Event, Notice, Progress, Stage, StageStarted
from indexer.core.home import Home
from indexer.core.model import current_model_folder, read_manifest
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Hearing, ProblemKind, TrackId
from indexer.sound.result import VERSION
from indexer.spark.extraction import hear_on_spark
from tests.integration.conftest import TWO_CORES
from tests.unit.features import sounds

pytestmark = pytest.mark.database

PROFILES = (CLASSIC, SONIC)
LONG_SECONDS = 70


class Library:
    """A folder of a few long songs and short ones, in a database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.events: list[Event] = []
        self.control = Control()

    def write(self, name: str, seconds: float, hertz: float) -> None:
        sound = 0.3 * sounds.music(seconds) + sounds.tone(hertz, seconds)[: round(seconds * sounds.RATE)]
        soundfile.write(self.folder / name, sound / np.abs(sound).max() / 2, ANALYSIS_RATE)

    def take_in(self) -> None:
        """Scan and hear quickly."""
        options = BuildOptions(folders=(self.folder,), model=ModelPolicy.NEVER, sound=False, workers=1)
        home = Home.resolve(self.folder.parent / "home")
        build(self.database, home, options, on_event=self.events.append, control=Control())

    def hear(self, *, workers: int = 1) -> FileRunResult:
        self.events.clear()
        return hear_all(self.database, PROFILES, workers=workers, on_event=self.on_event, control=self.control)

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def whole(self) -> set[TrackId]:
        return {track for track, whole in self.database.features.coverage(SONIC.key).items() if whole}

    def values(self) -> dict[TrackId, bytes]:
        known = self.database.features.analysed(SONIC.key)
        return {track: values.tobytes() for track, values in self.database.features.get(SONIC.key, [*known]).items()}


@pytest.fixture
def library(database: Database, tmp_path: Path) -> Library:
    folder = tmp_path / "music"
    folder.mkdir()
    made = Library(database, folder)
    for number in range(3):
        made.write(f"long {number}.flac", LONG_SECONDS + number, 300 + 100 * number)
    made.write("short.flac", 10, 250)
    made.take_in()
    return made


def test_one_decoding_gives_features_loudness_and_length(library: Library) -> None:
    before = library.values()
    assert library.whole() == set()
    assert library.hear().done == 4, "the short one for its loudness alone"
    after, whole = library.values(), library.whole()
    assert len(whole) == 3
    assert {track for track in after if after[track] != before[track]} == whole
    assert library.database.sounds.measured(VERSION) == after.keys()
    lengths = sorted(track.seconds or 0 for track in library.database.tracks.all())
    assert lengths == pytest.approx([10, 70, 71, 72])
    assert library.hear() == FileRunResult(seconds=pytest.approx(0, abs=5)), "nothing is heard twice"
    assert library.events == []


def test_what_was_measured_by_another_version_is_heard_for_what_it_lacks(library: Library) -> None:
    """A library of parts with loudness and waveforms, as a version before left it: nothing short is opened again."""
    library.database.choices.choose_hearing(Hearing.QUICK)
    assert library.hear().done == 4
    assert library.whole() == set()
    library.database.choices.choose_hearing(Hearing.THOROUGH)
    assert library.hear().done == 3
    assert len(library.whole()) == 3


def test_a_run_that_is_cancelled_goes_on_where_it_ended(library: Library) -> None:
    def steer(event: Event) -> None:
        library.events.append(event)
        if isinstance(event, StageStarted):
            library.control.pause()
            threading.Timer(0.3, library.control.resume).start()
        if library.whole():
            library.control.cancel()

    library.on_event = steer  # type: ignore[method-assign]
    first = library.hear()
    assert first.done >= 1
    library.control, library.on_event = Control(), library.events.append  # type: ignore[method-assign]
    second = library.hear()
    assert first.done + second.done == 4
    assert len(library.whole()) == 3
    stages = [event.stage for event in library.events if isinstance(event, StageStarted)]
    assert stages == ([Stage.SOUND] if second.done else [])


def test_a_file_that_cannot_be_heard_to_its_end_keeps_what_its_parts_told(library: Library) -> None:
    before = library.values()
    (library.folder / "long 1.flac").write_bytes(b"no longer music " * 100)
    result = library.hear()
    assert (result.done, result.failed) == (3, 1)
    assert library.values().keys() == before.keys()
    (problem,) = library.database.problems.by_path().values()
    assert problem.kind is ProblemKind.NOT_AUDIO
    assert library.hear().failed == 0, "it is not tried again as it is"


@pytest.mark.parametrize(("plugged", "heard"), [(True, 3), (False, 0), (None, 3)])
def test_on_battery_it_waits_where_that_was_chosen(
    library: Library, monkeypatch: pytest.MonkeyPatch, plugged: bool | None, heard: int
) -> None:
    battery = None if plugged is None else SimpleNamespace(power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    library.database.choices.choose_hearing(Hearing.MAINS)
    library.hear()
    assert len(library.whole()) == heard
    told = {event.code for event in library.events if isinstance(event, Notice)}
    assert ("hearing-waits-for-mains" in told) is (plugged is False)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    library.hear()
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=False), raising=False)
    library.hear()
    assert library.events == [], "nothing waits any more"


def test_a_machine_that_is_unplugged_meanwhile_stops_hearing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.analysis.file_run.LOOK_SECONDS", 0.0)
    monkeypatch.setattr("indexer.analysis.file_run.SAVE_TRACKS", 1)
    monkeypatch.setattr(
        psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=not library.whole()), raising=False
    )
    library.database.choices.choose_hearing(Hearing.MAINS)
    for number in range(4):
        library.write(f"more {number}.flac", 50, 200 + 50 * number)
    library.take_in()
    result = library.hear()
    assert (result.left > 0, result.done + result.left) == (True, 8)
    assert [event.code for event in library.events if isinstance(event, Notice)] == ["hearing-waits-for-mains"]
    last = library.events[-1]
    assert isinstance(last, Progress)
    assert last.stage is Stage.SOUND


def test_whole_tracks_teach_no_other_features_than_short_ones(library: Library) -> None:
    assert (
        extract(library.database, profiles=PROFILES, workers=1, on_event=library.events.append, control=Control()).done
        == 0
    )
    library.hear()
    for key in (CLASSIC.key, SONIC.key):
        found = library.database.features.get(key, [*library.database.features.analysed(key)])
        assert len({values.shape for values in found.values()}) == 1
        assert all(np.isfinite(values).all() for values in found.values())


@pytest.mark.spark
@pytest.mark.usefixtures("builds_share_spark")
def test_one_model_follows_when_all_is_heard(home: Home, library: Library) -> None:
    def built() -> str:
        return read_manifest(current_model_folder(home, SONIC.name)).id

    def run(**options: object) -> list[str]:
        events: list[Event] = []
        wanted = BuildOptions(workers=1, **options)  # type: ignore[arg-type]
        build(library.database, home, wanted, on_event=events.append, control=Control())
        return [event.code for event in events if isinstance(event, Notice) and event.code.startswith("model-")]

    reasons = run()
    assert [reason for reason in reasons if reason in {"model-first", "model-heard"}] == ["model-first", "model-heard"]
    model = built()
    assert run() == []
    assert built() == model
    tracks = sorted(library.whole())
    values = np.ones((SONIC.windows, SONIC.dims), np.float32)
    library.database.features.upsert([FeatureRecord(tracks[0], SONIC.name, SONIC.version, values, whole=True)])
    assert why_build_model(library.database, home, BuildOptions()) is not None, "one of four is more than a few"
    reason = why_model_after_hearing(library.database, home, BuildOptions())
    assert reason is not None
    assert (reason.code, reason.values["number"]) == ("model-heard", 1)
    assert why_model_after_hearing(library.database, home, BuildOptions(model=ModelPolicy.NEVER)) is None
    assert run() == ["model-outgrown", "model-built"], "also where a run before was killed on its way to the model"


@pytest.mark.spark
@pytest.mark.usefixtures("builds_share_spark")
def test_a_model_that_does_not_say_what_it_knew_is_made_anew_once_all_is_heard(
    home: Home, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Versions before did not note that, and knew parts of long tracks only."""

    def run(hearing: Hearing) -> list[str]:
        events: list[Event] = []
        options = BuildOptions(workers=1, hearing=hearing)
        build(library.database, home, options, on_event=events.append, control=Control())
        return [event.code for event in events if isinstance(event, Notice) and event.code.startswith("model-")]

    with monkeypatch.context() as before:
        before.setattr("indexer.spark.build.FEATURES_REV", "nothing_known")
        assert "model-first" in run(Hearing.QUICK)
    assert run(Hearing.QUICK) == []
    assert "model-heard" in run(Hearing.THOROUGH)
    assert run(Hearing.THOROUGH) == []


@pytest.mark.spark
@pytest.mark.usefixtures("spark")
def test_spark_hears_what_this_machine_hears(home: Home, library: Library) -> None:
    library.hear()
    here, library.control = library.values(), Control()
    tracks = sorted(here)
    parts = {track: np.frombuffer(here[track], np.float32).reshape(SONIC.windows, SONIC.dims) for track in tracks}
    for profile in PROFILES:
        zeros = np.zeros((profile.windows, profile.dims), np.float32)
        library.database.features.upsert(
            FeatureRecord(track, profile.name, profile.version, zeros) for track in library.whole()
        )
    library.database.sounds.remove(tracks)
    assert library.whole() == set()
    done = hear_on_spark(
        library.database, home, master=TWO_CORES, profiles=PROFILES, on_event=library.on_event, control=Control()
    )
    assert done.done == 4
    assert library.database.sounds.measured(VERSION) == set(tracks)
    for track, values in library.database.features.get(SONIC.key, tracks).items():
        np.testing.assert_allclose(values, parts[track], rtol=1e-4, atol=1e-4)
