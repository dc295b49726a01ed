"""Rules of playlists that the window and the server share: names, places, versions, and lines that nobody saw."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playlist import Playlist
from indexer.core.playlists import edits
from indexer.core.plays import OWNER, ListenerId
from indexer.core.tracks import TrackId

ANN = ListenerId("ann")
VERSIONS = st.builds(
    Playlist, st.sampled_from("abc"), st.sampled_from("xy"), updated_at=st.sampled_from([1.0, 2.0, 3.0]),
    deleted=st.booleans(),
)  # fmt: skip
LISTS = st.lists(VERSIONS, unique_by=lambda playlist: playlist.id)


def test_a_name_is_free_where_only_another_listener_has_it() -> None:
    lists = [Playlist("a", "Evening", position=4.0), Playlist("b", "Morning", owner=ANN, position=9.0)]
    mine = edits.appended(Playlist("c", "evening"), lists, "Playlist")
    theirs = edits.appended(Playlist("d", "Evening", owner=ANN), lists, "Playlist")
    assert (mine.name, mine.position, mine.owner) == ("evening (2)", 5.0, OWNER)
    assert (theirs.name, theirs.position) == ("Evening", 10.0)
    assert edits.appended(Playlist("e", " \n"), [], "Playlist").name == "Playlist"
    assert edits.named(lists[0], "EVENING", lists, "x").name == "EVENING", "its own name is no hindrance"


def test_a_version_is_later_than_the_one_before_also_where_the_clock_was_set_back() -> None:
    before = Playlist("a", "A", updated_at=100.0)
    assert edits.dated(before, None, 50.0).updated_at == 50.0
    assert edits.later_of(before, edits.dated(replace(before, name="B"), before, 50.0)).name == "B"


@given(LISTS, LISTS)
def test_two_sides_that_were_compared_are_the_same(ours: list[Playlist], theirs: list[Playlist]) -> None:
    here = {each.id: each for each in ours}
    newer, ahead = edits.compared(here, theirs)
    there = {each.id: each for each in theirs} | {each.id: each for each in ahead}
    here |= {each.id: each for each in newer}
    assert here.keys() == there.keys()
    for key, mine in here.items():
        versions = [each for each in (*ours, *theirs) if each.id == key]
        assert mine.updated_at == there[key].updated_at == max(each.updated_at for each in versions)
        assert mine.deleted is there[key].deleted


@given(st.lists(st.integers(0, 9)), st.sets(st.integers(0, 12)), st.lists(st.integers(10, 19)))
def test_lines_that_nobody_saw_stay_and_what_was_wanted_is_seen(
    before: list[int], seen: set[int], wanted: list[int]
) -> None:
    shown = [line for place, line in enumerate(before) if place in seen]
    unseen = [line for place, line in enumerate(before) if place not in seen]
    assert edits.unseen_kept(before, seen, shown) == tuple(before)
    after = edits.unseen_kept(before, seen, wanted)
    assert [line for line in after if line >= 10] == wanted
    assert [line for line in after if line < 10] == unseen


def test_a_line_that_nobody_saw_stays_behind_as_many_as_before() -> None:
    before = [TrackId(letter) for letter in "aXbcY"]
    assert edits.unseen_kept(before, {0, 2, 3}, [TrackId(letter) for letter in "cba"]) == tuple("cXbaY")
