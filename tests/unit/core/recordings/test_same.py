"""The same recording under another name, and another one under the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.recordings.same import (
    FAR,
    SAME_SOUND,
    Recordings,
    Song,
    artists_of,
    is_same,
    may_be_same,
    names_of,
    same_among,
    share_names,
)
from indexer.core.tracks import TrackId


def entry(artist: str, title: str, *, seconds: float | None = None, album: str = "", number: int = 0) -> Song:
    return Song(TrackId(str(number)), artist, title, album, seconds)


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
def test_versions_share_their_names(title: str) -> None:
    assert share_names(entry("Radiohead", title), entry("RADIOHEAD", "Paranoid Android"))


@pytest.mark.parametrize(
    "title", ["Paranoid", "Android", "Paranoid Android Part 2", "Paranoid Android (Remix)", "Live"]
)
def test_other_titles_are_other_recordings(title: str) -> None:
    assert not share_names(entry("Radiohead", title), entry("Radiohead", "Paranoid Android"))


TELLING_NOTHING = """Intro|INTRO|[Intro]|Intro (Live)|Intro - Remastered 2009|Outro|Interlude|Interlude II|[untitled]
Untitled|Untitled #3|(untitled)|Track 01|Track01|track 1|01|1|12|II|A1|I. Allegro|I. Allegro con brio
Allegro ma non troppo|II. Andante|Prelude|Prélude|Prelude No. 4|Prelude and Fugue
Prologue|Epilogue|Overture|Finale|Skit|Hidden Track|Bonus Track|Silence|Titel 3|Ohne Titel|Piste 4
Sans titre|Traccia 5|Senza titolo|Pista 2|Sin título|Faixa 7|Spår 8
Трек 1|Без названия|Интро|Вступление|トラック1|無題|イントロ|第1楽章|未知|트랙 2|제목 없음|Part One|Pt. 2|Side A
Movement III|1. Satz|Main Title|Opening|Ending|Menuett|Scherzo: Presto|...|???|*|-|Ｉｎｔｒｏ|Intro\u200b""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize("title", TELLING_NOTHING)
def test_titles_that_recur_tell_nothing(title: str) -> None:
    one = entry("Band", title, seconds=60, album="First")
    assert not names_of(one)
    assert not is_same(one, entry("Band", title, seconds=95, album="Second"), 0.4)
    assert not is_same(one, entry("Band", title, seconds=60, album="First"), None)
    assert is_same(one, entry("Band", title, seconds=60.4, album="Second"), 0.1), "the sound tells"


@pytest.mark.parametrize(
    "title",
    [
        *("Jóga", "Song 000002", "Song 2", "One", "The End", "In the End", "Three Little Birds", "Introducing", "Лето"),
        *("Sonata No. 14 in C sharp minor: I. Adagio", "99 Luftballons", "夜の船", "Track Star", "Theme from Harbour"),
    ],
)
def test_titles_that_tell_something(title: str) -> None:
    assert names_of(entry("Band", title))


@pytest.mark.parametrize(
    ("artist", "title"), [("", "Jóga"), ("Somebody", ""), ("Unknown Artist", "Jóga"), ("Various Artists", "Jóga")]
)
def test_nothing_is_known_of_the_nameless(artist: str, title: str) -> None:
    assert not names_of(entry(artist, title))


def test_a_name_of_signs_alone_is_a_name() -> None:
    assert share_names(entry("!!!", "Must Be the Moon"), entry("!!!", "Must Be the Moon (Live)"))
    assert not share_names(entry("!!!", "Must Be the Moon"), entry("???", "Must Be the Moon"))
    assert artists_of(entry("!!!", "")) == {"!!!"}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("Duet One; Duet Two", "Duet Two", True),
        ("Duet One feat. Duet Two", "Duet One", True),
        ("Bôa", "BoA", False),
        ("Jay-Zed", "Jay‐Zed", True),
        ("ハナ", "バナ", False),
        ("Meg", "MEG", True),
    ],
)
def test_the_same_artist_is_told_by_identity(one: str, other: str, together: bool) -> None:
    assert artists_of(entry(one, "x")).isdisjoint(artists_of(entry(other, "y"))) != together
    assert share_names(entry(one, "Jóga"), entry(other, "Joga")) == together


def test_single_artists_of_the_file_count_for_the_whole_name() -> None:
    several = Song(TrackId("0"), "One & Two", "Jóga", artists=("One", "Two"))
    assert artists_of(several) == {"one", "two"}
    assert share_names(several, entry("Two", "Jóga"))


