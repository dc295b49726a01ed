"""Decoding to the sample: what encoders put before and behind the music is left out, and a place is that very place."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.tracks import Stretch
from musicplayer.playback.decoding import Decoder, Resampler, frames_of, to_stereo
from musicplayer.playback.reel import suitable_rate
from tests.encoders import write_with_ffmpeg
from tests.ruler import FORMATS, Format, Signal, find, melody, write

SECONDS = 3.217
EXACT = [kind for kind in FORMATS if "no tag" not in kind.name]
LOSSLESS = {"FLAC 44.1/16", "FLAC 48/16", "FLAC 96/24", "ALAC", "WAV"}


def decoded(path: Path, start: int = 0, end: int | None = None) -> Signal:
    """The left channel from one frame up to another."""
    decoder = Decoder(str(path))
    try:
        blocks = [block for _, block in decoder.blocks(start, end)]
        return np.concatenate(blocks)[:, 0] if blocks else np.empty(0, np.float32)
    finally:
        decoder.close()


@pytest.mark.parametrize("kind", EXACT, ids=lambda kind: kind.name)
def test_every_sample_of_the_music_is_decoded_and_no_other(tmp_path: Path, kind: Format) -> None:
    music = melody(1, SECONDS, kind.rate)
    got = decoded(write(tmp_path / f"a.{kind.ending}", music, kind))
    assert len(got) == len(music)
    found = find(got, music, kind.rate)
    assert found is not None
    assert (found.at, found.missing_first, found.missing_last) == (0, 0.0, 0.0)
    if kind.name in LOSSLESS:
        assert np.abs(got - music).max() < 1 / 32000


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if "no tag" in kind.name], ids=lambda kind: kind.name)
def test_an_mp3_that_does_not_say_what_is_padding_is_decoded_whole(tmp_path: Path, kind: Format) -> None:
    music = melody(1, SECONDS, kind.rate)
    got = decoded(write(tmp_path / "a.mp3", music, kind))
    found = find(got, music, kind.rate)
    assert found is not None
    assert (found.missing_first, found.missing_last) == (0.0, 0.0)
    assert len(got) % 1152 == 0
    assert 0 < len(got) - len(music) < 3 * 1152


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_a_stretch_is_those_very_samples(tmp_path: Path, kind: Format) -> None:
    file = write(tmp_path / f"a.{kind.ending}", melody(2, 4.0, kind.rate), kind)
    whole = decoded(file)
    for start, end in [(0.0, 0.3), (1.234, 2.5), (3.0, None)]:
        first, last = frames_of(Stretch(str(file), start, end), kind.rate, 0.0)
        assert np.abs(decoded(file, first, last) - whole[first:last]).max() < 1e-4


def test_itunes_says_how_long_an_mp4_is_where_there_is_no_edit_list(tmp_path: Path) -> None:
    from mutagen.mp4 import MP4, MP4FreeForm

    kind = Format("AAC", "m4a", codec="aac", options=(("b", "192000"),), container=(("use_editlist", "0"),))
    music = melody(3, SECONDS, kind.rate)
    file = write(tmp_path / "a.m4a", music, kind)
    tags = MP4(file)
    padding = -(len(music) + 1024) % 1024
    said = f" 00000000 {1024:08X} {padding:08X} {len(music):016X}" + " 00000000" * 8
    tags["----:com.apple.iTunes:iTunSMPB"] = [MP4FreeForm(said.encode())]
    tags.save()
    got = decoded(file)
    found = find(got, music, kind.rate)
    assert found is not None
    assert (found.at, len(got)) == (0, len(music))


@pytest.mark.parametrize("ending", [".wma", ".aac", ".wv"])
def test_other_kinds_are_decoded_too(tmp_path: Path, ending: str) -> None:
    music = melody(4, 3.0, 44_100)
    got = decoded(write_with_ffmpeg(tmp_path / f"a{ending}", music[::2]))
    assert len(got) == pytest.approx(44_100 * 3, abs=6000)


@pytest.mark.parametrize("channels", [1, 3, 4, 6, 8])
def test_any_number_of_channels_becomes_two_within_full_scale(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "many.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, 44_100, 0, "NONE", ""))
        file.writeframes(np.full((4410, channels), 32767, "<i2").tobytes())
    decoder = Decoder(str(path))
    block = np.concatenate([block for _, block in decoder.blocks()])
    decoder.close()
    assert block.shape == (4410, 2)
    assert 0.5 < np.abs(block).max() <= 1.0


def test_values_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    import soundfile

    wild = np.array([0.5, np.nan, np.inf, -np.inf, 1e30, -0.5], np.float32)
    soundfile.write(tmp_path / "wild.wav", np.repeat(wild, 1000), 44_100, "FLOAT")
    got = decoded(tmp_path / "wild.wav")
    assert np.isfinite(got).all()
    assert np.abs(got).max() <= 4.0
    assert (got[0], got[-1]) == (0.5, -0.5)


def test_a_chained_file_is_decoded_through_all_its_links(tmp_path: Path) -> None:
    kind = next(kind for kind in FORMATS if kind.name == "Ogg Vorbis")
    links = [write(tmp_path / f"{number}.ogg", melody(number, 3.0, 44_100), kind) for number in range(2)]
    chained = tmp_path / "chained.ogg"
    chained.write_bytes(b"".join(link.read_bytes() for link in links))
    got = decoded(chained)
    for number in range(2):
        found = find(got, melody(number, 3.0, 44_100), 44_100)
        assert found is not None
        assert found.at == pytest.approx(number * 3 * 44_100, abs=1500)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([8000, 22_050, 44_100, 48_000, 96_000, 192_000]),
    st.sampled_from([44_100, 48_000, 96_000]),
    st.lists(st.integers(1, 3000), min_size=1, max_size=8),
)
def test_resampling_loses_and_doubles_nothing(source: int, rate: int, blocks: list[int]) -> None:
    resampler = Resampler(rate)
    made = [resampler.converted(source, np.zeros((frames, 2), np.float32)) for frames in blocks]
    frames = sum(map(len, made)) + len(resampler.finish())
    assert frames == round(sum(blocks) * rate / source)


def test_a_tone_keeps_its_place_when_it_is_resampled() -> None:
    music = np.repeat(melody(5, 2.0, 96_000)[:, None], 2, axis=1)
    resampler = Resampler(44_100)
    made = [resampler.converted(96_000, music[at : at + 4096]) for at in range(0, len(music), 4096)]
    got = np.concatenate([*made, resampler.finish()])[:, 0]
    found = find(got, melody(5, 2.0, 44_100), 44_100)
    assert found is not None
    assert (abs(found.at) <= 1, found.missing_first, found.missing_last) == (True, 0.0, 0.0)


@pytest.mark.parametrize(
    ("rate", "suits"), [(8000, 48_000), (11_025, 44_100), (44_100, 44_100), (96_000, 96_000), (352_800, 176_400)]
)
def test_a_stream_has_a_rate_that_servers_are_at_ease_with(rate: int, suits: int) -> None:
    assert suitable_rate(rate) == suits


def test_stereo_of_a_frame_is_its_samples() -> None:
    import av

    frame = av.AudioFrame.from_ndarray(np.array([[16384, -16384, 0, 32767]], np.int16), format="s16", layout="stereo")
    assert to_stereo(frame).tolist() == [[0.5, -0.5], [0.0, pytest.approx(32767 / 32768)]]
