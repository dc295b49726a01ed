"""Lengths and windows over a real database: what decoding found holds, and what the old rule got wrong is mended."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import mutagen.id3
import numpy as np
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.hearing import hear_all
from indexer.analysis.workload import hearing_jobs, jobs_for
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column
from indexer.core.events import Event, ProblemFound
from indexer.core.model.profiles import CLASSIC
from indexer.core.sentences.told import plain
from indexer.core.store import Database, FeatureRecord, SoundRecord
from indexer.core.tracks import Measurement, Problem, ProblemKind, Track, TrackId, TrackState
from indexer.scanning.scan import scan
from indexer.sound.result import VERSION
from tests import bad_files
from tests.conftest import connected
from tests.encoders import write_vbr_mp3

pytestmark = pytest.mark.database

RATE = bad_files.RATE


class Home:
    """One folder of music and the database that follows it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.events: list[Event] = []

    def scan(self) -> None:
        scan(self.database, [self.folder], on_event=self.events.append, cancelled=lambda: False)

    def listen(self) -> int:
        """Analyse what is to be analysed; how much that was."""
        done = extract(self.database, profiles=[CLASSIC], workers=1, on_event=self.events.append, control=Control())
        return done.done + done.failed

    def measure(self) -> int:
        return hear_all(self.database, workers=1, on_event=self.events.append, control=Control()).done

    def tracks(self) -> dict[str, Track]:
        return {Path(track.path).name: track for track in self.database.tracks.all(states={TrackState.PRESENT})}

    def wanted(self) -> set[str]:
        return {Path(job.path).name for job in jobs_for(self.database, [CLASSIC], full=False)}


@pytest.fixture
def music(database: Database, tmp_path: Path) -> Home:
    folder = tmp_path / "Music"
    folder.mkdir()
    database.folders.add(str(folder))
    return Home(database, folder)


def vbr(path: Path) -> Path:
    """Two minutes that a header guesses to be 20 s."""
    path.write_bytes(_vbr())
    return path


@cache
def _vbr() -> bytes:
    loud = 0.5 * np.random.default_rng(1).uniform(-1, 1, 30 * RATE)
    soft = 0.02 * np.sin(2 * np.pi * 440 * np.arange(90 * RATE) / RATE)
    with TemporaryDirectory() as folder:
        written = write_vbr_mp3(Path(folder) / "song.mp3", np.concatenate([loud, soft]).astype(np.float32))
        return written.read_bytes()


def song(path: Path, *parts: tuple[float, float]) -> Path:
    """Parts of so many seconds and such a loudness."""
    rng = np.random.default_rng(0)
    soundfile.write(path, np.concatenate([level * rng.uniform(-1, 1, round(s * RATE)) for s, level in parts]), RATE)
    return path


def test_what_decoding_measured_replaces_the_guess_and_is_told(music: Home) -> None:
    vbr(music.folder / "song.mp3")
    music.scan()
    guess = music.tracks()["song.mp3"]
    assert guess.seconds is not None
    assert abs(guess.seconds - 120) > 10
    catalogue = Catalogue()
    catalogue.upsert(list(music.database.tracks.changed_since(0)))
    music.listen()
    changed = list(music.database.tracks.changed_since(guess.rev))
    assert [track.seconds for track in changed] == [pytest.approx(120, abs=0.1)]
    catalogue.upsert(changed)
    assert catalogue.text(0, Column.LENGTH) == "2:00"
    assert music.measure() == 1
    (loud,) = music.database.tracks.changed_since(changed[0].rev)  # of how loud it is: the same length is no news
    assert replace(loud, loudness=None, rev=changed[0].rev) == changed[0]
    assert loud.loudness is not None
    (found,) = music.database.tracks.measured([guess.id]).values()
    assert found.samples == pytest.approx(120 * 44_100, abs=3_000)
    assert found.rate == 44_100
    assert found.lead == pytest.approx(0, abs=0.1)


def test_a_rescan_does_not_bring_the_guess_back(music: Home) -> None:
    path = vbr(music.folder / "song.mp3")
    music.scan()
    music.listen()
    music.scan()
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="Named at last"))
    tags.save(path)
    music.scan()
    track = music.tracks()["song.mp3"]
    assert (track.title, track.seconds) == ("Named at last", pytest.approx(120, abs=0.1))
    path.rename(music.folder / "moved.mp3")
    music.scan()
    assert music.tracks()["moved.mp3"].seconds == pytest.approx(120, abs=0.1)


def test_another_payload_is_another_measurement(music: Home) -> None:
    path = vbr(music.folder / "song.mp3")
    music.scan()
    music.listen()
    before = music.tracks()["song.mp3"]
    shutil.copy(song(music.folder.parent / "other.flac", (50, 0.3)), path)
    music.scan()
    after = music.tracks()["song.mp3"]
    assert after.id != before.id
    assert after.seconds == pytest.approx(50, abs=1)
    music.listen()
    assert music.measure() == 1
    assert music.database.tracks.measured([after.id])[after.id].samples == 50 * RATE
    assert before.id in music.database.tracks.measured([before.id])


def test_a_count_of_samples_is_replaced_by_no_estimate(database: Database) -> None:
    track = Track(TrackId("1" * 32), "/music/a.mp3", "/music", seconds=3.0)
    rev = database.tracks.upsert([track])
    database.tracks.measure({track.id: Measurement(60.0, 2_646_000, 44_100), TrackId("2" * 32): Measurement(1.0)})
    database.tracks.measure({track.id: Measurement(50.0)})
    assert database.tracks.get([track.id])[track.id].seconds == 60.0
    assert database.tracks.rev() == rev + 1
    assert TrackId("2" * 32) not in database.tracks.get([TrackId("2" * 32)])
    assert database.tracks.count() == 1


