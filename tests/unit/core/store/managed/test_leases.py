"""The server is in use exactly while a living process holds a lease."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from indexer.core.store.managed.leases import Lease, is_anyone_left
from indexer.core.store.processes import ProcessMark


def test_taken_and_given_back(tmp_path: Path) -> None:
    first, second = Lease.take(tmp_path), Lease.take(tmp_path)
    first.give_back()
    first.give_back()
    assert is_anyone_left(tmp_path)
    second.give_back()
    assert not is_anyone_left(tmp_path)


def test_lease_of_a_dead_process_is_cleared_away(tmp_path: Path) -> None:
    mark = ProcessMark.of()
    Lease.take(tmp_path, dataclasses.replace(mark, created=0, since_boot=-99_999))
    Lease.take(tmp_path)
    assert is_anyone_left(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_rubbish_and_a_deleted_folder_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "rubbish").touch()
    assert not is_anyone_left(tmp_path)
    assert not is_anyone_left(tmp_path / "deleted")
