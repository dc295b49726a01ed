from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.audio.decode import SEGMENT_SECONDS, SEGMENTS, decode
from indexer.core.audio.errors import (
    AudioError,
    BusyFile,
    CorruptFile,
    EmptyFile,
    NotAudio,
    SilentAudio,
    TooShort,
    UnreadableFile,
    UnreadableFolder,
    VanishedFile,
)
from indexer.core.audio.samples import ANALYSIS_RATE, to_mono
from tests import bad_files
from tests.encoders import write_with_ffmpeg


def write(path: Path, seconds: float, *, rate: int = 44_100, channels: int = 2, **options: str) -> Path:
    samples = np.stack([bad_files.music(seconds, seed=channel, rate=rate) for channel in range(channels)], axis=1)
    soundfile.write(path, samples, rate, **options)
    return path


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1), (22_050, 2), (8_000, 1), (96_000, 6)])
@pytest.mark.parametrize("suffix", [".flac", ".wav"])
def test_decode_equals_librosa_load(tmp_path: Path, suffix: str, rate: int, channels: int) -> None:
    path = write(tmp_path / f"song{suffix}", 2.017, rate=rate, channels=channels)
    expected, _ = librosa.load(path, sr=22_050, mono=True)
    audio = decode(path)
    assert audio.samples.dtype == np.float32
    assert audio.samples.shape == expected.shape
    np.testing.assert_allclose(audio.samples, expected, atol=1e-6)
    assert audio.segments == (audio.samples.size,)
    assert audio.source_seconds == pytest.approx(2.017, abs=1e-4)
    assert not audio.truncated


@pytest.mark.music
def test_decode_equals_librosa_load_on_real_clips(music_folder: Path) -> None:
    clips = sorted((music_folder / "clips").glob("*/*.mp3"))
    for clip in clips[:: max(1, len(clips) // 5)]:
        expected, _ = librosa.load(clip, sr=22_050, mono=True)
        np.testing.assert_allclose(decode(clip).samples, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["song.mp3", "song.ogg", "song.aiff", "song.flac", "song.wav"])
def test_formats_of_libsndfile(tmp_path: Path, name: str) -> None:
    audio = decode(bad_files.good(tmp_path, name))
    assert audio.samples.size == pytest.approx(3 * ANALYSIS_RATE, abs=2500)
    assert not audio.truncated


@pytest.mark.parametrize("name", ["song.m4a", "song.wma", "song.aac", "song.wv"])
def test_formats_of_ffmpeg(tmp_path: Path, name: str) -> None:
    samples = bad_files.music(5)
    audio = decode(write_with_ffmpeg(tmp_path / name, samples))
    assert audio.samples.size == pytest.approx(5 * ANALYSIS_RATE, abs=3000)
    assert not audio.truncated
    assert np.sqrt(np.mean(audio.samples**2)) == pytest.approx(np.sqrt(np.mean(samples**2)), rel=0.1)


@pytest.mark.parametrize("name", ["song.m4a", "song.flac"])
def test_long_files_are_judged_by_segments(tmp_path: Path, name: str) -> None:
    rate = 22_050
    ramp = np.sin(2 * np.pi * 440 * np.arange(100 * rate) / rate) * np.linspace(0, 1, 100 * rate)
    path = tmp_path / name
    if name.endswith(".m4a"):
        write_with_ffmpeg(path, ramp.astype(np.float32))
    else:
        soundfile.write(path, ramp, rate)
    audio = decode(path, segments=3, segment_seconds=10)
    assert audio.segments == (10 * rate,) * 3
    assert audio.source_seconds == pytest.approx(100, abs=0.2)
    levels = [float(np.sqrt(2 * np.mean(segment**2))) for segment in np.split(audio.samples, 3)]
    assert levels == pytest.approx([1 / 6, 1 / 2, 5 / 6], abs=0.02)
    farther = decode(path, segments=3, segment_seconds=10, margin=1.0)
    levels = [float(np.sqrt(2 * np.mean(segment**2))) for segment in np.split(farther.samples, 3)]
    assert levels == pytest.approx([0.25, 0.5, 0.75], abs=0.02)


@pytest.mark.parametrize("name", ["side.flac", "side.wav", "side.mp3", "side.m4a"])
def test_a_stretch_is_decoded_as_if_it_were_the_file(tmp_path: Path, name: str) -> None:
    rate = 22_050
    levels = np.repeat([0.2, 0.8, 0.4], 30 * rate)
    sound = (np.sin(2 * np.pi * 440 * np.arange(len(levels)) / rate) * levels).astype(np.float32)
    if name.endswith(".m4a"):
        write_with_ffmpeg(tmp_path / name, sound)
    else:
        soundfile.write(tmp_path / name, sound, rate)
    for start, end, level in ((0.0, 30.0, 0.2), (30.0, 60.0, 0.8), (60.0, None, 0.4)):
        audio = decode(tmp_path / name, start=start, end=end)
        assert audio.source_seconds == pytest.approx(30, abs=0.2)
        assert audio.samples.size == pytest.approx(30 * rate, abs=0.2 * rate)
        assert np.sqrt(2 * np.mean(audio.samples**2)) == pytest.approx(level, rel=0.1)
    parts = decode(tmp_path / name, start=30.0, whole_up_to=45.0, segments=2, segment_seconds=10)
    assert parts.source_seconds == pytest.approx(60, abs=0.2)
    loud, soft = (float(np.sqrt(2 * np.mean(part**2))) for part in np.split(parts.samples, 2))
    assert (loud, soft) == pytest.approx((0.8, 0.4), rel=0.15)


def test_a_stretch_beyond_the_end_has_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "short.flac", 2.0)
    with pytest.raises(AudioError):
        decode(path, start=60.0, end=70.0)


def test_three_hours_are_read_in_a_moment(tmp_path: Path) -> None:
    audio = decode(bad_files.three_hours(tmp_path))
    assert audio.segments == (round(SEGMENT_SECONDS * ANALYSIS_RATE),) * SEGMENTS
    assert audio.source_seconds == bad_files.THREE_HOURS
    assert not audio.truncated


@pytest.mark.parametrize("builder", [bad_files.truncated, bad_files.truncated_wave])
def test_truncated_files_are_decoded_as_far_as_they_go(tmp_path: Path, builder: Callable[[Path], Path]) -> None:
    audio = decode(builder(tmp_path))
    assert audio.truncated
    assert 8 < audio.source_seconds < 12
    assert audio.samples.size == pytest.approx(audio.source_seconds * ANALYSIS_RATE, rel=0.01)


@pytest.mark.parametrize("name", ["song.flac", "song.ogg", "song.aiff", "song.m4a"])
def test_truncation_is_noticed_in_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".m4a"):
        write_with_ffmpeg(path, bad_files.music(10))
    else:
        bad_files.good(tmp_path, name, seconds=10)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    audio = decode(path)
    assert audio.truncated
    assert 3 < audio.source_seconds < 9


