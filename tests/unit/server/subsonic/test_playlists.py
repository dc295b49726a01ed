"""Playlists by way of apps: one's own to change, those that others share to look at, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.server.subsonic.served import Served

pytestmark = pytest.mark.database

NewListener = Callable[[], str]


def ids(library: Served, *numbers: int) -> list[str]:
    return [library.tracks[number].id for number in numbers]


def entries(library: Served, listener: str, playlist: str) -> list[str]:
    found = library.ok("getPlaylist", listener, id=playlist)["playlist"]["entry"]
    return [entry["id"] for entry in found]


def made(library: Served, listener: str, name: str, *numbers: int) -> dict[str, Any]:
    found: dict[str, Any] = library.ok("createPlaylist", listener, name=name, songId=ids(library, *numbers))["playlist"]
    return found


def test_a_playlist_is_made_looked_at_changed_and_taken_away(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    one = made(library, me, "Mornings ☀ & <more>", 1, 2, 1)
    assert (one["name"], one["songCount"], one["duration"], one["owner"]) == ("Mornings ☀ & <more>", 3, 18, me)
    assert [entry["id"] for entry in one["entry"]] == ids(library, 1, 2, 1)
    library.ok(
        "updatePlaylist",
        me,
        playlistId=one["id"],
        name="Evenings",
        comment="for two",
        songIdToAdd=ids(library, 5, 6),
        songIndexToRemove=[0, 1],
    )
    found = library.ok("getPlaylist", me, id=one["id"])["playlist"]
    assert (found["name"], found["comment"], found["public"], found["readonly"]) == (
        "Evenings",
        "for two",
        False,
        False,
    )
    assert [entry["id"] for entry in found["entry"]] == ids(library, 1, 5, 6)
    library.ok("updatePlaylist", me, playlistId=one["id"], comment="")
    assert "comment" not in library.ok("getPlaylist", me, id=one["id"])["playlist"]
    library.ok("createPlaylist", me, playlistId=one["id"], songId=ids(library, 9))
    assert entries(library, me, one["id"]) == ids(library, 9)
    library.ok("deletePlaylist", me, id=one["id"])
    assert library.error("getPlaylist", me, id=one["id"]) == 70
    assert library.ok("getPlaylists", me)["playlists"]["playlist"] == []


def test_a_playlist_of_another_is_not_there_until_it_is_shared(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    one = made(library, me, "Mine", 1, 2)["id"]
    assert library.ok("getPlaylists", other)["playlists"]["playlist"] == []
    for endpoint, name in (("getPlaylist", "id"), ("deletePlaylist", "id"), ("updatePlaylist", "playlistId")):
        assert library.error(endpoint, other, **{name: one}) == 70
    assert library.error("createPlaylist", other, playlistId=one, songId=ids(library, 3)) == 70
    assert library.error("getCoverArt", other, id=one) == 70
    library.ok("updatePlaylist", me, playlistId=one, public="true")
    seen = library.ok("getPlaylist", other, id=one)["playlist"]
    assert (seen["owner"], seen["public"], seen["readonly"], seen["songCount"]) == (me, True, True, 2)
    for endpoint, name in (("deletePlaylist", "id"), ("updatePlaylist", "playlistId")):
        assert library.error(endpoint, other, **{name: one}) == 50
    assert entries(library, me, one) == ids(library, 1, 2)
    library.ok("updatePlaylist", me, playlistId=one, public="false")
    assert library.error("getPlaylist", other, id=one) == 70


def test_who_may_not_share_does_not(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    account = library.hub.accounts.named(me)
    assert account is not None
    library.hub.accounts.update(account.id, may_share_playlists=False)
    one = made(library, me, "Mine", 1)["id"]
    assert library.error("updatePlaylist", me, playlistId=one, public="true") == 50
    assert library.ok("getPlaylist", me, id=one)["playlist"]["public"] is False


def test_playlists_of_a_name(library: Served, new_listener: NewListener) -> None:
    me, other = new_listener(), new_listener()
    made(library, me, "Mine", 1)
    assert len(library.ok("getPlaylists", me, username=me)["playlists"]["playlist"]) == 1
    assert library.error("getPlaylists", other, username=me) == 50
    assert library.error("getPlaylists", other, username="Nobody") == 50
    assert library.error("getPlaylists", username=me) == 50


def test_a_playlist_of_nothing_is_refused(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    assert library.error("createPlaylist", me) == 10
    assert library.error("createPlaylist", me, name="x", songId=["nothing"]) == 70
    assert library.error("createPlaylist", me, playlistId="x", songId=ids(library, 1)) == 70
    assert library.error("updatePlaylist", me) == 10
    one = made(library, me, "Mine", 1)["id"]
    assert library.error("updatePlaylist", me, playlistId=one, songIndexToRemove=["x"]) == 10
    assert library.error("updatePlaylist", me, playlistId=one, songIdToAdd=["x"]) == 70
    assert entries(library, me, one) == ids(library, 1)


def test_a_long_playlist_comes_by_form(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    many = ids(library, *range(24)) * 100
    form = {"apiKey": library.keys[me], "v": "1.16.1", "c": "test", "f": "json", "name": "All", "songId": many}
    answer = library.request("POST", "/rest/createPlaylist.view", data=form)
    assert answer.json()["subsonic-response"]["playlist"]["songCount"] == len(many)
