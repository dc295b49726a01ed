"""Joining the lists of several seeds: agreement first, whatever the order of the seeds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.discover.fusion import MOST_NEAR, MOST_SEEDS, fuse, near_depth, some_of
from indexer.core.tracks import TrackId

RANKED = st.lists(st.sampled_from([TrackId(letter) for letter in "abcdefghijkl"]), unique=True, max_size=12)
LISTS = st.lists(RANKED, min_size=1, max_size=5)


def order(lists: Sequence[Sequence[str]], near: int = MOST_NEAR) -> list[str]:
    return [fused.track for fused in fuse([[TrackId(track) for track in ranked] for ranked in lists], near)]


def test_what_two_seeds_agree_about_goes_before_the_favourite_of_one() -> None:
    assert order(["axyz", "bcdx"]) == ["x", "a", "b", "c", "d", "y", "z"]


def test_of_equal_agreement_the_better_ranks_go_first() -> None:
    assert order(["pq", "qp", "q"])[0] == "q"
    assert [fused.near for fused in fuse([list(map(TrackId, "pq")), list(map(TrackId, "q"))], 5)] == [2, 1]


def test_only_ranks_up_to_the_depth_count_as_near() -> None:
    fused = fuse([list(map(TrackId, "abc")), list(map(TrackId, "xyc"))], near=2)
    assert {entry.track: entry.near for entry in fused} == {"a": 1, "b": 1, "x": 1, "y": 1}


def test_a_track_is_told_with_the_seed_that_has_it_highest() -> None:
    entry = next(
        entry for entry in fuse([list(map(TrackId, "abc")), list(map(TrackId, "ca"))], 9) if entry.track == "c"
    )
    assert (entry.nearest, entry.rank) == (1, 1)


@given(RANKED)
def test_one_list_keeps_its_order(ranked: list[TrackId]) -> None:
    assert order([ranked]) == ranked


@given(LISTS, st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_order_of_the_seeds_does_not_matter(lists: list[list[TrackId]], near: int, random: object) -> None:
    shuffled = list(lists)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order(shuffled, near) == order(lists, near)


@given(LISTS, st.integers(1, 12), st.data())
def test_moving_up_in_a_list_never_moves_down_in_the_joined_one(
    lists: list[list[TrackId]], near: int, data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(lists) - 1))
    if len(lists[which]) < 2:
        return
    place = data.draw(st.integers(1, len(lists[which]) - 1))
    raised = [list(ranked) for ranked in lists]
    track = raised[which].pop(place)
    raised[which].insert(place - 1, track)
    before, after = order(lists, near), order(raised, near)
    if track in before:
        assert after.index(track) <= before.index(track)


@given(LISTS, st.integers(1, 12))
def test_nothing_comes_twice_or_from_nowhere_and_agreement_never_grows(lists: list[list[TrackId]], near: int) -> None:
    fused = fuse(lists, near)
    assert len({entry.track for entry in fused}) == len(fused)
    assert {entry.track for entry in fused} == {track for ranked in lists for track in ranked[:near]}
    assert [entry.near for entry in fused] == sorted((entry.near for entry in fused), reverse=True)


def test_a_tenth_of_a_library_is_near_and_no_more_than_a_list_holds() -> None:
    assert [near_depth(others) for others in (0, 50, 264, 106_573)] == [10, 10, 26, 200]


def test_of_too_many_seeds_some_are_asked_evenly_and_each_once() -> None:
    tracks = [TrackId(f"{number:032x}") for number in range(100)]
    asked = some_of([*tracks, *tracks])
    assert len(asked) == MOST_SEEDS
    assert asked == sorted(set(asked))
    assert asked[0] == tracks[0]
    assert int(asked[-1], 16) > 90
    assert some_of([tracks[3], tracks[1], tracks[3]]) == [tracks[3], tracks[1]]