def test_a_truncated_long_file_gives_the_segments_that_are_there(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path, "long.wav", seconds=120)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    audio = decode(path)
    assert audio.truncated
    assert audio.samples.size > 20 * ANALYSIS_RATE


def test_a_long_file_that_stops_before_its_first_segment_gives_its_beginning(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path, "long.mp3", seconds=120)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 10])
    audio = decode(path, segment_seconds=10)
    assert audio.truncated
    assert audio.samples.size == pytest.approx(12 * ANALYSIS_RATE, rel=0.1)


def test_values_that_are_no_numbers_are_found_in_every_segment(tmp_path: Path) -> None:
    samples = bad_files.music(120)
    samples[115 * bad_files.RATE] = np.inf
    path = tmp_path / "late.wav"
    soundfile.write(path, samples, bad_files.RATE, subtype="FLOAT")
    with pytest.raises(CorruptFile, match="not numbers"):
        decode(path)


@pytest.mark.parametrize("seconds", [3, 120])
def test_channels_that_cancel_each_other_out_sound_like_one_of_them(tmp_path: Path, seconds: int) -> None:
    left = bad_files.music(seconds)
    path = tmp_path / "turned over.wav"
    soundfile.write(path, np.stack([left, -left], axis=1), bad_files.RATE)
    alone = tmp_path / "alone.wav"
    soundfile.write(alone, left, bad_files.RATE)
    np.testing.assert_allclose(decode(path).samples, decode(alone).samples, atol=1e-6)


def test_a_constant_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "constant.wav"
    soundfile.write(path, np.full(3 * bad_files.RATE, 0.5, np.float32), bad_files.RATE)
    with pytest.raises(SilentAudio):
        decode(path)