def test_silent_and_short_files_have_a_length_and_keep_their_problem(music: Home) -> None:
    song(music.folder / "silent.flac", (90, 0))
    song(music.folder / "short.flac", (0.5, 0.3))
    music.scan()
    music.listen()
    assert music.measure() == 2
    kinds = {Path(problem.path).name: problem.kind for problem in music.database.problems.all()}
    assert kinds == {"silent.flac": ProblemKind.SILENT, "short.flac": ProblemKind.TOO_SHORT}
    music.scan()
    assert (music.listen(), music.measure()) == (0, 0)


def test_a_file_that_ends_early_stays_a_problem_when_it_was_measured(music: Home) -> None:
    path = song(music.folder / "cut.wav", (60, 0.3))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    music.scan()
    music.listen()
    music.measure()
    assert [problem.kind for problem in music.database.problems.all()] == [ProblemKind.TRUNCATED]
    assert music.tracks()["cut.wav"].seconds == pytest.approx(30, abs=0.1)


# What a version before left


def forget_measurements(database: Database) -> None:
    """Make the database one of the version before, which kept lengths with waveforms only."""
    with connected(database) as connection:
        for name, field in (("tracks", "measured"), ("problems", "rule"), ("meta", "old_features")):
            connection.collection(name).update_many({}, {"$unset": {field: ""}})


def test_features_from_windows_without_sound_are_made_again_and_no_others(music: Home) -> None:
    song(music.folder / "song.flac", (200, 0.3))
    song(music.folder / "hidden.flac", (60, 0.3), (400, 0), (60, 0.3))
    song(music.folder / "late.flac", (25, 0), (15, 0.3))
    song(music.folder / "pause.flac", (100, 0.3), (5, 0), (100, 0.3))
    music.scan()
    music.listen()
    music.measure()
    forget_measurements(music.database)
    assert music.wanted() == {"hidden.flac", "late.flac"}
    assert music.listen() == 2
    assert music.wanted() == set()
    assert music.database.choices.old_features == 0
    music.measure()
    assert {name: track.seconds for name, track in music.tracks().items()} == {
        "song.flac": 200, "hidden.flac": 520, "late.flac": 40, "pause.flac": 205,
    }  # fmt: skip


def test_a_new_library_is_not_looked_through(music: Home) -> None:
    song(music.folder / "hidden.flac", (60, 0.3), (400, 0), (60, 0.3))
    music.scan()
    music.listen()
    music.measure()
    assert music.wanted() == set()
    assert music.database.choices.old_features == 0


def test_a_header_that_was_far_off_made_windows_of_another_track(music: Home) -> None:
    path = vbr(music.folder / "song.mp3")
    music.scan()
    (track,) = music.tracks().values()
    music.database.features.upsert([features_of(track.id)])
    music.database.sounds.upsert([sound_of(track.id, 20.0)])  # as libsndfile believes
    assert music.wanted() == {path.name}
    assert [Path(job.path).name for job in hearing_jobs(music.database, (), VERSION, full=False)] == [path.name]


def test_all_links_of_a_chained_file_are_measured_though_the_first_one_was(music: Home) -> None:
    content = b""
    for seconds in (12, 13):
        part = song(music.folder.parent / "part.ogg", (seconds, 0.3))
        content += part.read_bytes()
    (music.folder / "chained.ogg").write_bytes(content)
    single = song(music.folder / "single.ogg", (12, 0.2))
    music.scan()
    for track in music.tracks().values():
        music.database.features.upsert([features_of(track.id)])
        music.database.sounds.upsert([sound_of(track.id, 12.0)])
    assert music.wanted() == {"chained.ogg"}
    assert [Path(job.path).name for job in hearing_jobs(music.database, (), VERSION, full=False)] == ["chained.ogg"]
    music.listen()
    assert music.tracks()["chained.ogg"].seconds == pytest.approx(25)
    assert music.tracks()[single.name].seconds == pytest.approx(12)


def test_problems_of_the_old_rule_are_tried_once_more(music: Home) -> None:
    song(music.folder / "hidden.flac", (60, 0.3), (400, 0), (60, 0.3))
    song(music.folder / "silent.flac", (20, 0))
    music.scan()
    problems: Sequence[Problem] = [
        Problem(track.path, ProblemKind.SILENT, *plain("m", "a"), 0.0, Path(track.path).stat().st_size,
                Path(track.path).stat().st_mtime_ns)
        for track in music.tracks().values()
    ]  # fmt: skip
    music.database.problems.put(problems)
    assert music.wanted() == set()
    forget_measurements(music.database)
    assert music.wanted() == {"hidden.flac", "silent.flac"}
    music.listen()
    assert [event.problem for event in music.events if isinstance(event, ProblemFound)] == [ProblemKind.SILENT]
    assert [Path(problem.path).name for problem in music.database.problems.all()] == ["silent.flac"]
    assert music.wanted() == set()


def features_of(track: TrackId) -> FeatureRecord:
    return FeatureRecord(track, CLASSIC.name, CLASSIC.version, np.zeros((CLASSIC.windows, CLASSIC.dims), np.float32))


def sound_of(track: TrackId, seconds: float) -> SoundRecord:
    return SoundRecord(track, VERSION, np.full((800, 2), 128, np.uint8), -20.0, 0.5, seconds)
