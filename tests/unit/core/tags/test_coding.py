"""Bit rate, sample rate and channels are read from the headers of every format."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import soundfile

from indexer.core.tags.coding import NO_CODING, Coding, coding_of
from indexer.core.tags.tags import read_tags
from tests.conftest import tone
from tests.tagged import write


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("song.flac", 30, 800),
        ("song.ogg", 30, 200),
        ("song.opus", 10, 200),
        ("song.mp3", 32, 320),
        ("song.wav", 768, 769),
        ("song.aiff", 768, 769),
    ],
)
def test_headers_are_read(tmp_path: Path, name: str, least: int, most: int) -> None:
    path = tmp_path / name
    if path.suffix in {".mp3", ".wav", ".aiff"}:
        soundfile.write(path, tone(2.0, 440.0, 48_000), 48_000)
    else:
        write(path)
    tags = read_tags(path)
    assert (tags.sample_rate, tags.channels) == (48_000, 1)
    assert tags.bit_rate is not None
    assert least <= tags.bit_rate <= most


@pytest.mark.parametrize("wrong", [None, 0, -1, float("nan"), float("inf"), "44100", 10**12])
def test_what_damaged_headers_say_is_nothing(wrong: object) -> None:
    assert coding_of(SimpleNamespace(bitrate=wrong, sample_rate=wrong, channels=wrong)) == NO_CODING
    assert coding_of(None) == NO_CODING


def test_the_mean_of_the_bytes_stands_in_for_a_bit_rate() -> None:
    assert Coding(None, 44_100, 2).filled(40_000, 1.0) == Coding(320, 44_100, 2)
    assert Coding(128).filled(40_000, 1.0) == Coding(128)
    assert NO_CODING.filled(40_000, None) == NO_CODING