@pytest.mark.parametrize(
    ("builder", "error", "sentence"),
    [
        (bad_files.empty, EmptyFile, "empty.mp3 is empty."),
        (bad_files.corrupt, CorruptFile, "corrupt.flac is damaged."),
        (bad_files.corrupt_inside, CorruptFile, "corrupt inside.flac is damaged."),
        (bad_files.silent, SilentAudio, "silent.wav is silent"),
        (bad_files.one_sample, TooShort, "one sample.wav is too short"),
        (bad_files.not_a_number, CorruptFile, "not a number.wav is damaged."),
        (bad_files.mislabelled_text, NotAudio, "shopping list.mp3 holds no audio"),
        (bad_files.mislabelled_picture, NotAudio, "picture.ogg holds no audio"),
        (bad_files.dangling_link, VanishedFile, "dangling.mp3 disappeared"),
        (bad_files.folder_named_like_music, UnreadableFile, "really a folder.mp3 cannot be opened"),
        (bad_files.named_pipe, UnreadableFile, "pipe.mp3 cannot be opened"),
    ],
)
def test_bad_files_are_named_with_advice(tmp_path: Path, builder, error: type[AudioError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        decode(builder(tmp_path))
    assert caught.value.message.startswith(sentence)
    assert caught.value.advice


def test_a_forbidden_file_is_unreadable() -> None:
    with bad_files.open_folder() as folder:
        path = bad_files.forbidden(folder)
        with bad_files.as_nobody(), pytest.raises(UnreadableFile, match=r"forbidden\.flac cannot be opened"):
            decode(path)


def test_odd_names_are_decoded(tmp_path: Path) -> None:
    for path in bad_files.odd_names(tmp_path):
        assert decode(path).samples.size == 3 * ANALYSIS_RATE


def test_odd_names_are_decoded_by_ffmpeg_too(tmp_path: Path) -> None:
    encoded = write_with_ffmpeg(tmp_path / "song.m4a", bad_files.music())
    for name in bad_files.odd_names(tmp_path):
        path = encoded.rename(name.with_suffix(".m4a"))
        assert decode(path).samples.size > 2 * ANALYSIS_RATE
        encoded = path


HEADS = st.sampled_from(
    [b"", b"ID3\x03\0\0\0\0\x01\0", b"fLaC\0\0\0\x22", b"OggS", b"RIFF", b"\xff\xfb\x90\xc4", b"wvpk"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEADS, st.binary(max_size=300), st.sampled_from([".mp3", ".flac", ".ogg", ".wav", ".m4a"]))
def test_any_bytes_give_audio_or_an_audio_error(tmp_path: Path, head: bytes, body: bytes, suffix: str) -> None:
    path = tmp_path / f"fuzz{suffix}"
    path.write_bytes(head + body)
    with suppress(AudioError):
        assert np.isfinite(decode(path).samples).all()


@given(st.integers(1, 6), st.integers(0, 20))
def test_mono_is_the_mean_of_the_channels(channels: int, frames: int) -> None:
    block = np.random.default_rng(frames).standard_normal((frames, channels)).astype(np.float32)
    np.testing.assert_allclose(to_mono(block), block.mean(axis=1), atol=1e-6)


@pytest.mark.parametrize(
    "error", [EmptyFile, UnreadableFile, UnreadableFolder, BusyFile, NotAudio, CorruptFile, SilentAudio, TooShort]
)
def test_errors_cross_processes(error: type[AudioError]) -> None:
    original = error("/music/a song.mp3", "for a reason")
    copy = pickle.loads(pickle.dumps(original))
    assert type(copy) is error
    assert (copy.path, copy.message, copy.advice) == (original.path, original.message, original.advice)
    problem = copy.problem(size=3, mtime_ns=4)
    assert (problem.path, problem.kind, problem.size, problem.mtime_ns) == ("/music/a song.mp3", error.kind, 3, 4)


def test_native_decoders_are_hushed_and_python_is_not(tmp_path: Path) -> None:
    path = bad_files.truncated(tmp_path)
    program = (
        "import sys; from pathlib import Path; from indexer.core.audio.decode import decode, hush_native_decoders;"
        "hush_native_decoders(); decode(Path(sys.argv[1])); print('still here', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == "still here\n"
