from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from indexer.text import LONGEST_TEXT, clean, shown_name, shown_path

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_shown_on_one_line(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert len(cleaned) <= LONGEST_TEXT
    assert "\x00" not in cleaned
    assert len(cleaned.splitlines()) <= 1
    assert clean(cleaned) == cleaned


def test_honest_text_is_left_as_it_is() -> None:
    assert clean("Björk — Jóga 🎻 (feat. “X”)") == "Björk — Jóga 🎻 (feat. “X”)"


def test_a_megabyte_is_cut() -> None:
    assert len(clean("ab" * 500_000)) == LONGEST_TEXT


def test_white_space_becomes_single_spaces() -> None:
    assert clean("  one\n two\t\x00three  ") == "one two three"


@given(st.binary(min_size=1, max_size=50).filter(lambda name: b"\0" not in name))
def test_any_file_name_can_be_shown(name: bytes) -> None:
    shown_path(os.fsdecode(name)).encode("utf-8")


def test_shown_name_marks_bytes_that_are_not_utf8() -> None:
    assert shown_name("/music/" + os.fsdecode(b"a\xffb.mp3")) == "a�b.mp3"
