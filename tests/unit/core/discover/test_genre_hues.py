"""A genre has one colour, whatever else there is, and the commonest ones have colours of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.discover.genre_hues import HUES, slot_of, top_of

ARCHIVE = (
    "Electronic", "Rock", "Hip-Hop", "Folk", "Experimental", "Pop", "Jazz", "Classical", "International",
    "Instrumental", "Soul-RnB", "Country", "Blues", "Spoken", "Old-Time / Historic", "Easy Listening",
)  # fmt: skip
"""The genres at the top of the Free Music Archive."""


def test_the_genres_of_the_archive_and_other_common_ones_are_told_apart() -> None:
    common = (*ARCHIVE, "Metal", "Punk", "Ambient", "Reggae", "Funk", "R&B", "Soundtrack", "Alternative",
              "Techno", "Orchestral", "Singer-Songwriter", "Latin")  # fmt: skip
    assert sorted(slot_of(name) for name in common) == list(range(HUES))


def test_spelling_and_what_lies_within_a_genre_change_nothing() -> None:
    assert slot_of("electronic/techno") == slot_of("Electronic") == slot_of("ÉLECTRONIC") == slot_of("Electronica")
    assert slot_of("Hip Hop") == slot_of("hip-hop") == slot_of("Rap")
    assert (top_of("Singer/Songwriter"), top_of("Hip-Hop/Rap")) == ("Singer/Songwriter", "Hip-Hop")


def test_a_genre_that_nobody_heard_of_has_one_colour_for_ever() -> None:
    assert [slot_of("Polka"), slot_of("Zydeco"), slot_of("Vaporwave")] == [1, 8, 10], "as on any day"


@given(st.text(min_size=1))
def test_every_name_has_a_colour(name: str) -> None:
    assert 0 <= slot_of(name) < HUES
