"""Extraction over a real database: everything is heard once, what fails is listed, and it goes on after a stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.analysis import extract as extracting
from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.file_run import FileRunResult
from indexer.analysis.hearing import hear_all
from indexer.analysis.pool import AnalysisPool, Job
from indexer.core.audio.decode import decode
from indexer.core.events import Event, Paused, ProblemFound, Progress, StageStarted
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.store import Database
from indexer.core.tracks import FileRecord, Hearing, ProblemKind, Track, TrackId, TrackState
from indexer.features.analyse import analyse

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def filters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filters")


class Run:
    """Runs extractions on one database and remembers their events."""

    def __init__(self, database: Database, folder: Path, filters: Path) -> None:
        self.database = database
        self.folder = folder
        self.filters = filters
        self.events: list[Event] = []
        self.control = Control()
        self.on_event: Callable[[Event], None] = self.events.append

    def add(self, name: str, content: bytes | None = None, number: int | None = None, seconds: float = 2) -> Track:
        path = self.folder / name
        seed = sum(name.encode()) if number is None else number
        if content is None:
            sound = 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * 22050))
            sound *= np.linspace(0.5, 1, len(sound))
            soundfile.write(path, sound, 22050, format="WAV")
        else:
            path.write_bytes(content)
        track = Track(id=TrackId(f"{seed:032x}"), path=str(path), root=str(self.folder), seconds=seconds)
        self.database.tracks.upsert([track])
        return track

    def extract(self, *profiles: Profile, full: bool = False, workers: int = 2) -> FileRunResult:
        self.events.clear()
        return extract(
            self.database,
            profiles=profiles or (CLASSIC, SONIC),
            workers=workers,
            on_event=self.on_event,
            control=self.control,
            full=full,
            cache=self.filters,
        )

    @property
    def asked(self) -> int | None:
        return next(event.total for event in self.events if isinstance(event, StageStarted))


@pytest.fixture
def run(database: Database, tmp_path: Path, filters: Path) -> Run:
    return Run(database, tmp_path, filters)


def test_every_track_is_analysed_once(run: Run) -> None:
    tracks = {run.add(f"{number}.wav").id for number in range(5)}
    result = run.extract()
    assert (result.done, result.failed) == (5, 0)
    assert result.cpu_seconds > 0
    for profile in (CLASSIC, SONIC):
        features = run.database.features.get(profile.key, sorted(tracks))
        assert features.keys() == tracks
        assert all(values.shape == (profile.windows, profile.dims) for values in features.values())
    last = run.events[-1]
    assert isinstance(last, Progress)
    assert (last.done, last.total, last.failed) == (5, 5, 0)
    assert run.extract().done == 0
    assert run.asked == 0


def test_only_the_profile_that_is_missing_is_computed(run: Run) -> None:
    run.add("a.wav")
    assert run.extract(CLASSIC).done == 1
    assert run.database.features.count(SONIC.key) == 0
    assert run.extract().done == 1
    assert run.database.features.count(SONIC.key) == 1
    assert run.extract(full=True).done == 1


def test_what_is_known_of_a_whole_track_is_not_replaced_by_what_parts_tell(run: Run) -> None:
    long = run.add("long.wav", seconds=46)
    assert run.extract(CLASSIC).done == 1
    assert run.database.features.coverage(CLASSIC.key) == {long.id: False}
    parts = run.database.features.get(CLASSIC.key, [long.id])[long.id]
    assert hear_all(run.database, [CLASSIC], workers=1, on_event=run.events.append, control=Control()).done == 1
    assert run.database.features.coverage(CLASSIC.key) == {long.id: True}
    whole = run.database.features.get(CLASSIC.key, [long.id])[long.id]
    assert not np.array_equal(whole, parts)
    run.database.choices.choose_hearing(Hearing.QUICK)
    assert run.extract(CLASSIC).done == 0
    np.testing.assert_array_equal(run.database.features.get(CLASSIC.key, [long.id])[long.id], whole)


def test_tracks_that_are_away_are_left_alone(run: Run) -> None:
    run.add("a.wav")
    away = run.add("b.wav")
    run.database.tracks.set_state([away.id], TrackState.AWAY)
    assert run.extract().done == 1


def test_a_bad_file_is_listed_and_stops_nothing(run: Run) -> None:
    run.add("good.wav")
    bad = run.add("words.mp3", b"these are words, not music " * 40)
    assert (run.extract().done, run.events[-1]) == (1, run.events[-1])
    found = [event for event in run.events if isinstance(event, ProblemFound)]
    assert [(event.path, event.problem) for event in found] == [(bad.path, ProblemKind.NOT_AUDIO)]
    problem = run.database.problems.by_path()[bad.path]
    assert "words.mp3" in problem.message
    assert problem.advice
    assert problem.size == Path(bad.path).stat().st_size


def test_a_bad_file_is_tried_again_when_it_has_changed(run: Run) -> None:
    bad = run.add("song.wav", b"not yet a song " * 40)
    assert run.extract().failed == 1
    assert run.extract().failed == 0
    assert run.asked == 0
    run.add("song.wav")
    assert run.extract().done == 1
    assert bad.path not in run.database.problems.by_path()


def test_a_copy_is_heard_where_the_first_file_is_gone(run: Run) -> None:
    track = run.add("first.wav")
    copy = Path(track.path).rename(run.folder / "copy.wav")
    run.database.files.upsert([FileRecord(str(copy), track.root, track.id, copy.stat().st_size, 0)])
    result = run.extract()
    assert (result.done, result.failed) == (1, 0)


def test_tracks_of_one_file_are_heard_each_and_fail_each(run: Run) -> None:
    whole = run.add("side.wav", seconds=6)
    sound, rate = soundfile.read(whole.path)
    sound[2 * rate : 4 * rate] = 0
    soundfile.write(whole.path, sound, rate)
    cuts = ((0.0, 2.0), (2.0, 4.0), (4.0, None))
    parts = [
        replace(whole, id=TrackId(f"{number:032x}"), start=start, end=end, seconds=2.0)
        for number, (start, end) in enumerate(cuts)
    ]
    run.database.tracks.upsert(parts)
    run.database.tracks.set_state([whole.id], TrackState.GONE)
    result = run.extract(SONIC)
    assert (result.done, result.failed) == (2, 1)
    heard = run.database.features.get(SONIC.key, [part.id for part in parts])
    assert set(heard) == {parts[0].id, parts[2].id}
    (problem,) = run.database.problems.all()
    assert (problem.path, problem.track, problem.kind) == (whole.path, parts[1].id, ProblemKind.SILENT)
    assert "0:02" in problem.message
    assert run.extract(SONIC).failed == 0
    assert run.asked == 0
    soundfile.write(Path(whole.path).with_name("alone.wav"), sound[4 * rate :], rate)
    alone = decode(Path(whole.path).with_name("alone.wav"))
    expected = analyse(alone.samples, [SONIC])[SONIC.key]
    np.testing.assert_allclose(heard[parts[2].id], expected, atol=1e-3)


def test_a_vanished_file_is_listed(run: Run) -> None:
    track = run.add("gone.wav")
    Path(track.path).unlink()
    assert run.extract().failed == 1
    assert run.database.problems.by_path()[track.path].kind is ProblemKind.VANISHED


def test_a_cancelled_run_keeps_what_was_done_and_the_next_goes_on(run: Run) -> None:
    for number in range(40):
        run.add(f"{number}.wav", number=number)

    def cancel_midway(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, Progress) and event.done > 0:
            run.control.cancel()

    run.on_event = cancel_midway
    first = run.extract(workers=1)
    assert first.done <= 40
    assert run.database.features.count(SONIC.key) == first.done
    run.control, run.on_event = Control(), run.events.append
    assert run.extract().done == 40 - first.done
    assert run.database.features.count(SONIC.key) == 40


def test_cancelled_before_it_starts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.add("a.wav")
    run.control.cancel()
    monkeypatch.delattr(extracting, "AnalysisPool")  # no process is started for nothing
    assert run.extract().done == 0


def test_pausing_holds_everything_until_resumed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.add("a.wav")
    begun: list[bool] = []
    submit = AnalysisPool.submit

    def submitted(pool: AnalysisPool, job: Job) -> None:
        begun.append(run.control.is_paused)
        submit(pool, job)

    def resume_after_a_while(event: Event) -> None:
        run.events.append(event)
        if event == Paused(True):
            threading.Timer(0.5, run.control.resume).start()

    monkeypatch.setattr(AnalysisPool, "submit", submitted)
    run.on_event = resume_after_a_while
    run.control.pause()
    assert run.extract().done == 1
    assert begun == [False]
    assert [event.paused for event in run.events if isinstance(event, Paused)] == [True, False]
