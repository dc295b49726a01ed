"""Tracks on the real server: written, found again, and followed by their revisions."""

from __future__ import annotations

import contextlib
import os
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from indexer.core.sentences.told import plain
from indexer.core.store import Database, DatabaseUnavailable, tracks
from indexer.core.store.connection import Connection
from indexer.core.store.revisions import Batch, Revisions
from indexer.core.tracks import Tone, Track, TrackId, TrackState

pytestmark = pytest.mark.database


def make_track(number: int, **fields: object) -> Track:
    track = Track(TrackId(f"{number:032x}"), f"/music/{number}.mp3", "/music", title=f"Title {number}")
    return replace(track, **fields)  # type: ignore[arg-type]


def next_batch(connection: Connection) -> AbstractContextManager[Batch]:
    return Revisions(connection, "tracks", counted_by="state").next()


def test_all_fields_come_back(database: Database) -> None:
    full = Track(
        id=TrackId("f" * 32), path=os.fsdecode(b"/music/\xff \xf0\x9f\x8e\xb5.mp3"), root="/music", title="Ä “quoted”",
        artist="A", album="B", album_artist="C", genre="Rock", genres=("Rock", "Pop"), year=1999, track_number=1,
        disc_number=2, seconds=29.98, licence="CC0", subset="small", fma_id=2, state=TrackState.AWAY, added_at=12.5,
        artists=("A", "!!!"), album_artists=("C", "D"), compilation=True,
    )  # fmt: skip
    rev = database.tracks.upsert([full])
    assert list(database.tracks.all()) == [replace(full, rev=rev)]
    assert database.tracks.by_path(full.path) == replace(full, rev=rev)
    assert database.tracks.get([full.id, TrackId("0" * 32)]) == {full.id: replace(full, rev=rev)}


def test_one_revision_for_a_batch_of_many_commands(database: Database) -> None:
    rev = database.tracks.upsert(make_track(number) for number in range(1_300))
    assert rev == database.tracks.rev() > 0
    assert {track.rev for track in database.tracks.all()} == {rev}
    assert database.tracks.count() == 1_300


def test_a_page_ends_where_a_revision_ends(database: Database) -> None:
    numbers = iter(range(1_000))
    revs = [
        database.tracks.upsert(make_track(next(numbers), state=state) for _ in range(count))
        for count, state in (
            (3, TrackState.PRESENT),
            (1, TrackState.GONE),
            (4, TrackState.AWAY),
            (2, TrackState.PRESENT),
        )
    ]

    def pages(size: int) -> list[list[int]]:
        found, since = [], 0
        while page := database.tracks.page(since, size):
            found.append([track.rev for track in page])
            since = page[-1].rev
        return found

    one, two, three, four = revs
    assert pages(1) == [[one] * 3, [two], [three] * 4, [four] * 2]
    assert pages(4) == [[one] * 3 + [two], [three] * 4, [four] * 2]
    assert pages(5) == [[one] * 3 + [two] + [three] * 4, [four] * 2]
    assert pages(100) == [[track.rev for track in database.tracks.changed_since(0)]]


def test_a_page_has_nothing_of_a_batch_that_is_being_written(database: Database, connection: Connection) -> None:
    rev = database.tracks.upsert([make_track(1)])
    with next_batch(connection) as batch:
        connection.collection("tracks").update_one({"_id": make_track(1).id}, {"$set": {"rev": batch.rev}})
        assert database.tracks.page(0, 10) == []
    assert [track.rev for track in database.tracks.page(rev, 10)] == [batch.rev]


def test_a_second_write_keeps_when_it_was_added(database: Database) -> None:
    database.tracks.upsert([make_track(1, added_at=5.0)])
    database.tracks.upsert([make_track(1, added_at=9.0, title="New"), make_track(2)])
    found = database.tracks.get([TrackId(f"{1:032x}"), TrackId(f"{2:032x}")])
    assert [(track.title, track.added_at) for track in found.values() if track.title == "New"] == [("New", 5.0)]
    assert found[TrackId(f"{2:032x}")].added_at > 1_000_000_000


def test_the_last_of_two_with_one_id_wins(database: Database) -> None:
    database.tracks.upsert([make_track(1, title="first"), make_track(1, title="last")])
    assert [track.title for track in database.tracks.all()] == ["last"]


def test_a_tag_that_is_gone_goes(database: Database) -> None:
    database.tracks.upsert([make_track(1, year=1990, genres=("Rock",))])
    database.tracks.upsert([make_track(1)])
    assert [(track.year, track.genres) for track in database.tracks.all()] == [(None, ())]


def test_changes_come_in_order_and_once(database: Database) -> None:
    first = database.tracks.upsert([make_track(1), make_track(2)])
    second = database.tracks.upsert([make_track(3)])
    third = database.tracks.set_state([make_track(1).id], TrackState.GONE)
    assert [(track.id, track.rev) for track in database.tracks.changed_since(first)] == [
        (make_track(3).id, second),
        (make_track(1).id, third),
    ]
    assert not list(database.tracks.changed_since(third))


