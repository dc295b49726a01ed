"""Lyrics to read along: from texts of every sort and from tags, whole or damaged."""

from __future__ import annotations

from pathlib import Path

import mutagen
import mutagen.id3
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tags.lyrics import lyrics_of, read_lyrics
from indexer.core.tags.sung import NO_LYRICS, Lyrics
from indexer.core.tags.words import MOST_LYRICS
from tests.encoders import write_with_ffmpeg

LRC = """[ti:Ferry Lights]
[offset:+200]
no time
[00:12.00]Lights on the wäter
[00:17.20][01:17.20]<00:17.20>Ferry <00:18.00>lights
[00:xx]broken
[00:20.0
[00:30.00]
"""
FERRY = Lyrics(("Lights on the wäter", "Ferry lights", "", "Ferry lights"), (11.8, 17.0, 29.8, 77.0))


def song(path: Path) -> Path:
    if path.suffix == ".m4a":
        return write_with_ffmpeg(path, np.zeros(22_050, np.float32))
    soundfile.write(path, np.zeros(22_050, np.float32), 22_050)
    return path


def roughly(lyrics: Lyrics) -> tuple[tuple[str, ...], list[float]]:
    return lyrics.lines, [round(start, 3) for start in lyrics.starts]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_with_times_beside_the_music_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = song(tmp_path / "a.flac")
    path.with_suffix(".lrc").write_bytes(LRC.encode(encoding))
    path.with_suffix(".txt").write_text("not this", "utf-8")
    assert roughly(read_lyrics(path)) == roughly(FERRY)


def test_the_line_that_is_sung() -> None:
    lyrics = lyrics_of(LRC)
    assert [lyrics.line_at(at) for at in (0, 11.9, 17.5, 40, 500)] == [None, 0, 1, 2, 3]
    assert Lyrics(("la",)).line_at(3) is None


def test_what_is_sung_at_one_moment_is_one_line() -> None:
    assert lyrics_of("[00:01]Und so\n[00:01]And thus") == Lyrics(("Und so\nAnd thus",), (1.0,))


def test_a_text_without_times_keeps_its_verses_apart(tmp_path: Path) -> None:
    path = song(tmp_path / "a.wav")
    assert read_lyrics(path) == NO_LYRICS
    path.with_suffix(".TXT").write_text("\n\n[ar:Salt Choir]\none\r\ntwo\n\n\n[Chorus]\nthree\n\n", "utf-8")
    assert read_lyrics(path) == Lyrics(("one", "two", "", "[Chorus]", "three"))


@pytest.mark.parametrize(
    ("name", "tag"),
    [("a.flac", "lyrics"), ("a.ogg", "unsyncedlyrics"), ("a.m4a", "\xa9lyr")],
)
def test_tags_of_every_kind(tmp_path: Path, name: str, tag: str) -> None:
    media = mutagen.File(song(tmp_path / name))
    media[tag] = ["one\n\ntwo"]
    media.save()
    assert read_lyrics(tmp_path / name) == Lyrics(("one", "", "two"))
    (tmp_path / "a.lrc").write_text("[00:01]one\n[00:02]two", "utf-8")
    assert read_lyrics(tmp_path / name).starts == (1.0, 2.0)


@pytest.mark.parametrize(
    "pieces",
    [
        [("one two", 12_000), ("three", 61_500)],
        [("one ", 12_000), ("two", 12_500), ("\nthr", 61_500), ("ee", 62_000)],
        [("one ", 12_000), ("two\n", 12_500), ("thr", 61_500), ("ee", 62_000)],
    ],
)
def test_times_in_tags_come_before_a_text_without(tmp_path: Path, pieces: list[tuple[str, int]]) -> None:
    media = mutagen.File(song(tmp_path / "a.mp3"))
    media.add_tags()
    media.tags.add(mutagen.id3.USLT(encoding=3, lang="eng", desc="", text="plain"))
    media.tags.add(mutagen.id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=pieces))
    media.save()
    assert read_lyrics(tmp_path / "a.mp3") == Lyrics(("one two", "three"), (12.0, 61.5))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_lyrics(tmp_path / "gone.mp3")


@given(
    st.lists(
        st.sampled_from(["[00:01.5]", "[1:2:3]", "[offset:-99]", "[", "<00:02>", "la", " ", "\n", "\r", "\0", "ä"])
    )
)
def test_whatever_a_text_holds_times_rise_and_each_has_a_line(parts: list[str]) -> None:
    lyrics = lyrics_of("".join(parts))
    assert list(lyrics.starts) == sorted(set(lyrics.starts))
    assert not lyrics.starts or (len(lyrics.starts) == len(lyrics.lines) and lyrics.starts[0] >= 0)
    assert not lyrics.lines or lyrics.lines[-1] or lyrics.starts


@given(st.text())
def test_no_text_is_too_much(text: str) -> None:
    lyrics = lyrics_of(text * 40)
    assert sum(len(line.encode()) + 1 for line in lyrics.lines) <= MOST_LYRICS + 1
