"""Stars, ratings, plays, queues and bookmarks of one listener: kept, and nobody else's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from indexer.core.home import Home
from indexer.core.plays import PlaySource
from musicplayer.server.subsonic.marks import Marks
from tests.unit.server.subsonic.served import Served

pytestmark = pytest.mark.database

NewListener = Callable[[], str]


def song(library: Served, number: int, listener: str) -> dict[str, Any]:
    found: dict[str, Any] = library.ok("getSong", listener, id=library.tracks[number].id)["song"]
    return found


def plays(library: Served, listener: str) -> list[Any]:
    account = library.hub.accounts.named(listener)
    assert account is not None
    return library.portal.call(library.hub.listeners.of, account.id).history


def test_stars_of_songs_albums_and_artists(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    one = song(library, 5, me)
    library.ok("star", me, id=[one["id"], library.tracks[6].id], albumId=one["albumId"], artistId=one["artistId"])
    found = library.ok("getStarred2", me)["starred2"]
    assert {each["id"] for each in found["song"]} == {one["id"], library.tracks[6].id}
    assert [each["id"] for each in found["album"]] == [one["albumId"]]
    assert [each["id"] for each in found["artist"]] == [one["artistId"]]
    assert "starred" in song(library, 5, me)
    assert "starred" not in song(library, 5, other)
    assert library.ok("getStarred2", other)["starred2"] == {"artist": [], "album": [], "song": []}
    old = library.ok("getStarred", me)["starred"]
    assert old["album"][0]["isDir"] is True
    library.ok("unstar", me, id=[one["id"], one["albumId"], one["artistId"]])
    found = library.ok("getStarred2", me)["starred2"]
    assert (found["artist"], found["album"], len(found["song"])) == ([], [], 1)


def test_stars_of_what_is_not_there(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    for values in ({"id": "x"}, {"albumId": library.tracks[0].id}, {"artistId": "al-1"}):
        assert library.error("star", me, **values) == 70
    assert library.error("star", me) == 10
    assert library.ok("getStarred2", me)["starred2"]["song"] == []


def test_ratings(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    library.ok("setRating", me, id=library.tracks[1].id, rating=4)
    assert song(library, 1, me)["userRating"] == 4
    assert "userRating" not in song(library, 1, other)
    library.ok("star", me, id=library.tracks[1].id)
    library.ok("setRating", me, id=library.tracks[1].id, rating=0)
    assert "userRating" not in song(library, 1, me)
    assert "starred" in song(library, 1, me)
    for rating in ("6", "-1", "x", ""):
        assert library.error("setRating", me, id=library.tracks[1].id, rating=rating) == 10


def test_a_scrobble_is_a_play_of_that_listener_once(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    at = int(time.time() - 3_600) * 1_000
    for _ in range(2):
        library.ok("scrobble", me, id=library.tracks[2].id, time=at, submission="true")
    library.ok("scrobble", me, id=[library.tracks[3].id, library.tracks[4].id], time=[at + 60_000, at + 120_000])
    assert [(play.track, play.at, play.finished) for play in plays(library, me)] == [
        (library.tracks[2].id, at / 1_000, True),
        (library.tracks[3].id, at / 1_000 + 60, True),
        (library.tracks[4].id, at / 1_000 + 120, True),
    ]
    assert {(play.context.source, play.context.client) for play in plays(library, me)} == {
        (PlaySource.SUBSONIC, "test")
    }
    assert (song(library, 2, me)["playCount"], "played" in song(library, 2, me)) == (1, True)
    assert "playCount" not in song(library, 2, other)
    assert plays(library, other) == []


@pytest.mark.parametrize("values", [{"id": "x"}, {"id": ""}, {}, {"time": "yesterday"}, {"submission": "perhaps"}])
def test_a_scrobble_of_nothing_is_refused(library: Served, new_listener: NewListener, values: dict[str, str]) -> None:
    me = new_listener()
    known = {} if "id" in values or not values else {"id": library.tracks[0].id}
    assert library.error("scrobble", me, **known, **values) in {10, 70}
    assert plays(library, me) == []


def test_what_plays_now_is_told_to_who_plays_it_alone(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    library.ok("scrobble", me, id=library.tracks[7].id, submission="false")
    entry = library.ok("getNowPlaying", me)["nowPlaying"]["entry"]
    assert [(one["id"], one["username"], one["playerName"]) for one in entry] == [(library.tracks[7].id, me, "test")]
    assert library.ok("getNowPlaying", other)["nowPlaying"]["entry"] == []
    assert plays(library, me) == []


def report(library: Served, me: str, number: int, state: str, position: int, **values: Any) -> None:
    library.ok(
        "reportPlayback",
        me,
        mediaId=library.tracks[number].id,
        mediaType="song",
        positionMs=position,
        state=state,
        **values,
    )


def test_what_an_app_reports_to_the_end_is_a_play(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    report(library, me, 8, "stopped", 6_000)
    assert [(play.track, play.finished) for play in plays(library, me)] == [(library.tracks[8].id, True)]
    report(library, me, 9, "paused", 2_000)
    entry = library.ok("getNowPlaying", me)["nowPlaying"]["entry"][0]
    assert (entry["state"], entry["positionMs"]) == ("paused", 2_000)


def test_reports_are_checked(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    right = {"mediaId": library.tracks[0].id, "mediaType": "song", "positionMs": 0, "state": "playing"}
    wrong = [
        ({"mediaId": "x"}, 70),
        ({"mediaType": "podcast"}, 70),
        ({"mediaType": "film"}, 10),
        ({"positionMs": -1}, 10),
        ({"state": "dancing"}, 10),
        ({"playbackRate": "fast"}, 10),
    ]
    for values, number in wrong:
        assert library.error("reportPlayback", me, **{**right, **values}) == number
    for name in right:
        assert library.error("reportPlayback", me, **{**right, name: ""}) == 10


def test_a_queue_is_gone_on_with_elsewhere(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    empty = library.ok("getPlayQueue", me)["playQueue"]
    assert (empty["entry"], empty["username"], "current" in empty) == ([], me, False)
    ids = [library.tracks[number].id for number in (3, 1, 3, 2)]
    library.ok("savePlayQueueByIndex", me, id=ids, currentIndex=2, position=1_500)
    queue = library.ok("getPlayQueueByIndex", me)["playQueueByIndex"]
    assert [entry["id"] for entry in queue["entry"]] == ids
    assert (queue["currentIndex"], queue["position"], queue["changedBy"]) == (2, 1_500, "test")
    assert library.ok("getPlayQueue", me)["playQueue"]["current"] == ids[2]
    library.ok("savePlayQueue", me, id=ids[:2], current=ids[1], position=7)
    assert library.ok("getPlayQueueByIndex", me)["playQueueByIndex"]["currentIndex"] == 1
    assert library.ok("getPlayQueue", other)["playQueue"]["entry"] == []
    library.ok("savePlayQueue", me)
    assert library.ok("getPlayQueue", me)["playQueue"]["entry"] == []


def test_a_page_goes_on_with_the_queue_of_an_app_and_an_app_with_that_of_a_page(
    library: Served, new_listener: NewListener
) -> None:
    me = new_listener()
    headers = {"Authorization": f"Bearer {library.keys[me]}"}
    ids = [library.tracks[number].id for number in (4, 6)]
    library.ok("savePlayQueue", me, id=ids, current=ids[1], position=2_500)
    page = library.request("GET", "/api/queue", headers=headers).json()
    assert ([track["id"] for track in page["tracks"]], page["index"], page["seconds"]) == (ids, 1, 2.5)
    left = {"tracks": ids[::-1], "index": 0, "seconds": 1.25, "client": "page"}
    assert library.request("PUT", "/api/queue", headers=headers, json=left).is_success
    app = library.ok("getPlayQueueByIndex", me)["playQueueByIndex"]
    assert [entry["id"] for entry in app["entry"]] == ids[::-1]
    assert (app["currentIndex"], app["position"], app["changedBy"]) == (0, 1_250, "page")


def test_a_queue_that_is_none_is_refused(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    first = library.tracks[0].id
    assert library.error("savePlayQueue", me, id=[first, "x"]) == 70
    assert library.error("savePlayQueue", me, id=first, current=library.tracks[1].id) == 10
    assert library.error("savePlayQueueByIndex", me, id=first) == 10
    assert library.error("savePlayQueueByIndex", me, id=first, currentIndex=1) == 10
    assert library.ok("getPlayQueue", me)["playQueue"]["entry"] == []


def test_bookmarks(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    library.ok("createBookmark", me, id=library.tracks[4].id, position=90_000, comment="héré\n<b>")
    library.ok("createBookmark", me, id=library.tracks[4].id, position=95_000)
    found = library.ok("getBookmarks", me)["bookmarks"]["bookmark"]
    assert [(one["position"], one["entry"]["id"], one["username"]) for one in found] == [
        (95_000, library.tracks[4].id, me)
    ]
    assert library.ok("getBookmarks", other)["bookmarks"]["bookmark"] == []
    assert library.error("deleteBookmark", other, id=library.tracks[4].id) == 70
    library.ok("deleteBookmark", me, id=library.tracks[4].id)
    assert library.ok("getBookmarks", me)["bookmarks"]["bookmark"] == []
    assert library.error("createBookmark", me, id="x", position=1) == 70
    assert library.error("createBookmark", me, id=library.tracks[4].id) == 10


def test_marks_are_there_after_a_start_and_readable_by_nobody_else(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    account = library.hub.accounts.named(me)
    assert account is not None
    album = song(library, 5, me)["albumId"]
    library.ok("star", me, albumId=album)
    library.ok("setRating", me, id=album, rating=2)
    library.ok("createBookmark", me, id=library.tracks[4].id, position=9)
    file = library.hub.home.marks / f"{account.id}.json"
    assert file.stat().st_mode & 0o077 == 0
    read = Marks(file)
    assert (list(read.stars), read.ratings) == ([album], {album: 2})
    assert read.bookmarks[library.tracks[4].id].position == 9


@pytest.mark.parametrize("content", ["", "[]", "{", '{"stars": 7, "bookmarks": {"x": {}}}', '{"stars": {"a": "b"}}'])
def test_marks_that_are_damaged_are_as_if_there_were_none(home: Home, content: str) -> None:
    home.marks.mkdir(parents=True)
    (home.marks / "one.json").write_text(content)
    read = Marks(home.marks / "one.json")
    assert (read.stars, read.ratings, read.bookmarks) == ({}, {}, {})


def test_what_is_whole_of_damaged_marks_stays(home: Home) -> None:
    home.marks.mkdir(parents=True)
    (home.marks / "one.json").write_text(json.dumps({"stars": {"al-1": 5.0, "al-2": None}, "ratings": {"al-1": 99}}))
    read = Marks(home.marks / "one.json")
    assert (read.stars, read.ratings) == ({"al-1": 5.0}, {"al-1": 5})
