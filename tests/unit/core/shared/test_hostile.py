"""A server that means harm: what it says is refused, comes to an end, and leads nowhere."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from indexer.core.home import Home
from indexer.core.playlists.placeholders import entry_of
from indexer.core.shared import asking as asking_module
from indexer.core.shared import glance, listener
from indexer.core.shared.asking import Asking
from indexer.core.shared.database import SharedDatabase, open_shared
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import SHARED_HOME, Server, server_of, write_server
from indexer.core.store import DatabaseError, DatabaseUnavailable
from indexer.core.store.faults import NotTaken
from indexer.core.tracks import TrackId
from tests.unit.core.shared.other_server import Said, other_server
from tests.unit.core.shared.test_asking import KEY, LIBRARY

TRACK: dict[str, object] = {"id": "a" * 32, "title": "Song", "state": "present", "added_at": 1.0, "rev": 1}
OWN: dict[str, object] = {"plays": {}, "lastPlayed": {}, "opinions": [], "hidden": {}}


def said(shape: object, **more: object) -> Said:
    return Said(body=json.dumps(shape).encode(), **more)  # type: ignore[arg-type]


def told(*shapes: object, library: Mapping[str, object] = LIBRARY) -> tuple[Said, ...]:
    return (said(library), *map(said, shapes))


@contextmanager
def opened(*answers: Said) -> Iterator[SharedDatabase]:
    with other_server(*answers) as server, open_shared(Server(server.address, KEY)) as database:
        yield database


@contextmanager
def endless(beginning: bytes, piece: bytes, pause: float) -> Iterator[str]:
    """The address of a server that begins an answer and goes on with it for ever."""
    ends = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(beginning)
                while not ends.wait(pause):  # as slowly as it likes
                    connection.sendall(piece)
            except OSError:
                return  # whoever asked has hung up

    def serve() -> None:
        while not ends.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        ends.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (PLAIN + b"Content-Length: 1000000\r\n\r\n", b" "),
        (PLAIN + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (PLAIN + b"\r\n", b" "),
    ],
)
def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, beginning: bytes, piece: bytes) -> None:
    monkeypatch.setattr(asking_module, "LONGEST_ANSWER", 0.2)
    with endless(beginning, piece, 0.02) as address, Asking(Server(address, KEY)) as asked:
        with pytest.raises(DatabaseUnavailable) as given_up:
            asked.get("/api/library")
        assert given_up.value.code == "shared-silent"


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (PLAIN + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b" " * 0x1000 + b"\r\n"),
        (PLAIN + b"\r\n", b" " * 0x1000),
        (PLAIN + b"Content-Length: 999999999999\r\n\r\n", b" " * 0x1000),
    ],
)
def test_an_answer_that_grows_for_ever_is_given_up(
    monkeypatch: pytest.MonkeyPatch, beginning: bytes, piece: bytes
) -> None:
    monkeypatch.setattr(asking_module, "LARGEST_ANSWER", 1_000_000)
    with endless(beginning, piece, 0) as address, Asking(Server(address, KEY)) as asked:
        with pytest.raises(DatabaseError) as given_up:
            asked.get("/api/library")
        assert given_up.value.code == "shared-stranger"


@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b'{"a":' * 200_000, b'{"tracksRev": ' + b"9" * 100_000 + b"}", b'{"tracksRev": NaN}', b"\xff\xfe"],
)
def test_what_no_reader_of_json_bears_is_refused(body: bytes) -> None:
    with other_server(Said(body=body)) as server, pytest.raises(DatabaseError) as refused:
        open_shared(Server(server.address, KEY))
    assert refused.value.code == "shared-stranger"


@pytest.mark.parametrize("rev", [2**53 + 1, 2**63, 10**400, -1, 1.5, True, float("inf"), float("nan"), "1", None])
def test_revisions_that_nobody_has_are_not_believed(rev: object) -> None:
    for name in ("tracksRev", "featuresRev", "present", "analysed"):
        with other_server(said({**LIBRARY, name: rev})) as server, pytest.raises(DatabaseError) as refused:
            open_shared(Server(server.address, KEY))
        assert refused.value.code == "shared-stranger"


def test_what_it_says_of_an_error_is_short_and_plain() -> None:
    long = {"code": "api-missing", "message": "x\n\0\u202e\ud800" * 100_000, "advice": {"a": "b" * 9_999}}
    with (
        other_server(said(long, status=400)) as server,
        Asking(Server(server.address, KEY)) as asked,
        pytest.raises(NotTaken) as refused,
    ):
        asked.get("/api/library")
    assert len(refused.value.message) < 1_000
    assert not set("\n\0\u202e\ud800") & set(refused.value.message)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"id": each} for each in ("../../x", "a/b", "", "a" * 65, "a\n", "\u00e9", "%2e%2e", "a?b", "a#b", 5, None)),
        *({"state": each} for each in ("there", None, 5)),
        *({"rev": each} for each in (-1, 2**60, None, "1", 1.5)),
        *({"seconds": each} for each in (-1, float("nan"), float("inf"), "long", 10**400)),
        *({"title": each} for each in (5, ["a"], {"a": 1})),
        *({"artists": each} for each in ("a", [5], [["a"]])),
        *({"year": each} for each in (1.5, "2000", 10**400)),
    ],
)
def test_a_track_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with opened(*told({"tracks": [TRACK | wrong]})) as database, pytest.raises(DatabaseError) as refused:
        list(database.tracks.changed_since(0))
    assert refused.value.code == "shared-stranger"


def test_where_a_track_is_to_be_had_is_never_for_the_server_to_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    odd = {"path": "/etc/passwd", "root": "/", "start": 5.0, "end": 9.0, "title": "a\ud800\0b\u202e", "mbid": "../x"}
    home = Home.resolve(tmp_path_factory.mktemp("shared"))
    with other_server(*told({"tracks": [TRACK | odd]})) as server:
        known = Server(server.address, KEY)
        with open_shared(known) as database:
            (track,) = database.tracks.changed_since(0)
        assert (track.path, track.root) == (f"{server.address}/stream/{track.id}", server.address)
        assert (track.start, track.end, track.title, track.mbid) == (0.0, None, "ab", "")
        write_server(home, known)
        monkeypatch.setenv(SHARED_HOME, str(home.root))
        assert server_of(track.path) == known
        for elsewhere in (
            f"{server.address}1/stream/a", f"{server.address}@evil.example/a", f"{server.address}.evil.example/a",
            "http://evil.example/stream/a", "file:///etc/passwd", "/etc/passwd",
        ):  # fmt: skip
            assert server_of(elsewhere) is None, "the key is shown to nobody else"


def test_what_is_newer_than_the_last_look_is_for_the_next_one() -> None:
    tracks = {"tracks": [TRACK, TRACK | {"id": "b" * 32, "rev": 2}, TRACK | {"id": "c" * 32, "rev": 9}]}
    with opened(*told(tracks, library=LIBRARY | {"tracksRev": 2})) as database:
        assert [track.rev for track in database.tracks.changed_since(0)] == [1, 2]
        assert database.tracks.rev() == 2


def test_a_library_without_an_end_is_not_followed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "MOST_VALUES", 5)
    pages = [{"tracks": [TRACK | {"id": f"{number:032x}", "rev": number}]} for number in range(1, 20)]
    with opened(*told(*pages, library=LIBRARY | {"tracksRev": 2**53})) as database, pytest.raises(DatabaseError):
        list(database.tracks.changed_since(0))


def test_a_history_without_an_end_is_not_followed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_PLAYS", 5)
    play = {"id": "a" * 24, "track": "b" * 32, "at": 5.0, "finished": True}
    with opened(*told({"total": 2**53, "plays": [play]})) as database, pytest.raises(DatabaseError) as refused:
        list(database.plays.of())
    assert refused.value.code == "shared-stranger"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"track": each} for each in ("../x", "", 5)),
        *({"at": each} for each in (float("nan"), -1, 1e300, 10**400, None)),
        *({"seconds": each} for each in (float("nan"), float("inf"), "long")),
        *({"named": each} for each in (5, [], {"artist": "a", "seconds": float("nan")}, {"seconds": 10**400})),
        *({"position": each} for each in (-1, 2**40, 1.5)),
        *({"id": each} for each in ("a", "../" * 8, "A" * 24, 5)),
    ],
)
def test_a_play_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    play = {"id": "a" * 24, "track": "b" * 32, "at": 5.0, "finished": True}
    with opened(*told({"total": 1, "plays": [play | wrong]})) as database, pytest.raises(DatabaseError) as refused:
        list(database.plays.of())
    assert refused.value.code == "shared-stranger"


@pytest.mark.parametrize(
    "own",
    [
        {"plays": {"../x": 1}},
        {"plays": {"a": -1}},
        {"plays": {"a": 10**400}},
        {"plays": []},
        {"lastPlayed": {"a/b": 1.0}},
        {"lastPlayed": {"a": float("nan")}},
        {"lastPlayed": {"a": 1e300}},
        {"opinions": {}},
        {"opinions": [{"track": "../x", "thumb": 1, "rating": None, "favourite": False, "at": 1.0}]},
        {"opinions": [{"track": "a", "thumb": 7, "rating": None, "favourite": False, "at": 1.0}]},
        {"opinions": [{"track": "a", "thumb": 1, "rating": float("nan"), "favourite": False, "at": 1.0}]},
        {"hidden": {"../x": ["a"]}},
        {"hidden": {"a": "b"}},
        {"hidden": None},
    ],
)
def test_what_the_listener_never_said_is_refused(own: dict[str, object]) -> None:
    with opened(*told(OWN | own)) as database, pytest.raises(DatabaseError) as refused:
        (database.plays.counts(), database.plays.last_played(), database.opinions.said(), database.feedback.hidden())
    assert refused.value.code == "shared-stranger"


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": [10**9, 10**9]},
        {"shape": [-1, -1]},
        {"shape": [0, 5]},
        {"shape": [1, 1], "values": "AACAfw=="},
        {"shape": [2], "values": "AACAPw=="},
        {"values": "not base64"},
        {"values": None},
    ],
)
def test_features_that_fit_nothing_are_refused(wrong: dict[str, object]) -> None:
    shape = {"track": "a" * 32, "shape": [1, 1], "values": "", "rev": 1, "whole": True}
    with opened(*told({"features": [shape | wrong]})) as database, pytest.raises(DatabaseError) as refused:
        list(database.features.changed_since("sonic:1", 0))
    assert refused.value.code == "shared-stranger"


def test_a_playlist_may_name_places_and_they_are_never_shown_a_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = ["../../x", "http://evil.example/stream/a", "/etc/passwd", "a" * 9_999]
    shape = {
        "id": "a" * 32, "name": "Evil", "kind": "list", "tracks": lines, "query": "", "order": "", "descending": False,
        "limit": 0, "position": 0.0, "updated_at": 5.0, "deleted": False, "shared": False, "owner": "ada",
    }  # fmt: skip
    with opened(*told({"playlists": [shape]})) as database:
        (playlist,) = database.playlists.of()
    assert playlist.owner == "owner"
    assert all(entry_of(TrackId(line)) is None for line in playlist.tracks), "they are ids that nobody has"


@pytest.mark.parametrize(
    ("cookie", "key"),
    [
        ('segue_session="a\\015\\012X-Evil: 1"', KEY),
        ("segue_session=", KEY),
        ("other=a", KEY),
        ("segue_session=a", "key\r\nX-Evil: 1"),
        ("segue_session=a", "k" * 5_000),
        ("segue_session=a", ""),
        ("segue_session=a", 5),
    ],
)
def test_no_cookie_and_no_key_writes_headers_of_its_own(cookie: str, key: object) -> None:
    state = {"listener": {"name": "Ada\n\u202e" + "a" * 9_999}}
    answers = (
        Said(303, b"", headers={"Set-Cookie": cookie, "Location": "http://evil.example/"}),
        *told(state, {"key": key}, {}),
    )
    with other_server(*answers) as server:
        with pytest.raises(DatabaseError) as refused:
            introduce(server.address, "ada", "password", "laptop")
        assert refused.value.code == "shared-stranger"


def test_the_name_of_the_listener_is_one_short_line() -> None:
    state = {"listener": {"name": "Ada\n\u202e" + "a" * 9_999}}
    answers = Said(303, b"", headers={"Set-Cookie": "segue_session=a"}), *told(state, {"key": KEY}, {})
    with other_server(*answers) as server:
        known = introduce(server.address, "ada", "password", "laptop")
    assert known.key == KEY
    assert len(known.listener) < 1_000
    assert known.listener.isprintable()


def test_what_the_page_to_log_in_says_is_short() -> None:
    page = f'<p class="fault">{"&lt;img src=x&gt;" * 9_999}</p>'.encode()
    with other_server(Said(401, page, "text/html")) as server, pytest.raises(Exception, match="img") as refused:
        introduce(server.address, "ada", "password", "laptop")
    assert len(str(refused.value)) < 1_000
