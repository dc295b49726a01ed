"""The files of the server's folder: private, replaced in one step, and harmless when broken."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from indexer.core.store.managed.layout import Credentials, ServerFolder, ServerState
from indexer.core.store.processes import ProcessMark


@pytest.fixture
def folder(tmp_path: Path) -> ServerFolder:
    folder = ServerFolder(tmp_path / "database")
    folder.prepare()
    return folder


@pytest.mark.skipif(os.name == "nt", reason="no POSIX permissions")
def test_only_the_owner_may_read(folder: ServerFolder) -> None:
    Credentials.new().write(folder)
    assert stat.S_IMODE(folder.credentials_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_credentials_come_back_and_never_show(folder: ServerFolder) -> None:
    credentials = Credentials.new()
    credentials.write(folder)
    assert Credentials.read(folder) == credentials
    assert credentials.password not in repr(credentials)
    assert Credentials.new() != credentials


def test_state_comes_back(folder: ServerFolder) -> None:
    state = ServerState("secantus", ProcessMark.of(), ProcessMark.of(), 27017)
    state.write(folder)
    assert ServerState.read(folder) == state
    assert state.is_served


def test_a_server_that_does_not_listen_yet_is_not_served(folder: ServerFolder) -> None:
    assert not ServerState("secantus", ProcessMark.of(), ProcessMark.of(), None).is_served


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"server": 1}', '{"server": "1.2.3", "keeper": "x"}'])
def test_broken_files_count_as_absent(folder: ServerFolder, text: str) -> None:
    folder.state_file.write_text(text)
    folder.credentials_file.write_text(text)
    assert ServerState.read(folder) is None
    assert Credentials.read(folder) is None


def test_a_failed_write_leaves_the_old_file_and_nothing_else(folder: ServerFolder) -> None:
    credentials = Credentials.new()
    credentials.write(folder)
    with pytest.raises(TypeError):
        Credentials("segue", object()).write(folder)  # type: ignore[arg-type]
    assert Credentials.read(folder) == credentials
    assert {file.name for file in folder.path.iterdir()} == {"credentials.json", folder.leases.name}


def test_the_state_in_a_copy_of_the_folder_is_not_about_the_copy(folder: ServerFolder, tmp_path: Path) -> None:
    state = ServerState("secantus", ProcessMark.of(), ProcessMark.of(), 27017)
    state.write(folder)
    copy = ServerFolder(tmp_path / "copy")
    shutil.copytree(folder.path, copy.path)
    copy.prepare()
    assert ServerState.read(copy) is None
    assert ServerState.read(folder) == state
    assert copy.leases.name != folder.leases.name
    moved = ServerFolder(folder.path.rename(tmp_path / "moved"))
    assert ServerState.read(moved) == state
