"""Backups of a real database: what is lost comes back, nothing counts twice, and a kill in between does no harm."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bson
import numpy as np
import pymongo
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.backup import (
    BackupDamaged,
    BackupError,
    LibraryThere,
    RestoreMode,
    RestoreResult,
    copies_in,
    folder_of,
    is_due,
    keep_weekly_copy,
    restore,
    write_backup,
)
from indexer.core.backup.move import MoveFailed, copy_library, forget_old, move
from indexer.core.backup.restore import is_unfinished
from indexer.core.backup.weekly import EVERY, KEPT
from indexer.core.home import Home
from indexer.core.playlist import Playlist
from indexer.core.plays import OWNER, ListenerId
from indexer.core.sentences.told import plain
from indexer.core.settings import Settings
from indexer.core.store import Database, FeatureRecord, Heir, SoundRecord, address, open_database
from indexer.core.store.collections import COLLECTIONS, PERSONAL
from indexer.core.tracks import FileRecord, Problem, ProblemKind, TrackId, TrackState, Words
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from tests.conftest import empty_database
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track

pytestmark = pytest.mark.database

T0 = 1_700_000_000.0
ANN = ListenerId("ann")
ODD = "/music/\udcff.mp3"


def fill(database: Database) -> None:
    """A small library with something in every collection."""
    database.folders.add("/music")
    database.tracks.upsert([*(track(number, added_at=T0 + number) for number in range(20)), track(20, path=ODD)])
    database.words.keep({track(each).id: Words(f"Song {each}", ("A comment",), ("calm",)) for each in range(3)})
    database.files.upsert([FileRecord(track(each).path, "/music", track(each).id, 1, 2) for each in range(20)])
    database.problems.put([Problem(ODD, ProblemKind.SILENT, *plain("It is silent.", ""), T0)])
    for number in range(6):
        database.plays.add([play_of(track(number % 3).id, T0 + number, 100.0, finished=True)])
    theirs = playlist("e", 1, owner=ANN, shared=True, comment="For the train")
    database.playlists.save([playlist("a", 1, 2), playlist("b", 3), theirs])
    database.feedback.hide(track(1).id, [track(2).id], T0)
    database.feedback.hide(track(1).id, [track(2).id], T0, ANN)
    database.queues.save("player", {"tracks": [track(1).id], "index": 0})
    database.features.upsert(
        FeatureRecord(track(each).id, "sonic", 1, np.ones((3, 4), np.float32)) for each in range(9)
    )
    database.sounds.upsert([SoundRecord(track(1).id, 1, np.ones((5, 2), np.uint8), -12.0, 0.9, 3.0)])
    database.heirs.put([Heir(track(19).id, track(18).id, T0, T0)])
    database.models.save({"id": "m1", "profile": "sonic"})


def playlist(name: str, *tracks: int, at: float = T0, **fields: Any) -> Playlist:
    return Playlist(name * 32, name, tracks=tuple(track(each).id for each in tracks), updated_at=at, **fields)


def contents(database: Database) -> dict[str, str]:
    return {name: database.transfer.fingerprint(name).digest for name in COLLECTIONS}


@pytest.fixture
def other(database_server: str, tmp_path: Path) -> Iterator[Database]:
    """A second empty database."""
    with empty_database(database_server, Home.resolve(tmp_path / "other")) as database:
        yield database


@pytest.fixture
def backup(database: Database, home: Home, tmp_path: Path) -> Path:
    fill(database)
    write_backup(database, home, tmp_path / "backup.zip", features=True)
    return tmp_path / "backup.zip"


def changes(result: RestoreResult) -> tuple[int, int, int]:
    return result.added, result.changed, result.removed


def test_all_comes_back_into_an_empty_database(database: Database, other: Database, home: Home, backup: Path) -> None:
    result = restore(other, home, backup)
    tracks = {each.id: each for each in database.tracks.all()}
    assert {each.id: replace(each, rev=tracks[each.id].rev) for each in other.tracks.all()} == tracks
    assert list(other.words.all()) == list(database.words.all())
    for name in set(PERSONAL) - {"tracks"}:
        assert other.transfer.fingerprint(name) == database.transfer.fingerprint(name), name
    assert other.plays.counts() == database.plays.counts()
    assert (other.tracks.count(), other.features.count("sonic:1")) == (21, 9)
    assert result.changed == result.removed == 0


def test_restoring_twice_equals_once(other: Database, home: Home, backup: Path) -> None:
    restore(other, home, backup)
    before, rev = contents(other), other.tracks.rev()
    for mode in RestoreMode:
        assert changes(restore(other, home, backup, mode)) == (0, 0, 0)
        assert contents(other) == before
    assert other.tracks.rev() == rev


def test_a_library_is_not_touched_without_being_told_how(database: Database, home: Home, backup: Path) -> None:
    before = contents(database)
    with pytest.raises(LibraryThere, match="21 tracks"):
        restore(database, home, backup)
    assert contents(database) == before


def test_a_merge_keeps_what_is_there_and_brings_back_what_is_not(database: Database, home: Home, backup: Path) -> None:
    database.plays.add([play_of(track(5).id, T0 + 99, 100.0, finished=True)])
    database.playlists.save([playlist("a", 1, 2, 9, at=T0 + 5), playlist("b", at=T0 + 5, deleted=True)])
    database.feedback.restore(track(1).id, [track(2).id])
    database.tracks.upsert([track(1, title="Other"), track(30)])
    restore(database, home, backup, RestoreMode.MERGE)
    assert database.plays.counts() == {track(0).id: 2, track(1).id: 2, track(2).id: 2, track(5).id: 1}
    shown = {each.name: each.tracks for each in database.playlists.of() if not each.deleted}
    assert shown == {"a": tuple(track(each).id for each in (1, 2, 9)), "b": (track(3).id,)}
    assert database.feedback.hidden() == {track(1).id: {track(2).id}}
    assert database.tracks.get([track(1).id])[track(1).id].title == "Other"
    assert database.tracks.count(TrackState.PRESENT) == 22


@pytest.mark.parametrize("mode", list(RestoreMode))
def test_what_a_version_kept_that_knew_one_listener_is_the_owners(other: Database, mode: RestoreMode) -> None:
    held: dict[str, dict[str, Any]] = {
        "playlists": {**playlist("a", 1).as_record(), "_id": "a"},
        "feedback": {"_id": f"{track(1).id}:{track(2).id}", "seed": track(1).id, "track": track(2).id, "at": T0},
    }
    for name in ("id", "owner", "shared", "comment"):
        del held["playlists"][name]
    for _ in range(2):
        for name, document in held.items():
            saved = [bson.encode(document)]
            if mode is RestoreMode.MERGE:
                other.restoring.merge(name, saved)
            else:
                other.restoring.replace(name, saved, set())
    assert [(each.name, each.owner) for each in other.playlists.of(OWNER)] == [("a", OWNER)]
    assert other.feedback.hidden() == {track(1).id: {track(2).id}}
    other.feedback.restore(track(1).id, [track(2).id])
    assert not other.feedback.hidden(), "it is known by the same id"


def test_a_merge_takes_the_earlier_date(other: Database, home: Home, backup: Path) -> None:
    other.tracks.upsert([track(1, added_at=T0 + 1e6), track(2, added_at=5.0)])
    restore(other, home, backup, RestoreMode.MERGE)
    found = other.tracks.get([track(1).id, track(2).id])
    assert [found[track(each).id].added_at for each in (1, 2)] == [T0 + 1, 5.0]


def test_a_replacement_is_exact_and_what_was_there_can_be_had_back(
    database: Database, home: Home, backup: Path
) -> None:
    database.plays.add([play_of(track(5).id, T0 + 99, 100.0, finished=True)])
    database.playlists.save([playlist("a", 9, at=T0 + 5), playlist("c", 4, at=T0 + 5)])
    database.tracks.upsert([track(30)])
    database.folders.add("/more")
    result = restore(database, home, backup, RestoreMode.REPLACE)
    assert database.plays.counts() == {track(each).id: 2 for each in range(3)}
    shown = {each.name: each.tracks for each in database.playlists.of() if not each.deleted}
    assert shown == {"a": (track(1).id, track(2).id), "b": (track(3).id,)}
    assert database.tracks.get([track(30).id])[track(30).id].state is TrackState.GONE
    assert [folder.path for folder in database.folders.all()] == ["/music"]
    assert result.before is not None
    restore(database, home, result.before, RestoreMode.REPLACE)
    assert database.plays.counts()[track(5).id] == 1
    assert {each.name for each in database.playlists.of() if not each.deleted} == {"a", "b", "c"}
    assert database.tracks.get([track(30).id])[track(30).id].state is TrackState.PRESENT


def test_a_play_during_a_replacement_stays(
    database: Database, home: Home, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = database.restoring.replace

    def play_meanwhile(name: str, *rest: Any) -> Any:
        if name == "plays":
            database.plays.add([play_of(track(7).id, T0 + 50, 10.0, finished=True)])
        return whole(name, *rest)

    monkeypatch.setattr(database.restoring, "replace", play_meanwhile)
    restore(database, home, backup, RestoreMode.REPLACE)
    assert database.plays.counts()[track(7).id] == 1


@pytest.mark.parametrize("mode", list(RestoreMode))
def test_a_restore_that_is_cut_short_again_and_again_is_completed_by_the_next(
    other: Database, home: Home, backup: Path, monkeypatch: pytest.MonkeyPatch, mode: RestoreMode
) -> None:
    other.tracks.upsert([track(40)])
    for after in ("folders", "tracks", "plays", "playlists", "sounds"):
        with monkeypatch.context() as patch:
            for name in ("merge", "replace"):
                patch.setattr(other.restoring, name, _ending(getattr(other.restoring, name), after))
            with pytest.raises(KeyboardInterrupt):
                restore(other, home, backup, mode)
        assert is_unfinished(other)
    restore(other, home, backup, mode)
    assert not is_unfinished(other)
    assert sum(other.plays.counts().values()) == 6
    assert other.tracks.count(TrackState.PRESENT) == (21 if mode is RestoreMode.REPLACE else 22)
    assert other.features.count("sonic:1") == 9


def _ending(whole: Any, after: str) -> Any:
    """Half of a collection, then the end."""

    def work(name: str, documents: Any, *rest: Any) -> Any:
        if name != after:
            return whole(name, documents, *rest)
        half = list(documents)
        whole(name, half[: len(half) // 2 + 1], *rest) if not rest else None
        raise KeyboardInterrupt

    return work


def test_a_damaged_backup_changes_nothing(other: Database, home: Home, backup: Path) -> None:
    fill(other)
    before, content = contents(other), bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    for mode in RestoreMode:
        with pytest.raises(BackupDamaged, match=r"collections/|files/|table of contents"):
            restore(other, home, backup, mode)
    assert contents(other) == before


def test_settings_come_back_without_the_address_of_the_database(database: Database, home: Home, tmp_path: Path) -> None:
    fill(database)
    home.settings_file.parent.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text(json.dumps({"volume": 11, "database_uri": "mongodb://me:secret@host/x"}))
    write_backup(database, home, tmp_path / "b.zip")
    assert b"secret" not in (tmp_path / "b.zip").read_bytes()
    home.settings_file.write_text(json.dumps({"volume": 99, "database_uri": "mongodb://mine"}))
    restore(database, home, tmp_path / "b.zip", RestoreMode.MERGE)
    assert json.loads(home.settings_file.read_text())["volume"] == 99
    restore(database, home, tmp_path / "b.zip", RestoreMode.REPLACE)
    assert json.loads(home.settings_file.read_text()) == {"volume": 11, "database_uri": "mongodb://mine"}


def test_a_running_player_shows_what_was_restored(
    database: Database, other: Database, home: Home, backup: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    other.tracks.upsert([track(40)])
    own = Home.resolve(tmp_path / "player")
    library = Library(own, Settings(database_uri=other.uri))
    playlists = Playlists(own, library.catalogue, library.client)
    plays: list[dict[TrackId, int]] = []
    library.client.plays_changed.connect(plays.append)
    try:
        library.start()
        playlists.start()
        qtbot.waitUntil(lambda: len(library.catalogue) == 1 and bool(plays), timeout=15_000)
        ours = playlists.create("Ours", [track(40).id])
        qtbot.waitUntil(lambda: other.transfer.count("playlists") == 1, timeout=15_000)
        restore(other, home, backup, RestoreMode.REPLACE)
        names = lambda: [each.name for each in playlists.all()]  # noqa: E731 - asked again and again
        qtbot.waitUntil(lambda: sorted(names()) == ["a", "b"], timeout=15_000)
        qtbot.waitUntil(lambda: len(library.catalogue) == 21, timeout=15_000)
        qtbot.waitUntil(lambda: plays[-1] == database.plays.counts(), timeout=15_000)
        assert playlists.get(ours.id) is None
    finally:
        library.shutdown()
        playlists.shutdown()


def test_weekly_copies_rotate_and_only_when_due(database: Database, home: Home) -> None:
    assert keep_weekly_copy(database, home, now=T0) is None  # nothing to keep yet
    fill(database)
    for week in range(KEPT + 2):
        assert is_due(home, T0 + week * EVERY)
        assert keep_weekly_copy(database, home, now=T0 + week * EVERY) is not None
        assert keep_weekly_copy(database, home, now=T0 + (week + 0.9) * EVERY) is None
    copies = copies_in(folder_of(home))
    assert [copy.at for copy in copies] == [T0 + week * EVERY for week in range(KEPT + 1, 1, -1)]


def test_a_copy_from_a_wrong_clock_does_not_stop_the_next(database: Database, home: Home) -> None:
    fill(database)
    keep_weekly_copy(database, home, now=T0 + 100 * EVERY)
    assert is_due(home, T0)


def test_a_failing_weekly_copy_is_told_once(database: Database, home: Home, tmp_path: Path) -> None:
    fill(database)
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    home.settings_file.parent.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text(json.dumps({"backup_folder": str(blocked)}))
    with pytest.raises(BackupError, match="blocked"):
        keep_weekly_copy(database, home, now=T0)
    assert keep_weekly_copy(database, home, now=T0 + 60) is None
    blocked.unlink()
    assert keep_weekly_copy(database, home, now=T0 + 120) is not None


def test_a_copy_of_the_library_is_the_library(database: Database, other: Database, home: Home) -> None:
    fill(database)
    before = contents(database)
    other.playlists.save([playlist("z", deleted=True)])
    with pytest.raises(LibraryThere, match="another library"):
        copy_library(database, other, home)
    result = copy_library(database, other, home, replace=True)
    assert contents(other) == before == contents(database)
    assert (other.tracks.rev(), other.features.rev()) == (database.tracks.rev(), database.features.rev())
    assert other.tracks.count(TrackState.PRESENT) == 21
    assert result.before is not None
    with pytest.raises(MoveFailed, match="already"):
        copy_library(database, database, home)


def test_what_was_analysed_of_a_library_before_is_not_taken_for_analysed(
    database: Database, other: Database, home: Home
) -> None:
    fill(database)
    left = [FeatureRecord(track(each).id, "sonic", 1, np.ones((3, 4), np.float32)) for each in range(8, 20)]
    other.features.upsert(left)
    copy_library(database, other, home)
    assert other.features.analysed("sonic:1") == {track(each).id for each in range(9)}
    other.transfer.clear()
    other.features.upsert(left[:2])
    assert other.features.analysed("sonic:1") == {record.track for record in left[:2]}


def test_a_library_that_changes_while_it_is_copied_is_not_moved(
    database: Database, other: Database, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    put = other.transfer.put_revisions

    def play_meanwhile(documents: Any) -> None:
        put(documents)
        database.plays.add([play_of(track(7).id, T0 + 50, 10.0, finished=True)])

    monkeypatch.setattr(other.transfer, "put_revisions", play_meanwhile)
    with pytest.raises(MoveFailed, match="plays"):
        copy_library(database, other, home)
    monkeypatch.undo()
    copy_library(database, other, home)  # what was copied half is no library of another
    assert contents(other) == contents(database)


def test_from_the_managed_database_to_an_address_and_back(
    own_server: Home, database_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(address.URI_VARIABLE, raising=False)
    name = f"test_{uuid.uuid4().hex[:16]}"
    uri = urlsplit(database_server)._replace(path=f"/{name}").geturl()
    try:
        with open_database(own_server) as managed:
            fill(managed)
            before = contents(managed)
        move(own_server, uri)
        assert address.database_uri(own_server) == uri
        assert own_server.settings_file.stat().st_mode & 0o077 == 0
        with open_database(own_server, uri=uri) as there:
            assert contents(there) == before
            there.plays.add([play_of(track(7).id, T0 + 50, 10.0, finished=True)])
            before = contents(there)
        move(own_server, None)
        assert address.database_uri(own_server) is None
        with open_database(own_server) as managed:
            assert contents(managed) == before
        forget_old(own_server)
        with open_database(own_server, uri=uri) as there:
            assert there.transfer.is_empty()
        with pytest.raises(MoveFailed, match="left behind"):
            forget_old(own_server)
    finally:
        with pymongo.MongoClient[dict[str, object]](uri) as client:
            client.drop_database(name)
