"""What the radio plays next: never a recording again, artists and albums apart, the best by chance."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.discover.radio_rules import (
    ALBUM_GAP,
    ARTIST_GAP,
    SEED_SHARE,
    Aversions,
    Line,
    Song,
    choose,
    directions,
    draw,
)
from indexer.core.tracks import TrackId
from tests.unit.discover.toy_candidates import ToyCandidates, name

SEED = name(0)


def songs_of(
    candidates: ToyCandidates, length: int, *, chance: int = 1, playing: Song | None = None, **line: object
) -> list[Song]:
    """So many songs put behind one another, after what plays."""
    coming = [playing or candidates.song(SEED)]
    random = Random(chance)
    for _ in range(length):
        choice = choose(candidates, Line((), coming, (SEED,), **line), random)  # type: ignore[arg-type]
        if choice is None:
            break
        coming.append(choice.song)
    return coming


@given(chance=st.integers(0, 1_000), artists=st.integers(6, 40), albums=st.integers(10, 60))
def test_nothing_comes_twice_and_artists_and_albums_keep_their_distance(chance: int, artists: int, albums: int) -> None:
    songs = songs_of(ToyCandidates.of(150, artists, albums), 20, chance=chance)
    assert len({song.track for song in songs}) == len(songs) == 21
    for place, song in enumerate(songs):
        assert song.artist not in {other.artist for other in songs[max(place - ARTIST_GAP, 0) : place]}
        assert song.album not in {other.album for other in songs[max(place - ALBUM_GAP, 0) : place]}


def test_the_distance_is_kept_across_the_seam_with_what_plays() -> None:
    candidates = ToyCandidates([Song(name(0), "A", "zero"), *(Song(name(n), "A", f"{n}") for n in range(1, 30))])
    candidates.songs[name(30)] = Song(name(30), "B", "thirty")
    assert songs_of(candidates, 1)[1].track == name(30)


@given(chance=st.integers(0, 200), count=st.integers(1, 12), artists=st.integers(1, 3))
def test_a_small_library_is_used_up_without_a_repetition_and_then_nothing_comes(
    chance: int, count: int, artists: int
) -> None:
    candidates = ToyCandidates.of(count, artists, artists)
    songs = songs_of(candidates, count + 3, chance=chance)
    assert sorted(song.track for song in songs) == [name(number) for number in range(count)]
    assert candidates.asked < 200 * count


def test_what_was_heard_longest_ago_comes_again_where_all_was_heard() -> None:
    candidates = ToyCandidates.of(6)
    past = [candidates.song(name(number)) for number in (3, 1, 5, 2, 4)]
    choice = choose(candidates, Line(past, [candidates.song(SEED)], (SEED,)), Random(1))
    assert choice is not None
    assert choice.song.track == name(3)


def test_another_version_or_a_copy_of_what_is_to_come_never_does() -> None:
    songs = [Song(name(0), "A", "Song"), Song(name(1), "A", "Song (live)"), Song(name(2), "C", "x"), Song(name(3))]
    candidates = ToyCandidates(songs, copies=[{name(0), name(2)}])
    assert [song.track for song in songs_of(candidates, 4)] == [name(0), name(3)]


def test_barred_tracks_stay_out() -> None:
    songs = songs_of(ToyCandidates.of(6), 9, barred={name(1), name(4)})
    assert sorted(song.track for song in songs) == [name(0), name(2), name(3), name(5)]


def test_the_same_chance_gives_the_same_programme_and_another_one_another() -> None:
    candidates = ToyCandidates.of(200)
    assert songs_of(candidates, 10, chance=5) == songs_of(candidates, 10, chance=5)
    assert songs_of(candidates, 10, chance=5) != songs_of(candidates, 10, chance=6)


def test_it_samples_among_the_best_and_prefers_the_very_best() -> None:
    songs = [Song(name(number)) for number in range(100)]
    first = Counter(next(draw(songs, lambda _: 1.0, Random(seed))).track for seed in range(600))
    assert len(first) > 15
    assert set(first) <= {name(number) for number in range(40)}
    assert first[name(0)] > first[name(10)] > first[name(30)]


@given(st.integers(0, 1_000))
def test_every_direction_is_looked_into_once(chance: int) -> None:
    ways = directions((name(1), name(2)), (name(2), name(3)), lambda _: 1.0, Random(chance))
    assert sorted(ways) == [name(1), name(2), name(3)]


def test_the_seeds_lead_in_sixty_of_a_hundred_draws() -> None:
    firsts = [directions((name(1),), (name(2), name(3)), lambda _: 1.0, Random(seed))[0] for seed in range(2_000)]
    assert abs(firsts.count(name(1)) / 2_000 - SEED_SHARE) < 0.04
    assert firsts.count(name(2)) > 250


def test_two_skips_in_one_direction_lead_away_from_it() -> None:
    """The seed lies between two crowds; tracks of one of them are skipped."""
    candidates = ToyCandidates.of(201)
    seed, aversions = name(100), Aversions()

    def share_above() -> float:
        picks = [choose(candidates, Line((), (), (seed,), aversions=aversions), Random(n)) for n in range(300)]
        return sum(int(pick.song.track) > 100 for pick in picks if pick) / 300

    assert abs(share_above() - 0.5) < 0.1
    for skipped in (104, 107):
        near = [song.track for song in candidates.near(name(skipped), 40) if int(song.track) > 100]
        aversions.skip(name(skipped), near, seed)
    assert share_above() < 0.15


def test_a_skip_counts_less_the_farther_away_and_stays_above_nothing() -> None:
    aversions = Aversions()
    near = [name(number) for number in range(1, 150)]
    for _ in range(40):
        aversions.skip(name(0), near, TrackId("seed"))
    weights = [aversions.weight(track) for track in (name(0), near[0], near[50], near[99], near[120])]
    assert weights == sorted(weights)
    assert weights[0] > 0
    assert weights[-1] == 1.0
    assert 0 < aversions.of_direction(TrackId("seed")) < aversions.of_direction(TrackId("another")) == 1.0
