"""What was analysed and heard before it was told of tracks is told later, once."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.analysis.control import Control
from indexer.analysis.told import tell_of_tracks
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database, FeatureRecord, SoundRecord
from indexer.core.tracks import Tone
from indexer.sound.result import VERSION
from tests.integration.store.test_tracks import make_track

pytestmark = pytest.mark.database


def features(tempo: float) -> np.ndarray:
    """Of two windows in which nothing but the tempo and a clear C major is heard."""
    values = np.zeros((2, SONIC.dims), np.float32)
    columns = list(SONIC.columns)
    values[:, columns.index("tempo_bpm")] = tempo
    values[:, columns.index("key_strength")] = 0.9
    return values


def test_tells_what_nobody_told(database: Database) -> None:
    tracks = [make_track(number) for number in range(4)]
    database.tracks.upsert(tracks)
    one, other, third, fourth = (track.id for track in tracks)
    database.features.upsert(
        [FeatureRecord(track, SONIC.name, SONIC.version, features(128.0)) for track in (one, other)]
    )
    waveform = np.zeros((10, 2), np.uint8)
    database.sounds.upsert(
        [SoundRecord(one, VERSION, waveform, -12.5, 0.9, 60.0), SoundRecord(third, VERSION, waveform, None, 0.0, 60.0)]
    )
    database.tracks.note_heard({other: Tone(90.0, "D minor")})
    assert tell_of_tracks(database, Control()) == 2
    found = {track.id: (track.tempo, track.key, track.loudness) for track in database.tracks.all()}
    assert found == {
        one: (128.0, "C major", -12.5),
        other: (90.0, "D minor", None),
        third: (None, None, None),
        fourth: (None, None, None),
    }
    rev = database.tracks.rev()
    assert tell_of_tracks(database, Control()) == 0
    assert database.tracks.rev() == rev


def test_ends_early_when_it_is_cancelled(database: Database) -> None:
    database.tracks.upsert([make_track(1)])
    database.features.upsert([FeatureRecord(make_track(1).id, SONIC.name, SONIC.version, features(100.0))])
    control = Control()
    control.cancel()
    assert tell_of_tracks(database, control) == 0
