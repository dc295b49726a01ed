"""How much of a track is heard, quickly and thoroughly: the same of a short one, and in bounded memory of any."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.audio.decode import decode
from indexer.core.audio.samples import ANALYSIS_RATE, FloatArray
from indexer.core.model.profiles import CLASSIC, RHYTHM, SONIC
from indexer.features.analyse import analyse, features_of
from indexer.features.descriptors import describe
from indexer.features.listening import MOST_STRETCHES, STRETCH_SECONDS, TrackListener, heard_quickly, heard_thoroughly
from tests.unit.features import sounds

PROFILES = (CLASSIC, RHYTHM, SONIC)


def listened(sound: FloatArray, rate: int = ANALYSIS_RATE, blocks: Sequence[int] = (40_000,)) -> dict[str, FloatArray]:
    """The features of mono sound that comes in blocks of these sizes, over and over."""
    listener, at, turn = TrackListener(rate, PROFILES), 0, 0
    while at < len(sound):
        size = blocks[turn % len(blocks)]
        listener.add(sound[np.newaxis, at : at + size])
        at, turn = at + size, turn + 1
    return listener.finish()


def column(name: str) -> int:
    return SONIC.columns.index(name)


def test_a_short_track_gives_the_same_bit_for_bit_however_it_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, sounds.music(20), ANALYSIS_RATE, subtype="FLOAT")
    at_once = analyse(decode(path).samples, PROFILES)
    for heard in (heard_thoroughly(path, PROFILES), heard_quickly(path, PROFILES)[0]):
        assert heard.keys() == at_once.keys()
        for key, values in at_once.items():
            np.testing.assert_array_equal(heard[key], values)


@settings(max_examples=5, deadline=None)
@given(blocks=st.lists(st.integers(1, 200_000), min_size=1, max_size=5).filter(lambda sizes: sum(sizes) > 20_000))
def test_how_the_sound_comes_in_blocks_changes_nothing(blocks: list[int]) -> None:
    sound = np.concatenate([sounds.music(50), sounds.tone(440, 40)])
    one, other = listened(sound), listened(sound, blocks=blocks)
    for key, values in one.items():
        np.testing.assert_array_equal(other[key], values)


def test_a_long_track_is_told_by_all_of_it() -> None:
    sound = np.concatenate([sounds.tone(220, 90), sounds.noise(90), sounds.tone(1760, 90)])
    rows = listened(sound)[SONIC.key]
    first, middle, last = rows[:, column("centroid_hz")]
    assert first < last < middle
    assert rows[:, column("heard_seconds")].sum() == pytest.approx(270, abs=2)
    assert len(set(rows[:, column("tempo_bpm")].tolist())) == 1
    assert all(np.isfinite(values).all() for values in listened(sound).values())


def test_stretches_give_what_the_whole_track_gives_at_once() -> None:
    """Frames lie where they would lie in one piece, and nothing is known of where a stretch began."""
    sound = np.concatenate([sounds.music(50), sounds.tone(440, 40), sounds.chords(seconds=110)])
    expected = features_of(describe(sound), {}, PROFILES, as_a_whole=True)
    for key, values in listened(sound).items():
        np.testing.assert_allclose(values, expected[key], rtol=1e-3, atol=2e-3)


def test_a_song_that_changes_is_told_from_one_that_stays_as_it_is() -> None:
    """Each third of it is steady; that they are not alike only the whole can tell."""
    track = describe(np.concatenate([sounds.tone(hertz, 30) for hertz in (220, 440, 880)]))
    by_thirds, as_a_whole = (
        features_of(track, {}, [SONIC], as_a_whole=whole)[SONIC.key][:, column("centroid_sd")].mean()
        for whole in (False, True)
    )
    assert as_a_whole > 10 * by_thirds
    assert as_a_whole == pytest.approx(np.std(np.log2([220, 440, 880])), rel=0.1)


def test_a_long_silence_is_not_heard() -> None:
    music = sounds.music(100)
    silent = np.concatenate([music[: 50 * ANALYSIS_RATE], np.zeros(300 * ANALYSIS_RATE, np.float32), music])
    heard = listened(silent)[SONIC.key]
    assert heard[:, column("heard_seconds")].sum() == pytest.approx(150, abs=3)
    assert heard[:, column("rms")] == pytest.approx(listened(music)[SONIC.key][:, column("rms")], rel=0.2)
    for odd in (0, 1_234):
        assert listened(np.zeros(100 * ANALYSIS_RATE + odd, np.float32)) == {}


def test_another_rate_is_brought_to_that_of_the_analysis() -> None:
    rate = 44_100
    sound = np.sin(2 * np.pi * 440 * np.arange(100 * rate) / rate).astype(np.float32)
    found = listened(sound, rate)[SONIC.key]
    expected = listened(np.sin(2 * np.pi * 440 * np.arange(100 * ANALYSIS_RATE) / ANALYSIS_RATE).astype(np.float32))
    assert found[:, column("centroid_hz")] == pytest.approx(expected[SONIC.key][:, column("centroid_hz")], rel=0.01)


def test_of_a_mix_stretches_are_heard_that_are_spread_over_all_of_it() -> None:
    """The last third is noise, and counts for a third however many hours there are."""
    minutes = 2 * MOST_STRETCHES + 10
    listener = TrackListener(ANALYSIS_RATE, [CLASSIC, SONIC])
    tone, noise = sounds.tone(220, STRETCH_SECONDS), sounds.noise(STRETCH_SECONDS)
    tracemalloc.start()
    for minute in range(minutes):
        listener.add((tone if minute < minutes * 2 // 3 else noise)[np.newaxis])
        if minute == MOST_STRETCHES:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
    rows = listener.finish()[SONIC.key]
    grown = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert grown < 60 * 2**20
    centroids = rows[:, column("centroid_hz")]
    assert centroids[0] == pytest.approx(centroids[1], rel=0.1)
    assert centroids[2] > 5 * centroids[0]


def test_no_onset_is_heard_where_two_parts_meet(tmp_path: Path) -> None:
    """Each part is a steady tone, so that an onset would be one that nobody played."""
    path = tmp_path / "long.wav"
    sound = np.concatenate([sounds.tone(220, 100), sounds.tone(880, 100)])
    soundfile.write(path, sound, ANALYSIS_RATE, subtype="FLOAT")
    features, audio = heard_quickly(path, [SONIC])
    assert len(audio.segments) > 1
    glued = analyse(audio.samples, [SONIC])[SONIC.key]
    onsets = column("onset_mean")
    assert features[SONIC.key][:, onsets].max() < glued[:, onsets].max() / 5
