"""An album in one file, from its sheet to what is heard: scan, database, analysis, catalogue, and its seams."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.analysis.control import Control
from indexer.analysis.extract import extract
from indexer.analysis.hearing import hear_all
from indexer.core.audio.decode import decode
from indexer.core.catalogue.albums import albums_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.events import Event
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackState
from indexer.features.analyse import analyse
from indexer.scanning.scan import scan
from indexer.sound.measure import measure
from tests import bad_files
from tests.plays import play_of

pytestmark = pytest.mark.database

RATE = 44_100
CUTS = (0, 4 * 75 + 37, 9 * 75 + 1)
"""Where the songs begin, in frames of 588 samples."""

SHEET = """\
REM DATE 2012
REM REPLAYGAIN_ALBUM_GAIN -4.50 dB
PERFORMER "Elm Lane"
TITLE "One Long Evening"
FILE "evening.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Doors"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Fire"
    REM REPLAYGAIN_TRACK_GAIN -2.00 dB
    INDEX 00 00:04:00
    INDEX 01 00:04:37
  TRACK 03 AUDIO
    TITLE "Frost"
    INDEX 01 00:09:01
"""


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three songs of different sound and loudness that run into each other, and a sheet beside them."""
    folder = tmp_path / "music" / "evening"
    folder.mkdir(parents=True)
    ends = [*(cut * 588 for cut in CUTS[1:]), 13 * RATE]
    songs = [
        level * bad_files.music((end - cut * 588) / RATE, seed=seed, rate=RATE)
        for seed, (cut, end, level) in enumerate(zip(CUTS, ends, (0.2, 1.0, 0.5), strict=True))
    ]
    sound = np.concatenate(songs)
    soundfile.write(folder / "evening.flac", np.stack((sound, sound), axis=1), RATE)
    (folder / "evening.cue").write_text(SHEET)
    return folder / "evening.flac"


def taken_in(database: Database, album: Path) -> list[Track]:
    root = album.parents[1]
    database.folders.add(str(root))
    scan(database, [root], on_event=lambda _: None, cancelled=lambda: False)
    return sorted(database.tracks.all(states={TrackState.PRESENT}), key=lambda track: track.start)


def alone(album: Path, tmp_path: Path) -> list[Path]:
    """The songs as files of their own, cut by sample."""
    sound, _ = soundfile.read(album, always_2d=True)
    cuts = [*(cut * 588 for cut in CUTS), len(sound)]
    paths = [tmp_path / f"{number}.flac" for number in range(3)]
    for path, (start, end) in zip(paths, pairwise(cuts), strict=True):
        soundfile.write(path, sound[start:end], RATE)
    return paths


def test_each_song_is_heard_as_if_it_lay_in_a_file_of_its_own(database: Database, album: Path, tmp_path: Path) -> None:
    tracks = taken_in(database, album)
    events: list[Event] = []
    result = extract(database, profiles=[SONIC], workers=1, on_event=events.append, control=Control())
    assert (result.done, result.failed) == (3, 0)
    assert hear_all(database, workers=1, on_event=events.append, control=Control()).done == 3
    features = database.features.get(SONIC.key, [track.id for track in tracks])
    sounds = database.sounds.get([track.id for track in tracks])
    for track, path in zip(tracks, alone(album, tmp_path), strict=True):
        own = analyse(decode(path).samples, [SONIC])[SONIC.key]
        np.testing.assert_allclose(features[track.id], own, rtol=0.02, atol=0.02)
        expected = measure(path)
        assert sounds[track.id].loudness == pytest.approx(expected.loudness, abs=0.05)
        assert sounds[track.id].seconds == pytest.approx(expected.seconds, abs=1 / RATE)
        np.testing.assert_array_equal(sounds[track.id].waveform, expected.waveform)
    again = extract(database, profiles=[SONIC], workers=1, on_event=events.append, control=Control())
    assert again.done == 0


def test_the_window_has_the_songs_and_their_seams(database: Database, album: Path, tmp_path: Path) -> None:
    tracks = taken_in(database, album)
    catalogue, restored = Catalogue(), Catalogue()
    catalogue.upsert(tracks)
    catalogue.save_snapshot(tmp_path / "tracks.npz")
    assert restored.load_snapshot(tmp_path / "tracks.npz") == ""
    assert len(restored) == 3
    sound, _ = soundfile.read(album, dtype="float32", always_2d=True)
    stretches = [restored.stretch(row) for row in range(3)]
    pieces = [
        sound[round(each.start * RATE) : None if each.end is None else round(each.end * RATE)] for each in stretches
    ]
    assert [len(piece) for piece in pieces[:2]] == [CUTS[1] * 588, (CUTS[2] - CUTS[1]) * 588]
    np.testing.assert_array_equal(np.concatenate(pieces), sound)
    assert {each.path for each in stretches} == {str(album)}
    albums = albums_of(restored)
    assert (albums.titles, albums.artists) == (["One Long Evening"], ["Elm Lane"])
    assert [restored.title(int(row)) for row in albums.rows_of(0)] == ["Doors", "Fire", "Frost"]


def test_what_was_heard_stays_with_the_song_through_moves_and_edits(database: Database, album: Path) -> None:
    tracks = taken_in(database, album)
    database.plays.add([play_of(tracks[1].id, 1_000.0, 5.0, finished=True)])
    extract(database, profiles=[SONIC], workers=1, on_event=lambda _: None, control=Control())
    sheet = album.with_suffix(".cue")
    sheet.write_text(SHEET.replace('"Fire"', '"Embers"'))
    album.parent.rename(album.parents[1] / "renamed")
    after = taken_in(database, album)
    assert [track.id for track in after] == [track.id for track in tracks]
    assert (after[1].title, database.plays.counts()[after[1].id]) == ("Embers", 1)
    result = extract(database, profiles=[SONIC], workers=1, on_event=lambda _: None, control=Control())
    assert result.done == 0


def test_gains_of_the_sheet_are_those_of_the_songs(database: Database, album: Path) -> None:
    tracks = taken_in(database, album)
    assert [track.track_gain for track in tracks] == [None, -2.0, None]
    assert {track.album_gain for track in tracks} == {-4.5}
    assert replace(tracks[0], start=0.0) == tracks[0]
