"""What pages may ask with: everything else is refused with a sentence that names it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicplayer.server.web.api.endpoints import read_json, written
from musicplayer.server.web.api.parameters import (
    IDENTITY,
    Choice,
    Flag,
    Kinds,
    Many,
    Objects,
    ParameterRefused,
    Real,
    Text,
    Whole,
    Word,
    from_body,
    from_query,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


KINDS: Kinds = {
    "size": Whole(10, least=1, most=50),
    "share": Real(None, most=1),
    "q": Text("", most=5),
    "colour": Choice(Colour, Colour.RED),
    "down": Flag(False),
    "seed": Many(IDENTITY, (), most=3),
    "key": Word("", most=4),
    "lists": Objects({"id": Word(least=1), "size": Whole(0)}, (), most=2),
}
NOTHING = {"size": 10, "share": None, "q": "", "colour": Colour.RED, "down": False, "seed": (), "key": "", "lists": ()}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(max_size=6), some, max_size=4),
    max_leaves=8,
)


def test_what_is_not_named_has_its_default() -> None:
    assert from_query(KINDS, []) == from_body(KINDS, {}) == NOTHING
    assert from_body(KINDS, {"share": None}) == NOTHING


def test_every_kind_is_read_from_addresses_and_bodies() -> None:
    asked = [
        ("size", "7"),
        ("share", "0.5"),
        ("q", "né"),
        ("colour", "blue"),
        ("down", "1"),
        ("seed", "a"),
        ("seed", "b"),
        ("key", "a-B_"),
    ]
    expected = NOTHING | {
        "size": 7, "share": 0.5, "q": "né", "colour": Colour.BLUE, "down": True, "seed": ("a", "b"), "key": "a-B_",
    }  # fmt: skip
    assert from_query(KINDS, asked) == expected
    assert from_body(KINDS, {**dict(asked), "size": 7, "share": 0.5, "down": True, "seed": ["a", "b"]}) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("size", "0"),
        ("size", "51"),
        ("size", "7.0"),
        ("size", "٣"),
        ("size", "9" * 5000),
        ("share", "nan"),
        ("share", "1e9"),
        ("share", "-0.1"),
        ("q", "longer"),
        ("q", "a\0"),
        ("colour", "green"),
        ("colour", "RED"),
        ("down", "yes"),
        ("seed", ""),
        ("seed", "x" * 65),
        ("key", "é"),
        ("key", "a/b"),
        ("lists", "a"),
        ("other", "1"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ParameterRefused) as refused:
        from_query(KINDS, [(name, text)])
    assert name in refused.value.message


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        None,
        {"size": True},
        {"size": 1.5},
        {"size": "7"},
        {"share": float("inf")},
        {"q": 5},
        {"q": "\ud800"},
        {"down": 1},
        {"seed": "a"},
        {"seed": ["a", 1]},
        {"seed": ["a"] * 4},
        {"key": "a.b"},
        {"lists": {}},
        {"lists": ["a"]},
        {"lists": [{}]},
        {"lists": [{"id": "a", "size": "7"}]},
        {"lists": [{"id": "a"}] * 3},
        {"other": None},
    ],
)
def test_bodies_take_no_other_types(body: object) -> None:
    with pytest.raises(ParameterRefused):
        from_body(KINDS, body)


def test_objects_are_read_field_by_field_and_those_of_later_versions_are_ignored() -> None:
    found = from_body(KINDS, {"lists": [{"id": "a", "size": 7}, {"id": "b", "later": {}}]})["lists"]
    assert found == ({"id": "a", "size": 7}, {"id": "b", "size": 0})


def test_one_that_has_to_be_there_is_asked_for() -> None:
    with pytest.raises(ParameterRefused, match="missing"):
        from_body({"name": Text(least=1)}, {})
    with pytest.raises(ParameterRefused, match="list"):
        from_body({"seed": Many(IDENTITY)}, {"seed": []})
    with pytest.raises(ParameterRefused, match="once"):
        from_query(KINDS, [("size", "1"), ("size", "2")])


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"1" * 10_000, b'{"a": 1e999}'])
def test_a_body_that_is_no_json_object_is_refused(text: bytes) -> None:
    with pytest.raises(ParameterRefused):
        from_body({"a": Real(None)}, read_json(text))


@given(st.lists(st.tuples(st.sampled_from([*KINDS, "other"]) | st.text(max_size=8), st.text()), max_size=6))
def test_whatever_stands_in_an_address_is_taken_or_refused(pairs: list[tuple[str, str]]) -> None:
    check(lambda: from_query(KINDS, pairs))


@given(st.dictionaries(st.sampled_from(sorted(KINDS)) | st.text(max_size=8), ANYTHING, max_size=6) | ANYTHING)
def test_whatever_stands_in_a_body_is_taken_or_refused(body: object) -> None:
    check(lambda: from_body(KINDS, body))


def check(read: Any) -> None:
    """Either the parameters are within bounds and can be sent back, or a sentence says what is wrong."""
    try:
        values = read()
    except ParameterRefused as error:
        values, refused = None, error
    if values is None:
        assert refused.message.isprintable()
        return
    assert values.keys() == KINDS.keys()
    assert 1 <= values["size"] <= 50
    assert values["share"] is None or 0 <= values["share"] <= 1
    assert len(values["q"]) <= 5
    assert len(values["seed"]) <= 3
    assert values["key"].isascii()
    assert all(each.keys() == {"id", "size"} for each in values["lists"])
    assert written(values)


@given(st.text())
def test_what_no_reader_knows_is_replaced_in_answers(text: str) -> None:
    assert written({"title": text + "\udcff"}).decode("utf-8")
