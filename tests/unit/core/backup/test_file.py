"""The file itself: what is written comes back, and no byte of it can change unnoticed. No database is needed."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from bson.binary import Binary
from bson.int64 import Int64
from bson.objectid import ObjectId
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from indexer.core.backup import BackupDamaged, BackupError, BackupFile, NewerBackup, read_manifest, write_backup
from indexer.core.backup import manifest as manifests
from indexer.core.backup.home_files import contents_of, path_of, put_back
from indexer.core.backup.manifest import BackupManifest, has_seal, is_unbroken, seal, unsealed
from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.home import Home
from indexer.core.playlist import Playlist
from indexer.core.tracks import TrackId

_PART = 10

texts = some.text(some.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
values = some.recursive(
    some.none() | some.booleans() | some.floats(allow_nan=False) | texts | some.binary(max_size=40).map(Binary)
    | some.integers(-(2**63), 2**63 - 1).map(Int64) | some.integers(-(2**31), 2**31 - 1)
    | some.binary(min_size=12, max_size=12).map(ObjectId),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
plays = some.fixed_dictionaries(
    {
        "_id": some.binary(min_size=12, max_size=12).map(ObjectId),
        "track": texts,
        "at": some.floats(0, 4e9),
        "seconds_heard": some.floats(0, 1e5),
        "finished": some.booleans(),
        "unknown": values,
    }
)


class Documents:
    """Stands where a database is read from: what its collections hold, as bytes."""

    def __init__(self, **collections: list[dict[str, Any]]) -> None:
        self._encoded = {name: [bson.encode(each) for each in held] for name, held in collections.items()}
        self.transfer = self.playlists = self

    def count(self, name: str) -> int:
        return len(self._encoded.get(name, ()))

    def all(self) -> list[Playlist]:
        return []

    def documents(self, name: str) -> Iterator[bytes]:
        return iter(self._encoded.get(name, ()))


def play(number: int) -> dict[str, Any]:
    heard = {"at": 1.0, "seconds_heard": 2.0, "finished": True}
    return {"_id": ObjectId(f"{number:024x}"), "track": f"{number:032x}", **heard}


def written(home: Home, target: Path, **collections: list[dict[str, Any]]) -> BackupManifest:
    return write_backup(Documents(**collections), home, target, now=1.6e9)  # type: ignore[arg-type]


@pytest.fixture
def backup(home: Home) -> Path:
    home.settings_file.parent.mkdir(parents=True)
    secrets = {"database_uri": "mongodb://me:secret@host/x", "sharing_token": "secret",
               "kafka": "kafka://me:secret@host"}  # fmt: skip
    home.settings_file.write_text(json.dumps({"volume": 30, **secrets}))
    accounts = {"version": 1, "accounts": [{"id": "owner", "name": "Anna"}], "secrets": {"server": "secret"}}
    home.accounts_file.parent.mkdir(parents=True, exist_ok=True)
    home.accounts_file.write_text(json.dumps(accounts))
    target = home.data / "one.zip"
    written(home, target, plays=[play(number) for number in range(3)])
    return target


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=some.lists(plays, max_size=20))
@example(held=[])
def test_what_is_written_comes_back(home: Home, held: list[dict[str, Any]]) -> None:
    target = home.data / "some.zip"
    manifest = written(home, target, plays=held)
    with BackupFile(target) as found:
        found.verify()
        assert list(found.documents("plays")) == [bson.encode(each) for each in held]
        assert found.manifest == manifest
    assert manifest.counts["plays"] == len(held)


def test_every_byte_counts(backup: Path) -> None:
    """A part of them in each run, another one in the next."""
    whole, broken = backup.read_bytes(), backup.with_name("broken.zip")
    for place in range(random.randrange(_PART), len(whole), _PART):
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(BackupDamaged), BackupFile(broken) as found:
            found.verify()


def test_the_damaged_part_is_named(backup: Path) -> None:
    whole = bytearray(backup.read_bytes())
    with zipfile.ZipFile(backup) as archive:
        place = archive.getinfo("collections/plays.bson").header_offset
    whole[place + 90] ^= 0xFF
    backup.write_bytes(whole)
    with pytest.raises(BackupDamaged, match=r"plays\.bson"), BackupFile(backup) as found:
        found.verify()


@pytest.mark.parametrize("length", [0, 10, 500, -1])
def test_a_file_that_was_cut_short_is_refused(backup: Path, length: int) -> None:
    backup.write_bytes(backup.read_bytes()[:length])
    with pytest.raises(BackupDamaged, match="its end is missing"):
        read_manifest(backup)


def test_something_appended_is_refused(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes() + b"x")
    with pytest.raises(BackupDamaged):
        read_manifest(backup)


def test_secrets_stay_at_home(backup: Path) -> None:
    with BackupFile(backup) as found:
        assert json.loads(found.content("settings.json")) == {"volume": 30}
        assert json.loads(found.content("accounts.json")) == {
            "version": 1,
            "accounts": [{"id": "owner", "name": "Anna"}],
        }


def test_a_newer_format_is_refused_in_a_sentence(home: Home) -> None:
    target = home.data / "newer.zip"
    manifest = BackupManifest(1.0, False, {}, {}, format=manifests.FORMAT + 1)
    _forge(target, {"manifest.json": manifest.encode()})
    with pytest.raises(NewerBackup, match="newer Segue"):
        read_manifest(target)


@pytest.mark.parametrize(
    "documents",
    [
        b"\x05",
        b"\xff\xff\xff\x7f",
        b"\x00" * 4,
        bson.encode({"_id": 1}),
        bson.encode({"track": "x"}),
        b"\xff" * 9,
    ],
)
def test_a_sealed_file_with_nonsense_in_it_is_refused(home: Home, documents: bytes) -> None:
    target = home.data / "forged.zip"
    digest = hashlib.sha256(documents).hexdigest()
    members = {"collections/plays.bson": manifests.Member(len(documents), digest)}
    manifest = BackupManifest(1.0, False, {"plays": 1}, members)
    _forge(target, {"manifest.json": manifest.encode(), "collections/plays.bson": documents})
    with pytest.raises(BackupDamaged), BackupFile(target) as found:
        found.verify()


@settings(max_examples=80)
@given(content=some.binary(max_size=300))
def test_any_bytes_are_no_manifest(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        BackupManifest.decode(content)


def test_a_file_of_another_kind_is_not_overwritten(home: Home, tmp_path: Path) -> None:
    precious = tmp_path / "thesis.zip"
    precious.write_bytes(b"years of work")
    with pytest.raises(BackupError, match="no backup of Segue"):
        written(home, precious)
    assert precious.read_bytes() == b"years of work"


def test_a_failure_leaves_the_backup_of_before_and_nothing_else(home: Home, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupDamaged):
        written(home, backup, plays=[{"_id": 1, "rubbish": True}])
    assert backup.read_bytes() == before
    assert {path.name for path in backup.parent.iterdir()} == {backup.name, home.accounts_file.name}


def test_a_seal_covers_all_before_it() -> None:
    file = io.BytesIO(b"content" + manifests.MANIFEST.encode())
    assert not has_seal(file)
    file = io.BytesIO(b"content" + unsealed())
    assert has_seal(file)
    assert not is_unbroken(file)
    seal(file)
    assert is_unbroken(file)


def _forge(target: Path, members: dict[str, bytes]) -> None:
    """A file with a right seal, whatever is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.comment = unsealed()
            for name, content in members.items():
                archive.writestr(name, content)
        seal(file)


