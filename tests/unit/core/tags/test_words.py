"""Lyrics, comments and what people sort music by: from tags of every kind and from texts beside the music."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.id3
import mutagen.mp4
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.walk import list_audio
from indexer.core.tags.reading import Reading, read_file
from indexer.core.tags.tags import read_tags
from indexer.core.tags.words import (
    LARGEST_BESIDE,
    MOST_COMMENTS,
    MOST_LYRICS,
    MOST_TAGS,
    lyrics_beside,
    plain_lyrics,
    timed_lyrics,
    words_of,
)
from indexer.core.tracks import NO_WORDS, Words
from tests.encoders import write_with_ffmpeg

LRC = """[ti:Ferry Lights]
[ar: Salt Choir]
[offset:+200]

[00:12.00]Lights on the water
[00:17.20][01:17.20]<00:17.20>Ferry <00:18.00>lights
[Chorus]
[01:02]  Carry me home
"""
SUNG = "Lights on the water\nFerry lights\nCarry me home"
COMMENTS = {
    "lyrics": "Lights on the water\n\nFerry lights\nCarry me home",
    "comment": "Found in a box",
    "mood": "Calm; Late, night",
    "grouping": "Harbour",
}
EXPECTED = Words(SUNG, ("Found in a box",), ("Harbour", "Calm", "Late", "night"))


def silence(path: Path) -> Path:
    if path.suffix in {".m4a", ".wma", ".wv", ".mka"}:
        return write_with_ffmpeg(path, np.zeros(22_050, np.float32))
    soundfile.write(path, np.zeros(22_050, np.float32), 22_050)
    return path


def tagged(path: Path, **values: object) -> Path:
    media = mutagen.File(silence(path))
    if media.tags is None:
        media.add_tags()
    for name, value in values.items():
        media.tags[name.replace("___", "/")] = value
    media.save()
    return path


def reading(folder: Path) -> Reading:
    """What is read of the only music in a folder."""
    (found,) = list_audio(str(folder)).files.values()
    return read_file(found)


@pytest.mark.parametrize("name", ["song.flac", "song.ogg", "song.wv"])
def test_comments_and_apev2(tmp_path: Path, name: str) -> None:
    assert read_tags(tagged(tmp_path / name, **COMMENTS)).words == EXPECTED


def test_mp4(tmp_path: Path) -> None:
    mood = {"----:com.apple.iTunes:MOOD": mutagen.mp4.MP4FreeForm(b"Calm; Late, night")}
    path = tagged(
        tmp_path / "song.m4a",
        **{"\xa9lyr": COMMENTS["lyrics"], "\xa9cmt": "Found in a box", "\xa9grp": "Harbour"},
        **mood,  # type: ignore[arg-type]
    )
    assert read_tags(path).words == EXPECTED


def test_asf(tmp_path: Path) -> None:
    path = tagged(
        tmp_path / "song.wma",
        WM___Lyrics=COMMENTS["lyrics"],
        Description="Found in a box",
        WM___ContentGroupDescription="Harbour",
        WM___Mood="Calm; Late, night",
    )
    assert read_tags(path).words == EXPECTED


@pytest.mark.parametrize("name", ["song.mp3", "song.wav"])
def test_id3(tmp_path: Path, name: str) -> None:
    media = mutagen.File(silence(tmp_path / name))
    if media.tags is None:
        media.add_tags()
    frames = [
        mutagen.id3.USLT(encoding=3, lang="eng", desc="", text=COMMENTS["lyrics"]),
        mutagen.id3.COMM(encoding=3, lang="eng", desc="", text=["Found in a box"]),
        mutagen.id3.COMM(encoding=0, lang="eng", desc="iTunNORM", text=[" 00000B5E 00000B5E 0000"]),
        mutagen.id3.COMM(encoding=0, lang="eng", desc="ID3v1 Comment", text=["found in a box"]),
        mutagen.id3.TIT1(encoding=3, text=["Harbour"]),
        mutagen.id3.TXXX(encoding=3, desc="MOOD", text=["Calm; Late, night"]),
    ]
    for frame in frames:
        media.tags.add(frame)
    media.save()
    assert read_tags(tmp_path / name).words == EXPECTED


@pytest.mark.parametrize(
    "pieces",
    [
        [("Lights on the water", 12_000), ("Ferry lights", 17_000), ("Carry me home", 60_000)],
        [("Lights ", 1), ("on the water", 2), ("\nFerry ", 3), ("lights", 4), ("\nCarry me home", 5)],
    ],
)
def test_lyrics_with_the_time_of_each_piece(tmp_path: Path, pieces: list[tuple[str, int]]) -> None:
    media = mutagen.File(silence(tmp_path / "song.mp3"))
    media.add_tags()
    media.tags.add(mutagen.id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=pieces))
    media.save()
    assert read_tags(tmp_path / "song.mp3").words.lyrics == SUNG


def test_an_old_encoding_is_found_out_and_does_not_change_how_names_are_read(tmp_path: Path) -> None:
    sung = "Вечерний звон, вечерний звон\nКак много дум наводит он"
    media = mutagen.File(silence(tmp_path / "song.mp3"))
    media.add_tags()
    said = sung.encode("cp1251").decode("latin-1")
    media.tags.add(mutagen.id3.USLT(encoding=0, lang="rus", desc="", text=said))
    media.tags.add(mutagen.id3.TPE1(encoding=0, text=["Motörhead"]))
    media.tags.add(mutagen.id3.TIT2(encoding=0, text=["Señor Café"]))
    media.save()
    tags = read_tags(tmp_path / "song.mp3")
    assert (tags.artist, tags.title, tags.words.lyrics) == ("Motörhead", "Señor Café", sung)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("song.lrc", LRC.encode()),
        ("Song.LRC", b"\xef\xbb\xbf" + LRC.replace("\n", "\r\n").encode()),
        ("song.txt", SUNG.encode("utf-16")),
    ],
)
def test_a_text_of_the_same_name_has_the_lyrics(tmp_path: Path, name: str, content: bytes) -> None:
    silence(tmp_path / "song.flac")
    (tmp_path / name).write_bytes(content)
    (tmp_path / "another.txt").write_text("no song", encoding="utf-8")
    read = reading(tmp_path)
    assert read.words == Words(SUNG)
    assert read.record is not None
    assert read.record.words is not None
    assert Path(read.record.words.path).name == name


def test_lrc_goes_before_txt_and_tags_before_both(tmp_path: Path) -> None:
    silence(tmp_path / "song.flac")
    (tmp_path / "song.txt").write_text("Notes of mine", encoding="utf-8")
    (tmp_path / "song.lrc").write_text("[00:01]As timed", encoding="utf-8")
    assert reading(tmp_path).words.lyrics == "As timed"
    tagged(tmp_path / "song.flac", lyrics="As tagged")
    assert reading(tmp_path).words.lyrics == "As tagged"


def test_a_text_that_cannot_be_read_stops_nothing_and_is_tried_again(tmp_path: Path) -> None:
    silence(tmp_path / "song.flac")
    (tmp_path / "song.txt").write_text("Words", encoding="utf-8")
    (found,) = list_audio(str(tmp_path)).files.values()
    (tmp_path / "song.txt").unlink()
    read = read_file(found)
    assert (len(read.tracks), read.words) == (1, NO_WORDS)
    assert read.record is not None
    assert read.record.words is None


def test_a_book_is_no_song(tmp_path: Path) -> None:
    path = tmp_path / "song.txt"
    path.write_bytes(b"word " * (LARGEST_BESIDE // 5 + 1))
    assert lyrics_beside(path) == ""


def test_texts_in_old_encodings(tmp_path: Path) -> None:
    path = tmp_path / "song.txt"
    sung = "夜の海に灯りがゆれる\nさよならは言わないで"
    path.write_bytes(sung.encode("cp932"))
    assert lyrics_beside(path) == sung
    path.write_bytes("Ты и я".encode("koi8-u"))
    assert lyrics_beside(path, "koi8-u") == "Ты и я"


def test_lrc_becomes_lines() -> None:
    assert plain_lyrics(LRC) == SUNG
    assert plain_lyrics("[Verse 1]\nOne [softly] two\n(Chorus)\n[2x Chorus]\n(la la)\n") == "One [softly] two\n(la la)"


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 59), st.text("abc déф", min_size=1, max_size=20))))
def test_times_leave_no_trace(lines: list[tuple[int, int, str]]) -> None:
    timed = "\n".join(f"[{minutes:02}:{seconds:02}.50]{text}" for minutes, seconds, text in lines)
    plain = "\n".join(text for _, _, text in lines)
    assert plain_lyrics(timed) == plain_lyrics(plain)
    assert plain_lyrics(plain_lyrics(timed)) == plain_lyrics(timed)


@given(st.text(max_size=400) | st.text("[]<>:.0123456789ar\n", max_size=400))
def test_any_text_becomes_clean_lines(text: str) -> None:
    lyrics = plain_lyrics(text)
    assert all(line.strip() == line and line for line in lyrics.split("\n")) or not lyrics
    lyrics.encode("utf-8")


@given(
    st.dictionaries(
        st.sampled_from(["lyrics", "comments", "words"]),
        st.lists(st.text(max_size=200).map(lambda text: text * 50), max_size=20),
    )
)
def test_words_fit_into_a_document(fields: dict[str, list[str]]) -> None:
    words = words_of(fields)
    assert len(words.lyrics.encode()) <= MOST_LYRICS
    assert sum(len(text.encode()) for text in words.comments) <= MOST_COMMENTS
    assert sum(len(text.encode()) for text in words.tags) <= MOST_TAGS


@pytest.mark.parametrize("make", [lambda: "ä" * 60_000, lambda: "word\n" * 12_000, lambda: "[00:01]" * 9_000])
def test_long_lyrics_are_cut(tmp_path: Path, make: Callable[[], str]) -> None:
    words = read_tags(tagged(tmp_path / "song.flac", lyrics=make(), title="Song")).words
    assert len(words.lyrics.encode()) <= MOST_LYRICS


def test_what_programs_and_numbers_say_is_no_comment() -> None:
    said = ["0", "00000B5E 00000B5E", "Live in 1999", "LIVE IN 1999", "", "12-3"]
    assert words_of({"comments": said}).comments == ("Live in 1999",)
    assert not words_of({})


def test_files_of_silence_say_nothing(tmp_path: Path) -> None:
    silence(tmp_path / "song.flac")
    assert reading(tmp_path).words == NO_WORDS


def test_the_times_of_lyrics_are_in_order_and_so_are_those_of_a_refrain() -> None:
    found = timed_lyrics(LRC.encode())
    assert found.offset == 200
    assert found.lines == (
        (12.0, "Lights on the water"),
        (17.2, "Ferry lights"),
        (62.0, "Carry me home"),
        (77.2, "Ferry lights"),
    )


def test_lyrics_without_times_have_none() -> None:
    assert timed_lyrics(b"Lights on the water\n[Chorus]\n").lines == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_timed_lyrics_of_some_sort(content: bytes) -> None:
    lines = timed_lyrics(b"[00:01.5]la\n" + content).lines
    assert [start for start, _ in lines] == sorted(start for start, _ in lines)
