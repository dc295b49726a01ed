"""Loudness and waveforms from files through the real database to the player's side of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.analysis.file_run import FileRunResult
from indexer.analysis.hearing import hear_all
from indexer.analysis.workload import hearing_jobs
from indexer.build import BuildOptions, ModelPolicy, build, summary_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.events import Event, Finished, Paused, ProblemFound, Progress, Stage, StageStarted
from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.settings import Gain, Settings
from indexer.core.store import Database, FeatureRecord, SoundRecord
from indexer.core.store.sounds import TrackLoudness, album_loudness
from indexer.core.tracks import FileRecord, ProblemKind, Track, TrackId, TrackState
from indexer.scanning.scan import scan
from indexer.sound.result import VERSION
from musicplayer.library.waveforms import Gains, TrackSound, Waveforms

pytestmark = pytest.mark.database

RATE = 8_000


class Run:
    """Measures what is in one folder and remembers the events."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.events: list[Event] = []
        self.control = Control()
        self.on_event: Callable[[Event], None] = self.events.append

    def write(self, number: int, amplitude: float = 0.1) -> str:
        path = self.folder / f"{number}.wav"
        sine = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
        soundfile.write(path, np.stack((sine, sine), axis=1) * amplitude, RATE, subtype="FLOAT")
        return str(path)

    def add(self, number: int, amplitude: float = 0.1) -> Track:
        path = self.write(number, amplitude)
        track = Track(id=TrackId(f"{number:032x}"), path=path, root=str(self.folder))
        self.database.tracks.upsert([track])
        return track

    def measure(self, *, full: bool = False) -> FileRunResult:
        self.events.clear()
        return hear_all(self.database, workers=1, on_event=self.on_event, control=self.control, full=full)


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    return Run(database, tmp_path)


def record(number: int, loudness: float | None = -20.0, seconds: float = 100.0, version: int = VERSION) -> SoundRecord:
    waveform = np.random.default_rng(number).integers(0, 256, (800, 2)).astype(np.uint8)
    return SoundRecord(TrackId(f"{number:032x}"), version, waveform, loudness, 0.5, seconds)


def test_every_track_is_measured_once(run: Run) -> None:
    tracks = [run.add(number, amplitude=0.1 * number) for number in (1, 2, 3)]
    result = run.measure()
    assert (result.done, result.failed) == (3, 0)
    assert result.cpu_seconds > 0
    found = run.database.sounds.get([track.id for track in tracks])
    assert len(found) == 3
    for number, track in enumerate(tracks, 1):
        sound = found[track.id]
        assert sound.loudness == pytest.approx(20 * np.log10(0.1 * number), abs=0.2)
        assert sound.peak == pytest.approx(0.1 * number, rel=1e-3)
        assert sound.waveform.shape == (800, 2)
        assert sound.seconds == pytest.approx(1.0)
    last = run.events[-1]
    assert isinstance(last, Progress)
    assert (last.stage, last.done, last.total, last.failed) == (Stage.SOUND, 3, 3, 0)
    assert run.measure().done == 0
    assert run.events == []


def test_a_bad_file_is_listed_stops_nothing_and_is_not_tried_again(run: Run) -> None:
    run.add(1)
    bad = run.add(2)
    Path(bad.path).write_text("these are words, not music " * 40)
    assert (run.measure().done, run.events[0]) == (1, StageStarted(Stage.SOUND, 2))
    assert [event.problem for event in run.events if isinstance(event, ProblemFound)] == [ProblemKind.NOT_AUDIO]
    assert run.measure() == FileRunResult(seconds=pytest.approx(0, abs=5))


def test_what_is_away_or_was_measured_by_an_older_version(run: Run) -> None:
    run.add(1)
    away = run.add(2)
    run.database.tracks.set_state([away.id], TrackState.AWAY)
    run.database.sounds.upsert([record(1, version=VERSION - 1)])
    assert run.database.sounds.missing([TrackId(f"{1:032x}")], VERSION)
    assert run.measure().done == 1
    assert not run.database.sounds.missing([TrackId(f"{1:032x}")], VERSION)


