from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.flac
import mutagen.id3
import mutagen.oggvorbis
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.audio.errors import AudioError, CorruptFile, EmptyFile, NotAudio, UnreadableFile, VanishedFile
from indexer.core.tags.tags import Tags, read_tags
from indexer.core.tags.values import parse_number, parse_year, tidy_genres
from indexer.core.text import LONGEST_TEXT
from tests import bad_files
from tests.encoders import write_with_ffmpeg

EXPECTED = Tags(
    title="Title",
    artist="Artist",
    album="Album",
    album_artist="Various",
    genre="Rock",
    genres=("Rock", "Pop"),
    year=1999,
    track_number=3,
    disc_number=1,
    licence="CC BY 4.0",
)


def without_the_sound(tags: Tags) -> Tags:
    """What is said in words; how the sound is coded is there as well, and is tested by itself."""
    assert tags.seconds == pytest.approx(3, abs=0.2)
    assert None not in (tags.sample_rate, tags.channels, tags.bit_rate)
    return replace(tags, seconds=None, bit_rate=None, sample_rate=None, channels=None)


def id3_frames() -> list[mutagen.id3.Frame]:
    def text(frame: type[mutagen.id3.TextFrame], *values: str) -> mutagen.id3.Frame:
        return frame(encoding=3, text=list(values))

    return [
        text(mutagen.id3.TIT2, "Title"),
        text(mutagen.id3.TPE1, "Artist"),
        text(mutagen.id3.TALB, "Album"),
        text(mutagen.id3.TPE2, "Various"),
        text(mutagen.id3.TCON, "(17)", "Pop"),
        text(mutagen.id3.TDRC, "1999-05-06"),
        text(mutagen.id3.TRCK, "3/12"),
        text(mutagen.id3.TPOS, "1/2"),
        text(mutagen.id3.TCOP, "CC BY 4.0"),
    ]


@pytest.mark.parametrize("name", ["song.mp3", "song.wav", "song.aiff"])
def test_id3(tmp_path: Path, name: str) -> None:
    path = bad_files.good(tmp_path, name)
    media = mutagen.File(path)
    assert media is not None
    if media.tags is None:
        media.add_tags()
    for frame in id3_frames():
        media.tags.add(frame)
    media.save()
    assert without_the_sound(read_tags(path)) == EXPECTED


@pytest.mark.parametrize("name", ["song.flac", "song.ogg"])
def test_vorbis_comments(tmp_path: Path, name: str) -> None:
    path = bad_files.good(tmp_path, name)
    media = mutagen.File(path)
    assert media is not None
    media.update(
        {
            "TITLE": "Title",
            "Artist": "Artist",
            "album": "Album",
            "albumartist": "Various",
            "genre": ["Rock", "rock; Pop"],
            "date": "1999",
            "tracknumber": "03",
            "discnumber": "1",
            "license": "CC BY 4.0",
        }
    )
    media.save()
    assert without_the_sound(read_tags(path)) == EXPECTED


