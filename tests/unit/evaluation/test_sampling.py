"""Stratified samples: every stratum has its share, and at least one; artists are whole on wish."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.core.tracks import Track
from indexer.evaluation.sampling import UNKNOWN, By, SampleRefused, allocate, draw
from tests.unit.core.catalogue.tracks import track

SIZES = st.lists(st.integers(1, 5_000), min_size=1, max_size=40)


@st.composite
def sizes_and_size(draw_value: st.DrawFn) -> tuple[list[int], int]:
    sizes = draw_value(SIZES)
    return sizes, draw_value(st.integers(0, sum(sizes)))


@given(sizes_and_size())
def test_an_allocation_adds_up_and_no_stratum_gives_more_than_it_has(given_sizes: tuple[list[int], int]) -> None:
    sizes, size = given_sizes
    counts = allocate(sizes, size)
    assert sum(counts) == size
    assert all(0 <= count <= most for count, most in zip(counts, sizes, strict=True))


@given(sizes_and_size())
def test_every_stratum_gets_one_where_there_are_enough(given_sizes: tuple[list[int], int]) -> None:
    sizes, size = given_sizes
    assume(size >= len(sizes))
    assert min(allocate(sizes, size)) >= 1


@given(sizes_and_size())
def test_shares_are_kept_to_less_than_one_track_where_none_has_to_be_lifted(
    given_sizes: tuple[list[int], int],
) -> None:
    sizes, size = given_sizes
    total = sum(sizes)
    assume(size and all(each * size >= total for each in sizes))
    for count, each in zip(allocate(sizes, size), sizes, strict=True):
        assert abs(Fraction(count, size) - Fraction(each, total)) < Fraction(1, size)


@given(sizes_and_size())
def test_what_is_left_by_lifted_strata_is_divided_by_share(given_sizes: tuple[list[int], int]) -> None:
    sizes, size = given_sizes
    assume(size >= len(sizes))
    pairs = [(count, each) for count, each in zip(allocate(sizes, size), sizes, strict=True) if count > 1]
    left, total = sum(count for count, _ in pairs), sum(each for _, each in pairs)
    for count, each in pairs:
        assert abs(count - Fraction(left * each, total)) < 2, "one by the remainder, one by those that round to one"


@given(sizes_and_size())
def test_a_larger_stratum_never_gets_less(given_sizes: tuple[list[int], int]) -> None:
    sizes, size = given_sizes
    by_size = sorted(zip(sizes, allocate(sizes, size), strict=True))
    for (one, first), (other, second) in itertools.pairwise(by_size):
        assert first <= second or one == other


def test_rare_strata_are_lifted_and_the_rest_pays() -> None:
    assert allocate([980, 10, 9, 1], 20) == [17, 1, 1, 1]
    assert allocate([50, 30, 20], 10) == [5, 3, 2]
    assert allocate([6, 6, 6, 6], 2) == [1, 1, 0, 0], "too few for all: the first of equals"


def library() -> list[Track]:
    """Three genres of 80, 18 and 2 tracks, spelt in two ways; artists of six tracks each, in folders of their own."""
    names = ["Rock"] * 40 + ["rock"] * 40 + ["Jazz"] * 18 + ["Polka"] * 2
    return [
        track(
            place,
            genre=name,
            year=1960 + place // 2,
            artist=f"Artist {place // 6}",
            path=f"/music/{place // 6}/{place}.mp3",
        )
        for place, name in enumerate(names)
    ]


def test_a_sample_has_the_genres_of_the_library_and_the_rarest_too() -> None:
    sample = draw(library(), 20, By.GENRE, seed=1)
    assert [(each.label, each.tracks, each.drawn) for each in sample.strata] == [
        ("rock", 80, 16), ("Jazz", 18, 3), ("Polka", 2, 1)
    ]  # fmt: skip
    assert len({each.id for each in sample.tracks}) == 20
    assert (sample.total, sample.asked, sample.absent) == (100, 20, 0)


def test_a_seed_draws_the_same_again_in_whatever_order_tracks_come() -> None:
    tracks = library()
    first = draw(tracks, 20, By.GENRE, seed=7)
    assert draw(tracks[::-1], 20, By.GENRE, seed=7) == first
    assert draw(tracks, 20, By.GENRE, seed=8).tracks != first.tracks


def test_tracks_that_come_leave_most_of_a_sample_as_it_is() -> None:
    before = draw(library(), 20, By.GENRE, seed=7)
    more = [*library(), *(track(100 + number, genre="Jazz") for number in range(2))]
    after = draw(more, 20, By.GENRE, seed=7)
    assert len({each.id for each in before.tracks} & {each.id for each in after.tracks}) >= 17


def test_every_track_of_a_stratum_is_as_likely_as_the_others() -> None:
    tracks = library()
    drawn = Counter(each.id for seed in range(400) for each in draw(tracks, 20, By.GENRE, seed=seed).tracks)
    rock = [drawn[each.id] for each in tracks if each.genre.lower() == "rock"]
    assert min(rock) > 400 * 16 / 80 - 40
    assert max(rock) < 400 * 16 / 80 + 40, "nine tenths of a hundred lie within twenty of eighty; none beyond forty"


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        (By.DECADE, {"1960s", "1970s", "1980s", "1990s", "2000s"}),
        (By.FOLDER, {f"/music/{number}" for number in range(17)}),
        (By.ARTIST, {f"Artist {number}" for number in range(17)}),
    ],
)
def test_strata_by(by: By, labels: set[str]) -> None:
    assert {each.label for each in draw(library(), 30, by, seed=1).strata} == labels


def test_years_and_what_is_not_known_are_strata() -> None:
    tracks = [track(1, year=1999), track(2, year=1999), track(3, year=None)]
    assert [each.label for each in draw(tracks, 2, By.YEAR, seed=1).strata] == ["1999", UNKNOWN]
    assert [each.label for each in draw(tracks, 2, By.GENRE, seed=1).strata] == [UNKNOWN]


def test_albums_are_those_of_the_player_and_two_of_one_name_are_two() -> None:
    tracks = [
        track(1, album="Live", artist="A", path="/music/a/1.mp3"),
        track(2, album="Live", artist="A", path="/music/a/2.mp3"),
        track(3, album="Live", artist="B", path="/music/b/1.mp3"),
        track(4, album="Live", artist="A", path="/music/other/1.mp3"),
        track(5, artist="A"),
    ]
    strata = draw(tracks, 5, By.ALBUM, seed=1).strata
    assert {(each.label, each.tracks) for each in strata} == {
        ("A – Live (/music/a)", 2), ("A – Live (/music/other)", 1), ("B – Live", 1), (UNKNOWN, 1)
    }  # fmt: skip


def test_fewer_tracks_than_strata_go_to_those_with_the_greatest_share() -> None:
    sample = draw(library(), 2, By.GENRE, seed=1)
    assert [each.drawn for each in sample.strata] == [2, 0, 0]
    assert sample.absent == 2


@given(seed=st.integers(0, 1_000), size=st.integers(3, 99))
def test_whole_artists_are_all_in_or_out_and_every_genre_is_there(seed: int, size: int) -> None:
    tracks = library()
    sample = draw(tracks, size, By.GENRE, seed=seed, artists_whole=True)
    drawn = {each.artist for each in sample.tracks}
    assert Counter(each.artist for each in sample.tracks) == {
        artist: number for artist, number in Counter(each.artist for each in tracks).items() if artist in drawn
    }
    assert sample.absent == 0
    assert abs(len(sample.tracks) - size) <= 3 * 6, "an artist a genre"


def test_guests_do_not_make_another_artist_and_nobody_is_no_artist() -> None:
    tracks = [
        track(1, artist="A"), track(2, artist="A feat. B"), track(3, artist="A; C", artists=("A", "C")),
        *(track(number, artist="") for number in range(10, 20)),
    ]  # fmt: skip
    for seed in range(20):
        sample = draw(tracks, 5, By.GENRE, seed=seed, artists_whole=True)
        assert len(sample.tracks) in {4, 5, 6}
        assert sum(bool(each.artist) for each in sample.tracks) in {0, 3}


@pytest.mark.parametrize("by", [By.ARTIST, By.ALBUM, By.FOLDER])
def test_whole_artists_by_artist_would_be_everything(by: By) -> None:
    with pytest.raises(SampleRefused, match=f"by {by.value} would be everything"):
        draw(library(), 20, by, seed=1, artists_whole=True)


def test_more_than_there_are_and_none_at_all_are_refused() -> None:
    with pytest.raises(SampleRefused, match="101 cannot be drawn from 100 tracks"):
        draw(library(), 101, By.GENRE, seed=1)
    with pytest.raises(SampleRefused, match="no tracks"):
        draw([], 1, By.GENRE, seed=1)


def test_all_of_a_library_is_a_sample_of_it() -> None:
    assert {each.id for each in draw(library(), 100, By.GENRE, seed=3).tracks} == {each.id for each in library()}
