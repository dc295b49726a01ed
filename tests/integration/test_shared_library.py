"""The library of another machine: a real server with real music, followed and told as a player does it, without Qt."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from indexer.core.discover.ask import asker, open_model
from indexer.core.errors import SegueError
from indexer.core.follow.changes import Changes, Known, LibraryCounts, Listeners
from indexer.core.follow.database_thread import DatabaseThread, Order
from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.follow.orders import carry_out
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.playlist import Playlist
from indexer.core.plays import OWNER, ListenerId, Opinion, Play, PlayContext, PlaySource, Thumb
from indexer.core.settings import Settings
from indexer.core.shared.asking import Asking
from indexer.core.shared.database import SharedDatabase, open_shared
from indexer.core.shared.introducing import certificate_of, fingerprint, introduce
from indexer.core.shared.model_copy import copy_model
from indexer.core.shared.server import Server, library_home, write_server
from indexer.core.store import Database, DatabaseError, DatabaseUnavailable, FeatureRecord, SoundRecord
from indexer.core.store.records import News
from indexer.core.tracks import NO_WORDS, Track, TrackId, TrackState, Words
from musicplayer.server.accounts.accounts import Accounts
from tests.conftest import empty_database
from tests.served import served as served_process
from tests.served_library import COUNT, make_library, track_of
from tests.serving import PASSWORD, Served, serving
from tests.unit.discover.small_model import write_small_model
from tests.waiting import wait_until

pytestmark = pytest.mark.database

UNKNOWN = TrackId("f" * 32)
BEGAN = round(time.time()) - 5_000.0


def server_of(served: Served, listener: ListenerId = OWNER) -> Server:
    return Server(served.address, served.keys[listener], "ada")


def play(number: int, track: TrackId, **said: Any) -> Play:
    context = PlayContext(PlaySource.ALBUM, session="evening", client="desktop")
    known = {"track": track, "seconds_heard": 6.0, "seconds": 6.0, "finished": True, "context": context}
    return Play(f"{number:024x}", BEGAN + number, **{**known, **said})


def note_of(told: Play) -> Note:
    return Note(NoteKind.PLAY, told.as_record(), told.id)


@dataclass
class Following:
    """A player on the home of a shared library, without its window: what it knows, by what it was told."""

    journal: Journal
    tracks: dict[TrackId, Track] = field(default_factory=dict)
    features: dict[TrackId, np.ndarray[Any, Any]] = field(default_factory=dict)
    counts: LibraryCounts = field(default_factory=LibraryCounts)
    plays: dict[TrackId, int] = field(default_factory=dict)
    news: list[News] = field(default_factory=list)
    connected: int = 0
    resets: int = 0
    troubles: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def listeners(self) -> Listeners:
        return Listeners(
            reset=self._reset,
            tracks=lambda batch: self.tracks.update((track.id, track) for track in batch),
            caught_up=lambda _: None,
            features=lambda batch: self.features.update((record.track, record.values) for record in batch),
            counts=lambda counts: setattr(self, "counts", counts),
            folders=lambda _: None,
            plays=lambda plays: setattr(self, "plays", plays),
            news=self.news.extend,
        )

    def meet(self) -> None:
        self.connected += 1

    def present(self) -> set[TrackId]:
        return {track.id for track in self.tracks.values() if track.state is TrackState.PRESENT}

    def _reset(self) -> None:
        self.resets += 1
        self.tracks.clear()


@contextmanager
def following(home: Home, server: Server) -> Iterator[tuple[Following, DatabaseThread]]:
    """Follow the library of a server until the context is left."""
    write_server(home, server)
    said = Following(Journal(home.journal_file))
    thread = DatabaseThread(
        home,
        None,
        Changes(SONIC.key, Known(), said.listeners()),
        said.journal,
        connected=said.meet,
        unavailable=lambda message, _: said.troubles.append(message),
        refused=lambda message, _: said.refusals.append(message),
        send=lambda call: call(),
    )
    thread.start()
    try:
        yield said, thread
    finally:
        thread.stop()
        thread.join(30)


@pytest.fixture
def laptop(tmp_path: Path) -> Home:
    """The home for the library, on the machine that plays."""
    return library_home(Home.resolve(tmp_path / "laptop"), "http://kitchen:4849")


@pytest.fixture
def library(database: Database, home: Home, tmp_path: Path) -> list[Track]:
    return make_library(database, home, tmp_path / "music")


def test_tracks_arrive_and_follow_what_changes(
    database: Database, home: Home, laptop: Home, library: list[Track], tmp_path: Path
) -> None:
    with serving(home, database.uri) as served, following(laptop, server_of(served)) as (said, _):
        wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
        for track in library:
            got = said.tracks[track.id]
            assert got.path == f"{served.address}/stream/{track.id}"
            assert got.root == served.address
            assert (got.start, got.end) == (0.0, None)
            assert replace(got, path="", root="", rev=0) == replace(track, path="", root="", rev=0)
        wait_until(lambda: said.counts == LibraryCounts(tracks=COUNT, analysed=COUNT), "the numbers")

        database.tracks.set_state([library[0].id], TrackState.GONE)
        database.tracks.upsert([replace(library[1], title="Another name")])
        new = track_of(COUNT, tmp_path / "music")
        database.tracks.upsert([new])
        sound = np.ones((SONIC.windows, SONIC.dims), np.float32)
        database.features.upsert([FeatureRecord(new.id, SONIC.name, SONIC.version, sound)])
        wait_until(lambda: said.tracks[library[0].id].state is TrackState.GONE, "a track that left")
        wait_until(lambda: said.tracks[library[1].id].title == "Another name", "a name that changed")
        wait_until(lambda: new.id in said.tracks and new.id in said.features, "a track that came")
        assert np.array_equal(said.features[new.id], sound)
        wait_until(lambda: said.counts == LibraryCounts(tracks=COUNT, analysed=COUNT), "the numbers of now")
        assert said.resets == 0, "nothing came twice"
        assert said.troubles == said.refusals == []


def test_what_is_known_of_tracks_is_what_the_server_knows(database: Database, home: Home, library: list[Track]) -> None:
    ids = [track.id for track in library]
    wave = np.arange(64, dtype=np.uint8).reshape(32, 2)
    database.sounds.upsert([SoundRecord(ids[0], 1, wave, -14.5, 0.9, 6.0)])
    database.words.keep({ids[0]: Words(lyrics="la\nla la", comments=("of nobody's concern",))})
    with serving(home, database.uri) as served, open_shared(server_of(served)) as shared:
        assert shared.analysed(SONIC.key) == database.analysed(SONIC.key)
        assert shared.analysed_number(SONIC.key) == COUNT
        assert shared.tracks.count() == shared.tracks.count(TrackState.PRESENT) == COUNT
        got, wanted = shared.features.get(SONIC.key, ids), database.features.get(SONIC.key, ids)
        assert got.keys() == wanted.keys()
        assert all(np.array_equal(got[track], wanted[track]) for track in ids)
        assert {each.track for each in shared.features.changed_since(SONIC.key, 0)} == set(ids)
        assert shared.features.changed_ids(SONIC.key, shared.features.rev()) == set()
        assert shared.features.get("sonic:999", ids) == {}
        found = shared.sounds.get(ids)
        assert list(found) == [ids[0]]
        assert np.array_equal(found[ids[0]].waveform, wave)
        assert shared.words.get(ids[:2]) == {ids[0]: Words(lyrics="la\nla la"), ids[1]: NO_WORDS}
        assert shared.sounds.loudness(ids) == database.sounds.loudness(ids)
        assert shared.genres.all() == database.genres.all()
        assert shared.tracks.get([*ids, UNKNOWN]).keys() == set(ids)


def test_plays_opinions_and_hidden_tracks_are_this_listeners_once(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    first, second, third = (track.id for track in library[:3])
    with serving(home, database.uri) as served:
        bert = next(listener for listener in served.keys if listener != OWNER)
        with following(laptop, replace(server_of(served, bert), listener="bert")) as (said, thread):
            wait_until(lambda: said.connected, "the server")
            told = play(1, first, context=PlayContext(PlaySource.MORE_LIKE, second, 3, "m", "evening", "desktop"))
            notes = [
                note_of(told),
                note_of(play(2, second, finished=False, seconds_heard=1.0, skipped=True)),
                Note(NoteKind.OPINION, Opinion(first, Thumb.UP, 4.5, True, BEGAN).as_record()),
                Note(NoteKind.HIDE, {"seeds": [first, third], "tracks": [second], "at": BEGAN}),
                Note(NoteKind.RESTORE, {"seeds": [third], "tracks": [second]}),
                Note(NoteKind.IMPRESSION, {"tracks": [second], "at": 1.0, "source": "more-like", "listener": OWNER}
                     | {"seed": first, "model": ""}),
            ]  # fmt: skip
            for note in notes:
                said.journal.add(note)
            thread.wake()
            wait_until(lambda: not len(said.journal), "everything told")
            wait_until(lambda: database.feedback.hidden(bert) == {first: frozenset({second})}, "hidden there")
            wait_until(lambda: len(list(database.plays.of(bert))) == 2, "played there")
            wait_until(lambda: said.plays == {first: 1}, "the number of plays is known here again")
            said.journal.add(Note(NoteKind.OPINION, Opinion(first, Thumb.DOWN, at=BEGAN - 10).as_record()))
            thread.wake()
            wait_until(lambda: not len(said.journal), "what was said before, and told after")
            assert said.refusals == []
        got = list(database.plays.of(bert))
        assert [each.track for each in got] == [first, second]
        assert [each.finished for each in got] == [True, False]
        assert replace(got[0].context, model="m") == told.context
        opinion = database.opinions.of(bert)[first]
        assert (opinion.thumb, opinion.rating, opinion.favourite, opinion.at) == (Thumb.UP, 4.5, True, BEGAN)
        assert list(database.plays.of(OWNER)) == []
        assert database.opinions.of(OWNER) == {}
        with open_shared(server_of(served, bert)) as shared:
            carry_out(shared, notes[0])  # once more, as after an answer that was lost
            assert [replace(each, listener=bert) for each in shared.plays.of()] == got
            assert shared.plays.last_played() == database.plays.last_played(bert)
            assert shared.opinions.of().keys() == {first}
            assert shared.feedback.hidden() == {first: frozenset({second})}
        assert len(list(database.plays.of(bert))) == 2
        with open_shared(server_of(served)) as owners:
            assert list(owners.plays.of()) == []
            assert owners.feedback.hidden() == {}


def test_a_play_of_a_track_that_the_server_does_not_know_waits_beside_the_others(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    known = library[0].id
    with serving(home, database.uri) as served:
        with following(laptop, server_of(served)) as (said, thread):
            wait_until(lambda: said.connected, "the server")
            for number, track in enumerate((UNKNOWN, known)):
                said.journal.add(note_of(play(number, track)))
            said.journal.add(Note(NoteKind.OPINION, Opinion(UNKNOWN, favourite=True).as_record()))
            thread.wake()
            wait_until(lambda: not len(said.journal), "nothing hinders the rest")
            wait_until(lambda: [each.track for each in database.plays.of()] == [known], "the one that is known")
            assert len(said.refusals) == 1
        assert len(Journal(laptop.set_aside_file)) == 2
        database.tracks.upsert([replace(library[0], id=UNKNOWN, path=library[1].path)])
        with served.client() as client:
            wait_until(lambda: client.get(f"/api/tracks/{UNKNOWN}").is_success, "a track that came back")
        with following(laptop, server_of(served)) as (said, _):
            wait_until(lambda: said.connected, "the server")
            wait_until(lambda: {each.track for each in database.plays.of()} == {known, UNKNOWN}, "nothing is lost")
        assert len(Journal(laptop.set_aside_file)) == 0
        wait_until(lambda: UNKNOWN in database.opinions.of(), "nor what was said of it")


def test_playlists_go_both_ways(database: Database, home: Home, library: list[Track]) -> None:
    ids = tuple(track.id for track in library[:3])
    with serving(home, database.uri) as served, open_shared(server_of(served)) as shared, served.client() as client:
        made = Playlist("evening-1", "Evening", tracks=ids, updated_at=BEGAN, position=1.0)
        shared.playlists.save([made])
        assert [each["name"] for each in client.get("/api/playlists").json()["playlists"]] == ["Evening"]
        wait_until(lambda: database.playlists.of() == [made], "kept there")
        assert shared.playlists.of() == [made]
        shared.playlists.save([replace(made, name="Older", updated_at=BEGAN - 10)])
        assert client.get("/api/playlists").json()["playlists"][0]["name"] == "Evening"
        renamed = client.put("/api/playlists/evening-1", json={"name": "Night"})
        assert renamed.is_success
        wait_until(lambda: [each.name for each in shared.playlists.of()] == ["Night"], "renamed there")


def test_each_is_told_once_although_the_server_is_killed_meanwhile(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    accounts = Accounts(home.accounts_file)
    owner = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    key = accounts.new_device(owner.id, "laptop")[1]
    number = 60
    with served_process(home, uri=database.uri) as process:
        address = process.address.rstrip("/")
        with following(laptop, Server(address, key)) as (said, thread):
            wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
            for each in range(number):
                said.journal.add(note_of(play(each, library[each % COUNT].id)))
            thread.wake()
            wait_until(lambda: len(said.journal) < number, "the first of them is told")
            process.process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
            process.process.wait()
            said.journal.add(note_of(play(number, library[0].id)))
            thread.wake()
            wait_until(lambda: said.troubles, "the server is missed")
            assert len(said.journal)
            port = address.rpartition(":")[2]
            with served_process(home, "--port", port, uri=database.uri):
                wait_until(lambda: not len(said.journal), "all of it is told")
                wait_until(lambda: len(list(database.plays.of())) > number, "and has arrived")
                wait_until(lambda: said.connected == 2, "it is followed again")
    assert [each.at for each in database.plays.of()] == [play(each, UNKNOWN).at for each in range(number + 1)]


def test_the_model_is_copied_and_answers_as_the_server_does(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    with serving(home, database.uri) as served, served.client() as client, open_shared(server_of(served)) as shared:
        wait_until(lambda: name_of_model(served), "the model of the server")
        with Asking(server_of(served)) as asking:
            assert copy_model(asking, laptop, SONIC.name)
            assert not copy_model(asking, laptop, SONIC.name), "it is here"
            assert not copy_model(asking, laptop, "another")
        assert_same_answers(client, shared, laptop, library)
        before = current_model_folder(laptop, SONIC.name)

        chance = np.random.default_rng(5)
        sounds = {track.id: chance.normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32) for track in library}
        write_small_model(home, sounds, name="two", key=SONIC.key)
        wait_until(lambda: client.get("/api/library").json()["model"] == "two", "another model there")
        with Asking(server_of(served)) as asking:
            assert not copy_model(asking, laptop, SONIC.name, stopped=lambda: True)
            assert current_model_folder(laptop, SONIC.name) == before
            assert copy_model(asking, laptop, SONIC.name)
        after = current_model_folder(laptop, SONIC.name)
        assert after.name == "two"
        assert {path.name for path in after.parent.iterdir()} == {before.name, "two", "current.json"}
        wait_until(lambda: name_of_model(served) == "two", "which the server uses")
        assert_same_answers(client, shared, laptop, library)


def name_of_model(served: Served) -> str:
    model = served.hub.model.more_like.model
    return "" if model is None else model.manifest.id


def assert_same_answers(client: httpx.Client, shared: SharedDatabase, home: Home, library: list[Track]) -> None:
    more_like = asker(shared, open_model(shared, home, SONIC), settings=Settings())
    for track in library[:20]:
        there = client.get("/api/similar", params={"seed": track.id, "size": 20}).json()["rows"]
        here = more_like.answer([track.id], 20).rows
        assert [row["track"]["id"] for row in there] == [row.track for row in here]
        assert there
        assert [row["similarity"] for row in there] == pytest.approx([row.closeness for row in here], abs=1e-3)


def test_a_copy_of_the_model_that_is_cut_off_leaves_the_one_before(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    with serving(home, database.uri) as served, Asking(server_of(served)) as asking:
        copy_model(asking, laptop, SONIC.name)
        before = current_model_folder(laptop, SONIC.name)
        chance = np.random.default_rng(5)
        sounds = {each.id: chance.normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32) for each in library}
        write_small_model(home, sounds, name="two", key=SONIC.key)
        damaged = current_model_folder(home, SONIC.name) / "distances.npy"
        content = damaged.read_bytes()
        for wrong in (content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
            damaged.write_bytes(wrong)
            with pytest.raises(SegueError):
                wait_for_another(asking, laptop)
            assert current_model_folder(laptop, SONIC.name) == before
            assert {path.name for path in before.parent.iterdir()} == {before.name, "current.json"}
        damaged.write_bytes(content)
        wait_until(lambda: copy_model(asking, laptop, SONIC.name), "a whole one")
        for file in current_model_folder(laptop, SONIC.name).glob("*.npy"):
            file.write_bytes(b"damaged")
        assert copy_model(asking, laptop, SONIC.name, anew=True)
        assert (current_model_folder(laptop, SONIC.name) / "distances.npy").read_bytes() == content


def wait_for_another(asking: Asking, home: Home) -> None:
    """Until the server says that it has another model, which it looks for twice a second."""
    wait_until(lambda: copy_model(asking, home, SONIC.name), "another model")


def test_a_revoked_key_is_said_and_a_new_one_opens(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    with serving(home, database.uri) as served, served.client() as client:
        mine = introduce(served.address, "ada", PASSWORD, "laptop")
        assert mine.listener == "ada"
        assert mine.key not in repr(mine)
        devices = {device["name"]: device["id"] for device in client.get("/api/devices").json()["devices"]}
        with following(laptop, mine) as (said, _):
            wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
            client.delete(f"/api/devices/{devices['laptop']}")
            wait_until(lambda: said.troubles, "the key is revoked")
            assert "does not know this player any more" in said.troubles[-1]
            said.journal.add(note_of(play(1, library[0].id)))
        for _ in range(12):  # beyond those after which a wrong key is not looked at
            with pytest.raises(DatabaseError) as refused:
                open_shared(mine)
            assert refused.value.code == "shared-key"
        with following(laptop, introduce(served.address, "Ada", PASSWORD, "laptop")) as (said, _):
            wait_until(lambda: not len(said.journal), "what was kept is told")


def test_a_wrong_password_is_refused_in_the_words_of_the_server(database: Database, home: Home) -> None:
    with serving(home, database.uri) as served:
        said = []
        for _ in range(8):
            with pytest.raises(SegueError) as refused:
                introduce(served.address, "ada", "wrong", "laptop")
            said.append(refused.value.message)
        assert said[0] == "Name or password is wrong."
        assert said[-1].startswith("Too many logins failed.")
        assert {device.name for device in served.hub.accounts.devices(OWNER)} == {"test"}


def test_a_server_that_goes_away_comes_back(database: Database, home: Home, laptop: Home, library: list[Track]) -> None:
    accounts = Accounts(home.accounts_file)
    owner = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    key = accounts.new_device(owner.id, "laptop")[1]
    with served_process(home, uri=database.uri) as process:
        address = process.address.rstrip("/")
        with following(laptop, Server(address, key)) as (said, thread):
            wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
            process.end()
            wait_until(lambda: said.troubles, "the server is missed")
            with pytest.raises(DatabaseUnavailable):
                open_shared(Server(address, key))
            answers: list[int] = []
            thread.put(Order(lambda database: len(database.plays.counts()), answers.append, must_succeed=True))
            with served_process(home, "--port", address.rpartition(":")[2], uri=database.uri):
                wait_until(lambda: answers == [0], "an order that waited")
                database.tracks.upsert([replace(library[0], title="Meanwhile")])
                wait_until(lambda: said.tracks[library[0].id].title == "Meanwhile", "it is followed again")
                assert said.resets == 0, "nothing comes twice"


def test_a_server_that_was_set_back_to_an_old_copy_is_followed_from_there(
    database: Database, database_server: str, home: Home, laptop: Home, library: list[Track], tmp_path: Path
) -> None:
    """Its home is brought back, and it goes on from there before anybody looks: revisions are as far again."""
    accounts = Accounts(home.accounts_file)
    owner = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    key = accounts.new_device(owner.id, "laptop")[1]
    play_of_now, ids = play(1, library[3].id), [track.id for track in library]
    with empty_database(database_server, home) as old:
        make_library(old, home, tmp_path / "music", built=False)
        with served_process(home, uri=database.uri) as process:
            address = process.address.rstrip("/")
            with following(laptop, Server(address, key)) as (said, thread):
                wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
                database.tracks.upsert([replace(library[0], title="Later")])
                database.tracks.upsert([replace(library[1], title="Later, too")])
                database.plays.add([play(2, library[4].id)])
                values = database.features.get(SONIC.key, ids[:1])[ids[0]]
                database.features.upsert([FeatureRecord(ids[0], SONIC.name, SONIC.version, values)])
                wait_until(lambda: said.tracks[ids[1]].title == "Later, too", "what is lost afterwards")
                wait_until(lambda: said.plays == {ids[4]: 1}, "a play that is lost")
                process.end()
                wait_until(lambda: said.troubles, "the server is missed")
                said.journal.add(note_of(play_of_now))
                for number in range(5):
                    old.tracks.upsert([replace(library[2], title=f"Otherwise {number}")])
                assert old.tracks.rev() > database.tracks.rev()
                home.catalogue_snapshot.unlink(missing_ok=True)
                thread.wake()
                with served_process(home, "--port", address.rpartition(":")[2], uri=old.uri):
                    wait_until(lambda: not len(said.journal), "what was kept is told")
                    wait_until(lambda: said.resets == 1, "it is another one")
                    wait_until(lambda: len(said.tracks) == COUNT, "all tracks of then")
                    titles = {track: said.tracks[track].title for track in ids[:3]}
                    assert titles == dict(zip(ids, ("Song 0", "Song 1", "Otherwise 4"), strict=False))
                    wait_until(lambda: said.plays == {ids[3]: 1}, "plays of then, and that of now")
                    old.tracks.upsert([replace(library[2], title="Again")])
                    wait_until(lambda: said.tracks[ids[2]].title == "Again", "it is followed")
                    assert said.resets == 1


def test_a_library_that_changes_all_the_time_is_not_begun_anew(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    number = 0
    with serving(home, database.uri) as served, following(laptop, server_of(served)) as (said, _):
        wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
        until = time.monotonic() + 6
        while time.monotonic() < until:
            number += 1
            database.tracks.upsert([replace(library[number % COUNT], title=f"Song {number}")])
        wait_until(lambda: said.tracks[library[number % COUNT].id].title == f"Song {number}", "the last one")
        assert said.resets == 0


def test_a_certificate_that_is_made_there_is_good_once_it_was_accepted(
    database: Database, home: Home, laptop: Home, library: list[Track]
) -> None:
    accounts = Accounts(home.accounts_file)
    accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    with served_process(home, "--tls-self-signed", uri=database.uri) as process:
        address = process.address.rstrip("/")
        with pytest.raises(DatabaseError) as refused:
            introduce(address, "ada", PASSWORD, "laptop")
        assert refused.value.code == "shared-certificate"
        certificate, shown = certificate_of(address)
        assert shown == fingerprint(home.certificate_file.read_text(encoding="ascii"))
        server = introduce(address, "ada", PASSWORD, "laptop", certificate=certificate)
        with following(laptop, server) as (said, _):
            wait_until(lambda: len(said.tracks) == COUNT, "all tracks")
            wait_until(lambda: copy_model_of(server, laptop), "the model")
        with pytest.raises(DatabaseError) as refused:
            open_shared(replace(server, certificate=""))
        assert refused.value.code == "shared-certificate"


def copy_model_of(server: Server, home: Home) -> bool:
    with Asking(server) as asking:
        return copy_model(asking, home, SONIC.name)
