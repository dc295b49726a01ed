"""Albums to begin with: whole, in order, of different artists and genres, the same for a day."""

from __future__ import annotations

from indexer.core.catalogue.beginnings import beginnings
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.tracks import TrackState
from tests.unit.core.catalogue.tracks import track


def library() -> Catalogue:
    """Ten artists with two albums of four tracks each, in two genres, the last track of an album first."""
    made = Catalogue()
    made.upsert(
        track(
            40 * artist + 4 * album + place,
            artist=f"Artist {artist}",
            album=f"Album {artist}.{album}",
            genre=("Rock", "Jazz")[artist % 2],
            track_number=4 - place,
            path=f"/music/{artist}/{album}/{place}.mp3",
        )
        for artist in range(10)
        for album in range(2)
        for place in range(4)
    )
    return made


def test_albums_are_whole_in_order_and_differ() -> None:
    catalogue = library()
    drawn = beginnings(catalogue, 7, 6)
    assert [len(rows) for rows in drawn] == [4] * 6
    assert all(catalogue.numbers("track_number").array[rows].tolist() == [1, 2, 3, 4] for rows in drawn)
    assert len({catalogue.artist(int(rows[0])) for rows in drawn}) == 6
    assert {catalogue.texts("genre")[int(rows[0])] for rows in drawn[:2]} == {"Rock", "Jazz"}


def test_they_stay_for_a_seed_and_differ_by_it() -> None:
    catalogue = library()

    def first(seed: int) -> list[int]:
        return [int(rows[0]) for rows in beginnings(catalogue, seed, 6)]

    assert first(7) == first(7)
    assert any(first(7) != first(seed) for seed in range(5))


def test_a_small_library_has_fewer_and_what_is_away_is_left() -> None:
    assert beginnings(Catalogue(), 1, 6) == []
    made = Catalogue()
    made.upsert([track(1, artist="A", album="B", state=TrackState.AWAY), track(2, artist="C", album="D"), track(3)])
    assert [rows.tolist() for rows in beginnings(made, 1, 6)] == [[1]]
