"""What answers of a server mean, and of what is no server of Segue at all."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping

import pytest

from indexer.core.shared.asking import Asking
from indexer.core.shared.database import SharedDatabase, open_shared
from indexer.core.shared.introducing import certificate_of, introduce
from indexer.core.shared.server import Server
from indexer.core.store import DatabaseError, DatabaseUnavailable
from indexer.core.store.faults import NotTaken
from tests.unit.core.shared.other_server import OtherServer, Said, other_server

KEY = "a-key-that-nobody-else-has"
LIBRARY: dict[str, object] = {
    "profile": "sonic:1",
    "tracksRev": 1,
    "featuresRev": 1,
    "present": 1,
    "away": 0,
    "analysed": 1,
    "restored": None,
    "news": {"plays": 1},
    "model": None,
}


def fault(status: int, code: str, message: str = "") -> Said:
    return Said(status, json.dumps({"code": code, "message": message, "advice": ""}).encode())


def asking(server: OtherServer) -> Asking:
    return Asking(Server(server.address, KEY, "ada"), timeout=5)


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (fault(401, "server-log-in"), DatabaseError, "shared-key"),
        (fault(429, "login-later"), DatabaseError, "shared-key"),
        (fault(429, "server-busy"), DatabaseUnavailable, "shared-trouble"),
        (fault(503, "server-database-away"), DatabaseUnavailable, "shared-trouble"),
        (Said(502, b"<html>", "text/html"), DatabaseUnavailable, "shared-trouble"),
        (fault(404, "http-404"), DatabaseError, "shared-older"),
        (fault(404, "api-not-there"), NotTaken, "shared-refused"),
        (fault(400, "api-missing"), NotTaken, "shared-refused"),
        (fault(421, "server-other-name"), DatabaseError, "shared-refused"),
        (Said(421, b"This server is not known by that name.\n", "text/plain"), DatabaseError, "shared-refused"),
        (Said(404, b"<html>", "text/html"), DatabaseError, "shared-stranger"),
        (Said(301, b"", "text/html", {"Location": "http://elsewhere.example/"}), DatabaseError, "shared-stranger"),
        (Said(401, b"<html>", "text/html"), DatabaseError, "shared-stranger"),
        (Said(200, b"<html>", "text/html"), DatabaseError, "shared-stranger"),
        (Said(200, b"[]"), DatabaseError, "shared-stranger"),
        (Said(200, b"[" * 100_000), DatabaseError, "shared-stranger"),
        (Said(200, b"{}", headers={"Content-Length": "900"}, close=True), DatabaseUnavailable, "shared-silent"),
        (Said(None), DatabaseUnavailable, "shared-silent"),
    ],
)
def test_an_answer_that_is_none_is_said_as_what_it_is(said: Said, kind: type[DatabaseError], code: str) -> None:
    with other_server(said) as server, asking(server) as asked, pytest.raises(DatabaseError) as refused:
        asked.get("/api/library")
    assert type(refused.value) is kind
    assert refused.value.code == code
    assert KEY not in str(refused.value)
    assert server.address.partition("://")[2] in refused.value.message


def test_a_sentence_of_the_server_is_passed_on() -> None:
    said = fault(400, "api-missing", "“id” is missing.")
    with other_server(said) as server, asking(server) as asked, pytest.raises(NotTaken) as refused:
        asked.post("/api/plays", {})
    assert "“id” is missing." in refused.value.message


def test_a_connection_stays_open_and_is_made_again_when_it_was_closed() -> None:
    with other_server(Said(close=True), Said(body=b'{"a": 1}')) as server, asking(server) as asked:
        assert asked.get("/api/library") == {}
        assert asked.get("/api/library", since=3) == {"a": 1}
    assert server.asked == [
        ("GET", "/api/library", f"Bearer {KEY}"),
        ("GET", "/api/library?since=3", f"Bearer {KEY}"),
    ]


def test_a_path_below_which_a_proxy_put_the_server_is_kept() -> None:
    with other_server(Said()) as server, Asking(Server(f"{server.address}/music", KEY)) as asked:
        asked.get("/api/library")
    assert [path for _, path, _ in server.asked] == ["/music/api/library"]


def test_what_is_streamed_arrives_whole_or_raises() -> None:
    with other_server(Said(body=b"x" * 3_000_000), Said(404, b"{}")) as server, asking(server) as asked:
        assert b"".join(asked.stream("/model/a/b")) == b"x" * 3_000_000
        with pytest.raises(DatabaseError):
            list(asked.stream("/model/a/c"))
    short = Said(body=b"x" * 10, headers={"Content-Length": "900"}, close=True)
    with other_server(short) as server, asking(server) as asked, pytest.raises(DatabaseUnavailable):
        list(asked.stream("/model/a/b"))


def test_where_nothing_listens_the_server_does_not_answer() -> None:
    address = nobody()
    with pytest.raises(DatabaseUnavailable) as silent:
        open_shared(Server(address, KEY))
    assert silent.value.code == "shared-silent"
    with pytest.raises(DatabaseUnavailable):
        introduce(address, "ada", "password", "laptop")
    with pytest.raises(DatabaseUnavailable):
        certificate_of(address.replace("http", "https"))


def test_a_server_without_tls_has_no_certificate() -> None:
    with other_server(Said()) as server, pytest.raises(DatabaseError) as refused:
        certificate_of(server.address.replace("http", "https"))
    assert refused.value.code == "shared-stranger"


def test_a_page_of_somebody_else_is_no_way_in() -> None:
    with other_server(Said(200, b"<html>", "text/html")) as server, pytest.raises(DatabaseError) as refused:
        introduce(server.address, "ada", "password", "laptop")
    assert refused.value.code == "shared-stranger"


@pytest.mark.parametrize(
    "changed",
    [{"tracksRev": "1"}, {"tracksRev": -1}, {"profile": 3}, {"news": []}, {"news": {"plays": None}}, {"present": 1.5}],
)
def test_numbers_that_are_none_are_not_believed(changed: dict[str, object]) -> None:
    said = Said(body=json.dumps(LIBRARY | changed).encode())
    with other_server(said) as server, pytest.raises(DatabaseError) as refused:
        open_shared(Server(server.address, KEY))
    assert refused.value.code == "shared-stranger"


def test_a_server_that_never_comes_to_an_end_is_not_followed_for_ever() -> None:
    track = {"id": "a" * 32, "title": "Song", "state": "present", "added_at": 1.0, "rev": 0}
    answers = Said(body=json.dumps(LIBRARY).encode()), Said(body=json.dumps({"tracks": [track]}).encode())
    with other_server(*answers) as server, open_shared(Server(server.address, KEY)) as database:
        found = database.tracks.changed_since(0)
        assert next(found).title == "Song"
        with pytest.raises(DatabaseError):
            next(found)


def test_what_is_asked_within_a_moment_is_answered_by_one_look() -> None:
    said = Said(body=json.dumps(LIBRARY).encode())
    with other_server(said) as server, open_shared(Server(server.address, KEY)) as database:
        asked = [
            *(database.tracks.rev, database.features.rev, database.news.counters, database.tracks.count),
            *(database.problems.count, database.folders.all, database.heirs.all, database.files.doubled),
        ]
        for each in 3 * asked:
            each()
        assert database.analysed_number("sonic:1") == 1
        assert database.analysed_number("sonic:2") == 0, "features of another version are none"
    assert len(server.asked) < len(asked)


def test_what_a_listener_did_is_read_again_after_a_look_that_tells_of_news() -> None:
    """Plays that were asked for just before the server had written one are not taken for those that it tells of."""
    own: dict[str, object] = {"lastPlayed": {}, "opinions": [], "hidden": {}}

    def said(shape: Mapping[str, object]) -> Said:
        return Said(body=json.dumps(shape).encode())

    answers = (
        said(LIBRARY),
        said(own | {"plays": {}}),
        said(LIBRARY | {"news": {"plays": 2}}),
        said(own | {"plays": {"a": 1}}),
    )
    with other_server(*answers) as server, open_shared(Server(server.address, KEY)) as database:
        before = database.news.counters()
        assert database.plays.counts() == {}
        assert database.opinions.of() == {}, "from the same answer"
        database.ping()
        assert database.news.since(before)[0]
        assert database.plays.counts() == {"a": 1}


def test_what_is_done_where_the_music_is_is_refused_in_one_sentence() -> None:
    database = SharedDatabase(Server("http://kitchen:4849", KEY))
    orders: list[Callable[[], object]] = [
        lambda: database.folders.add("/music"),
        lambda: database.folders.remove("/music"),
        lambda: database.files.read_again("/music"),
        lambda: database.tracks.set_state(["a"], "gone"),  # type: ignore[list-item, arg-type]
        lambda: database.plays.erase("owner"),  # type: ignore[arg-type]
        lambda: database.opinions.erase("owner"),  # type: ignore[arg-type]
        lambda: database.features.iterate("sonic:1"),
        lambda: list(database.tracks.places(())),
        lambda: list(database.words.all()),
        database.transfer.clear,
        lambda: database.models.save({"id": "a", "profile": "sonic"}),
        lambda: database.choices.hearing,
        lambda: database.heirs.forget(["a"]),  # type: ignore[list-item]
    ]
    for order in orders:
        with pytest.raises(DatabaseError) as refused:
            order()
        assert refused.value.code == "shared-elsewhere"
    assert KEY not in database.uri
