"""The lines between a server and the player that started it: all of it arrives, and nothing odd gets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core import serving
from indexer.core.serving import (
    AddListener,
    Button,
    Desktop,
    KnownDevice,
    KnownListener,
    Pressed,
    RemoveListener,
    Request,
    RevokeDevice,
    Serving,
    Stop,
)

texts = st.text(max_size=20)
devices = st.builds(KnownDevice, texts, texts)
listeners = st.builds(KnownListener, texts, texts, st.booleans(), st.lists(devices, max_size=2).map(tuple))
states = st.builds(
    Serving, st.lists(texts, max_size=3).map(tuple), texts, st.lists(listeners, max_size=3).map(tuple), texts
)
numbers = st.floats(0, 1e6)
desktops = st.builds(
    Desktop,
    st.lists(texts, max_size=3).map(tuple),
    st.integers(-1, 3),
    st.booleans(),
    numbers,
    numbers,
    st.floats(0, 1),
)
requests = st.one_of(
    desktops,
    st.builds(AddListener, texts, texts),
    st.builds(RemoveListener, texts),
    st.builds(RevokeDevice, texts, texts),
    st.just(Stop()),
)


@given(states)
def test_a_state_arrives_as_it_was_sent_on_one_line(state: Serving) -> None:
    line = serving.encode(state)
    assert line.isascii()
    assert "\n" not in line
    assert serving.decode(line) == state


@given(requests)
def test_a_request_arrives_as_it_was_sent_on_one_line(request: Request) -> None:
    line = serving.encode_request(request)
    assert line.isascii()
    assert "\n" not in line
    assert serving.decode_request(line) == request


@given(st.builds(Pressed, st.sampled_from(Button), numbers))
def test_what_was_pressed_arrives_as_it_was_sent_on_one_line(pressed: Pressed) -> None:
    line = serving.encode_pressed(pressed)
    assert "\n" not in line
    assert serving.decode_pressed(line) == pressed
    assert serving.decode(line) is None


@pytest.mark.parametrize(
    "said", ['{"v": 1, "pressed": "explode", "value": 1}', '{"v": 1, "desktop": {"tracks": 3}}', "[]"]
)
def test_odd_lines_press_nothing_and_tell_nothing(said: str) -> None:
    assert serving.decode_pressed(said) is None
    assert serving.decode_request(said) is None


@given(st.one_of(texts, st.recursive(st.none() | texts | st.integers(), st.lists, max_leaves=5).map(json.dumps)))
def test_any_other_line_is_neither(line: str) -> None:
    assert serving.decode(line) is None
    if line.strip() != serving.STOP:
        assert serving.decode_request(line) is None


@pytest.mark.parametrize(
    "line",
    [
        '{"v": 1, "serving": {}}',
        '{"v": 1, "serving": {"addresses": [1], "link": "", "listeners": [], "fingerprint": ""}}',
        '{"v": 1, "serving": {"addresses": [], "link": "", "listeners": ["x"], "fingerprint": ""}}',
        '{"v": 2, "serving": {"addresses": [], "link": "", "listeners": [], "fingerprint": ""}}',
        '{"v": 1, "do": "add", "name": "anna"}',
        '{"v": 1, "do": "add", "name": "anna", "password": 7}',
        '{"v": 1, "do": "add", "name": "anna", "password": "secret", "admin": "yes"}',
        '{"v": 1, "do": "burn", "id": "anna"}',
    ],
)
def test_a_line_of_another_schema_is_neither(line: str) -> None:
    assert serving.decode(line) is None
    assert serving.decode_request(line) is None


def test_a_password_is_in_no_text_of_a_request() -> None:
    assert "secret" not in repr(AddListener("anna", "secret"))