def test_it_pauses_and_goes_on_and_keeps_what_a_cancelled_run_did(run: Run) -> None:
    for number in range(1, 31):
        run.add(number)

    def steer(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, StageStarted):
            run.control.pause()
            threading.Timer(0.3, run.control.resume).start()
        if isinstance(event, Paused) and not event.paused:
            threading.Timer(0.05, run.control.cancel).start()

    run.on_event = steer
    first = run.measure()
    assert [event.paused for event in run.events if isinstance(event, Paused)][:1] == [True]
    assert len(run.database.sounds.measured(VERSION)) == first.done
    run.control, run.on_event = Control(), run.events.append
    assert run.measure().done == 30 - first.done
    assert hearing_jobs(run.database, (), VERSION, full=False) == []
    assert len(hearing_jobs(run.database, (), VERSION, full=True)) == 30


def test_a_build_measures_last_and_only_where_it_is_wanted(run: Run, home: Home) -> None:
    run.write(1)
    run.database.folders.add(str(run.folder))
    scan(run.database, [run.folder], on_event=run.on_event, cancelled=lambda: False)
    (track,) = run.database.tracks.all(states={TrackState.PRESENT})
    for profile in (CLASSIC, SONIC):
        values = np.ones((profile.windows, profile.dims), np.float32)
        run.database.features.upsert([FeatureRecord(track.id, profile.name, profile.version, values)])

    def stages(**options: Any) -> list[Stage]:
        run.events.clear()
        wanted = BuildOptions(model=ModelPolicy.NEVER, **options)
        result = build(run.database, home, wanted, on_event=run.on_event, control=run.control)
        assert summary_of(result)["heard"] == result.heard.done
        assert isinstance(run.events[-1], Finished)
        return [event.stage for event in run.events if isinstance(event, StageStarted)]

    assert stages(sound=False) == [Stage.SCAN, Stage.EXTRACT]
    assert stages() == [Stage.SCAN, Stage.EXTRACT, Stage.SOUND]
    assert stages() == [Stage.SCAN, Stage.EXTRACT]


def test_records_come_back_as_they_were(database: Database) -> None:
    silent, loud = record(1, loudness=None), record(2)
    database.sounds.upsert([silent, loud])
    database.sounds.upsert([replace(loud, loudness=-9.0)])
    found = database.sounds.get([silent.track, loud.track, TrackId("f" * 32)])
    assert found.keys() == {silent.track, loud.track}
    assert np.array_equal(found[silent.track].waveform, silent.waveform)
    assert found[silent.track].loudness is None
    assert database.sounds.loudness([loud.track]) == {loud.track: TrackLoudness(-9.0, 0.5, 100.0)}
    database.sounds.remove([loud.track])
    assert database.sounds.measured(VERSION) == {silent.track}


def test_an_album_is_as_loud_as_its_tracks_one_after_the_other() -> None:
    assert album_loudness([]) is None
    assert album_loudness([TrackLoudness(None, 0.0, 100.0)]) is None
    assert album_loudness([TrackLoudness(-20.0, 1.0, 10.0), TrackLoudness(-20.0, 1.0, 500.0)]) == pytest.approx(-20)
    mixed = album_loudness([TrackLoudness(-10.0, 1.0, 100.0), TrackLoudness(-40.0, 1.0, 100.0)])
    assert mixed == pytest.approx(-13.0, abs=0.05)
    assert album_loudness([TrackLoudness(-10.0, 1.0, 300.0), TrackLoudness(-40.0, 1.0, 100.0)]) > mixed


