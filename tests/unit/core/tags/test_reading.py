from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.audio.errors import BusyFile, VanishedFile
from indexer.core.audio.walk import FoundFile, list_audio
from indexer.core.tags import reading
from indexer.core.tags.reading import read_file
from tests import bad_files


def found(path: Path) -> FoundFile:
    return list_audio(str(path.parent)).files[str(path)]


def test_a_file_becomes_a_track_and_a_record(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path, "song.flac")
    result = read_file(found(path))
    assert result.error is None
    (track,) = result.tracks
    assert result.record is not None
    assert (track.title, track.path, track.root) == ("song", str(path), str(tmp_path))
    assert result.record.track == track.id
    assert (result.record.size, result.record.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)


def test_a_file_that_vanished_since_it_was_listed_is_named(tmp_path: Path) -> None:
    path = bad_files.vanishing(tmp_path)
    listed = found(path)
    path.unlink()
    error = read_file(listed).error
    assert isinstance(error, VanishedFile)
    assert error.message == "vanishing.flac disappeared while it was being read."


def test_a_file_that_grows_while_it_is_read_is_left_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bad_files.good(tmp_path)
    tags = reading.read_tags

    def slowly(file: Path, encoding: str) -> object:
        with path.open("ab") as growing:
            growing.write(b"more")
        return tags(file, encoding)

    monkeypatch.setattr(reading, "read_tags", slowly)
    error = read_file(found(path)).error
    assert isinstance(error, BusyFile)
    assert error.message == "good.flac is still being written."


@pytest.mark.parametrize("builder", [item for item in bad_files.REFUSED_BY_SCAN if item is not bad_files.dangling_link])
def test_bad_files_are_returned_as_errors(tmp_path: Path, builder) -> None:
    error = read_file(found(builder(tmp_path))).error
    assert error is not None
    assert error.kind is bad_files.REFUSED_BY_SCAN[builder]
