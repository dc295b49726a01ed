"""What is left of the nearest tracks: one recording once, and not all by one artist."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from indexer.library import TrackId, TrackState
from indexer.model import Neighbour
from musicplayer.discover.selection import MOST_OF_ONE_ARTIST, select
from musicplayer.library.catalogue import Catalogue
from tests.unit.library.tracks import track

SEED = track(0, title="Seed", artist="Seeder", seconds=100.0)


def near(number: int, distance: float) -> Neighbour:
    return Neighbour(track(number).id, distance, 1 - distance, distance)


def far(_one: TrackId, others: Sequence[TrackId]) -> list[float]:
    return [1.0] * len(others)


def chosen(tracks: list[tuple[str, str]], k: int = 10) -> list[int]:
    """Numbers of the chosen tracks out of (artist, title), given nearest first."""
    catalogue = Catalogue()
    made = [track(n, artist=artist, title=title, seconds=100.0 + 2 * n) for n, (artist, title) in enumerate(tracks, 1)]
    catalogue.upsert([SEED, *made])
    neighbours = [near(number, 0.1 + number / 1000) for number in range(1, len(tracks) + 1)]
    return [int(row.track, 16) for row in select(catalogue, SEED.id, neighbours, k, apart=far)]


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


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.text("xyz", min_size=1, max_size=3)), max_size=30),
    st.integers(1, 12),
)
def test_order_size_and_artists_hold_for_any_neighbours(tracks: list[tuple[str, str]], k: int) -> None:
    numbers = chosen(tracks, k)
    assert numbers == sorted(numbers)
    assert len(numbers) == min(k, len(set(tracks)))
    artists = [tracks[number - 1][0] for number in numbers]
    unlimited = [tracks[number - 1][0] for number in chosen(tracks, len(tracks) + 1)]
    possible = sum(min(unlimited.count(artist), MOST_OF_ONE_ARTIST) for artist in set(unlimited))
    if possible >= k:
        assert all(artists.count(artist) <= MOST_OF_ONE_ARTIST for artist in artists)
