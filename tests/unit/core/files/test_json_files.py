from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.files.json_files import object_in, read_object, write_object


def test_an_object_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"
    write_object(path, {"port": 27_017, "name": "Größe", "none": None})
    assert read_object(path) == {"port": 27_017, "name": "Größe", "none": None}


def test_what_is_missing_is_empty(tmp_path: Path) -> None:
    assert read_object(tmp_path / "missing.json") == {}
    assert read_object(tmp_path) == {}


@pytest.mark.parametrize("content", [b"", b"[1]", b"null", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_what_is_no_object_is_empty(content: bytes) -> None:
    assert object_in(content) == {}
