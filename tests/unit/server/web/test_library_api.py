"""What players of other machines read of a library and write to it: by revisions, for one listener, without paths."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import bson
import httpx
import numpy as np
import pytest
from bson.objectid import ObjectId

from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists.entries import Entry
from indexer.core.playlists.placeholders import entry_of, placeholder
from indexer.core.plays import LATEST, OWNER, Opinion, Thumb
from indexer.core.settings import Settings
from indexer.core.shared.wire import (
    feature_of_shape,
    genre_of_shape,
    opinion_of_shape,
    play_of_shape,
    playlist_of_shape,
    playlist_shape,
    sound_of_shape,
    track_of_shape,
)
from indexer.core.store import Database, FeatureRecord
from indexer.core.store.collections import RESTORED
from indexer.core.store.records import Heir, SoundRecord
from indexer.core.tracks import Genre, Track, TrackId, TrackState
from musicplayer.server import playlists
from musicplayer.server.hub import open_hub
from musicplayer.server.web.api.own import LATEST_VERSION
from musicplayer.server.web.api.routes import ENDPOINTS
from musicplayer.server.web.app import make_app
from tests.plays import play_of
from tests.served_library import COUNT, make_library
from tests.serving import serving
from tests.unit.discover.small_model import write_small_model
from tests.unit.server.web.running import Running
from tests.waiting import until, wait_until

pytestmark = pytest.mark.database

ADDRESS = "https://server.example"


def other(running: Running, number: int, **fields: Any) -> Track:
    """A track that is not there yet, and gone, so that what other tests count stays as it is."""
    track = TrackId(f"{1_000 + number:032x}")
    path = f"{running.tracks[0].root}/secret/{number}.mp3"
    return replace(running.tracks[0], id=track, path=path, state=TrackState.GONE, added_at=5.0, **fields)


def test_a_library_is_copied_by_revisions_without_paths(running: Running) -> None:
    state = running.bert.get("/library").json()
    answer = running.bert.get("/library/tracks", params={"size": 2_000})
    found = [track_of_shape(shape, ADDRESS) for shape in answer.json()["tracks"]]
    there = [track for track in found if track.state is not TrackState.GONE]
    assert {track.id for track in there} == {track.id for track in running.tracks}
    assert [track.rev for track in found] == sorted(track.rev for track in found)
    assert found[-1].rev == state["tracksRev"]
    assert (state["present"], state["away"], state["profile"]) == (COUNT, 0, SONIC.key)
    wait_until(lambda: running.bert.get("/library").json()["analysed"] == COUNT)
    known = {track.id: track for track in running.tracks}
    for track in there:
        before = known[track.id]
        assert (track.path, track.root) == (f"{ADDRESS}/stream/{track.id}", ADDRESS)
        assert replace(track, path=before.path, root=before.root, rev=before.rev) == before
    assert running.tracks[0].root not in answer.text
    assert running.bert.get("/library/tracks", params={"since": state["tracksRev"]}).json() == {"tracks": []}


def test_tracks_of_one_revision_are_in_one_answer(running: Running) -> None:
    database = running.library.database
    before = database.tracks.rev()
    first = database.tracks.upsert([other(running, number) for number in range(7)])
    second = database.tracks.upsert([other(running, number) for number in range(7, 9)])
    pages = []
    since = before
    while tracks := running.bert.get("/library/tracks", params={"since": since, "size": 3}).json()["tracks"]:
        pages.append([track["rev"] for track in tracks])
        since = tracks[-1]["rev"]
    assert pages == [[first] * 7, [second] * 2]
    assert {
        track["state"] for track in running.bert.get("/library/tracks", params={"since": before}).json()["tracks"]
    } == {"gone"}


def test_stars_of_files_are_the_owners(running: Running) -> None:
    database = running.library.database
    rated = other(running, 20, rating=4.5)
    before = database.tracks.rev()
    database.tracks.upsert([rated])
    for ask, rating in ((running.admin, 4.5), (running.bert, None)):
        by_id = ask.post("/library/tracks", json={"tracks": [rated.id, "f" * 32]}).json()["tracks"]
        by_rev = ask.get("/library/tracks", params={"since": before}).json()["tracks"]
        assert [track.get("rating") for track in (*by_id, *by_rev)] == [rating, rating]


def test_features_come_as_they_were_written(running: Running) -> None:
    database, tracks = running.library.database, running.tracks
    stored = {record.track: record for record in database.features.changed_since(SONIC.key, 0)}
    first = min(record.rev for record in stored.values())
    together = {track for track, record in stored.items() if record.rev == first}
    shapes = running.bert.get("/library/features", params={"size": 5}).json()["features"]
    assert len(together) > 5
    assert {shape["track"] for shape in shapes} == together
    asked = running.bert.post("/library/features", json={"tracks": [tracks[3].id, "f" * 32]}).json()["features"]
    assert [shape["track"] for shape in asked] == [tracks[3].id]
    for shape in (*shapes, *asked):
        record = feature_of_shape(shape, SONIC.key)
        np.testing.assert_array_equal(record.values, stored[record.track].values)
        assert (record.rev, record.whole) == (stored[record.track].rev, stored[record.track].whole)


def test_what_was_analysed_again_is_named(running: Running) -> None:
    database, tracks = running.library.database, running.tracks
    rev = database.features.rev()
    everything = {track.id for track in tracks}
    told = running.bert.get("/library/analysed").json()
    assert (set(told["tracks"]), told["changed"]) == (everything, [])
    values = database.features.get(SONIC.key, [tracks[0].id])[tracks[0].id]
    again = FeatureRecord(tracks[0].id, SONIC.name, SONIC.version, values, whole=True)
    now = database.features.upsert([again, replace_profile(again)])
    told = running.bert.get("/library/analysed", params={"since": rev}).json()
    assert (set(told["tracks"]), told["changed"]) == (everything, [tracks[0].id])
    (changed,) = running.bert.get("/library/features", params={"since": rev}).json()["features"]
    assert (changed["track"], changed["rev"], changed["whole"]) == (tracks[0].id, now, True)
    wait_until(lambda: running.bert.get("/library").json()["featuresRev"] == now)


def replace_profile(record: FeatureRecord) -> FeatureRecord:
    return FeatureRecord(record.track, "classic", 1, record.values)


def test_genres_and_sounds(running: Running) -> None:
    database, track = running.library.database, running.tracks[0].id
    database.genres.put([Genre(1, "Rock"), Genre(2, "Loud", 1)])
    waveform = np.arange(20, dtype=np.uint8).reshape(10, 2)
    database.sounds.upsert([SoundRecord(track, 3, waveform, None, 0.9, 6.0)])
    genres = running.bert.get("/library/genres").json()["genres"]
    assert list(map(genre_of_shape, genres)) == [Genre(1, "Rock"), Genre(2, "Loud", 1)]
    (shape,) = running.bert.post("/library/sounds", json={"tracks": [track, running.tracks[1].id]}).json()["sounds"]
    sound = sound_of_shape(shape)
    assert (sound.track, sound.version, sound.loudness, sound.peak, sound.seconds) == (track, 3, None, 0.9, 6.0)
    np.testing.assert_array_equal(sound.waveform, waveform)


def test_a_listener_gets_what_is_theirs_and_nothing_of_others(running: Running) -> None:
    one, two, three = (running.tracks[number].id for number in (1, 2, 3))
    database, ask = running.library.database, running.bert
    before = ask.get("/library").json()["news"]
    assert before == {"plays": 0, "opinions": 0, "hidden": 0, "playlists": 0}
    for number in range(2):
        ask.post("/plays", json={"id": f"{number}", "track": one, "heard": 6.0})
    ask.post("/opinions", json={"track": one, "thumb": 1, "rating": 4.5, "favourite": True})
    ask.post("/opinions", json={"track": two, "thumb": -1})
    ask.post("/opinions", json={"track": two, "thumb": 0})
    ask.post("/hide", json={"seed": one, "track": two})
    ask.post("/hide", json={"seed": one, "track": three})
    made = ask.post("/playlists", json={"name": "Evening", "tracks": [three]}).json()["id"]
    wait_until(lambda: min(ask.get("/library").json()["news"].values()) > 0)
    wait_until(lambda: len(list(database.plays.of(running.bert_id))) == 2)
    wait_until(lambda: len(database.opinions.said(running.bert_id)) == 2)
    wait_until(lambda: len(database.feedback.hidden(running.bert_id).get(one, ())) == 2)
    own = ask.get("/library/own").json()
    assert own["plays"] == {one: 2}
    assert list(own["lastPlayed"]) == [one]
    opinions = {each.track: each for each in map(opinion_of_shape, own["opinions"])}
    assert (opinions[one].thumb, opinions[one].rating, opinions[one].favourite) == (Thumb.UP, 4.5, True)
    assert opinions[two].is_empty
    assert own["hidden"] == {one: [two, three]}
    history = ask.get("/library/history").json()
    assert (history["total"], [play_of_shape(play).track for play in history["plays"]]) == (2, [one, one])
    assert [each["id"] for each in ask.get("/library/playlists").json()["playlists"]] == [made]
    for nobodys in (running.ada, running.admin):
        assert nobodys.get("/library/own").json() == {"plays": {}, "lastPlayed": {}, "opinions": [], "hidden": {}}
        assert nobodys.get("/library/history").json() == {"total": 0, "plays": []}
        assert nobodys.get("/library/playlists").json() == {"playlists": []}
    assert running.ada.get("/library").json()["news"] == before
    told = [ask.get(f"/library/{name}").text for name in ("own", "history", "playlists")]
    assert not [text for text in told if running.bert_id in text]


def test_a_history_comes_in_pages_the_oldest_first(running: Running) -> None:
    plays = [play_of(running.tracks[0].id, 1_000.0 + number, listener=running.bert_id) for number in range(5)]
    running.library.database.plays.add(plays)
    asked = [running.bert.get("/library/history", params={"offset": at, "size": 2}).json() for at in (0, 2, 4, 6)]
    assert [page["total"] for page in asked] == [5] * 4
    assert [play_of_shape(play).id for page in asked for play in page["plays"]] == [play.id for play in plays]


def test_what_another_program_wrote_is_there_as_soon_as_it_is_counted(running: Running) -> None:
    database, ask, who = running.library.database, running.bert, running.bert_id
    one, two = (running.tracks[number].id for number in (1, 2))
    for number in range(1, 4):
        database.plays.add([play_of(one, 1_000.0 + number, listener=who)])
        database.opinions.save([Opinion(two, Thumb.UP, at=1_000.0 + number, listener=who)])
        database.feedback.hide(one, [running.tracks[2 + number].id], 5.0, who)
        own = ask.get("/library/own").json()
        assert (own["plays"], own["lastPlayed"]) == ({one: number}, {one: 1_000.0 + number})
        assert [opinion["at"] for opinion in own["opinions"]] == [1_000.0 + number]
        assert len(own["hidden"][one]) == number
        assert ask.get("/library/history").json()["total"] == number
    database.plays.erase(who)
    database.feedback.restore(one, [running.tracks[number].id for number in (3, 4, 5)], who)
    own = ask.get("/library/own").json()
    assert (own["plays"], own["hidden"], ask.get("/library/history").json()["total"]) == ({}, {}, 0)


def test_a_backup_that_was_brought_back_is_there_at_once(running: Running) -> None:
    database, ask, who = running.library.database, running.bert, running.bert_id
    assert ask.get("/library/history").json()["total"] == 0
    play = play_of(running.tracks[0].id, 5.0, listener=who)
    database.restoring.merge("plays", [bson.encode({"_id": ObjectId(play.id), **play.as_record()})])
    database.transfer.note(RESTORED, {"token": "two", "at": 5.0})
    assert ask.get("/library/history").json()["total"] == 1
    wait_until(lambda: ask.get("/library").json()["restored"] == "two")
    database.transfer.forget(RESTORED)


def test_what_was_put_together_elsewhere_is_there_at_once(running: Running) -> None:
    one, two = (running.tracks[number].id for number in (1, 2))
    page = running.library.served.hub.events.open(running.bert_id)
    assert page is not None
    made = Playlist("a" * 32, "Evening", tracks=(one, two), position=1.0, updated_at=100.0)
    rule = Playlist("b" * 32, "New", PlaylistKind.SMART, query="year>2001", position=-2.0, updated_at=100.0)
    lists = [playlist_shape(made), {**playlist_shape(rule), "of_a_later_version": [1]}]
    assert running.bert.post("/library/playlists", json={"playlists": lists}).status_code == 204
    assert own_names(running.bert) == ["New", "Evening"]
    assert own_names(running.ada) == []
    found = [playlist_of_shape(each) for each in running.bert.get("/library/playlists").json()["playlists"]]
    assert found == [rule, made]
    assert {each.owner for each in running.library.database.playlists.of(running.bert_id)} == {running.bert_id}

    async def next_event() -> bytes:
        async for line in page.lines():
            if b"playlists" in line:
                return line
        return b""

    served = running.library.served
    assert b"event: playlists" in asyncio.run_coroutine_threadsafe(next_event(), served.loop).result(20)
    served.loop.call_soon_threadsafe(served.hub.events.close, page)


def own_names(ask: httpx.Client) -> list[str]:
    return [each["name"] for each in ask.get("/playlists").json()["playlists"] if each["own"]]


def test_of_two_versions_the_later_one_holds(running: Running) -> None:
    ask, track = running.bert, running.tracks[1].id

    def told(*versions: Playlist) -> list[Playlist]:
        shapes = [playlist_shape(version) for version in versions]
        assert ask.post("/library/playlists", json={"playlists": shapes}).status_code == 204
        return [playlist_of_shape(each) for each in ask.get("/library/playlists").json()["playlists"]]

    first = Playlist("c" * 32, "One", updated_at=100.0)
    later, deleted = replace(first, name="Two", updated_at=101.0), replace(first, deleted=True, updated_at=102.0)
    assert told(later, first) == [later]
    assert told(first) == [later]
    assert told(replace(later, name="Other")) == [later], "of the same time"
    changed = ask.put(f"/playlists/{first.id}", json={"tracks": [track]}).json()
    assert changed["changed"] > later.updated_at
    assert told(deleted)[0].tracks == (track,), "what was done on the page is later"
    gone = replace(deleted, updated_at=changed["changed"] + 1)
    assert told(gone) == [gone]
    assert own_names(ask) == []


def test_lists_of_others_are_not_there(running: Running) -> None:
    made = running.ada.post("/playlists", json={"name": "Mine", "shared": True}).json()["id"]
    mine = Playlist("d" * 32, "Kept out", updated_at=time.time())
    taken = Playlist(made, "Taken", updated_at=time.time() + 100)
    shapes = [playlist_shape(mine), playlist_shape(taken)]
    answer = running.bert.post("/library/playlists", json={"playlists": shapes})
    assert (answer.status_code, answer.json()["code"]) == (404, "playlist-not-there")
    assert running.bert.get("/library/playlists").json()["playlists"] == []
    assert running.ada.get(f"/playlists/{made}").json()["name"] == "Mine"
    running.ada.delete(f"/playlists/{made}")
    assert running.bert.post("/library/playlists", json={"playlists": shapes}).status_code == 404


def test_odd_rules_hinder_nobody(running: Running) -> None:
    """Whatever a listener shares is searched when others look at their lists."""
    odd = (
        "(" * 999,
        "-" * 999,
        "a OR " * 199,
        '"' * 999,
        "year>" * 199,
        "added<" + "9" * 900 + "y",
        "\U0001f600" * 999,
    )
    rules = [
        Playlist(f"{number:032x}", "Odd", PlaylistKind.SMART, query=query, order="../x", limit=2**31, shared=True,
                 updated_at=100.0)
        for number, query in enumerate(odd)
    ]  # fmt: skip
    told = {"playlists": [playlist_shape(rule) for rule in rules]}
    assert running.bert.post("/library/playlists", json=told).status_code == 204
    seen = running.ada.get("/playlists")
    assert seen.status_code == 200
    assert {rule.id for rule in rules} <= {each["id"] for each in seen.json()["playlists"]}
    for rule in rules:
        assert running.ada.get(f"/playlists/{rule.id}").status_code == 200
        assert running.bert.delete(f"/playlists/{rule.id}").is_success


def test_traces_of_lists_that_are_deleted_are_not_without_number(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playlists, "MOST_VERSIONS", 5)

    def status(*numbers: int) -> int:
        gone = [Playlist(f"{number:032x}", "Gone", deleted=True, updated_at=100.0) for number in numbers]
        told = {"playlists": [playlist_shape(each) for each in gone]}
        return running.bert.post("/library/playlists", json=told).status_code

    assert status(*range(1_000, 1_005)) == 204
    assert status(1_005) == 400
    assert status(*range(1_000, 1_005)) == 204, "they are known"


def test_a_list_of_the_last_day_can_still_be_changed_and_read(running: Running) -> None:
    last = Playlist("9" * 32, "Last", updated_at=LATEST_VERSION)
    assert running.bert.post("/library/playlists", json={"playlists": [playlist_shape(last)]}).status_code == 204
    for name in ("One", "Two"):
        assert running.bert.put(f"/playlists/{last.id}", json={"name": name}).is_success
    found = map(playlist_of_shape, running.bert.get("/library/playlists").json()["playlists"])
    assert [each.name for each in found] == ["Two"]


def test_who_is_not_logged_in_gets_nothing_at_all(running: Running) -> None:
    model = current_model_folder(running.library.home, SONIC.name).name
    for endpoint in ENDPOINTS:
        if endpoint.path.startswith("/library"):
            body: Any = None if endpoint.body is None else {name: [] for name in endpoint.body}
            answer = running.nobody.request(endpoint.method, endpoint.path.replace("{folder}", model), json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "server-log-in"), endpoint.path


def test_no_answer_says_where_anything_lies(running: Running) -> None:
    """Neither the folder of the music nor that of the home, nor anything of the listeners who did something."""
    served, track = running.library.served, running.tracks[0].id
    running.ada.post("/plays", json={"id": "p", "track": track, "heard": 6, "client": "secret-client"})
    running.ada.post("/playlists", json={"name": "secret-list", "tracks": [track]})
    folder = current_model_folder(running.library.home, SONIC.name)
    paths = [
        f"/api{each.path.replace('{folder}', folder.name)}" for each in ENDPOINTS if each.path.startswith("/library")
    ]
    paths += [f"/model/{folder.name}/{file.name}" for file in folder.iterdir()]
    secrets = (running.tracks[0].root, str(running.library.home.data), running.ada_id, "secret-client", "secret-list")
    with served.client(running.bert_id) as client:
        for path in paths:
            said = [client.get(path).content, client.post(path, json={"tracks": [track]}).content]
            assert not [secret for secret in secrets for text in said if secret.encode() in text], path


def test_who_may_not_share_lists_does_not_by_this_way_either(running: Running) -> None:
    kept = Playlist("e" * 32, "Kept", updated_at=100.0, shared=True)

    def status(version: Playlist) -> int:
        told = {"playlists": [playlist_shape(version)]}
        return running.bert.post("/library/playlists", json=told).status_code

    running.admin.put(f"/listeners/{running.bert_id}", json={"maySharePlaylists": False})
    assert status(kept) == 403
    running.admin.put(f"/listeners/{running.bert_id}", json={"maySharePlaylists": True})
    assert status(kept) == 204
    running.admin.put(f"/listeners/{running.bert_id}", json={"maySharePlaylists": False})
    assert status(replace(kept, name="Still", updated_at=101.0)) == 204
    running.admin.put(f"/listeners/{running.bert_id}", json={"maySharePlaylists": True})


def test_lines_that_wait_say_no_places_and_have_them_again(running: Running) -> None:
    line = placeholder(Entry(("/home/ada/secret/Song.mp3",), artist="Ada"), "/home/ada")
    assert line is not None
    track = running.tracks[1].id
    before = Playlist("f" * 32, "Evening", tracks=(line, track), updated_at=100.0, owner=running.bert_id)
    hub = running.library.served.hub
    asyncio.run_coroutine_threadsafe(hub.playlists.take(running.bert_id, [before]), running.library.served.loop).result(
        20
    )
    answer = running.bert.get("/library/playlists")
    assert "secret" in json.dumps(entry_of(line).__dict__)
    assert "secret" not in answer.text
    there = playlist_of_shape(answer.json()["playlists"][0])
    entry = entry_of(there.tracks[0])
    assert entry is not None
    assert (entry.title, entry.artist, entry.locations) == ("Song.mp3", "Ada", ())
    moved = replace(there, tracks=(there.tracks[1], there.tracks[0]), updated_at=101.0)
    running.bert.post("/library/playlists", json={"playlists": [playlist_shape(moved)]})
    wait_until(lambda: running.library.database.playlists.of(running.bert_id)[0].tracks == (track, line))


def test_lists_are_told_with_heirs_and_keep_those_that_left(database: Database, home: Home, tmp_path: Path) -> None:
    one, two, left = *(track.id for track in make_library(database, home, tmp_path / "music")[:2]), TrackId("e" * 32)
    database.heirs.put([Heir(left, two, 5.0, 5.0)])
    database.playlists.save([Playlist("a" * 32, "Evening", tracks=(one, left), updated_at=100.0)])
    with serving(home, database.uri) as served, served.client() as client:
        wait_until(lambda: client.get("/api/playlists").status_code == 200)
        told = playlist_of_shape(client.get("/api/library/playlists").json()["playlists"][0])
        assert told.tracks == (one, two)
        moved = replace(told, tracks=(two, one, one), updated_at=101.0)
        client.post("/api/library/playlists", json={"playlists": [playlist_shape(moved)]})
        wait_until(lambda: database.playlists.of()[0].tracks == (left, one, one))


def test_the_model_in_use_can_be_copied(running: Running) -> None:
    served, home = running.library.served, running.library.home
    folder = current_model_folder(home, SONIC.name)
    assert running.bert.get("/library").json()["model"] == folder.name
    files = running.bert.get(f"/library/model/{folder.name}").json()["files"]
    assert {file["name"]: file["size"] for file in files} == {
        path.name: path.stat().st_size for path in folder.iterdir()
    }
    with served.client(running.bert_id) as client:
        for file in files:
            path = f"/model/{folder.name}/{file['name']}"
            whole = client.get(path)
            assert whole.status_code == 200
            assert (
                hashlib.sha256(whole.content).digest() == hashlib.sha256((folder / file["name"]).read_bytes()).digest()
            )
            part = client.get(path, headers={"Range": "bytes=3-9"})
            assert (part.status_code, part.content) == (206, whole.content[3:10])
            assert client.get(path, headers={"Range": f"bytes={file['size']}-"}).status_code == 416
            assert client.get(path, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    with served.client(None) as stranger:
        assert stranger.get(f"/model/{folder.name}/manifest.json").status_code == 401


def test_nothing_but_files_of_the_model_in_use_is_given(running: Running, tmp_path: Path) -> None:
    served, home = running.library.served, running.library.home
    folder = current_model_folder(home, SONIC.name)
    private = tmp_path / "private"
    private.write_text("secret")
    (folder / "link").symlink_to(private)
    (folder / "inside").symlink_to(folder / "manifest.json")
    (folder / "below").mkdir()
    (folder / "below" / "file").write_text("secret")
    (folder.parent / "before").mkdir()
    (folder.parent / "before" / "manifest.json").write_text("secret")
    (folder.parent / "alias").symlink_to(folder)
    try:
        names = {file["name"] for file in running.bert.get(f"/library/model/{folder.name}").json()["files"]}
        assert not {"link", "inside", "below"} & names
        ways = (
            f"{folder.name}/link", f"{folder.name}/inside", f"{folder.name}/below", f"{folder.name}/below/file",
            f"{folder.name}/..%2fcurrent.json", f"{folder.name}/%2e%2e", f"{folder.name}/none", "before/manifest.json",
            "alias/manifest.json", "../current.json", "%2e%2e/current.json", f"..%2f{SONIC.name}/current.json",
            "./current.json", f"{folder.name}/a%00", f"{folder.name}/manifest.json%00",
        )  # fmt: skip
        with served.client(running.bert_id) as client:
            for way in ways:
                answer = client.get(f"/model/{way}")
                assert (answer.status_code, "secret" in answer.text) == (404, False), way
        for other_folder in ("before", "alias", "none"):
            assert running.bert.get(f"/library/model/{other_folder}").status_code == 404
    finally:
        for link in (folder / "link", folder / "inside", folder.parent / "alias"):
            link.unlink()
        (folder / "below" / "file").unlink()
        (folder / "below").rmdir()
        (folder.parent / "before" / "manifest.json").unlink()
        (folder.parent / "before").rmdir()


def test_another_model_takes_the_place_of_the_one_before(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = make_library(database, home, tmp_path / "music", built=False)
    with serving(home, database.uri) as served, served.client() as client:
        assert client.get("/api/library").json()["model"] is None
        assert client.get("/api/library/model/one").status_code == 404
        sounds = database.features.get(SONIC.key, [track.id for track in tracks])
        for name in ("one", "two"):
            write_small_model(home, sounds, name, key=SONIC.key)
            wait_until(lambda: client.get("/api/library").json()["model"] == name)  # noqa: B023 - asked at once
        assert client.get("/model/one/manifest.json").status_code == 404
        assert client.get("/model/two/manifest.json").json()["id"] == "two"


def test_what_changed_is_in_the_state_within_moments(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as served, served.client() as client:

        def state() -> dict[str, Any]:
            return dict(client.get("/api/library").json())

        before = state()
        assert before["restored"] is None
        database.tracks.set_state([tracks[0].id], TrackState.AWAY)
        database.tracks.set_state([tracks[1].id], TrackState.GONE)
        database.transfer.note(RESTORED, {"token": "one", "at": 5.0})
        database.opinions.save([Opinion(tracks[2].id, Thumb.UP, at=5.0)])
        wait_until(lambda: state()["restored"] == "one")
        wait_until(lambda: state()["news"]["opinions"] == 1)
        wait_until(lambda: state()["analysed"] == COUNT - 1)
        now = state()
        assert (now["present"], now["away"]) == (COUNT - 2, 1)
        assert now["tracksRev"] == database.tracks.rev() > before["tracksRev"]
        assert client.get("/api/library/analysed").json()["tracks"] == sorted(
            track.id for track in tracks if track is not tracks[1]
        )


BOUNDS = [
    ("GET", "/library/tracks?size=0"),
    ("GET", "/library/tracks?size=2001"),
    ("GET", "/library/tracks?since=-1"),
    ("GET", "/library/features?size=201"),
    ("GET", "/library/analysed?since=x"),
    ("GET", "/library/history?size=2001"),
    ("GET", "/library/history?offset=-1"),
    ("GET", "/library/own?listener=owner"),
    ("GET", f"/library/model/{'a' * 65}"),
]


@pytest.mark.parametrize(("method", "path"), BOUNDS)
def test_what_is_beyond_bounds_is_refused(running: Running, method: str, path: str) -> None:
    assert running.bert.request(method, path).status_code == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/library/tracks", {"tracks": ["a"] * 1_001}),
        ("/library/features", {"tracks": ["a"] * 201}),
        ("/library/sounds", {"tracks": ["a"] * 201}),
        ("/library/sounds", {"tracks": "a"}),
        ("/library/playlists", {}),
        ("/library/playlists", {"playlists": {}}),
        ("/library/playlists", {"playlists": ["a"]}),
        ("/library/playlists", {"playlists": [{"name": "x"}]}),
        *(
            ("/library/playlists", {"playlists": [{**playlist_shape(Playlist("a" * 32, "A")), **wrong}]})
            for wrong in (
                {"id": "a/b"},
                {"id": ""},
                {"name": 5},
                {"kind": "heap"},
                {"tracks": [5]},
                {"tracks": ["a\0"]},
                {"limit": -1},
                {"updated_at": -1},
                {"updated_at": 1e15},
                {"updated_at": LATEST},
                {"updated_at": float(10**30)},
                {"query": "a " * 600},
                {"limit": 2**63},
                {"tracks": ["a"] * 100_001},
                {"tracks": ["a" * 10_001]},
                {"position": 1e20},
                {"shared": 1},
            )
        ),
    ],
)
def test_bodies_beyond_bounds_are_refused(running: Running, path: str, body: dict[str, Any]) -> None:
    assert running.bert.post(path, json=body).status_code == 400


def test_nobody_gets_anything_of_a_database_that_is_away(database: Database, home: Home, tmp_path: Path) -> None:
    make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as served:
        key = served.keys[OWNER]

    async def ask() -> dict[str, tuple[int, str]]:
        away = Settings(database_uri="mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200")
        async with open_hub(home, away) as hub:
            await until(lambda: hub.library.trouble)
            transport = httpx.ASGITransport(make_app(hub))
            headers = {"Authorization": f"Bearer {key}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
                answers = {}
                for endpoint in ENDPOINTS:
                    if endpoint.path.startswith("/library") and "{" not in endpoint.path:
                        body: Any = None if endpoint.body is None else {name: [] for name in endpoint.body}
                        answer = await client.request(endpoint.method, f"/api{endpoint.path}", json=body)
                        answers[f"{endpoint.method} {endpoint.path}"] = answer.status_code, answer.json()["code"]
                return answers

    found = asyncio.run(ask())
    assert found.pop("POST /library/playlists") == (503, "playlists-not-read")
    assert len(found) >= 10
    assert set(found.values()) == {(503, "server-database-away")}
