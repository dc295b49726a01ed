"""Wishes of clients find a profile, and files are called what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mutagen.id3
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from musicplayer.server.streams.profiles import (
    FLAC,
    MP3,
    PROFILES,
    bit_rate,
    chosen,
    instead_of_part,
    media_type_of,
)
from tests.bad_files import RATE, music
from tests.encoders import write_with_ffmpeg
from tests.unit.server.streams.asking import asked_about, track_of


@pytest.mark.parametrize(
    ("form", "most", "suffix", "kbps", "name"),
    [
        ("", 0, ".flac", 900, None),
        ("raw", 64, ".flac", 900, None),
        ("mp3", 0, ".flac", 900, "mp3"),
        ("mp3", 0, ".mp3", 320, None),
        ("mp3", 192, ".mp3", 320, "mp3"),
        ("mp3", 128, ".flac", 900, "mp3-128"),
        ("MP3", 64, ".flac", 900, "mp3-128"),
        ("", 320, ".mp3", 256, None),
        ("", 192, ".flac", 900, "mp3"),
        ("", 100, ".flac", 900, "opus"),
        ("", 32, ".flac", None, "opus"),
        ("ogg", 0, ".flac", 900, "opus"),
        ("m4a", 256, ".flac", 900, "aac"),
        ("aac-192", 0, ".flac", 900, "aac-192"),
        ("flac", 0, ".wav", 1_411, "flac"),
        ("flac", 192, ".wav", 1_411, "mp3"),
        ("wma; rm -rf /", 0, ".mp3", 320, None),
    ],
)
def test_a_wish_finds_the_file_itself_or_a_profile(
    form: str, most: int, suffix: str, kbps: float | None, name: str | None
) -> None:
    profile = chosen(form, most, suffix, kbps)
    assert (profile and profile.name) == name


@given(st.text(max_size=20), st.integers(0, 2_000), st.floats(1, 5_000) | st.none())
def test_any_wish_is_answered_with_what_there_is(form: str, most: int, kbps: float | None) -> None:
    assert chosen(form, most, ".ogg", kbps) in {None, *PROFILES.values()}


@given(st.sampled_from(["", *PROFILES]), st.integers(96, 2_000), st.floats(1, 5_000) | st.none())
def test_no_wish_goes_beyond_its_bound(form: str, most: int, kbps: float | None) -> None:
    profile = chosen(form, most, ".flac", kbps)
    if profile is None:
        assert kbps is not None
        assert kbps <= most
    else:
        assert profile.kbps is not None
        assert profile.kbps <= most or profile == min(
            (each for each in PROFILES.values() if each.codec == profile.codec), key=lambda each: each.kbps or 0
        )


@given(st.integers(1_000, 768_000))
def test_every_rate_becomes_one_that_the_codec_takes(rate: int) -> None:
    for each in PROFILES.values():
        fitted = each.rate_for(rate)
        assert fitted in each.rates if each.rates else fitted <= 192_000
    assert MP3.rate_for(88_200) == 44_100
    assert (FLAC.rate_for(rate) == rate) is (rate <= 192_000)


def test_a_bit_rate_is_what_a_file_takes_in_its_time() -> None:
    assert bit_rate(1_440_000, 60) == 192
    assert bit_rate(1, None) is None


def by_libsndfile(kind: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        subtype = "OPUS" if kind == "OGG" and path.suffix == ".opus" else None
        soundfile.write(path, music(0.5, rate=48_000), 48_000, format=kind, subtype=subtype)

    return write


def by_ffmpeg(path: Path) -> None:
    write_with_ffmpeg(path, music(0.5))


@pytest.mark.parametrize(
    ("name", "write", "kind"),
    [
        ("a.mp3", by_libsndfile("MP3"), "audio/mpeg"),
        ("a.flac", by_libsndfile("FLAC"), "audio/flac"),
        ("misnamed.mp3", by_libsndfile("FLAC"), "audio/flac"),
        ("a.ogg", by_libsndfile("OGG"), "audio/ogg"),
        ("a.opus", by_libsndfile("OGG"), "audio/ogg"),
        ("a.wav", by_libsndfile("WAV"), "audio/wav"),
        ("a.aiff", by_libsndfile("AIFF"), "audio/aiff"),
        ("a.m4a", by_ffmpeg, "audio/mp4"),
        ("a.aac", by_ffmpeg, "audio/aac"),
        ("a.wma", by_ffmpeg, "audio/x-ms-wma"),
        ("a.wv", by_ffmpeg, "audio/x-wavpack"),
        ("a.webm", by_ffmpeg, "audio/webm"),
        ("a.mka", by_ffmpeg, "audio/x-matroska"),
        ("page.mp3", lambda path: path.write_text("<html><script>alert(1)</script>"), "application/octet-stream"),
    ],
)
def test_files_are_called_what_they_are_whatever_their_names_say(
    tmp_path: Path, name: str, write: Callable[[Path], None], kind: str
) -> None:
    path = tmp_path / name
    write(path)
    with asked_about(track_of(path), tmp_path / "cache") as client:
        answer = client.get("/")
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_tag_in_front_does_not_hide_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, music(0.5), RATE)
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="A" * 5_000))
    tags.save(path)
    assert path.read_bytes().startswith(b"ID3")
    with asked_about(track_of(path), tmp_path / "cache") as client:
        assert client.get("/").headers["content-type"] == "audio/flac"


def test_parts_of_lossless_files_stay_lossless() -> None:
    assert instead_of_part(media_type_of(b"fLaC", "a.flac")) == FLAC
    assert instead_of_part(media_type_of(b"\xff\xfb\x90", "a.mp3")) == MP3