@pytest.mark.parametrize(
    ("title", "length", "album", "distance", "same"),
    [
        ("Jóga", 100, "Here", FAR + 0.4, True),  # of one album and one length
        ("Jóga", 100, "There", FAR + 0.01, False),
        ("Jóga", 140, "Here", FAR + 0.01, False),
        ("Jóga", 140, "There", FAR - 0.01, True),
        ("Jóga", 140, "There", None, True),  # nobody has heard them
        ("Jóga", 140, "There", float("inf"), True),
        ("Jóga (Live)", 140, "There", FAR + 0.1, True),
        ("Jóga (Live)", 140, "There", 1.3, False),
        ("Other", 100, "Here", SAME_SOUND - 0.01, True),
        ("Other", 100, "Here", SAME_SOUND + 0.01, False),
        ("Other", 102, "Here", SAME_SOUND - 0.01, False),
    ],
)
def test_names_are_borne_out_by_album_length_or_sound(
    title: str, length: float, album: str, distance: float | None, same: bool
) -> None:
    one, other = entry("Band", "Jóga", seconds=100, album="Here"), entry("Band", title, seconds=length, album=album)
    assert is_same(one, other, distance) == is_same(other, one, distance) == same


def test_a_title_that_is_nothing_but_a_version_keeps_its_name() -> None:
    assert names_of(entry("X", "(Live)")) == {("x", "live")}


ENTRIES = st.builds(
    entry,
    st.sampled_from(["A", "B", "A; B", "", "!!!"]) | st.text(max_size=5),
    st.sampled_from(["Jóga", "Joga (Live)", "Intro", ""]) | st.text(max_size=5),
    seconds=st.none() | st.sampled_from([30.0, 30.5, 200.0]),
    album=st.sampled_from(["", "x", "X", "y"]),
)
DISTANCES = st.none() | st.floats(0, 2)


@given(ENTRIES, ENTRIES, DISTANCES)
def test_it_is_the_same_both_ways_and_only_where_it_may_be(one: Song, other: Song, distance: float | None) -> None:
    assert is_same(one, other, distance) == is_same(other, one, distance)
    assert may_be_same(one, other) or not is_same(one, other, distance)


@given(st.lists(ENTRIES, max_size=8), st.integers(0, 99))
def test_many_at_once_are_told_as_two_are(entries: Sequence[Song], seed: int) -> None:
    distances = np.random.default_rng(seed).uniform(0, 1.4, (len(entries), len(entries)))
    distances = np.maximum(distances, distances.T)
    distances[distances > 1.2] = np.nan
    found = same_among(entries, distances)
    for one in range(len(entries)):
        for other in range(len(entries)):
            expected = one == other or is_same(entries[one], entries[other], float(distances[one, other]))
            assert found[one, other] == expected


def test_a_neighbour_of_one_generic_title_is_shown_and_a_version_is_not() -> None:
    apart = {frozenset("01"): 0.5, frozenset("02"): 0.5, frozenset("12"): 0.8}
    assert admitted(("A", "Intro", 100), ("A", "Intro", 100), ("A", "Intro", 140), apart=apart) == [0, 1, 2]
    assert admitted(("A", "Jóga", 100), ("A", "Jóga", 100), ("A", "Jóga (Live)", 140), apart=apart) == [0]


def test_two_songs_of_one_name_that_sound_far_apart_are_both_shown() -> None:
    assert admitted(("A", "Home", 100), ("A", "Home", 140), apart={frozenset("01"): 1.1}) == [0, 1]


def test_a_recording_is_told_once() -> None:
    assert admitted(("A", "Song", 100), ("A", "Song (Live)", 140), ("B", "Song", 120)) == [0, 2]


def test_copies_of_one_length_are_one_recording_whatever_they_are_called() -> None:
    apart = {frozenset("01"): 0.2, frozenset("02"): 0.2}
    found = admitted(("A", "x", 100), ("", "", 100.4), ("B", "y", 103), apart=apart)
    assert found == [0, 2], "the third is of another length"


def test_the_seed_is_not_told() -> None:
    seed = Song(TrackId("seed"), "A", "Song", seconds=100)
    assert admitted(("A", "Song - Remastered", 101), ("B", "other", 90), seed=seed) == [1]


def test_what_lies_far_apart_in_a_list_is_not_even_measured() -> None:
    recordings = Recordings(None, lambda one, others: pytest.fail(f"{one} and {others} were measured"))
    assert recordings.admits(Song(TrackId("0"), seconds=100), 0.1)
    assert recordings.admits(Song(TrackId("1"), seconds=100), 0.9)


def admitted(
    *entries: tuple[str, str, float], seed: Song | None = None, apart: dict[frozenset[str], float] | None = None
) -> list[int]:
    """Positions of the entries (artist, title, seconds) that are let through."""
    recordings = Recordings(
        seed, lambda one, others: [(apart or {}).get(frozenset((one, other)), 1.0) for other in others]
    )
    made = [
        Song(TrackId(str(number)), artist, title, seconds=seconds)
        for number, (artist, title, seconds) in enumerate(entries)
    ]
    return [number for number, entry in enumerate(made) if recordings.admits(entry, 0.1)]