def known(database: Database, *tracks: Track) -> tuple[Catalogue, Waveforms, list[TrackSound]]:
    """The player's side, with its orders carried out at once."""
    catalogue = Catalogue()
    catalogue.upsert(tracks)
    sounds = Waveforms(catalogue, lambda work, then: then(work(database)) if then else work(database))
    arrived: list[TrackSound] = []
    sounds.arrived.connect(lambda _, sound: arrived.append(sound))
    return catalogue, sounds, arrived


def track(number: int, **fields: Any) -> Track:
    values = {"path": f"/music/{number}.mp3", "root": "/music", "album": "Album", "album_artist": "Artist", **fields}
    return Track(id=TrackId(f"{number:032x}"), **values)


def test_the_player_gets_what_was_measured_with_its_album(database: Database, qapp: object) -> None:
    one, two, other = track(1), track(2), track(3, album_artist="Other")
    database.sounds.upsert([record(1, -10.0), record(2, -40.0), record(3, -5.0)])
    catalogue, sounds, arrived = known(database, one, two, other, track(4))
    assert sounds.get(one.id) is None
    sounds.request([one.id, track(4).id])
    assert [sound.track for sound in arrived] == [one.id]
    assert arrived[0].loudness == -10.0
    assert arrived[0].album_loudness == pytest.approx(-13.0, abs=0.05)
    assert np.array_equal(sounds.get(one.id).waveform, record(1).waveform)
    gains = Gains(catalogue, sounds, settings := Settings(gain=Gain.TRACK))
    assert gains.gain_of(one.id) == pytest.approx(-8.0)
    assert gains.gain_of(track(4).id) == 0.0
    settings.gain = Gain.ALBUM
    assert gains.gain_of(one.id) == pytest.approx(-5.0, abs=0.05)
    settings.gain_preamp = -2.0
    assert gains.gain_of(one.id) == pytest.approx(-7.0, abs=0.05)


def test_tags_of_the_catalogue_come_first(database: Database, qapp: object) -> None:
    tagged = track(1, track_gain=-3.25, track_peak=0.9)
    database.sounds.upsert([record(1, -10.0)])
    catalogue, sounds, _ = known(database, tagged)
    sounds.request([tagged.id])
    assert Gains(catalogue, sounds, Settings(gain=Gain.TRACK)).gain_of(tagged.id) == pytest.approx(-3.25)


def test_albums_without_an_artist_are_told_apart_by_their_folders(database: Database, qapp: object) -> None:
    here, there = track(1, album_artist=""), track(2, album_artist="", path="/elsewhere/2.mp3")
    database.sounds.upsert([record(1, -10.0), record(2, -40.0)])
    _, sounds, arrived = known(database, here, there)
    sounds.request([here.id])
    assert arrived[0].album_loudness == pytest.approx(-10.0)


def test_what_is_measured_later_arrives_later(database: Database, qapp: object) -> None:
    one = track(1, album="")
    _, sounds, arrived = known(database, one)
    sounds.request([one.id])
    assert arrived == []
    database.sounds.upsert([record(1)])
    sounds.retry()
    assert [sound.album_loudness for sound in arrived] == [None]
    database.sounds.upsert([record(1, -9.0)])
    sounds.retry()
    assert len(arrived) == 1
    sounds.refresh()
    assert arrived[-1].loudness == -9.0


def test_files_whose_tags_were_read_by_an_older_program_are_read_again(run: Run) -> None:
    run.add(1)
    path = str(run.folder / "1.wav")
    run.database.folders.add(str(run.folder))

    def scan_again() -> int:
        return scan(run.database, [run.folder], on_event=run.on_event, cancelled=lambda: False).unchanged

    scan_again()
    assert scan_again() == 1
    (file,) = run.database.files.all()
    run.database.files.upsert([replace(file, tags_version=1)])
    assert scan_again() == 0
    assert scan_again() == 1
    assert FileRecord(path, str(run.folder), file.track, file.size, file.mtime_ns) in set(run.database.files.all())
