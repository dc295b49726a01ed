"""What a play is called by the API of ListenBrainz, and what each answer of a server means."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Named, Play
from indexer.core.tracks import TrackId
from musicplayer.sharing.listenbrainz import (
    NoSuchServer,
    NotNow,
    PlaysRefused,
    Server,
    SharingError,
    TokenRefused,
    listen,
)
from tests.unit.sharing.listen_server import TOKEN, Answer, ListenServer, serving

MBID = "f4f4d41d-5b0d-4a9e-9e9c-1d0c2a4b6c7d"


def play(title: str = "Song", artist: str = "Artist", at: float = 1_790_000_000.75) -> Play:
    named = Named(artist=artist, title=title, album="Album", mbid=MBID, seconds=181.5)
    return Play("0" * 24, at, track=TrackId("a" * 32), named=named, seconds_heard=180.0)


@pytest.fixture
def there() -> Iterator[ListenServer]:
    with serving() as made:
        yield made


def server(there: ListenServer) -> Server:
    return Server(there.address, TOKEN)


def test_a_play_is_called_as_the_documentation_has_it() -> None:
    said = listen(play())
    about = said["track_metadata"]
    assert said["listened_at"] == 1_790_000_000
    assert (about["artist_name"], about["track_name"], about["release_name"]) == ("Artist", "Song", "Album")
    more = about["additional_info"]
    assert (more["recording_mbid"], more["duration_ms"]) == (MBID, 181_500)
    assert (more["media_player"], more["submission_client"]) == ("Segue", "Segue")


def test_what_is_not_known_of_a_play_is_left_out() -> None:
    said = listen(Play("0" * 24, 1_790_000_000.0, named=Named(artist="Artist", title="Song")))
    assert set(said["track_metadata"]) == {"artist_name", "track_name", "additional_info"}
    assert not {"duration_ms", "recording_mbid", "isrc"} & set(said["track_metadata"]["additional_info"])


def test_one_play_is_a_single_and_several_are_an_import(there: ListenServer) -> None:
    server(there).submit([play()])
    server(there).submit([play("One", at=1_790_000_100), play("Two", at=1_790_000_200)])
    assert there.submissions == [("single", 1), ("import", 2)]
    assert there.titles == ["Song", "One", "Two"]


def test_the_owner_of_the_token_is_told(there: ListenServer) -> None:
    assert server(there).user() == "anna"
    with pytest.raises(TokenRefused):
        Server(there.address, "another").user()


@pytest.mark.parametrize("token", ["", "  ", "with\nline", "žeton"])
def test_what_can_be_no_token_is_sent_nowhere(there: ListenServer, token: str) -> None:
    with pytest.raises(TokenRefused):
        Server(there.address, token).submit([play()])
    assert there.submissions == []


@pytest.mark.parametrize("ending", ["", "/", "/1", "/1/"])
def test_an_address_may_end_as_people_copy_it(there: ListenServer, ending: str) -> None:
    Server(f" {there.address}{ending} ", f" {TOKEN} ").submit([play()])
    assert there.titles == ["Song"]


@given(
    address=st.text(max_size=30)
    | st.sampled_from(["ftp://host", "http://", "http://[", "http://host:port", "file:///x"])
)
def test_what_is_no_address_is_said_to_be_none(address: str) -> None:
    with pytest.raises(NoSuchServer):
        Server(address, TOKEN, timeout=0.1).submit([play()])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(400), PlaysRefused),
        (Answer(413, "<h1>Too large</h1>"), PlaysRefused),
        (Answer(400, "<h1>A proxy</h1>"), NoSuchServer),
        (Answer(401), TokenRefused),
        (Answer(403), NoSuchServer),
        (Answer(404), NoSuchServer),
        (Answer(301, headers={"Location": "http://127.0.0.1:9/"}), NoSuchServer),
        (Answer(200, "<h1>Welcome to the hotel</h1>"), NoSuchServer),
        (Answer(200, '{"code": 200, "error": "Invalid Method"}'), NoSuchServer),
        (Answer(429), NotNow),
        (Answer(500), NotNow),
        (Answer(503, "["), NotNow),
        (Answer(0), NotNow),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Answer) else value.__name__,
)
def test_every_answer_means_something(there: ListenServer, answer: Answer, kind: type[SharingError]) -> None:
    there.next.append(answer)
    with pytest.raises(SharingError) as raised:
        server(there).submit([play("A title")])
    assert type(raised.value) is kind
    assert TOKEN not in str(raised.value)
    assert "127.0.0.1" in raised.value.message


def test_a_refusal_names_the_play_and_the_reason(there: ListenServer) -> None:
    with pytest.raises(PlaysRefused) as raised:
        server(there).submit([play("Song", "Nobody")])
    assert all(word in raised.value.message for word in ("“Song”", "Nobody is no artist"))


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "17"}, 17, 17),
        ({"X-RateLimit-Reset-In": "8"}, 8, 8),
        ({"Retry-After": formatdate(time.time() + 90_000, usegmt=True)}, 80_000, 90_000),
        ({"Retry-After": formatdate(0, usegmt=True)}, 0, 0),
        ({"Retry-After": "soon"}, 0, 0),
        ({"Retry-After": "nan"}, 0, 0),
        ({}, 0, 0),
    ],
)
def test_how_long_a_server_asks_to_wait(there: ListenServer, headers: dict[str, str], least: int, most: int) -> None:
    there.next.append(Answer(429, headers=headers))
    with pytest.raises(NotNow) as raised:
        server(there).submit([play()])
    assert least <= raised.value.pause <= most


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_wanted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotNow, match="timed out"):
        Server(f"http://127.0.0.1:{silent.getsockname()[1]}", TOKEN, timeout=0.2).submit([play()])


def test_a_server_that_is_not_there_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotNow, match="does not answer"):
        Server(f"http://127.0.0.1:{port}", TOKEN).submit([play()])
