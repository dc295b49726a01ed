"""Tags that would take minutes or gigabytes cost neither, and harm no file that is read after them."""

from __future__ import annotations

import threading
from pathlib import Path

import mutagen
import pytest

from indexer.core.audio.errors import CorruptFile
from indexer.core.tags import limits as tag_limits
from indexer.core.tags.limits import LimitedFile, TagsTooHeavy, open_media, within_limits
from indexer.core.tags.tags import read_tags
from tests.fuzz.audio import compressed_frame, frame, id3, whole_files

SLOW = id3(frame(b"TIT2", b"\x03" + b"\x00" * 2_000_000))
"""Minutes for a parser that copies what is left of it for each of two million empty texts."""


def file_of(tmp_path: Path, content: bytes, name: str = "song.mp3") -> Path:
    path = tmp_path / name
    path.write_bytes(content + whole_files()[".mp3"])
    return path


def test_tags_that_take_too_long_are_given_up(tmp_path: Path) -> None:
    with LimitedFile(file_of(tmp_path, SLOW)) as file, pytest.raises(TagsTooHeavy):
        open_media(file, longest=0.1)


def test_what_is_read_after_them_is_whole(tmp_path: Path) -> None:
    for _ in range(2):
        with LimitedFile(file_of(tmp_path, SLOW)) as file, pytest.raises(TagsTooHeavy):
            open_media(file, longest=0.05)
        assert read_tags(file_of(tmp_path, b"")).title == "Título"


def test_other_threads_are_left_alone(tmp_path: Path) -> None:
    slow, good, titles = file_of(tmp_path, SLOW), file_of(tmp_path, b"", "good.mp3"), list[str]()
    done = threading.Event()

    def read_on() -> None:
        while not done.is_set():
            titles.append(read_tags(good).title)

    reader = threading.Thread(target=read_on)
    reader.start()
    with LimitedFile(slow) as file, pytest.raises(TagsTooHeavy):
        open_media(file, longest=0.1)
    done.set()
    reader.join()
    assert titles
    assert set(titles) == {"Título"}


def test_a_file_with_such_tags_is_a_problem_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.core.tags.tags.within_limits", lambda read: within_limits(read, longest=0.05))
    with pytest.raises(CorruptFile, match="too long"):
        read_tags(file_of(tmp_path, SLOW))


def test_a_frame_that_unpacks_to_hundreds_of_megabytes_is_left_out(tmp_path: Path) -> None:
    bomb = compressed_frame(b"TIT2", 200_000_000)
    assert len(bomb) < 300_000
    tags = read_tags(file_of(tmp_path, id3(bomb + frame(b"TALB", b"\x03Album of the first tag"))))
    assert (tags.title, tags.album) == ("Título", "Album of the first tag")


def test_a_compressed_frame_of_an_honest_size_is_read(tmp_path: Path) -> None:
    with LimitedFile(file_of(tmp_path, id3(compressed_frame(b"PRIV", 1_000_000)))) as file:
        assert len(open_media(file).tags.getall("PRIV")[0].data) > 900_000


def test_no_more_is_read_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, b"")
    with LimitedFile(path) as file:
        assert file.read(1 << 40) == path.read_bytes()
    monkeypatch.setattr(tag_limits, "MOST_BYTES", 1_200)
    with LimitedFile(path) as file, pytest.raises((TagsTooHeavy, mutagen.MutagenError)):
        open_media(file)
    with pytest.raises(CorruptFile):
        read_tags(path)
