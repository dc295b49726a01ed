from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from indexer.core.files.atomic import PARTIAL, replacing, write_atomically

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")


def test_an_atomic_write_makes_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two", durable=True)
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_midway_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"before")
    with pytest.raises(RuntimeError):
        _fail_midway(path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def _fail_midway(path: Path) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise RuntimeError


def test_what_is_being_written_lies_beside_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with replacing(path) as file:
        file.write(b"whole")
        file.flush()
        partial = Path(file.name)
        assert partial.read_bytes() == b"whole"
        assert partial.parent == tmp_path
        assert partial.name.startswith(PARTIAL)
        assert partial.suffix == ".zip"
        assert not path.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_the_longest_name_that_a_file_may_have(tmp_path: Path) -> None:
    path = tmp_path / f"{'n' * 250}.m3u8"
    write_atomically(path, b"content")
    assert path.read_bytes() == b"content"


@POSIX
def test_a_file_of_segue_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"before")
    path.chmod(0o644)
    write_atomically(path, b"now")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX
def test_a_file_of_a_person_has_the_rights_of_any_new_file_and_keeps_those_it_is_given(tmp_path: Path) -> None:
    beside, path = tmp_path / "beside", tmp_path / "list.m3u8"
    beside.touch()
    write_atomically(path, b"one", shared=True)
    assert path.stat().st_mode == beside.stat().st_mode
    path.chmod(0o640)
    write_atomically(path, b"two", shared=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o640)


def test_a_folder_of_a_person_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "away" / "list.m3u8", b"one", shared=True)
    assert not list(tmp_path.iterdir())


@POSIX
@pytest.mark.parametrize("shared", [False, True])
def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path, shared: bool) -> None:
    target, link = tmp_path / "dotfiles" / "settings.json", tmp_path / "settings.json"
    target.parent.mkdir()
    target.write_bytes(b"before")
    link.symlink_to(target)
    write_atomically(link, b"now", shared=shared)
    assert link.is_symlink()
    assert target.read_bytes() == b"now"
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_leaves_the_file_before_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_atomically(path, b"now", durable=True)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
