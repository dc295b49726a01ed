"""Keys as numbers, names and places on the wheel."""

from __future__ import annotations

import pytest

from indexer.core.musical_keys import KEYS, NO_KEY, code_of_name, key_written, keys_named, name_of_code


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("A minor", "Am · 8A"),
        ("C major", "C · 8B"),
        ("G major", "G · 9B"),
        ("E minor", "Em · 9A"),
        ("F major", "F · 7B"),
        ("B major", "B · 1B"),
        ("G♯ minor", "G♯m · 1A"),
        ("C♯ major", "C♯ · 3B"),
        ("D♯ minor", "D♯m · 2A"),
    ],
)
def test_stands_on_the_wheel_where_mixers_look_for_it(name: str, written: str) -> None:
    assert key_written(code_of_name(name)) == written


def test_all_keys_come_back() -> None:
    assert [code_of_name(name_of_code(code)) for code in range(KEYS)] == list(range(KEYS))
    assert {
        code for code in range(KEYS) for named in [key_written(code).split(" · ")[1]] if keys_named(named) == {code}
    }
    assert len({key_written(code) for code in range(KEYS)}) == KEYS


def test_no_key_is_none() -> None:
    assert code_of_name(None) == NO_KEY
    assert name_of_code(NO_KEY) is None
    assert key_written(NO_KEY) == ""


@pytest.mark.parametrize(
    "text", ["Db", "C#", "c♯", "D♭", "des".replace("des", "cis"), "Db major", "cis-dur", "3B", "8d"]
)
def test_names_of_one_key_are_one(text: str) -> None:
    assert keys_named(text) == {code_of_name("C♯ major")}


@pytest.mark.parametrize("text", ["", "x", "13A", "0A", "Am7", "A mixolydian", "8", "8C"])
def test_what_is_no_key_names_none(text: str) -> None:
    assert not keys_named(text)
