"""The single artists in what is written about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.recordings.artists import credits_of, stands_alone
from indexer.core.text import identity

WHOLE = [
    "AC/DC",
    "Simon & Garfunkel",
    "Earth, Wind & Fire",
    "Tyler, The Creator",
    "Iron & Wine",
    "Blood, Sweat & Tears",
    "Crosby, Stills, Nash and Young",
    "Nick Cave and the Bad Seeds",
    "Dance with the Dead",
    "Sleeping With Sirens",
    "Ft. Lauderdale",
    "Featherweight",
    "Daft Punk",
    "Lift to Experience",
    "M/A/R/R/S",
    "Mary J. Blige",
    "Steins;Gate",
    "Simon &amp; Garfunkel",
    "+/-",
    "!!!",
    "???",
    "Sunn O)))",
    "Belle and Sebastian",
    "Florence + the Machine",
    "John Williams, London Symphony Orchestra",
]


@pytest.mark.parametrize("name", WHOLE)
def test_names_that_are_whole_stay_so(name: str) -> None:
    assert credits_of(name).everyone == (name,)


@pytest.mark.parametrize(
    ("written", "main", "guests"),
    [
        ("Duet One; Duet Two", ("Duet One", "Duet Two"), ()),
        ("Duet One / Duet Two", ("Duet One", "Duet Two"), ()),
        ("Duet One\uff1b Duet Two", ("Duet One", "Duet Two"), ()),
        ("Duet One feat. Duet Two", ("Duet One",), ("Duet Two",)),
        ("Duet One Feat Duet Two", ("Duet One",), ("Duet Two",)),
        ("Duet One ft. Duet Two", ("Duet One",), ("Duet Two",)),
        ("Duet One FEATURING Duet Two", ("Duet One",), ("Duet Two",)),
        ("Duet One feat.Duet Two", ("Duet One",), ("Duet Two",)),
        ("Duet One (feat. Duet Two)", ("Duet One",), ("Duet Two",)),
        ("Duet One [with Duet Two]", ("Duet One",), ("Duet Two",)),
        ("Duet One w/ Duet Two", ("Duet One",), ("Duet Two",)),
        ("One feat. Two feat. Three", ("One",), ("Two", "Three")),
        ("One / Two (feat. Three) / Four", ("One", "Two", "Four"), ("Three",)),
        ("AC/DC feat. Simon & Garfunkel", ("AC/DC",), ("Simon & Garfunkel",)),
        ("!!! feat. ???", ("!!!",), ("???",)),
        ("One; one; ONE", ("One",), ()),
        ("", (), ()),
    ],
)
def test_artists_side_by_side_and_their_guests(written: str, main: tuple[str, ...], guests: tuple[str, ...]) -> None:
    found = credits_of(written)
    assert (found.main, found.guests) == (main, guests)


@pytest.mark.parametrize(
    ("written", "known", "artists"),
    [
        ("Elm Lane with Guests", {"elm lane"}, ("Elm Lane", "Guests")),
        ("Elm Lane with Guests", {"guests"}, ("Elm Lane with Guests",)),
        ("One Band/Other Band", {"one band", "other band"}, ("One Band", "Other Band")),
        ("One Band/Other Band", {"one band"}, ("One Band/Other Band",)),
        ("One Band;Other Band", {"one band", "other band"}, ("One Band", "Other Band")),
        ("Love / Hate", {"love / hate", "love", "hate"}, ("Love / Hate",)),
        ("The Ft. Knox Five", {"the ft. knox five"}, ("The Ft. Knox Five",)),
        ("The Ft. Knox Five; Love / Hate", {"love / hate", "the ft. knox five"}, ("The Ft. Knox Five", "Love / Hate")),
        ("One / Two; Three", {"love / hate"}, ("One", "Two", "Three")),
    ],
)
def test_what_the_library_knows_decides(written: str, known: set[str], artists: tuple[str, ...]) -> None:
    assert credits_of(written, (), known).everyone == artists


def test_what_the_file_tells_apart_is_taken_as_it_is() -> None:
    found = credits_of("AC/DC & Love / Hate", ("AC/DC", "Love / Hate"))
    assert found.everyone == ("AC/DC", "Love / Hate")
    assert credits_of("One & Two", ("One feat. Three", "Two")).everyone == ("One", "Two", "Three")


@given(st.text(max_size=40), st.sets(st.text(max_size=5)))
def test_any_text_names_artists_of_which_none_is_empty_or_twice(name: str, known: set[str]) -> None:
    artists = credits_of(name, (), known).everyone
    assert all(map(identity, artists))
    assert len({identity(artist) for artist in artists}) == len(artists)
    if stands_alone(name):
        assert artists == ((name.strip(),) if identity(name) else ())
