"""What is left of the nearest tracks: one recording once, and not all by one artist."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.selection import (
    MOST_OF_ONE_ARTIST,
    ListRules,
    SimilarRow,
    choose,
    rows_of,
    share_farther,
)
from indexer.core.model import Neighbour
from indexer.core.recordings.same import Apart
from indexer.core.settings import SameArtist
from indexer.core.tracks import TrackId, TrackState
from tests.unit.core.catalogue.tracks import track

SEED = track(0, title="Seed", artist="Seeder", seconds=100.0)


def near(number: int, distance: float) -> Neighbour:
    return Neighbour(track(number).id, distance, 1 - distance, distance)


def far(_one: TrackId, others: Sequence[TrackId]) -> list[float]:
    return [1.0] * len(others)


def select(
    catalogue: Catalogue,
    seed: TrackId,
    neighbours: Sequence[Neighbour],
    k: int,
    *,
    apart: Apart,
    rules: ListRules | None = None,
    others: int = 0,
) -> list[SimilarRow]:
    return choose(catalogue, [seed], rows_of(neighbours, others, seed), k, apart=apart, rules=rules or ListRules())


def chosen(tracks: list[tuple[str, str]], k: int = 10, rules: ListRules | None = None) -> list[int]:
    """Numbers of the chosen tracks out of (artist, title), given nearest first."""
    catalogue = Catalogue()
    made = [track(n, artist=artist, title=title, seconds=100.0 + 2 * n) for n, (artist, title) in enumerate(tracks, 1)]
    catalogue.upsert([SEED, *made])
    neighbours = [near(number, 0.1 + number / 1000) for number in range(1, len(tracks) + 1)]
    return [
        int(row.track, 16) for row in select(catalogue, SEED.id, neighbours, k, apart=far, rules=rules or ListRules())
    ]


def test_other_versions_of_the_seed_are_left_out() -> None:
    assert chosen([("Seeder", "Seed (Live)"), ("Other", "Seed"), ("Seeder", "Another")]) == [2, 3]


def test_one_recording_is_shown_once() -> None:
    assert chosen([("A", "Song"), ("A", "Song - Remastered"), ("B", "Song")]) == [1, 3]


def test_three_of_one_artist_then_others() -> None:
    tracks = [("A", f"Song {number}") for number in range(5)] + [("B", "x"), ("C", "y")]
    assert chosen(tracks, k=5) == [1, 2, 3, 6, 7]


def test_more_of_one_artist_where_the_list_would_be_short() -> None:
    tracks = [("A", f"Song {number}") for number in range(5)] + [("B", "x")]
    assert chosen(tracks, k=5) == [1, 2, 3, 4, 6]


def test_unknown_artists_are_not_one_artist() -> None:
    assert chosen([("", f"Song {number}") for number in range(6)], k=6) == [1, 2, 3, 4, 5, 6]


def test_the_same_sound_of_the_same_length_is_left_out_whatever_it_is_called() -> None:
    catalogue = Catalogue()
    catalogue.upsert([SEED, track(1, title="copy", seconds=100.3), track(2, title="near", seconds=160.0)])
    rows = select(catalogue, SEED.id, [near(1, 0.001), near(2, 0.002)], 5, apart=lambda _, others: [0.01] * len(others))
    assert [row.track for row in rows] == [track(2).id]


def test_tracks_that_are_gone_or_unknown_are_left_out() -> None:
    catalogue = Catalogue()
    catalogue.upsert([SEED, track(1, state=TrackState.GONE), track(2, state=TrackState.AWAY)])
    rows = select(catalogue, SEED.id, [near(1, 0.1), near(2, 0.2), near(3, 0.3)], 5, apart=far)
    assert [row.track for row in rows] == [track(2).id]


BY_SEEDER = [("Seeder", f"Song {number}") for number in range(5)] + [("B", "x"), ("Seeder feat. Guest", "y")]


def test_the_seeds_own_artist_is_allowed_limited_or_hidden() -> None:
    assert chosen(BY_SEEDER, rules=ListRules(SameArtist.ALLOW)) == [1, 2, 3, 4, 5, 6, 7]
    assert chosen(BY_SEEDER, rules=ListRules(SameArtist.LIMIT)) == [1, 2, 3, 6]
    assert chosen(BY_SEEDER, rules=ListRules(SameArtist.HIDE)) == [6]


@pytest.mark.parametrize(
    ("seeder", "others", "left"),
    [
        ("!!!", ["!!!", "???", "!!! feat. Guest"], [2]),
        ("+/-", ["+/-", "-/+"], [2]),
        ("Jay‐Zed", ["Jay-Zed", "JAY-ZED", "Jay Zed"], [3]),
        ("Bôa", ["BoA", "BÔA"], [1]),
        ("Duet One; Duet Two", ["Duet Two", "Duet One / Other", "Other", "Guest feat. Duet Two"], [3]),
        ("Unknown Artist", ["Unknown Artist", "[unknown]"], [1, 2]),
    ],
)
def test_hiding_the_same_artist_hides_every_track_that_names_it(
    seeder: str, others: list[str], left: list[int]
) -> None:
    catalogue = Catalogue()
    seed = track(0, title="Seed", artist=seeder, seconds=100.0)
    made = [track(n, title=f"Tune {n}", artist=name, seconds=110.0 + 2 * n) for n, name in enumerate(others, 1)]
    catalogue.upsert([seed, *made])
    neighbours = [near(n, 0.1 * n) for n in range(1, len(others) + 1)]
    rows = select(catalogue, seed.id, neighbours, 9, apart=far, rules=ListRules(SameArtist.HIDE))
    assert [int(row.track, 16) for row in rows] == left


@pytest.mark.parametrize("title", ["Intro", "[untitled]", "I. Allegro", "Track 01"])
def test_a_near_neighbour_of_one_generic_title_and_artist_is_shown(title: str) -> None:
    catalogue = Catalogue()
    fields = {"title": title, "artist": "Seeder", "seconds": 30.0}
    catalogue.upsert([track(0, album="One", **fields), track(1, album="Two", **fields)])
    rows = select(catalogue, SEED.id, [near(1, 0.5)], 5, apart=lambda _, others: [0.5] * len(others))
    assert [row.track for row in rows] == [track(1).id]


def test_a_seed_without_an_artist_hides_nobody() -> None:
    catalogue = Catalogue()
    seed = track(0, title="Seed", seconds=100.0)
    catalogue.upsert([seed, track(1, title="One", seconds=110.0), track(2, title="Two", seconds=120.0)])
    rules = ListRules(SameArtist.HIDE)
    rows = select(catalogue, seed.id, [near(1, 0.1), near(2, 0.2)], 5, apart=far, rules=rules)
    assert [row.track for row in rows] == [track(1).id, track(2).id]


def test_what_is_hidden_stays_away_with_its_other_recordings() -> None:
    tracks = [("A", "Song"), ("A", "Song (Live)"), ("B", "x")]
    assert chosen(tracks, rules=ListRules(hidden={track(1).id})) == [3]


def test_of_several_seeds_none_is_recommended_nor_another_recording_of_one() -> None:
    catalogue = Catalogue()
    other = track(9, title="Other seed", artist="Ninth", seconds=300.0)
    named = [("Ninth", "Other seed (Live)"), ("C", "copy of the other seed"), ("C", "new")]
    lengths = (150.0, 300.4, 400.0)
    made = [track(n, artist=a, title=t, seconds=s) for n, ((a, t), s) in enumerate(zip(named, lengths, strict=True), 1)]
    catalogue.upsert([SEED, other, *made])
    offered = [SimilarRow(one.id, 0.9, 0.1) for one in (other, *made)]
    rows = choose(
        catalogue, [SEED.id, other.id], offered, 5, apart=lambda _, others: [0.1] * len(others), rules=ListRules()
    )
    assert [int(row.track, 16) for row in rows] == [3]


def test_the_kth_nearest_of_n_is_closer_than_n_less_k_of_them() -> None:
    assert [share_farther(rank, 250) for rank in (1, 2, 250)] == [0.996, 0.992, 0.0]
    assert share_farther(1, 0) == 0.0
    catalogue = Catalogue()
    catalogue.upsert([SEED, track(1, title="a", state=TrackState.GONE), track(2, title="b", seconds=50.0)])
    rows = select(catalogue, SEED.id, [near(1, 0.1), near(2, 0.2)], 5, apart=far, others=10)
    assert [(row.track, row.rank, row.others) for row in rows] == [(track(2).id, 2, 10)]


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "Seeder", ""]), st.text("xyz", min_size=1, max_size=3)), max_size=20),
    st.sampled_from(SameArtist),
    st.sets(st.integers(1, 20)),
    st.integers(1, 12),
)
def test_the_rules_hold_for_any_neighbours(
    tracks: list[tuple[str, str]], choice: SameArtist, hidden: set[int], k: int
) -> None:
    rules = ListRules(choice, hidden={track(number).id for number in hidden})
    numbers = chosen(tracks, k, rules)
    own = sum(tracks[number - 1][0] == "Seeder" for number in numbers)
    assert not hidden.intersection(numbers)
    assert own <= {SameArtist.ALLOW: k, SameArtist.LIMIT: MOST_OF_ONE_ARTIST, SameArtist.HIDE: 0}[choice]
    assert numbers == sorted(numbers)
    assert len(numbers) <= k


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["Moth", "Yak", "Cat", "Wolf", "Bee"])), max_size=30),
    st.integers(1, 12),
)
def test_order_size_and_artists_hold_for_any_neighbours(tracks: list[tuple[str, str]], k: int) -> None:
    tracks = [(artist, f"{title} (Live)") for artist, title in tracks]  # as far apart as versions may be
    numbers = chosen(tracks, k)
    assert numbers == sorted(numbers)
    assert len(numbers) == min(k, len(set(tracks)))
    artists = [tracks[number - 1][0] for number in numbers]
    unlimited = [tracks[number - 1][0] for number in chosen(tracks, len(tracks) + 1)]
    possible = sum(min(unlimited.count(artist), MOST_OF_ONE_ARTIST) for artist in set(unlimited))
    if possible >= k:
        assert all(artists.count(artist) <= MOST_OF_ONE_ARTIST for artist in artists)