def test_mp4(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.m4a", bad_files.music())
    media = mutagen.File(path)
    assert media is not None
    media["\xa9nam"], media["\xa9ART"], media["\xa9alb"], media["aART"] = "Title", "Artist", "Album", "Various"
    media["\xa9gen"], media["\xa9day"], media["cprt"] = ["Rock", "Pop"], "1999-05-06T00:00:00Z", "CC BY 4.0"
    media["trkn"], media["disk"] = [(3, 12)], [(1, 2)]
    media.save()
    assert without_the_sound(read_tags(path)) == EXPECTED


def test_asf(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.wma", bad_files.music())
    media = mutagen.File(path)
    assert media is not None
    media["Title"], media["Author"], media["WM/AlbumTitle"], media["WM/AlbumArtist"] = (
        EXPECTED.title,
        "Artist",
        "Album",
        "Various",
    )
    media["WM/Genre"], media["WM/Year"], media["Copyright"] = ["Rock", "Pop"], "1999", "CC BY 4.0"
    media["WM/TrackNumber"], media["WM/PartOfSet"] = "3", "1/2"
    media.save()
    assert without_the_sound(read_tags(path)) == EXPECTED


def test_a_missing_title_is_the_file_name(tmp_path: Path) -> None:
    tags = read_tags(bad_files.good(tmp_path, "04 - Some Song.flac"))
    assert without_the_sound(tags) == Tags(title="04 - Some Song")


def test_several_artists_are_all_named_and_told_apart(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path)
    media = mutagen.flac.FLAC(path)
    media["artist"], media["albumartist"], media["compilation"] = ["One", "Two"], ["Host", "Guest"], "1"
    media.save()
    tags = read_tags(path)
    assert (tags.artist, tags.artists) == ("One; Two", ("One", "Two"))
    assert (tags.album_artist, tags.album_artists) == ("Host; Guest", ("Host", "Guest"))
    assert tags.compilation


@pytest.mark.parametrize("version", [3, 4])
def test_artists_of_id3_are_told_apart(tmp_path: Path, version: int) -> None:
    path = bad_files.good(tmp_path, "song.mp3")
    media = mutagen.id3.ID3()
    media.add(mutagen.id3.TPE1(encoding=3, text=["AC/DC", "Two"] if version == 4 else ["AC/DC feat. Two"]))
    media.add(mutagen.id3.TXXX(encoding=3, desc="ALBUMARTISTS", text=["Guest", "Host"]))
    media.add(mutagen.id3.TCMP(encoding=3, text=["1"]))
    media.save(path, v2_version=version)
    tags = read_tags(path)
    assert tags.artists == (("AC/DC", "Two") if version == 4 else ())
    assert tags.album_artists == (("Guest", "Host") if version == 4 else ()), "before, they were joined by a slash"
    assert tags.compilation


def test_artists_of_mp4_are_told_apart(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.m4a", bad_files.music())
    media = mutagen.File(path)
    assert media is not None
    media["\xa9ART"], media["aART"], media["cpil"] = ["One & Two"], ["Host", "Other"], True
    media["----:com.apple.iTunes:ARTISTS"] = [b"One", b"Two"]
    media.save()
    tags = read_tags(path)
    assert (tags.artist, tags.artists, tags.album_artists) == ("One & Two", ("One", "Two"), ("Host", "Other"))
    assert tags.compilation


def test_artists_of_ape_are_told_apart_at_zeros(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.wv", bad_files.music())
    tags = mutagen.apev2.APEv2()
    tags["Artist"] = ["One", "Two"]
    tags.save(path)
    found = read_tags(path)
    assert (found.artist, found.artists) == ("One; Two", ("One", "Two"))


@pytest.mark.parametrize(
    ("tags", "artist", "artists"),
    [
        ({"artist": "One feat. Two", "artists": ["One", "Two"]}, "One feat. Two", ("One", "Two")),
        ({"artist": "One & Two", "artists": "One; Two"}, "One & Two", ("One", "Two")),
        ({"artist": "Love / Hate", "artists": "Love / Hate"}, "Love / Hate", ("Love / Hate",)),
        ({"artist": "One", "artists": "One"}, "One", ()),
        ({"artists": ["One", "Two"]}, "One; Two", ("One", "Two")),
        ({"artist": "One; Two"}, "One; Two", ()),
        ({"artist": ["One", "One"]}, "One", ()),
        ({"artist": ["", "!!!", "+/-"]}, "!!!; +/-", ("!!!", "+/-")),
    ],
)
def test_single_artists_are_those_that_the_file_tells(
    tmp_path: Path, tags: dict[str, object], artist: str, artists: tuple[str, ...]
) -> None:
    path = bad_files.good(tmp_path)
    media = mutagen.flac.FLAC(path)
    media.update(tags)
    media.save()
    found = read_tags(path)
    assert (found.artist, found.artists) == (artist, artists)


def test_nuls_and_control_characters_are_removed(tmp_path: Path) -> None:
    tags = read_tags(bad_files.tags_with_nuls(tmp_path))
    assert (tags.title, tags.artist, tags.album) == ("title", "", "line break and tab")


def test_a_title_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    assert read_tags(bad_files.tags_of_a_megabyte(tmp_path)).title == "x" * LONGEST_TEXT


def test_odd_names_are_read(tmp_path: Path) -> None:
    for path in bad_files.odd_names(tmp_path):
        read_tags(path).title.encode("utf-8")


@pytest.mark.parametrize(
    ("builder", "error", "sentence"),
    [
        (bad_files.empty, EmptyFile, "empty.mp3 is empty."),
        (bad_files.mislabelled_text, NotAudio, "shopping list.mp3 holds no audio"),
        (bad_files.mislabelled_picture, NotAudio, "picture.ogg holds no audio"),
        (bad_files.corrupt, CorruptFile, "corrupt.flac is damaged."),
        (bad_files.dangling_link, VanishedFile, "dangling.mp3 disappeared"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, builder, error: type[AudioError], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as caught:
        read_tags(builder(tmp_path))
    assert caught.value.advice


@pytest.mark.parametrize("data", [bytes(300_000), np.random.default_rng(3).bytes(300_000)], ids=["zeros", "noise"])
def test_rubbish_named_mp3_is_not_audio(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rubbish.mp3"
    path.write_bytes(data)
    with pytest.raises(NotAudio):
        read_tags(path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_a_forbidden_file_is_unreadable() -> None:
    with bad_files.open_folder() as folder:
        path = bad_files.forbidden(folder)
        with bad_files.as_nobody(), pytest.raises(UnreadableFile, match=r"forbidden\.flac cannot be opened"):
            read_tags(path)


HEADS = st.sampled_from(
    [b"", b"ID3\x03\0\0\0\0\x01\0", b"fLaC\0\0\0\x22", b"OggS", b"RIFF", b"\xff\xfb\x90\xc4", b"MAC ", b"wvpk"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEADS, st.binary(min_size=1, max_size=300), st.sampled_from([".mp3", ".flac", ".ogg", ".wav", ".m4a", ".ape"]))
def test_any_bytes_give_tags_or_an_audio_error(tmp_path: Path, head: bytes, body: bytes, suffix: str) -> None:
    path = tmp_path / f"fuzz{suffix}"
    path.write_bytes(head + body)
    with suppress(AudioError):
        assert read_tags(path).title
    path.unlink()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2009", 2009),
        ("2008-11-26 00:00:00", 2008),
        ("11/26/2008 01:48:12 AM", 2008),
        ("20081126", 2008),
        ("0000", None),
        ("", None),
        ("99999", None),
        ("3.12.1973", 1973),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@given(st.text())
def test_numbers_are_none_or_in_range(text: str) -> None:
    assert parse_number(text) is None or 1 <= parse_number(text) <= 9999
    assert parse_year(text) is None or 1800 <= parse_year(text) <= 2099


@pytest.mark.parametrize(("text", "number"), [("3/12", 3), ("03", 3), ("A1", 1), ("0", None), ("12345", None)])
def test_track_numbers(text: str, number: int | None) -> None:
    assert parse_number(text) == number


def test_genres_are_kept_once() -> None:
    assert tidy_genres(["Rock;Pop", "rock", "Hip-Hop/Rap", " ", "Pop\x00Soul"]) == (
        "Rock",
        "Pop",
        "Hip-Hop/Rap",
        "Soul",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
@pytest.mark.parametrize(("encoding", "names"), [
    ("cp1251", ("Группа крови", "Звезда по имени Солнце", "Спокойная ночь")),
    ("latin-1", ("Café à la crème", "Où ça", "Élodie")),
    ("shift_jis", ("さくら", "ラブ・ストーリー", "もののけ姫")),
])  # fmt: skip
def test_the_name_of_a_file_in_an_old_encoding_is_its_title(
    tmp_path: Path, encoding: str, names: tuple[str, ...]
) -> None:
    content = bad_files.good(tmp_path / "else", "a.wav").read_bytes()
    paths = [tmp_path / os.fsdecode(f"{name}.wav".encode(encoding)) for name in names]
    for path in paths:
        path.write_bytes(content)
    assert tuple(read_tags(path).title for path in paths) == names
