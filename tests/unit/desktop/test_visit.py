"""What a second start says, and that nothing else is taken for it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicplayer.desktop.file_urls import file_url, path_of_url
from musicplayer.desktop.visit import ACTIVATION_VARIABLE, BadVisit, Command, Visit, decode, encode, visit_from

names = st.binary(min_size=1, max_size=40).map(lambda name: name.replace(b"\0", b"").replace(b"/", b"") or b"a")
paths = names.map(lambda name: "/music/" + name.decode("utf-8", "surrogateescape"))
words = st.text(st.characters(exclude_characters="\0"), max_size=20)


@given(st.builds(Visit, st.sampled_from(Command), st.lists(paths, max_size=5).map(tuple), words, words))
def test_a_visit_arrives_as_it_was_sent(visit: Visit) -> None:
    line = encode(visit)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == visit


@given(st.binary(max_size=200))
def test_noise_is_no_visit(noise: bytes) -> None:
    with pytest.raises(BadVisit):
        decode(noise)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"command": "erase"},
        {"command": ["show"]},
        {"paths": "/music"},
        {"paths": ["relative.mp3"]},
        {"paths": ["/a\0b"]},
        {"paths": [7]},
        {"activation": None},
        {"library": 7},
    ],
)
def test_what_is_almost_a_visit_is_none(change: dict[str, object]) -> None:
    content = {**json.loads(encode(Visit(paths=("/music",)))), **change}
    with pytest.raises(BadVisit):
        decode(json.dumps(content).encode())


def test_deeply_nested_noise_is_no_visit() -> None:
    with pytest.raises(BadVisit):
        decode(b"[" * 200_000)


def test_paths_of_a_command_line_are_made_absolute() -> None:
    given = ["a.mp3", "../b\udcff.mp3", "/c d.mp3", "file:///e%20f.mp3", ""]
    visit = visit_from(Command.SHOW, given, {ACTIVATION_VARIABLE: "token"}, folder="/music/here")
    assert visit.paths == ("/music/here/a.mp3", "/music/b\udcff.mp3", "/c d.mp3", "/e f.mp3")
    assert visit.activation == "token"


@given(paths)
def test_a_path_survives_as_an_address(path: str) -> None:
    assert path_of_url(file_url(path)) == path
    assert file_url(path).isascii()


@pytest.mark.parametrize("address", ["https://example.org/a", "file://server/a", "file:a", "/a", "", "file://[/a"])
def test_other_addresses_are_no_paths(address: str) -> None:
    assert path_of_url(address) is None
