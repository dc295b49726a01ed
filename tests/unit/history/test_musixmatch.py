"""Words of songs are read as a stream: each line is a song or refused, and names come from the files beside."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Named
from indexer.core.tracks import Words
from indexer.history.formats import HistoryFormat, chapters_in, source_of
from indexer.history.gathering import Sung
from indexer.history.lines import LONGEST_LINE
from indexer.history.musixmatch import MOST_COUNTED, NAME_FILES, Called, Song, names_in, songs_of
from indexer.history.reading import HistoryUnreadable, Refused, Source
from tests.histories import MXM_STEMS, MXM_TRACKS, musixmatch

BROKEN = {
    "half a line": "history-bag",
    MXM_TRACKS[0]: "history-bag",
    f"{MXM_TRACKS[0]},12": "history-bag",
    f"{MXM_TRACKS[0]},12,": "history-bag",
    f"{MXM_TRACKS[0]},12,1:2,3:": "history-bag",
    f"{MXM_TRACKS[0]},12,1:2,3": "history-bag",
    f"{MXM_TRACKS[0]},12,1:0": "history-bag",
    f"{MXM_TRACKS[0]},12,1:-1": "history-bag",
    f"{MXM_TRACKS[0]},twelve,1:1": "history-bag",
    f"{MXM_TRACKS[0][:-1]},12,1:1": "history-bag",
    f"{MXM_TRACKS[0]},12,0:1": "history-word",
    f"{MXM_TRACKS[0]},12,1:1,{len(MXM_STEMS) + 1}:1": "history-word",
}


def read(content: bytes | str) -> list[Song | Refused]:
    raw = content.encode() if isinstance(content, str) else content
    return list(songs_of(Source("words.txt", len(raw), lambda: io.BytesIO(raw))))


def refused_in(found: list[Song | Refused]) -> list[tuple[int, str]]:
    return [(each.line, each.code) for each in found if isinstance(each, Refused)]


def counted(pairs: dict[str, int]) -> Words:
    return Words(counted=tuple(sorted(pairs.items(), key=lambda each: (-each[1], each[0]))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_songs_have_their_words_by_how_often_they_are_sung(encoding: str, end: str) -> None:
    text = musixmatch({MXM_TRACKS[0]: {"love": 2, "señor": 9}, MXM_TRACKS[1]: {"night": 1}}, end)
    found = {each.track: each.words() for each in read(text.encode(encoding)) if isinstance(each, Song)}
    assert found == {MXM_TRACKS[0]: counted({"senor": 9, "love": 2}), MXM_TRACKS[1]: counted({"night": 1})}


def test_broken_lines_are_told_by_number_and_the_rest_is_read() -> None:
    whole = musixmatch({MXM_TRACKS[0]: {"love": 2}})
    before = whole.count("\n")
    found = read(whole + "".join(f"{line}\n" for line in BROKEN) + f"\n# a comment\n{MXM_TRACKS[1]},1,1:3")
    assert refused_in(found) == [(before + place, code) for place, code in enumerate(BROKEN.values(), 1)]
    assert [each.track for each in found if isinstance(each, Song)] == list(MXM_TRACKS[:2])


def test_a_line_without_end_costs_itself_alone() -> None:
    whole = musixmatch({MXM_TRACKS[0]: {"love": 2}})
    endless = f"{MXM_TRACKS[1]},1" + ",1:1" * LONGEST_LINE
    found = read(f"{whole}{endless}\n{MXM_TRACKS[2]},1,1:1\n")
    assert refused_in(found) == [(whole.count("\n") + 1, "history-long")]
    assert isinstance(found[-1], Song)


@pytest.mark.parametrize("content", [f"# nothing else\n{MXM_TRACKS[0]},1,1:1\n", "# only this\n", ""])
def test_without_a_list_of_words_numbers_say_nothing(content: str) -> None:
    with pytest.raises(HistoryUnreadable) as told:
        read(content)
    assert told.value.code == "history-vocabulary"


def test_of_a_long_song_the_words_that_are_sung_most_are_kept() -> None:
    stems = [f"stem{number:04}" for number in range(1_000)]
    pairs = ",".join(f"{number}:{number}" for number in range(1, 1_001))
    (song,) = read(f"%{','.join(stems)}\n{MXM_TRACKS[0]},1,{pairs}\n")
    assert isinstance(song, Song)
    kept = song.words().counted
    assert kept[0] == (stems[-1], 1_000)
    size = len(" ".join(f"{stem} {count}" for stem, count in kept))
    assert MOST_COUNTED - 20 < size <= MOST_COUNTED


def test_names_are_those_of_both_who_name_a_track() -> None:
    lines = [
        "# a comment",
        f"{MXM_TRACKS[0]}<SEP>Bjork<SEP>Joga<SEP>5<SEP>Björk<SEP>Jóga",
        f"{MXM_TRACKS[1]}<SEP>SOAAAAA12AAAAAAAAA<SEP>Motörhead<SEP>Ace of Spades",
        f"{MXM_TRACKS[2]}<SEP>Half",
        "no track<SEP>SOAAAAA12AAAAAAAAA<SEP>Somebody<SEP>Something",
        f"{MXM_TRACKS[2]}<SEP>SOAAAAA12AAAAAAAAA<SEP><SEP>Something",
    ]
    assert list(names_in(io.BytesIO("\n".join(lines).encode()))) == [
        Called(MXM_TRACKS[0], (Named(artist="Bjork", title="Joga"), Named(artist="Björk", title="Jóga"))),
        Called(MXM_TRACKS[1], (Named(artist="Motörhead", title="Ace of Spades"),)),
        *(Refused(line, "history-name") for line in (4, 5, 6)),
    ]


def test_files_are_told_by_content_and_names_found_in_folders_and_zips(tmp_path: Path) -> None:
    content = musixmatch({MXM_TRACKS[0]: {"love": 2}})
    (tmp_path / "words").write_text(content, encoding="utf-8")
    half = content[content.index(MXM_TRACKS[0]) :]
    (tmp_path / "half").write_text(half, encoding="utf-8")
    found = {each.source.name: each.format for each in chapters_in(tmp_path, lambda _: None)}
    assert found == {"half": HistoryFormat.MUSIXMATCH, "words": HistoryFormat.MUSIXMATCH}
    assert source_of(tmp_path / "words", NAME_FILES) is None
    with zipfile.ZipFile(tmp_path / f"{NAME_FILES[0]}.zip", "w") as archive:
        archive.writestr(NAME_FILES[0], "named")
    for path in (tmp_path, tmp_path / "words", tmp_path / f"{NAME_FILES[0]}.zip"):
        names = source_of(path, NAME_FILES)
        assert names is not None
        with names.open() as stream:
            assert stream.read() == b"named"


@given(st.lists(st.sampled_from(["good", *BROKEN]), max_size=20), st.binary(max_size=40))
def test_every_line_is_a_song_or_refused(kinds: list[str], rest: bytes) -> None:
    whole = musixmatch({})
    rows = [f"{MXM_TRACKS[0]},1,1:1" if kind == "good" else kind for kind in kinds]
    found = read(whole + "".join(f"{row}\n" for row in rows))
    assert [isinstance(each, Song) for each in found] == [kind == "good" for kind in kinds]
    read(whole.encode() + rest)  # whatever it is, it is read to its end
    list(names_in(io.BytesIO(rest)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "words")
        path.write_bytes(whole.encode() + rest)
        assert [each.format for each in chapters_in(path, lambda _: None)] == [HistoryFormat.MUSIXMATCH]


def test_tracks_with_alike_words_are_near_by_words() -> None:
    """Four subjects with words of their own, among words that all have; half of the songs are texts, half counts."""
    draw = np.random.default_rng(5)
    subjects = [[f"{subject}{chr(97 + number)}" for number in range(20)] for subject in ("sea", "road", "fire", "snow")]
    every = ["and", "the", "you"]
    sung = Sung()
    for item in range(200):
        own = draw.choice(subjects[item % 4], 8).tolist()
        words = [*own, *every * 3]
        is_text = item % 8 < 4
        sung.add(
            item, Words(lyrics=" ".join(words)) if is_text else counted({word: words.count(word) for word in words})
        )
    weights = sung.weights(201, 64)
    assert weights.shape[1] <= 64
    assert not weights[200].any()
    alike = weights @ weights.T
    subject = np.arange(200) % 4
    same = alike[:200, :200][subject[:, None] == subject[None, :]]
    other = alike[:200, :200][subject[:, None] != subject[None, :]]
    assert same.mean() > 0.3
    assert other.max() < 1e-6


def test_of_tracks_without_words_nothing_is_known() -> None:
    assert Sung().weights(3).shape == (3, 0)
