"""Clients that others wrote, unmodified, against a server on a real port: they understand what they are answered."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import libsonic
import pytest
from libopensonic.errors import CredentialError, DataNotFoundError, ParameterError

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.tracks import Track
from tests.conftest import empty_database
from tests.opensonic import Opensonic
from tests.served_library import make_library
from tests.serving import Served, serving
from tests.waiting import wait_until

pytestmark = pytest.mark.database

NODE_CLIENT = "SEGUE_TEST_SUBSONIC_API"
"""Names a `node_modules` that has npm's subsonic-api."""

IN_NODE = """
import { pathToFileURL } from "node:url";
const [folder, url, password, song] = process.argv.slice(2);
const { SubsonicAPI } = await import(pathToFileURL(`${folder}/subsonic-api/lib/index.js`));
const found = {};
for (const post of [false, true]) {
    const api = new SubsonicAPI({ url, auth: { username: "ada", password }, post });
    const stream = await api.stream({ id: song });
    await api.star({ id: song });
    await api.scrobble({ id: song });
    const playlist = (await api.createPlaylist({ name: `Node ${post}`, songId: [song] })).playlist;
    found[post] = {
        ping: (await api.ping()).status,
        artists: (await api.getArtists()).artists.index.flatMap((index) => index.artist.map((one) => one.name)),
        songs: (await api.search3({ query: "song", songCount: 50 })).searchResult3.song.length,
        bytes: (await stream.arrayBuffer()).byteLength,
        starred: (await api.getStarred2()).starred2.song.map((one) => one.id),
        playlist: playlist.entry.map((one) => one.id),
        similar: (await api.getSimilarSongs2({ id: song, count: 3 })).similarSongs2.song.map((one) => one.id),
    };
}
console.log(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def tracks() -> list[Track]:
    return []


@pytest.fixture(scope="module")
def served(database_server: str, tmp_path_factory: pytest.TempPathFactory, tracks: list[Track]) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database:
        tracks += make_library(database, home, folder / "music")
        with serving(home, database.uri) as made:
            wait_until(lambda: made.hub.model.more_like.model is not None, "a model")
            yield made


def place(served: Served) -> dict[str, Any]:
    return {"port": urlsplit(served.address).port}


@pytest.fixture(params=["key", "token", "password", "address"])
def opensonic(served: Served, request: pytest.FixtureRequest) -> Iterator[Opensonic]:
    """py-opensonic, by each way to log in, and with its parameters in a form or in the address."""
    login: dict[str, Any] = {"username": "ada", "password": served.keys[OWNER]}
    ways: dict[str, dict[str, Any]] = {
        "key": {"api_key": served.keys[OWNER]},
        "token": login,
        "password": {**login, "legacy_auth": True},
        "address": {**login, "use_get": True, "use_views": False},
    }
    connection = Opensonic(**place(served), **ways[request.param])
    yield connection
    connection.close()


def test_py_opensonic_browses_and_searches(opensonic: Opensonic, tracks: list[Track]) -> None:
    assert opensonic.ping()
    assert opensonic.get_license()
    extensions = {extension.name for extension in opensonic.get_open_subsonic_extensions()}
    assert {"sonicSimilarity", "playbackReport", "formPost", "apiKeyAuthentication"} <= extensions
    index = opensonic.get_artists().index
    artist = opensonic.get_artist(index[0].artist[0].id)
    album = opensonic.get_album(artist.album[0].id)
    assert opensonic.get_song(album.song[0].id).title == album.song[0].title
    assert {genre.value for genre in opensonic.get_genres()} == {"Rock", "Jazz"}
    assert len(opensonic.get_album_list2("newest", size=3)) == 3
    assert len(opensonic.get_album_list("random", size=3)) == 3
    assert len(opensonic.search3("", song_count=50, artist_count=0, album_count=0).song) == len(tracks)
    assert opensonic.search2("song 3").song[0].title == "Song 3"
    shelf = opensonic.get_indexes().index[0].artist[0]
    assert opensonic.get_music_directory(shelf.id).child
    assert opensonic.get_random_songs(size=2)
    assert opensonic.get_songs_by_genre("Rock", count=2)
    assert opensonic.get_scan_status().count == len(tracks)
    assert opensonic.get_user("ada").admin_role


def test_py_opensonic_hears_what_sounds_alike(opensonic: Opensonic, served: Served, tracks: list[Track]) -> None:
    seed, end = tracks[0].id, tracks[7].id
    matches = opensonic.get_sonic_similar_tracks(seed, count=5)
    wanted = served.hub.model.more_like.answer([seed], 5).rows
    assert [match.entry.id for match in matches] == [row.track for row in wanted]
    assert all(0 <= match.similarity <= 1 for match in matches)
    way = opensonic.find_sonic_path(seed, end, count=5)
    assert [way[0].entry.id, way[-1].entry.id] == [seed, end]
    assert opensonic.get_similar_songs(seed, count=2)
    assert opensonic.get_similar_songs2(matches[0].entry.artist_id, count=2)
    assert opensonic.get_top_songs("Bert Bass", count=2)
    assert opensonic.get_artist_info2(matches[0].entry.artist_id).similar_artist


def test_py_opensonic_marks_and_plays(opensonic: Opensonic, tracks: list[Track]) -> None:
    one, other = tracks[2].id, tracks[3].id
    assert opensonic.star(sids=[one, other])
    assert {song.id for song in opensonic.get_starred2().song} >= {one, other}
    assert opensonic.unstar(sids=[one])
    assert opensonic.set_rating(one, 4)
    assert opensonic.get_song(one).user_rating == 4
    assert opensonic.scrobble(one, listen_time=int(time.time()) - 600)
    assert opensonic.get_song(one).play_count
    assert opensonic.scrobble(other, submission=False)
    assert other in {entry.id for entry in opensonic.get_now_playing()}
    assert opensonic.report_playback(other, "song", 1_000, "stopped")
    assert opensonic.save_play_queue([one, other], current=other, position=500)
    assert opensonic.get_play_queue().current == other
    assert opensonic.save_play_queue_by_index([one, other, one], current_index=2)
    assert opensonic.get_play_queue_by_index().current_index == 2
    assert opensonic.create_bookmark(one, 100)
    assert opensonic.get_bookmarks()[0].entry.id == one
    assert opensonic.delete_bookmark(one)


def test_py_opensonic_keeps_playlists(opensonic: Opensonic, tracks: list[Track]) -> None:
    assert opensonic.create_playlist(name="From afar", song_ids=[tracks[1].id, tracks[2].id])
    made = next(each for each in opensonic.get_playlists() if each.name == "From afar")
    assert opensonic.update_playlist(made.id, comment="for the road", song_ids_to_add=[tracks[5].id])
    found = opensonic.get_playlist(made.id)
    assert (found.comment, [entry.id for entry in found.entry]) == (
        "for the road",
        [tracks[1].id, tracks[2].id, tracks[5].id],
    )
    assert opensonic.delete_playlist(made.id)
    assert made.id not in {each.id for each in opensonic.get_playlists()}


def test_py_opensonic_is_told_what_is_wrong(opensonic: Opensonic) -> None:
    with pytest.raises(DataNotFoundError):
        opensonic.get_song("x")
    with pytest.raises(ParameterError):
        opensonic.get_album_list2("best")
    assert opensonic.get_podcasts() == []
    assert opensonic.get_internet_radio_stations() == []


def test_py_opensonic_is_kept_out_without_a_key(served: Served) -> None:
    for password in ("wrong", "correct horse battery"):
        connection = Opensonic(username="ada", password=password, **place(served))
        try:
            with pytest.raises(CredentialError):
                connection.get_artists()
        finally:
            connection.close()


@pytest.fixture
def sonic(served: Served) -> libsonic.Connection:
    return libsonic.Connection("http://127.0.0.1", "ada", served.keys[OWNER], serverPath="/rest", **place(served))


def test_py_sonic_lists_streams_with_a_seek_and_scrobbles(sonic: libsonic.Connection, tracks: list[Track]) -> None:
    assert sonic.ping()
    artists = sonic.getArtists()["artists"]["index"]
    albums = sonic.getArtist(artists[0]["artist"][0]["id"])["artist"]["album"]
    assert sonic.getAlbum(albums[0]["id"])["album"]["song"]
    content = Path(tracks[3].path).read_bytes()
    assert sonic.stream(tracks[3].id).read() == content
    assert sonic.download(tracks[3].id).read() == content
    later = sonic.stream(tracks[3].id, tformat="mp3", timeOffset=4).read()
    whole = sonic.stream(tracks[3].id, tformat="mp3").read()
    assert 0 < len(later) < len(whole) / 2
    assert sonic.getCoverArt(tracks[3].id, size=64).read()[:2] == b"\xff\xd8"
    assert sonic.scrobble(tracks[3].id)["status"] == "ok"
    assert sonic.star(sids=[tracks[3].id])["status"] == "ok"
    assert sonic.getStarred2()["starred2"]["song"]
    assert sonic.createPlaylist(name="Old friends", songIds=[tracks[1].id])["playlist"]["songCount"] == 1
    assert sonic.getSimilarSongs2(tracks[3].id, count=2)["similarSongs2"]["song"]
    folder = sonic.getMusicFolders()["musicFolders"]["musicFolder"][0]
    assert sonic.getIndexes(folder["id"])["indexes"]["index"]
    assert sonic.getLyrics("Bert Bass", "Song 1")["status"] == "ok"


def test_subsonic_api_of_npm(served: Served, tracks: list[Track], tmp_path: Path) -> None:
    folder = os.environ.get(NODE_CLIENT, "")
    node = shutil.which("node")
    if node is None or not (Path(folder) / "subsonic-api").is_dir():
        pytest.skip(f"wants node, and {NODE_CLIENT} to name a node_modules with subsonic-api")
    program = tmp_path / "client.mjs"
    program.write_text(IN_NODE)
    song = tracks[6]
    command = [node, str(program), folder, served.address, served.keys[OWNER], song.id]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    wanted = [row.track for row in served.hub.model.more_like.answer([song.id], 3).rows]
    for found in json.loads(done.stdout).values():
        assert (found["ping"], found["songs"]) == ("ok", len(tracks))
        assert {"Ada & The Sines", "Bert Bass"} <= set(found["artists"])
        assert found["bytes"] == Path(song.path).stat().st_size
        assert song.id in found["starred"]
        assert (found["playlist"], found["similar"]) == ([song.id], wanted)
