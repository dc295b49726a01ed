"""Sound, covers and lyrics by way of apps: real bytes, with ranges, and only what a listener may have."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from indexer.core.tracks import Words
from tests.unit.server.subsonic.served import Served

pytestmark = pytest.mark.database

NewListener = Callable[[], str]


def test_a_song_is_sent_as_it_is_with_ranges(library: Served) -> None:
    track = library.tracks[3]
    content = Path(track.path).read_bytes()
    answer = library.get("stream", id=track.id)
    assert answer.content == content
    assert answer.headers["content-type"] == "audio/flac"
    assert library.get("stream", id=track.id, format="raw").content == content
    login = {"apiKey": library.keys["Ada"], "v": "1.16.1", "c": "test", "id": track.id}
    part = library.request("GET", "/rest/stream.view", params=login, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    head = library.request("HEAD", "/rest/stream.view", params=login)
    assert (head.status_code, int(head.headers["content-length"]), head.content) == (200, len(content), b"")


def test_a_song_is_converted_where_less_is_wanted(library: Served) -> None:
    track = library.tracks[4]
    answer = library.get("stream", id=track.id, format="mp3", maxBitRate=128)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert len(answer.content) < Path(track.path).stat().st_size
    decoded, rate = soundfile.read(io.BytesIO(answer.content))
    assert len(decoded) / rate == pytest.approx(6.0, abs=0.1)


def test_a_song_from_some_second_on(library: Served) -> None:
    answer = library.get("stream", id=library.tracks[4].id, format="mp3", timeOffset=4)
    decoded, rate = soundfile.read(io.BytesIO(answer.content))
    assert len(decoded) / rate == pytest.approx(2.0, abs=0.1)
    assert library.error("stream", id=library.tracks[4].id, timeOffset=6) == 10


def test_who_may_have_little_is_given_little(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    account = library.hub.accounts.named(me)
    assert account is not None
    library.hub.accounts.update(account.id, highest_bit_rate=96, may_download=False)
    answer = library.get("stream", me, id=library.tracks[4].id, format="raw")
    assert answer.headers["content-type"] in {"audio/ogg", "audio/mpeg", "audio/mp4"}
    assert len(answer.content) * 8 / 6 < 150_000
    assert library.error("download", me, id=library.tracks[4].id) == 50


def test_a_song_is_downloaded_under_its_name(library: Served) -> None:
    track = library.tracks[0]
    answer = library.get("download", id=track.id)
    assert answer.content == Path(track.path).read_bytes()
    assert Path(track.path).name in answer.headers["content-disposition"]


@pytest.mark.parametrize("endpoint", ["stream", "download", "getCoverArt", "getLyricsBySongId"])
def test_nothing_but_the_library_is_sent(library: Served, endpoint: str) -> None:
    for identity in ("x", "../../etc/passwd", "/etc/passwd", "0" * 32, "al-1"):
        assert library.error(endpoint, id=identity) == 70
    assert library.error(endpoint) == 10


def test_a_file_that_is_gone_is_not_found(library: Served) -> None:
    path = Path(library.tracks[23].path)
    content = path.read_bytes()
    path.unlink()
    try:
        assert library.error("stream", id=library.tracks[23].id) == 70
    finally:
        path.write_bytes(content)


def test_covers_of_songs_albums_artists_and_playlists(library: Served, new_listener: NewListener) -> None:
    me = new_listener()
    song = library.ok("getSong", me, id=library.tracks[2].id)["song"]
    playlist = library.ok("createPlaylist", me, name="Some", songId=[song["id"]])["playlist"]["id"]
    empty = library.ok("createPlaylist", me, name="None")["playlist"]["id"]
    for identity in (song["coverArt"], song["albumId"], song["artistId"], playlist, empty):
        answer = library.get("getCoverArt", me, id=identity, size=100)
        assert (answer.headers["content-type"], answer.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert library.error("getCoverArt", me, id=song["id"], size="large") == 10


def test_lyrics_with_times_and_without(library: Served) -> None:
    timed, plain = library.tracks[8], library.tracks[9]
    beside = Path(timed.path).with_suffix(".lrc")
    beside.write_text("[offset:50]\n[00:01.50]Und so\n[00:03]geht es\n", encoding="utf-8")

    def write() -> None:
        library.portal.call(
            library.hub.library.ask, lambda database: database.words.keep({plain.id: Words(lyrics="la\nla la")})
        )

    write()
    found = library.ok("getLyricsBySongId", id=timed.id)["lyricsList"]["structuredLyrics"]
    assert [(one["synced"], one["offset"], one["lang"]) for one in found] == [(True, 50, "und")]
    assert found[0]["line"] == [{"start": 1_500, "value": "Und so"}, {"start": 3_000, "value": "geht es"}]
    found = library.ok("getLyricsBySongId", id=plain.id)["lyricsList"]["structuredLyrics"]
    assert (found[0]["synced"], found[0]["line"]) == (False, [{"value": "la"}, {"value": "la la"}])
    assert library.ok("getLyricsBySongId", id=library.tracks[10].id)["lyricsList"]["structuredLyrics"] == []
    old = library.ok("getLyrics", artist="bert", title="SONG 9")["lyrics"]
    assert (old["title"], old["value"]) == ("Song 9", "la\nla la")
    assert library.ok("getLyrics", artist="bert", title="Song")["lyrics"] == {"value": ""}
    assert library.ok("getLyrics")["lyrics"] == {"value": ""}


def test_no_lyrics_are_read_by_a_link_out_of_the_library(library: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret.lrc"
    secret.write_text("[00:01]secret\n")
    link = Path(library.tracks[11].path).with_suffix(".lrc")
    link.symlink_to(secret)
    assert library.ok("getLyricsBySongId", id=library.tracks[11].id)["lyricsList"]["structuredLyrics"] == []
