from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.mp4 import MP4, MP4FreeForm
from numpy.typing import NDArray

from indexer.analysis.worker import Analysed, Failure, hear_file
from indexer.core.audio.errors import CorruptFile, EmptyFile, NotAudio, TooShort, VanishedFile
from indexer.core.audio.streaming import open_with_libsndfile
from indexer.core.tracks import Stretch
from indexer.sound.measure import measure
from tests import bad_files
from tests.encoders import write_with_ffmpeg


def sound_of(seconds: float, rate: int) -> NDArray[np.float32]:
    """A sine of 1 kHz, which lossy formats keep as it is, shape (n, 2)."""
    sine = 0.25 * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * rate)) / rate)
    return np.stack((sine, sine), axis=1).astype(np.float32)


@pytest.mark.parametrize("name", ["sound.wav", "sound.flac", "sound.ogg", "sound.mp3", "sound.opus"])
def test_every_format_is_as_loud(tmp_path: Path, name: str) -> None:
    sound = sound_of(3.0, 48_000)
    soundfile.write(tmp_path / "sound.wav", sound, 48_000)
    original = measure(tmp_path / "sound.wav")
    if name.endswith(".opus"):
        soundfile.write(tmp_path / name, sound, 48_000, format="OGG", subtype="OPUS")
    else:
        soundfile.write(tmp_path / name, sound, 48_000)
    found = measure(tmp_path / name)
    assert found.loudness == pytest.approx(original.loudness, abs=0.5)  # lossy ones add silence
    assert found.seconds == pytest.approx(3.0, abs=0.1)
    assert found.waveform.shape == (800, 2)


@pytest.mark.parametrize("name", ["sound.m4a", "sound.wma", "sound.wv"])
def test_what_libsndfile_cannot_read_goes_through_ffmpeg(tmp_path: Path, name: str) -> None:
    path = write_with_ffmpeg(tmp_path / name, sound_of(3.0, bad_files.RATE)[:, 0])
    found = measure(path)
    assert found.loudness == pytest.approx(-12.0, abs=0.2)
    assert found.seconds == pytest.approx(3.0, abs=0.2)


def test_what_an_encoder_added_at_the_end_is_no_part_of_the_music(tmp_path: Path) -> None:
    """It is decoded all the same, but the file says how many samples are music; a stretch of it ends there too."""
    path = write_with_ffmpeg(tmp_path / "song.m4a", sound_of(3.0, bad_files.RATE)[:, 0])
    assert measure(path).seconds > 3.01
    tags = MP4(path)
    samples = 3 * 44_100
    said = f" 00000000 00000400 00000334 {samples:016X} 00000000"
    tags["----:com.apple.iTunes:iTunSMPB"] = [MP4FreeForm(said.encode())]
    tags.save()
    assert measure(path).length.samples == samples
    assert measure(path, start=1.5).seconds == pytest.approx(1.5, abs=0.001)


@pytest.mark.parametrize("name", ["steps.flac", "steps.wav", "steps.mp3", "steps.wv", "steps.m4a"])
def test_a_stretch_of_a_file_is_measured_as_if_it_were_all(tmp_path: Path, name: str) -> None:
    rate = bad_files.RATE
    steps = np.concatenate([sound_of(4.0, rate)[:, 0] * level for level in (0.2, 1.0, 0.5)])
    path = tmp_path / name
    if name.endswith((".wv", ".m4a")):
        write_with_ffmpeg(path, steps)
    else:
        soundfile.write(path, steps, rate)
    whole = [measure(path, start=start, end=end) for start, end in ((0, 4), (4, 8), (8, None))]
    assert [found.loudness for found in whole] == pytest.approx([-26.0, -12.0, -18.0], abs=0.3)
    assert [found.seconds for found in whole] == pytest.approx([4, 4, 4], abs=0.15)


def test_neighbouring_stretches_share_no_sample_and_lose_none(tmp_path: Path) -> None:
    sound = bad_files.music(6, rate=44_100)
    soundfile.write(tmp_path / "side.flac", sound, 44_100)
    cuts = [0.0, 100 / 75, 217 / 75, 301 / 75, None]
    parts = []
    for start, end in pairwise(cuts):
        with open_with_libsndfile(tmp_path / "side.flac", start or 0.0, end) as stream:
            parts += [block.copy() for block in stream.blocks]
    whole, _ = soundfile.read(tmp_path / "side.flac", dtype="float32", always_2d=True)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole.T)


def test_ogg_surround_keeps_the_low_frequencies_out(tmp_path: Path) -> None:
    sound = np.zeros((48_000, 6), np.float32)
    sound[:, 5] = np.sin(2 * np.pi * 60 * np.arange(48_000) / 48_000)  # last in Vorbis's order, fourth in WAVE's
    soundfile.write(tmp_path / "sound.ogg", sound, 48_000)
    quiet = measure(tmp_path / "sound.ogg").loudness
    assert quiet is None or quiet < -40


def test_silence_has_a_waveform_and_no_loudness(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(40_000), 8_000)
    found = measure(tmp_path / "silence.wav")
    assert found.loudness is None
    assert found.peak == 0
    assert not found.waveform.any()


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "text.mp3").write_text("no music " * 100)
    (tmp_path / "broken.flac").write_bytes(b"fLaC" + bytes(2_000))
    soundfile.write(tmp_path / "nothing.wav", np.zeros(0), 8_000)
    soundfile.write(tmp_path / "nan.wav", np.full(20_000, np.nan), 8_000, subtype="FLOAT")
    for name, error in (
        ("empty.mp3", EmptyFile),
        ("text.mp3", NotAudio),
        ("broken.flac", CorruptFile),
        ("nothing.wav", TooShort),
        ("nan.wav", CorruptFile),
        ("none.mp3", VanishedFile),
    ):
        with pytest.raises(error):
            measure(tmp_path / name)


def test_the_worker_returns_errors(tmp_path: Path, make_tone: Callable[..., Path]) -> None:
    assert isinstance(hear_file(Stretch(str(tmp_path / "none.mp3")), ()), Failure)
    found = hear_file(Stretch(str(make_tone())), ())
    assert isinstance(found, Analysed)
    assert found.cpu_seconds > 0
    assert found.measured is not None
    assert found.measured.peak == pytest.approx(0.5, abs=0.01)
