"""Files are sent whole or in ranges, as RFC 9110 has it, whatever is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from musicplayer.server.streams.ranges import BLOCK, NotSatisfiable, disposition, range_of
from tests.unit.server.streams.asking import asked_about, track_of

CONTENT = b"fLaC" + bytes(range(256)) * 1024
SIZE = len(CONTENT)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    path = tmp_path / "music" / "a.flac"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    with asked_about(track_of(path), tmp_path / "cache") as client:
        yield client


def test_the_whole_file_is_sent_in_blocks_with_its_length_and_its_kind(client: TestClient) -> None:
    answer = client.get("/")
    assert SIZE > BLOCK
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/flac"
    assert answer.headers["cache-control"].startswith("private")


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, SIZE),
        ("bytes=-100", SIZE - 100, SIZE),
        (f"bytes=-{SIZE + 5}", 0, SIZE),
        (f"bytes=5-{SIZE * 3}", 5, SIZE),
        ("Bytes = 7-9", 7, 10),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes={BLOCK - 1}-{BLOCK}", BLOCK - 1, BLOCK + 1),
    ],
)
def test_one_range_is_sent_alone(client: TestClient, header: str, start: int, end: int) -> None:
    answer = client.get("/", headers={"range": header})
    assert (answer.status_code, answer.content) == (206, CONTENT[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "header",
    ["bytes=0-1,5-6", "bytes=9-3", "bytes=", "bytes=-", "bytes=a-b", "seconds=1-2", "0-5", "bytes=١-٢", "bytes=--5"],
)
def test_several_ranges_and_what_is_none_are_answered_with_the_whole(client: TestClient, header: str) -> None:
    answer = client.get("/", headers={"range": header.encode()})
    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", "bytes=999999999999999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_length(client: TestClient, header: str) -> None:
    answer = client.get("/", headers={"range": header})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


def test_a_range_holds_only_while_the_file_is_what_the_client_has_a_part_of(client: TestClient) -> None:
    whole = client.get("/")
    for known in (whole.headers["etag"], whole.headers["last-modified"]):
        assert client.get("/", headers={"range": "bytes=1-2", "if-range": known}).status_code == 206
    for other in ('"other"', f"W/{whole.headers['etag']}", formatdate(0, usegmt=True), "nonsense"):
        answer = client.get("/", headers={"range": "bytes=1-2", "if-range": other})
        assert (answer.status_code, answer.content) == (200, CONTENT)


def test_what_a_client_has_is_not_sent_again(client: TestClient) -> None:
    whole = client.get("/")
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for known in ({"if-none-match": f'"x", W/{tag}'}, {"if-none-match": "*"}, {"if-modified-since": date}):
        answer = client.get("/", headers=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    for other in (
        {"if-none-match": '"x"', "if-modified-since": date},
        {"if-modified-since": formatdate(0, usegmt=True)},
        {"if-modified-since": "Sat, 99 Foo 2000"},
    ):
        assert client.get("/", headers=other).status_code == 200


def test_a_question_for_the_head_is_answered_without_the_body(client: TestClient) -> None:
    for headers in ({}, {"range": "bytes=1-2"}):
        answer = client.head("/", headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(SIZE)
        assert answer.headers["etag"] == client.get("/").headers["etag"]


def test_a_file_that_changes_has_another_tag(client: TestClient, tmp_path: Path) -> None:
    before = client.get("/").headers["etag"]
    (tmp_path / "music" / "a.flac").write_bytes(CONTENT + b"more")
    assert client.get("/").headers["etag"] != before


def test_a_range_of_nothing_is_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    with asked_about(track_of(tmp_path / "a.flac"), tmp_path / "cache") as client:
        answer = client.get("/", headers={"range": "bytes=-5"})
    assert (answer.status_code, answer.content) == (200, b"")


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_range_is_what_slicing_gives(size: int, first: int, last: int) -> None:
    content = bytes(range(size))
    try:
        part = range_of(f"bytes={first}-{last}", size)
    except NotSatisfiable:
        assert first >= size
        return
    assert (content if part is None else content[slice(*part)]) == (
        content if last < first else content[first : last + 1]
    )


@given(st.text(max_size=40), st.integers(0, 10_000))
def test_no_header_gives_what_is_not_there(header: str, size: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            part = range_of(text, size)
        except NotSatisfiable:
            continue
        assert part is None or 0 <= part[0] < part[1] <= size


@given(st.text(min_size=1, max_size=60))
def test_any_name_can_be_saved_under(name: str) -> None:
    header = disposition(name)
    header.encode("ascii")
    assert not set(header) & {"\r", "\n"}
    kept = unquote(header.rpartition("UTF-8''")[2])
    assert kept
    assert "/" not in kept
    assert header.count('"') == 2


def test_a_download_is_saved_under_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "Ä \"7' % ♪.flac"
    path.write_bytes(CONTENT)
    with asked_about(track_of(path), tmp_path / "cache") as client:
        said = client.get("/?download=1").headers["content-disposition"]
        assert "content-disposition" not in client.get("/").headers
    assert said.startswith("attachment; ")
    assert unquote(said.rpartition("UTF-8''")[2]) == path.name
