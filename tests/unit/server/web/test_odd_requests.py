"""Whatever is asked is answered or refused with a sentence; nothing that anybody sends makes the server fail."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicplayer.server.web.api.endpoints import Endpoint
from musicplayer.server.web.api.parameters import Kinds
from musicplayer.server.web.api.routes import ENDPOINTS
from tests.unit.server.web.running import Library, Running, asking

pytestmark = pytest.mark.database

TRACKS = [f"{number + 1:032x}" for number in range(24)]
ODD = [
    "", "0", "1", "-1", "5", "true", "null", "NaN", "1e999", "9" * 400, "../../etc/passwd", "%00", "a\0b", "\ud800",
    "\u202e", "' OR 1=1", '{"$gt": ""}', "$where", "title", "artist", "web", "year>", 'artist:"', "length<99:99:99",
    "added<9999y",
]  # fmt: skip
TEXTS = st.sampled_from(TRACKS) | st.sampled_from(ODD) | st.text(max_size=70)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(max_size=6), some, max_size=3),
    max_leaves=6,
)


def names(kinds: Kinds) -> st.SearchStrategy[str]:
    return st.sampled_from([*kinds, "other"]) | st.text(min_size=1, max_size=8)


def encoded(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


@st.composite
def requests(draw: st.DrawFn) -> tuple[Endpoint, str, bytes]:
    """An endpoint, an address for it, and what is sent along."""
    endpoint = draw(st.sampled_from(ENDPOINTS))
    path = re.sub(r"\{\w+\}", lambda _: encoded(draw(TEXTS)).replace("%2f", "/"), endpoint.path)
    pairs = draw(st.lists(st.tuples(names(endpoint.query), TEXTS), max_size=5))
    query = "&".join(f"{encoded(name)}={encoded(text)}" for name, text in pairs)
    kinds = endpoint.body or {}
    said = st.dictionaries(names(kinds), VALUES, max_size=8)
    fitting = st.fixed_dictionaries(dict.fromkeys(kinds, VALUES))
    body = draw((said | fitting | VALUES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40))
    return endpoint, f"{path}?{query}", body if endpoint.body is not None else b""


@pytest.fixture(scope="module")
def asked(library: Library) -> Any:
    with asking(library) as made:
        yield made


@given(sent=requests())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_every_request_has_an_answer(asked: Running, sent: tuple[Endpoint, str, bytes]) -> None:
    endpoint, address, body = sent
    client = asked.admin if endpoint.for_admins else asked.ada
    answer = client.request(endpoint.method, address, content=body)
    check(answer, f"{endpoint.method} {address} {body!r}")


def check(answer: httpx.Response, asked: str) -> None:
    assert answer.status_code < 500, asked
    if answer.status_code >= 400:
        said = answer.json()
        assert said["code"], asked
        assert said["message"], asked
    elif answer.is_redirect:
        assert answer.next_request is not None, asked
        assert answer.next_request.url.host == answer.url.host, asked
    elif answer.status_code == 204:
        assert not answer.content, asked
    else:
        assert isinstance(answer.json(), dict), asked


def test_nobody_is_answered_without_an_account(asked: Running) -> None:
    for endpoint in ENDPOINTS:
        path = re.sub(r"\{\w+\}", TRACKS[0], endpoint.path)
        answer = asked.nobody.request(endpoint.method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "server-log-in"), endpoint.path


def test_pages_of_others_change_nothing(asked: Running) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.method != "GET":
            path = re.sub(r"\{\w+\}", TRACKS[0], endpoint.path)
            answer = asked.ada.request(endpoint.method, path, headers={"Origin": "https://evil.example"})
            assert answer.status_code == 403, endpoint.path


def test_the_description_names_everything_that_can_be_asked_for(asked: Running) -> None:
    described = asked.nobody.get("/openapi.json").json()
    there = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert there == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    similar = {each["name"]: each for each in described["paths"]["/similar"]["get"]["parameters"]}
    assert (similar["seed"]["required"], similar["by"]["required"]) == (True, False)
    assert similar["by"]["schema"]["enum"] == ["sound", "words", "listeners", "all"]
