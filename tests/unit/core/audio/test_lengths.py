"""Files whose headers are wrong about their length, or hold more than one recording: all of the sound counts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.audio.chains import LinkFile, links_of
from indexer.core.audio.decode import SEGMENT_SECONDS, SEGMENTS, Audio, decode
from indexer.core.audio.errors import SilentAudio
from indexer.core.audio.samples import ANALYSIS_RATE
from indexer.core.audio.truncation import flac_samples
from indexer.core.tags.tags import read_tags
from indexer.sound.measure import measure
from tests import bad_files
from tests.encoders import write_vbr_mp3, write_with_ffmpeg

RATE = bad_files.RATE


def noise(seconds: float) -> NDArray[np.float32]:
    return (0.5 * np.random.default_rng(1).uniform(-1, 1, int(seconds * RATE))).astype(np.float32)


def tone(seconds: float, hertz: float = 440, level: float = 0.02) -> NDArray[np.float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def write(path: Path, samples: NDArray[np.float64], rate: int = RATE) -> Path:
    """In pieces: libsndfile's writer of Ogg cannot take a minute at once."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(path, "w", rate, channels) as file:
        for at in range(0, len(samples), rate):
            file.write(samples[at : at + rate])
    return path


def pitches(audio: Audio) -> set[int]:
    """The tones, in tens of hertz, that the segments hold most of."""
    found = set()
    for segment in np.split(audio.samples, np.cumsum(audio.segments)[:-1]):
        for part in np.array_split(segment, 8):
            spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
            found.add(round(spectrum.argmax() * ANALYSIS_RATE / len(part) / 10) * 10)
    return found


@pytest.mark.parametrize("loud_first", [True, False])
@pytest.mark.parametrize("write", [write_vbr_mp3, write_with_ffmpeg])
def test_a_guess_by_the_first_bit_rates_is_replaced(
    tmp_path: Path, write: Callable[..., Path], loud_first: bool
) -> None:
    parts = [noise(30), tone(90)]
    path = tmp_path / ("song.mp3" if write is write_vbr_mp3 else "song.aac")
    write(path, np.concatenate(parts if loud_first else parts[::-1]))
    guess = read_tags(path).seconds
    assert guess is not None
    assert abs(guess - 120) > 10
    audio = decode(path)
    assert audio.length is not None
    assert audio.length.seconds == audio.source_seconds == pytest.approx(120, abs=0.1)
    assert audio.segments == (round(SEGMENT_SECONDS * ANALYSIS_RATE),) * SEGMENTS
    assert not audio.truncated
    assert measure(path).length.seconds == pytest.approx(120, abs=0.1)


def test_a_count_of_the_frames_is_believed(tmp_path: Path) -> None:
    path = write_vbr_mp3(tmp_path / "song.mp3", np.concatenate([noise(30), tone(90)]), counted=True)
    assert decode(path).length is None
    assert measure(path).length.samples == 120 * 44_100


def test_joined_mp3_files_are_all_heard(tmp_path: Path) -> None:
    one, other = (write_vbr_mp3(tmp_path / f"{pitch}.mp3", tone(60, pitch, 0.3), counted=True) for pitch in (440, 880))
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(one.read_bytes() + other.read_bytes())
    assert measure(joined).seconds == pytest.approx(120, abs=0.2)
    assert pitches(decode(joined)) == {440, 880}


@pytest.mark.parametrize("seconds", [12, 60])
@pytest.mark.parametrize("rates", [(RATE, RATE), (48_000, 16_000)])
def test_all_links_of_a_chained_file_are_heard(tmp_path: Path, rates: tuple[int, int], seconds: int) -> None:
    chained = tmp_path / "chained.ogg"
    content = b""
    for rate, pitch, channels in zip(rates, (440, 880), (2, 1), strict=True):
        sound = 0.3 * np.sin(2 * np.pi * pitch * np.arange(seconds * rate) / rate)
        write(tmp_path / "link.ogg", np.stack([sound] * channels, axis=1), rate)
        content += (tmp_path / "link.ogg").read_bytes()
    chained.write_bytes(content)
    assert len(links_of(chained)) == 2
    measured = measure(chained)
    assert (measured.length.rate, measured.length.samples) == (rates[0], 2 * seconds * rates[0])
    audio = decode(chained)
    assert audio.source_seconds == pytest.approx(2 * seconds)
    assert pitches(audio) == {440, 880}


def test_one_recording_of_an_ogg_file_is_one_link(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path, "song.ogg")
    (client,) = links_of(path)
    assert (client.start, client.end) == (0, path.stat().st_size)
    with LinkFile(path, client) as file:
        assert file.read() == path.read_bytes()
    assert links_of(bad_files.good(tmp_path, "song.flac")) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([b"OggS", b"OggS\0\2" + bytes(24), b"\xff" * 300, b"\0" * 40]), max_size=8), st.binary()
)
def test_links_of_any_bytes_follow_each_other(tmp_path: Path, parts: list[bytes], rest: bytes) -> None:
    path = tmp_path / "any.ogg"
    path.write_bytes(b"".join(parts) + rest)
    links = links_of(path)
    edges = [edge for client in links for edge in (client.start, client.end)]
    assert edges == sorted(edges)
    assert not edges or edges[-1] == path.stat().st_size


