"""The same recording under another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import TrackId
from indexer.recordings import Entry, Recordings, recording_of


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


def test_a_recording_is_told_once() -> None:
    assert admitted(("A", "Song", 100), ("A", "Song (Live)", 140), ("B", "Song", 120)) == [0, 2]


def test_copies_of_one_length_are_one_recording_whatever_they_are_called() -> None:
    apart = {frozenset("01"): 0.2, frozenset("02"): 0.2}
    found = admitted(("A", "x", 100), ("", "", 100.4), ("B", "y", 103), apart=apart)
    assert found == [0, 2], "the third is of another length"


def test_the_seed_is_not_told() -> None:
    seed = Entry(TrackId("seed"), "A", "Song", 100)
    assert admitted(("A", "Song - Remastered", 101), ("B", "other", 90), seed=seed) == [1]


def test_what_lies_far_apart_in_a_list_is_not_even_measured() -> None:
    recordings = Recordings(None, lambda one, others: pytest.fail(f"{one} and {others} were measured"))
    assert recordings.admits(Entry(TrackId("0"), "", "", 100), 0.1)
    assert recordings.admits(Entry(TrackId("1"), "", "", 100), 0.9)


def admitted(
    *entries: tuple[str, str, float], seed: Entry | None = None, apart: dict[frozenset[str], float] | None = None
) -> list[int]:
    """Positions of the entries (artist, title, seconds) that are let through."""
    recordings = Recordings(
        seed, lambda one, others: [(apart or {}).get(frozenset((one, other)), 1.0) for other in others]
    )
    made = [Entry(TrackId(str(number)), *entry) for number, entry in enumerate(entries)]
    return [number for number, entry in enumerate(made) if recordings.admits(entry, 0.1)]
