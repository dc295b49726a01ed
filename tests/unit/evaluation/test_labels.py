"""Label files as people write them, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.evaluation.labels import (
    UNKNOWN,
    ClipMissing,
    EvaluationError,
    LabelsIncomplete,
    LabelsUnreadable,
    default_clips_folder,
    encode,
    read_labels,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clips" / "a").mkdir(parents=True)
    for name in ("a/1.mp3", "a/2.mp3", "3.mp3"):
        (tmp_path / "clips" / name).write_bytes(b"sound")
    return tmp_path


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(folder: Path, text: str, encoding: str = "utf-8") -> list[tuple[str, str, str, str]]:
    clips = read_labels(write(folder, text, encoding), folder / "clips")
    return [(clip.name, clip.artist, clip.album, clip.genre) for clip in clips]


def test_columns_in_any_order_with_others_beside_them(folder: Path) -> None:
    text = 'genre,year,clip,album,artist\nRock,1999,a/1.mp3,"One, two",Äther\n,,3.mp3,,\n'
    expected = [("a/1.mp3", "Äther", "One, two", "Rock"), ("3.mp3", "", "", "")]
    assert read(folder, text) == expected
    assert read(folder, text, "utf-8-sig") == expected
    assert read(folder, text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", LabelsUnreadable, "is empty"),
        ("\n\n", LabelsUnreadable, "is empty"),
        ("clip,artist,album,genre\n", LabelsUnreadable, "names no clip"),
        ("clip,artist\na/1.mp3,X\n", LabelsIncomplete, "no column album, genre"),
        ("artist,album,genre\nX,Y,Z\n", LabelsIncomplete, "no column clip"),
        ("clip,artist,album,genre\na/1.mp3,X,Y,Z\n,X,Y,Z\n", LabelsIncomplete, "line 3: the column clip is empty"),
        ("clip,artist,album,genre\n3.mp3,,,\n3.mp3,,,\n", LabelsIncomplete, "line 3: 3.mp3 is already on line 2"),
        ("clip,artist,album,genre\n3.mp3,A,B,C,D\n", LabelsIncomplete, "line 2: more cells than columns"),
        ("clip,artist,album,genre\n../x.mp3,A,B,C\n", LabelsIncomplete, "line 2: ../x.mp3 leaves the folder"),
        ("clip,artist,album,genre\n/etc/passwd,A,B,C\n", LabelsIncomplete, "leaves the folder"),
        ("clip,artist,album,genre\n3.mp3,,,\n9.mp3,A,B,C\n", ClipMissing, r"9.mp3 \(line 3\)"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, text: str, error: type[EvaluationError], says: str) -> None:
    with pytest.raises(error, match=says):
        read(folder, text)


def test_many_missing_clips_are_counted(folder: Path) -> None:
    lines = "".join(f"x{number}.mp3,A,B,C\n" for number in range(10))
    with pytest.raises(ClipMissing, match="and 7 more"):
        read(folder, "clip,artist,album,genre\n" + lines)


def test_a_file_that_is_not_there_or_no_text_is_said_to_be(folder: Path) -> None:
    with pytest.raises(LabelsUnreadable, match="There is no label file"):
        read_labels(folder / "none.csv", folder)
    with pytest.raises(LabelsUnreadable, match="cannot be read as CSV"):
        read(folder, "clip,artist,album,genre\n3.mp3,Äther,,\n", "latin-1")


def test_a_row_that_stops_early_has_unknown_labels(folder: Path) -> None:
    assert read(folder, "clip,artist,album,genre\n3.mp3,A\n") == [("3.mp3", "A", "", "")]


def test_case_and_spaces_make_no_difference_and_empty_labels_match_nothing(folder: Path) -> None:
    text = "clip,artist,album,genre\na/1.mp3,The  Band,X,\na/2.mp3,the band ,x,\n3.mp3,,y,\n"
    codes = encode(read_labels(write(folder, text), folder / "clips"))
    assert codes.artist[0] == codes.artist[1]
    assert codes.album[0] == codes.album[1] != codes.album[2]
    assert codes.artist[2] == UNKNOWN
    assert codes.genre.tolist() == [UNKNOWN] * 3


def test_clips_lie_beside_the_label_file_or_in_clips(folder: Path) -> None:
    assert default_clips_folder(folder / "labels.csv") == folder / "clips"
    assert default_clips_folder(folder / "clips" / "labels.csv") == folder / "clips"