def test_nothing_to_write_is_no_change(database: Database) -> None:
    rev = database.tracks.upsert([make_track(1)])
    assert database.tracks.upsert([]) == rev
    assert database.tracks.set_state([], TrackState.GONE) == rev


def test_states(database: Database) -> None:
    database.tracks.upsert(make_track(number) for number in range(5))
    database.tracks.set_state([make_track(0).id, make_track(1).id], TrackState.AWAY)
    assert database.tracks.count(TrackState.PRESENT) == 3
    assert {track.id for track in database.tracks.all(states=[TrackState.AWAY])} == {make_track(0).id, make_track(1).id}
    assert database.tracks.ids([TrackState.AWAY]) == {make_track(0).id, make_track(1).id}


@pytest.fixture
def _swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large parts of a library are so from ten tracks on."""
    monkeypatch.setattr(tracks, "SWEPT", 10)
    monkeypatch.setattr(tracks, "SWEPT_SHARE", 2)
    monkeypatch.setattr(tracks, "CHANGED", 8)
    monkeypatch.setattr(tracks, "LONGEST_RUN", 4)
    monkeypatch.setattr(tracks, "IDS", 2)


@pytest.mark.usefixtures("_swept")
def test_most_of_a_library_changes_its_state_at_once(database: Database) -> None:
    odd = make_track(40, path="/music/caf\udce9.mp3")  # a name that is not UTF-8 is kept as bytes
    same_path = [make_track(number, path="/music/000007.mp3") for number in (7, 50)]
    others = [make_track(number, path=f"/music/{number:06d}.mp3") for number in range(20) if number != 7]
    seen = database.tracks.upsert([*others, *same_path, odd])
    wanted = {track.id for track in (*others[:5], *others[6:], same_path[0], odd)} - {make_track(12).id}
    rev = database.tracks.set_state(wanted, TrackState.AWAY)
    assert database.tracks.ids([TrackState.AWAY]) == wanted
    assert database.tracks.count(TrackState.AWAY) == len(wanted)
    assert database.tracks.count() == 22
    changed = list(database.tracks.changed_since(seen))
    assert {track.id for track in changed} == wanted
    assert max(track.rev for track in changed) == rev == database.tracks.rev()
    assert database.tracks.set_state(wanted, TrackState.AWAY) == rev
    assert not list(database.tracks.changed_since(rev))


@pytest.mark.usefixtures("_swept")
def test_tracks_that_another_writer_adds_meanwhile_keep_their_state(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.tracks.upsert(make_track(number, path=f"/music/{number:06d}.mp3") for number in range(0, 40, 2))
    everything = database.tracks.ids(list(TrackState))
    runs_of = tracks.runs_of

    def add_and_cut(*arguments: Any) -> object:
        database.tracks.upsert([make_track(5, path="/music/000005.mp3")])
        return runs_of(*arguments)

    monkeypatch.setattr(tracks, "runs_of", add_and_cut)
    database.tracks.set_state(everything, TrackState.AWAY)
    assert database.tracks.ids([TrackState.AWAY]) == everything
    assert database.tracks.ids([TrackState.PRESENT]) == {make_track(5).id}


@pytest.mark.usefixtures("_swept")
@pytest.mark.parametrize("number", [4, 15])
def test_each_gives_the_tracks_asked_for(database: Database, number: int) -> None:
    database.tracks.upsert(make_track(some) for some in range(20))
    wanted = {make_track(some).id for some in range(number)}
    assert {track.id for track in database.tracks.each(wanted | {TrackId("none")})} == wanted


def test_a_path_taken_over_by_another_recording(database: Database) -> None:
    database.tracks.upsert([make_track(1, path="/music/a.mp3")])
    database.tracks.upsert([make_track(2, path="/music/a.mp3")])
    database.tracks.set_state([make_track(1).id], TrackState.GONE)
    found = database.tracks.by_path("/music/a.mp3")
    assert found is not None
    assert found.id == make_track(2).id
    assert database.tracks.by_path("/music/none.mp3") is None


def test_a_batch_that_is_half_written_is_not_taken_for_a_whole_one(database: Database, connection: Connection) -> None:
    seen = database.tracks.upsert([make_track(1)])
    collection = connection.collection("tracks")
    with next_batch(connection) as batch:
        rev = batch.rev
        collection.update_one({"_id": make_track(1).id}, {"$set": {"rev": rev}})
        assert not list(database.tracks.changed_since(seen))
        assert max(track.rev for track in database.tracks.all()) == seen
        later = database.tracks.upsert([make_track(2)])
        assert later > rev
        assert not list(database.tracks.changed_since(seen))
    assert [track.rev for track in database.tracks.changed_since(seen)] == [rev, later]


def test_a_writer_that_was_killed_holds_no_one_up(database: Database, connection: Connection) -> None:
    seen = database.tracks.upsert([make_track(1)])
    killed = next_batch(connection)
    killed.__enter__()
    meta = connection.collection("meta")
    document = meta.find_one({"_id": "revisions:tracks"})
    assert document is not None
    (token,) = document["writers"]
    meta.update_one({"_id": "revisions:tracks"}, {"$set": {f"writers.{token}.process": "999999999.1.1"}})
    database.tracks.upsert([make_track(2)])
    assert [track.id for track in database.tracks.changed_since(seen)] == [make_track(2).id]
    assert not (meta.find_one({"_id": "revisions:tracks"}) or {}).get("writers")


def test_a_batch_that_failed_with_the_server_holds_no_one_up(database: Database, connection: Connection) -> None:
    seen = database.tracks.upsert([make_track(1)])
    with pytest.raises(DatabaseUnavailable), next_batch(connection):
        raise DatabaseUnavailable.again(*plain("gone"))
    database.tracks.upsert([make_track(2)])
    assert [track.id for track in database.tracks.changed_since(seen)] == [make_track(2).id]


def test_a_failed_write_holds_no_one_up(database: Database, connection: Connection) -> None:
    with pytest.raises(RuntimeError), next_batch(connection):
        raise RuntimeError
    assert database.tracks.upsert([make_track(1)]) == database.tracks.rev()


def test_numbers_are_kept_through_every_change(database: Database) -> None:
    assert database.tracks.count() == 0
    database.tracks.upsert(make_track(number) for number in range(700))
    database.tracks.upsert([make_track(0, state=TrackState.AWAY), make_track(900), make_track(900)])
    database.tracks.set_state([make_track(1).id, make_track(2).id, make_track(999).id], TrackState.GONE)
    numbers = {state: database.tracks.count(state) for state in TrackState}
    assert numbers == {TrackState.PRESENT: 698, TrackState.AWAY: 1, TrackState.GONE: 2}
    assert database.tracks.count() == len(list(database.tracks.all())) == 701


def test_numbers_are_made_anew_after_a_writer_was_killed(database: Database, connection: Connection) -> None:
    database.tracks.upsert([make_track(1)])
    killed = next_batch(connection)
    batch = killed.__enter__()
    connection.collection("tracks").insert_one({"_id": "f" * 32, "state": "away", "rev": batch.rev})
    meta = connection.collection("meta")
    (token,) = (meta.find_one({"_id": "revisions:tracks"}) or {})["writers"]
    meta.update_one({"_id": "revisions:tracks"}, {"$set": {f"writers.{token}.at": 1.0}})
    assert database.tracks.count(TrackState.AWAY) == 1
    assert not (meta.find_one({"_id": "revisions:tracks"}) or {}).get("writers")


def test_numbers_are_made_anew_after_a_failed_write(database: Database, connection: Connection) -> None:
    database.tracks.upsert([make_track(1)])
    collection = connection.collection("tracks")
    with contextlib.suppress(RuntimeError), next_batch(connection) as batch:
        collection.insert_one({"_id": "f" * 32, "state": "away", "rev": batch.rev})
        raise RuntimeError
    assert database.tracks.count() == 2


def test_what_was_heard_of_a_track_is_told_once_and_kept_when_it_is_written_again(database: Database) -> None:
    database.tracks.upsert([make_track(1), make_track(2)])
    database.tracks.note_speech([make_track(1).id, TrackId("9" * 32)])
    rev = database.tracks.rev()
    database.tracks.note_speech([make_track(1).id])
    assert database.tracks.rev() == rev
    database.tracks.upsert([make_track(1, title="Named")])
    found = database.tracks.get([make_track(1).id, make_track(2).id])
    assert {track.title: track.speech for track in found.values()} == {"Named": True, "Title 2": False}
    assert database.tracks.count() == 2


def test_tone_and_loudness_are_told_once_and_kept_when_a_track_is_written_again(database: Database) -> None:
    one, other, third = make_track(1).id, make_track(2).id, make_track(3).id
    database.tracks.upsert([make_track(1), make_track(2), make_track(3)])
    assert database.tracks.lacking("tempo") == {one, other, third}
    before = database.tracks.rev()
    tones = {one: Tone(120.5, "A minor"), other: Tone(None, None)}
    database.tracks.note_heard({**tones, TrackId("9" * 32): Tone(90.0, None)}, {one: -9.5, other: None})
    assert {track.id for track in database.tracks.changed_since(before)} == {one, other}
    assert database.tracks.lacking("tempo") == database.tracks.lacking("loudness") == {third}
    rev = database.tracks.rev()
    database.tracks.note_heard(tones)
    database.tracks.note_heard(loudness={one: -9.5, other: None})
    assert database.tracks.rev() == rev, "nothing new"
    database.tracks.upsert([make_track(1, title="Named"), make_track(2)])
    found = database.tracks.get([one, other])
    kept = found[one]
    assert (kept.title, kept.tempo, kept.key, kept.loudness) == ("Named", 120.5, "A minor", -9.5)
    assert (found[other].tempo, found[other].key, found[other].loudness) == (None, None, None)
    assert database.tracks.lacking("tempo") == {third}
    assert database.tracks.count() == 3
