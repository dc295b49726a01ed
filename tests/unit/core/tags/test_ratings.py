"""Stars in tags, on the scales that programs write them on."""

from __future__ import annotations

from pathlib import Path

import mutagen
import mutagen.asf
import mutagen.id3
import mutagen.mp4
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.walk import FoundFile
from indexer.core.tags.ratings import parse_popularimeter, parse_rating, parse_share, parse_shared, stars
from indexer.core.tags.reading import read_file
from indexer.core.tags.tags import read_tags
from tests.encoders import write_with_ffmpeg


def silence(path: Path) -> Path:
    if path.suffix in {".m4a", ".wma", ".wv"}:
        return write_with_ffmpeg(path, np.zeros(22_050, np.float32))
    soundfile.write(path, np.zeros(22_050, np.float32), 22_050)
    return path


def rated(path: Path, **values: object) -> float | None:
    """What is read back of a file with these tags, whose names have `_` for `:` twice and for `/` thrice."""
    media = mutagen.File(silence(path))
    if media.tags is None:
        media.add_tags()
    for name, value in values.items():
        media.tags[name.replace("___", "/").replace("__", ":")] = value
    media.save()
    return read_tags(path).rating


@pytest.mark.parametrize(
    ("byte", "owner", "expected"),
    [
        *((byte, "Windows Media Player 9 Series", n + 1) for n, byte in enumerate((1, 64, 128, 196, 255))),
        *((byte, "rating@winamp.com", n + 1) for n, byte in enumerate((1, 64, 128, 196, 255))),
        *((byte, "no@email", n + 0.5) for n, byte in enumerate((13, 54, 118, 186, 242))),
        *((51 * n, "", float(n)) for n in range(1, 6)),
        *((51 * n, "traktor@native-instruments.de", float(n)) for n in range(1, 6)),
        (192, "Banshee", 4.0),
        (191, "quodlibet@lists.sacredchaos.com", 3.75),
        (128, "quodlibet@lists.sacredchaos.com", 2.51),
        (31, "", 1.0),
        (32, "", 2.0),
        (254, "", 5.0),
        (0, "", None),
        (256, "", None),
    ],
)
def test_a_popularimeter(byte: int, owner: str, expected: float | None) -> None:
    assert parse_popularimeter(f"{byte} {owner}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", 4.0), ("4.5", 4.5), ("4,5", 4.5), (" 5 ", 5.0), ("1", 1.0), ("0.8", 4.0), ("7", 3.5), ("80", 4.0),
        ("10", 0.5), ("100", 5.0), ("196", 4.0), ("255", 5.0), ("80%", 4.0), ("4/5", 4.0), ("8/10", 4.0),
        ("★★★☆☆", 3.0), ("★★½", 2.5), ("0", None), ("0.0", None), ("", None), ("256", None), ("good", None),
        ("-3", None), ("nan", None), ("5/0", None), ("6/5", None), ("101%", None), ("★★★★★★", None), ("1e3", None),
    ],
)  # fmt: skip
def test_a_rating_tells_its_scale_by_its_size(text: str, expected: float | None) -> None:
    assert parse_rating(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("0.8", 4.0), ("1", 5.0), ("1.0", 5.0), ("0", None), ("60", 3.0)])
def test_a_share(text: str, expected: float | None) -> None:
    assert parse_share(text) == expected


def test_windows_medias_own() -> None:
    assert [parse_shared(text) for text in ("1", "25", "50", "75", "99", "0", "101", "x")] == [
        1.0, 2.0, 3.0, 4.0, 5.0, None, None, None
    ]  # fmt: skip


@given(st.text(max_size=20) | st.text("0123456789.,/%★½ ", max_size=12))
def test_whatever_is_written_is_stars_or_nothing(text: str) -> None:
    for parse in (parse_rating, parse_share, parse_popularimeter, parse_shared):
        rating = parse(text)
        assert rating is None or 0 < rating <= 5


@given(st.integers(1, 254), st.sampled_from(["", "Windows Media Player 9 Series", "a@b"]))
def test_a_greater_byte_is_no_worse_where_it_is_of_the_same_way_of_writing(byte: int, owner: str) -> None:
    exact = {13, 54, 118, 186, 242, 51, 102, 153, 204}
    if not {byte, byte + 1} & exact:
        assert (parse_popularimeter(f"{byte} {owner}") or 0) <= (parse_popularimeter(f"{byte + 1} {owner}") or 0)


@pytest.mark.parametrize("name", ["song.flac", "song.ogg"])
def test_comments(tmp_path: Path, name: str) -> None:
    assert rated(tmp_path / name, RATING="4") == 4.0
    assert rated(tmp_path / name, fmps_rating="0.5") == 2.5
    assert rated(tmp_path / name, rating__somebody="0.6") == 3.0
    assert rated(tmp_path / name, genre="Rock") is None


def test_apev2(tmp_path: Path) -> None:
    assert rated(tmp_path / "song.wv", Rating="80") == 4.0


def test_mp4(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    assert rated(path, rate=["80"]) == 4.0
    assert rated(path, **{"----__com.apple.iTunes__RATING": mutagen.mp4.MP4FreeForm(b"3.5")}) == 3.5
    assert rated(path, **{"----__com.apple.iTunes__FMPS_Rating": mutagen.mp4.MP4FreeForm(b"0.2")}) == 1.0
    assert rated(path, rtng=[4]) is None, "which is for whom it is unfit"


def test_asf(tmp_path: Path) -> None:
    assert rated(tmp_path / "song.wma", WM___SharedUserRating=[mutagen.asf.ASFDWordAttribute(75)]) == 4.0
    assert rated(tmp_path / "song.wma", FMPS___Rating=["0.6"]) == 3.0


@pytest.mark.parametrize("name", ["song.mp3", "song.wav", "song.aiff"])
def test_id3(tmp_path: Path, name: str) -> None:
    media = mutagen.File(silence(tmp_path / name))
    if media.tags is None:
        media.add_tags()
    media.tags.add(mutagen.id3.POPM(email="nobody", rating=0))
    media.tags.add(mutagen.id3.POPM(email="Windows Media Player 9 Series", rating=196, count=7))
    media.save()
    assert read_tags(tmp_path / name).rating == 4.0
    media.tags.add(mutagen.id3.TXXX(encoding=3, desc="FMPS_Rating", text=["0.9"]))
    media.save()
    assert read_tags(tmp_path / name).rating == 4.5, "a scale that is a standard goes first"


def test_of_several_the_first_kind_with_a_rating_holds() -> None:
    fields = {
        "popm": ["255 a"], "wm/shareduserrating": ["1"], "rate": ["20"], "rating:a": ["0"], "rating:b": ["0.4"],
        "rating": ["3"], "fmps_rating": ["0.2"],
    }  # fmt: skip
    expected = [("fmps_rating", 1.0), ("rating", 3.0), ("rating:b", 2.0), ("popm", 5.0), ("wm/shareduserrating", 1.0)]
    for name, rating in expected:
        assert stars(fields) == rating
        del fields[name]
    assert stars(fields) == 1.0
    assert stars({}) is None


def test_a_track_carries_it(tmp_path: Path) -> None:
    rated(tmp_path / "song.flac", rating="3.5")
    (track,) = read_file(FoundFile(str(tmp_path / "song.flac"), str(tmp_path), 0, 0)).tracks
    assert track.rating == 3.5