def with_size(path: Path, size: int) -> Path:
    """A WAVE file whose writer did not know how long it would become."""
    soundfile.write(path, tone(8, level=0.3), RATE)
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[4:8] = content[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0])
def test_a_wave_file_is_as_long_as_the_bytes_that_are_there(tmp_path: Path, size: int) -> None:
    path = with_size(tmp_path / "streamed.wav", size)
    assert measure(path).length.samples == 8 * RATE
    audio = decode(path)
    assert audio.source_seconds == pytest.approx(8)
    assert not audio.truncated


@pytest.mark.parametrize("total", [0, 2**36 - 1, 300 * RATE, 20 * RATE, 60 * RATE])
def test_a_flac_file_is_as_long_as_its_frames(tmp_path: Path, total: int) -> None:
    path = bad_files.good(tmp_path, "song.flac", seconds=100)
    content = bytearray(path.read_bytes())
    number = int.from_bytes(content[21:26], "big")
    content[21:26] = ((number >> 36 << 36) | total).to_bytes(5, "big")
    path.write_bytes(content)
    assert measure(path).length.samples == 100 * RATE
    audio = decode(path)
    assert audio.length is not None
    assert audio.length.samples == 100 * RATE
    assert audio.segments == (round(SEGMENT_SECONDS * ANALYSIS_RATE),) * SEGMENTS


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_frame_of_any_flac_is_told_or_not(tmp_path: Path, rest: bytes) -> None:
    path = bad_files.good(tmp_path, "song.flac")
    assert flac_samples(path) == 3 * RATE
    path.write_bytes(path.read_bytes() + b"\xff\xf8" + rest)
    assert (flac_samples(path) or 0) >= 0
    path.write_bytes(b"fLaC" + rest)
    assert flac_samples(path) is None


@pytest.mark.parametrize("name", ["song.flac", "song.mp3", "song.ogg", "song.m4a"])
def test_a_hidden_song_is_heard_and_the_silence_before_it_is_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    samples = np.concatenate([tone(60, 440, 0.3), np.zeros(240 * RATE, np.float32), tone(60, 880, 0.3)])
    if name.endswith(".m4a"):
        write_with_ffmpeg(path, samples)
    else:
        write(path, samples)
    audio = decode(path)
    assert pitches(audio) == {440, 880}
    assert np.mean(np.abs(audio.samples) < 1e-3) < 0.1
    assert audio.source_seconds == pytest.approx(360, abs=0.2)


def test_leading_silence_of_a_short_file_is_not_analysed(tmp_path: Path) -> None:
    path = tmp_path / "late.flac"
    soundfile.write(path, np.concatenate([np.zeros(25 * RATE, np.float32), tone(15, level=0.3)]), RATE)
    audio = decode(path)
    assert audio.samples.size == pytest.approx(15.5 * ANALYSIS_RATE, abs=ANALYSIS_RATE / 5)
    assert audio.length is not None
    assert audio.length.lead == pytest.approx(25, abs=0.01)


def test_a_pause_of_some_seconds_belongs_to_the_music(tmp_path: Path) -> None:
    path = tmp_path / "pause.flac"
    soundfile.write(
        path, np.concatenate([tone(10, level=0.3), np.zeros(8 * RATE, np.float32), tone(10, level=0.3)]), RATE
    )
    assert decode(path).samples.size == 28 * ANALYSIS_RATE


@pytest.mark.parametrize("seconds", [30, 300])
def test_what_has_nothing_says_so(tmp_path: Path, seconds: int) -> None:
    path = tmp_path / "nothing.flac"
    soundfile.write(path, np.zeros(seconds * RATE, np.float32), RATE)
    with pytest.raises(SilentAudio):
        decode(path)
    assert measure(path).length.samples == seconds * RATE


def test_silence_with_a_click_in_it_is_no_music(tmp_path: Path) -> None:
    samples = np.zeros(100 * RATE, np.float32)
    samples[:50] = 0.5
    path = tmp_path / "click.flac"
    soundfile.write(path, samples, RATE)
    with pytest.raises(SilentAudio, match="but for 0"):
        decode(path)


def test_odd_lengths_never_raise_but_what_they_should(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.m4a", tone(60, level=0.3))
    content = path.read_bytes()
    for atom, place in ((b"mvhd", 16), (b"mdhd", 16), (b"tkhd", 20)):
        at = content.index(atom) + 4 + place
        content = (
            content[:at] + (int.from_bytes(content[at : at + 4], "big") * 7).to_bytes(4, "big") + content[at + 4 :]
        )
    path.write_bytes(content)
    with suppress(SilentAudio):
        audio = decode(path)
        assert audio.samples.size > 30 * ANALYSIS_RATE
    assert measure(path).seconds == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("name", ["song.mp3", "song.aac", "song.ogg"])
def test_a_stretch_is_found_where_no_header_leads_to_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "song.ogg":
        content = b""
        for pitch in (440, 880):
            content += write(tmp_path / "link.ogg", tone(60, pitch, 0.3)).read_bytes()
        path.write_bytes(content)
    else:
        samples = np.concatenate([noise(20), tone(40, 440, 0.1), tone(60, 880, 0.3)])
        (write_vbr_mp3 if name == "song.mp3" else write_with_ffmpeg)(path, samples)
    audio = decode(path, start=61.0, end=91.0)
    assert pitches(audio) == {880}
    assert audio.source_seconds == pytest.approx(30, abs=0.001)
    measured = measure(path, start=59.0, end=91.0).length
    assert measured.samples == 32 * (measured.rate or 0)
