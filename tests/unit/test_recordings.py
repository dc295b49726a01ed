"""The same recording under another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.recordings import recording_of, sounds_the_same


@pytest.mark.parametrize(
    "title",
    [
        "Paranoid Android (Live)",
        "Paranoid Android (Live at the Astoria, 1994)",
        "paranoid android [2017 Remaster]",
        "Paranoid Android - Remastered 2009",
        "Paranoid Android – Radio Edit",
        "Paranoid Android (feat. Somebody)",
        "Paranoid Android ft. Somebody",
        "Paranoid  Android!",
    ],
)
def test_versions_are_one_recording(title: str) -> None:
    assert recording_of("Radiohead", title) == recording_of("RADIOHEAD", "Paranoid Android")


@pytest.mark.parametrize(
    "title", ["Paranoid", "Android", "Paranoid Android Part 2", "Paranoid Android (Remix)", "Live"]
)
def test_other_titles_are_other_recordings(title: str) -> None:
    assert recording_of("Radiohead", title) != recording_of("Radiohead", "Paranoid Android")


@pytest.mark.parametrize(("artist", "title"), [("", "Intro"), ("Somebody", ""), ("!!!", "Must Be the Moon")])
def test_nothing_is_known_of_the_nameless(artist: str, title: str) -> None:
    assert recording_of(artist, title) is None


def test_a_title_that_is_nothing_but_a_version_keeps_its_name() -> None:
    assert recording_of("X", "(Live)") == ("x", "live")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_names_will_do(artist: str, title: str) -> None:
    recording_of(artist, title)


def test_sounds_the_same() -> None:
    assert sounds_the_same(0.01, 200.0, 200.4)
    assert not sounds_the_same(0.3, 200.0, 200.4)
    assert not sounds_the_same(0.01, 200.0, 230.0)
    assert not sounds_the_same(0.01, None, 200.0)
