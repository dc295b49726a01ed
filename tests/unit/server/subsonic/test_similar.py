"""What sounds alike, asked by apps: the list of the panel itself, and ways between songs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.server.subsonic.served import Served

pytestmark = pytest.mark.database


def panel(library: Served, number: int, count: int) -> list[tuple[str, float]]:
    """What the panel of the desktop lists for a track."""

    def asked() -> list[tuple[str, float]]:
        rows = library.hub.model.more_like.answer([library.tracks[number].id], count).rows
        return [(row.track, round(row.closeness, 4)) for row in rows]

    return library.portal.call(asked)


def matches(library: Served, number: int, listener: str = "Ada", **values: Any) -> list[tuple[str, float]]:
    found = library.ok("getSonicSimilarTracks", listener, id=library.tracks[number].id, **values)["sonicMatch"]
    return [(match["entry"]["id"], match["similarity"]) for match in found]


@pytest.mark.parametrize("number", [0, 7, 23])
def test_the_list_is_that_of_the_panel(library: Served, number: int) -> None:
    wanted = panel(library, number, 8)
    assert len(wanted) > 3
    assert matches(library, number, count=8) == wanted
    assert all(0 <= similarity <= 1 for _, similarity in wanted)
    for endpoint in ("getSimilarSongs", "getSimilarSongs2"):
        name = f"s{endpoint.removeprefix('getS')}"
        found = library.ok(endpoint, id=library.tracks[number].id, count=8)[name]["song"]
        assert [song["id"] for song in found] == [track for track, _ in wanted]


def test_so_many_as_are_asked_for(library: Served) -> None:
    assert len(matches(library, 3, count=2)) == 2
    assert matches(library, 3, count=0) == []
    assert library.error("getSonicSimilarTracks", id=library.tracks[3].id, count="-1") == 10
    assert library.error("getSonicSimilarTracks", id="x") == 70
    assert library.error("getSonicSimilarTracks") == 10


def test_what_one_listener_hid_others_are_shown(library: Served, new_listener: Callable[[], str]) -> None:
    me, other = new_listener(), new_listener()
    account = library.hub.accounts.named(me)
    assert account is not None
    first = matches(library, 5, me)[0][0]

    async def hide() -> None:
        state = await library.hub.listeners.of(account.id)
        state.hide([library.tracks[5].id], [first])

    library.portal.call(hide)
    assert first not in dict(matches(library, 5, me))
    assert matches(library, 5, other)[0][0] == first


def test_like_an_album_and_like_an_artist(library: Served) -> None:
    song = library.ok("getSong", id=library.tracks[6].id)["song"]
    album = {one["id"] for one in library.ok("getAlbum", id=song["albumId"])["album"]["song"]}
    found = library.ok("getSimilarSongs", id=song["albumId"], count=5)["similarSongs"]["song"]
    assert found
    assert not album & {one["id"] for one in found}
    assert library.ok("getSimilarSongs2", id=song["artistId"], count=5)["similarSongs2"]["song"]
    assert library.error("getSimilarSongs2", id="ar-000000000000000000") == 70


def test_artists_that_sound_alike(library: Served) -> None:
    song = library.ok("getSong", id=library.tracks[6].id)["song"]
    for identity in (song["artistId"], song["id"]):
        similar = library.ok("getArtistInfo2", id=identity, count=2)["artistInfo2"]["similarArtist"]
        assert len(similar) == 2
        assert song["artistId"] not in {one["id"] for one in similar}
    old = library.ok("getArtistInfo", id=song["artistId"], count=2)["artistInfo"]["similarArtist"]
    assert [one["name"] for one in old] == [one["name"] for one in similar]
    assert library.ok("getAlbumInfo2", id=song["albumId"])["albumInfo"] == {}
    assert library.error("getAlbumInfo", id="x") == 70


def test_top_songs_are_those_that_the_listener_played(library: Served, new_listener: Callable[[], str]) -> None:
    me = new_listener()
    for number, at in ((13, 1_000_000), (13, 2_000_000), (9, 3_000_000)):
        library.ok("scrobble", me, id=library.tracks[number].id, time=1_600_000_000_000 + at)
    songs = library.ok("getTopSongs", me, artist="bert bass", count=3)["topSongs"]["song"]
    assert [song["id"] for song in songs[:2]] == [library.tracks[13].id, library.tracks[9].id]
    assert {song["artist"] for song in songs} == {"Bert Bass"}
    by_id = library.ok("getTopSongs", me, id=songs[0]["artistId"], count=3)["topSongs"]["song"]
    assert by_id == songs
    assert library.ok("getTopSongs", me, artist="Nobody")["topSongs"]["song"] == []
    assert library.error("getTopSongs", me) == 10


def test_a_way_from_one_song_to_another(library: Served) -> None:
    start, end = library.tracks[0].id, library.tracks[7].id
    found = library.ok("findSonicPath", startSongId=start, endSongId=end, count=6)["sonicMatch"]
    way = [match["entry"]["id"] for match in found]
    assert (way[0], way[-1], len(way)) == (start, end, 6)
    assert len(set(way)) == 6
    assert found[0]["similarity"] == 1
    assert all(0 <= match["similarity"] <= 1 for match in found)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 30])
def test_a_way_has_no_more_songs_than_are_asked_for(library: Served, count: int) -> None:
    start, end = library.tracks[0].id, library.tracks[7].id
    found = library.ok("findSonicPath", startSongId=start, endSongId=end, count=count)["sonicMatch"]
    assert len(found) <= count
    assert [match["entry"]["id"] for match in found[:1]] == [start][:count]


def test_no_way(library: Served) -> None:
    one = library.tracks[0].id
    assert library.error("findSonicPath", startSongId=one, endSongId="x") == 70
    assert library.error("findSonicPath", startSongId=one) == 10
    assert library.error("findSonicPath", startSongId=one, endSongId=one) == 0
