"""The demo library: complete, tagged, the same every time, and with styles that can be told apart."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from pathlib import Path

import librosa
import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen import MutagenError

from indexer.core.files.atomic import PARTIAL
from indexer.demo import make_demo
from indexer.demo.catalogue import ARTISTS, Style
from indexer.demo.covers import SIDE, cover
from indexer.demo.files import Encoding, with_serial
from indexer.demo.instruments import pluck
from indexer.demo.library import DemoTrack, compose, plan
from indexer.demo.mixing import PEAK, Mix
from indexer.demo.theory import MAJOR, Key, euclidean, nearest_voicing

DEFAULT = 60
SMALL = 12


@pytest.fixture(scope="module")
def tracks(demo_folder: Path) -> list[tuple[DemoTrack, Path]]:
    return [(track, demo_folder / track.path) for track in plan(18)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_plan_has_six_styles_of_two_artists() -> None:
    planned = plan(DEFAULT)
    assert len(planned) == len({track.path for track in planned}) == DEFAULT
    assert set(Counter(track.artist.style for track in planned).values()) == {10}
    assert all(len({artist.name for artist in ARTISTS if artist.style is style}) == 2 for style in Style)
    assert len({(track.artist.name, track.album) for track in planned}) == 2 * len(ARTISTS)
    assert {track.encoding for track in planned} == set(Encoding)


def test_titles_and_paths_are_fit_for_any_file_system() -> None:
    planned = plan(10 * len(ARTISTS))
    assert len({track.path for track in planned}) == len(planned)
    assert not any(set('<>:"\\|?*').intersection(str(track.path)) for track in planned)


def test_every_file_is_tagged_music_of_20_to_30_seconds(tracks: list[tuple[DemoTrack, Path]]) -> None:
    for track, path in tracks:
        info, tags = soundfile.info(path), mutagen.File(path, easy=True)
        assert 19.9 <= info.duration <= 30.1
        assert info.channels == 2
        assert {name: tags[name][0] for name in track.tags} == track.tags


def test_nothing_clips_or_is_silent(tracks: list[tuple[DemoTrack, Path]]) -> None:
    for _, path in tracks:
        samples, _ = soundfile.read(path)
        assert np.max(np.abs(samples)) < 1.0
        assert np.sqrt(np.mean(samples**2)) > 0.03


def test_covers_are_embedded_or_beside(tracks: list[tuple[DemoTrack, Path]]) -> None:
    for track, path in tracks:
        embedded = b"\x89PNG" in path.read_bytes() or "metadata_block_picture" in (mutagen.File(path).tags or {})
        assert embedded is track.has_embedded_cover
        assert (path.parent / "cover.png").is_file() is not track.has_embedded_cover


def test_nothing_unfinished_is_left(demo_folder: Path, tracks: list[tuple[DemoTrack, Path]]) -> None:
    assert not list(demo_folder.rglob(f"{PARTIAL}*"))


def test_same_seed_gives_the_same_bytes(tmp_path: Path, tracks: list[tuple[DemoTrack, Path]]) -> None:
    again = make_demo(tmp_path, tracks=SMALL)
    small = {path.relative_to(tmp_path): digest(path) for path in again}
    large = {track.path: digest(path) for track, path in tracks}
    shared = small.keys() & large.keys()
    assert len(shared) == SMALL
    assert all(small[path] == large[path] for path in shared)


def test_another_seed_replaces_the_music(tmp_path: Path) -> None:
    [path] = make_demo(tmp_path, tracks=1)
    before = digest(path)
    assert make_demo(tmp_path, tracks=1, seed=1) == [path]
    assert digest(path) != before


def test_second_call_makes_only_what_is_missing(tmp_path: Path) -> None:
    paths = make_demo(tmp_path, tracks=2)
    paths[0].unlink()
    kept = paths[1].stat().st_mtime_ns
    assert make_demo(tmp_path, tracks=2) == paths
    assert paths[0].is_file()
    assert paths[1].stat().st_mtime_ns == kept


def test_styles_can_be_told_apart() -> None:
    """The nearest other track by mean MFCC, the plainest of descriptors, is nearly always of the same style."""
    planned = plan(3 * len(ARTISTS))
    music = (compose(track, seed=0, rate=22_050).mean(axis=1) for track in planned)
    vectors = np.array([librosa.feature.mfcc(y=samples, sr=22_050, n_mfcc=20).mean(axis=1) for samples in music])
    vectors = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    np.fill_diagonal(distances, np.inf)
    styles = [track.artist.style for track in planned]
    right = [styles[near] is style for style, near in zip(styles, distances.argmin(axis=1), strict=True)]
    assert np.mean(right) >= 0.85


def test_cover_is_a_png_and_its_own() -> None:
    pictures = {cover(style, np.random.default_rng(seed)) for style in Style for seed in range(3)}
    assert len(pictures) == 3 * len(Style)
    picture = next(iter(pictures))
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    start = picture.index(b"IDAT") + 4
    length = int.from_bytes(picture[start - 8 : start - 4], "big")
    assert len(zlib.decompress(picture[start : start + length])) == SIDE * (1 + 3 * SIDE)


def test_ogg_checksum_is_that_of_the_encoder(tracks: list[tuple[DemoTrack, Path]]) -> None:
    stream = next(path for track, path in tracks if track.encoding is Encoding.VORBIS).read_bytes()
    serial = int.from_bytes(stream[14:18], "little")
    assert with_serial(stream, serial) == stream
    assert with_serial(with_serial(stream, 7), serial) == stream


@given(st.binary(min_size=1, max_size=200))
def test_what_is_not_ogg_is_refused(data: bytes) -> None:
    with pytest.raises(MutagenError):
        with_serial(b"x" + data, 1)


@given(hits=st.integers(1, 16), steps=st.integers(1, 16), rotation=st.integers(0, 16))
def test_euclidean_rhythm_has_its_hits(hits: int, steps: int, rotation: int) -> None:
    hits = min(hits, steps)
    pattern = euclidean(hits, steps, rotation)
    assert len(pattern) == steps
    assert sum(pattern) == hits


@given(st.integers(-10, 20), st.integers(-10, 20))
def test_voices_move_little_and_into_the_chord(first: int, second: int) -> None:
    key = Key(60, MAJOR)
    before = key.chord(first)
    after = nearest_voicing(key.chord(second), before)
    assert all(abs(old - new) <= 6 for old, new in zip(before, after, strict=True))
    assert {note % 12 for note in after} <= {note % 12 for note in key.chord(second)}


@pytest.mark.parametrize("hertz", [82.4, 220.0, 659.3])
def test_string_sounds_at_its_pitch(hertz: float) -> None:
    note = pluck(hertz, 1.0, 32_000, np.random.default_rng(0), brightness=0.5, damping=0.8)
    spectrum = np.abs(np.fft.rfft(note, 1 << 18))
    near = np.flatnonzero(np.abs(np.arange(len(spectrum)) * 32_000 / (1 << 18) - hertz) < 0.2 * hertz)
    loudest = near[spectrum[near].argmax()] * 32_000 / (1 << 18)
    assert loudest == pytest.approx(hertz, rel=0.005)


def test_mix_keeps_below_full_scale_and_cuts_at_its_end() -> None:
    mix = Mix(2.0, 8_000, np.random.default_rng(0))
    mix.add(1.9, np.full(8_000, 5.0), pan=-1.0)
    mix.add(3.0, np.ones(10))
    samples = mix.finish()
    assert samples.shape == (16_000, 2)
    assert np.max(np.abs(samples)) <= PEAK + 1e-6
    assert np.max(np.abs(samples[:, 1])) < 1e-6