def test_marks_of_listeners_come_back_and_no_other_name_is_written(home: Home, tmp_path: Path) -> None:
    home.marks.mkdir(parents=True)
    (home.marks / "owner.json").write_text('{"stars": {"al-1": 5.0}}')
    (home.marks / "..odd.json").write_text("{}")
    target = home.data / "one.zip"
    written(home, target)
    other = Home.resolve(tmp_path / "other")
    with BackupFile(target) as found:
        assert found.manifest.files == ["marks-owner.json"]
        assert put_back(other, "marks-owner.json", found.content("marks-owner.json"), over=False)
    assert (other.marks / "owner.json").read_text() == '{"stars": {"al-1": 5.0}}'
    for name in ("marks-../x.json", "marks-.json", "marks-A.json", "../settings.json", "x"):
        assert path_of(other, name) is None
        assert not put_back(other, name, b"{}", over=True)
    assert [path.name for path in other.data.rglob("*.json")] == ["owner.json"]


def test_covers_that_were_chosen_go_along(home: Home, tmp_path: Path) -> None:
    one, other = TrackId("1" * 32), Home.resolve(tmp_path / "other")
    ChosenCovers(home.covers).choose([one], b"red")
    for name, content in contents_of(home):
        put_back(other, name, content, over=True)
    picture = ChosenCovers(other.covers).picture_of(one)
    assert picture is not None
    assert picture.read_bytes() == b"red"
