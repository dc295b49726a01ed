"""Albums to begin with: whole, in order, of different artists and genres, the same for a day."""

from __future__ import annotations

from indexer.core.catalogue.beginnings import beginnings, whole_album
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
    numbers = catalogue.numbers("track_number").array
    assert [numbers[whole_album(catalogue, row)].tolist() for row in drawn] == [[1, 2, 3, 4]] * 6
    assert len({catalogue.artist(row) for row in drawn}) == 6
    assert {catalogue.texts("genre")[row] for row in drawn[:2]} == {"Rock", "Jazz"}


def test_they_stay_for_a_seed_and_differ_by_it() -> None:
    catalogue = library()
    assert beginnings(catalogue, 7, 6) == beginnings(catalogue, 7, 6)
    assert any(beginnings(catalogue, 7, 6) != beginnings(catalogue, seed, 6) for seed in range(5))


def test_a_small_library_has_fewer_and_what_is_away_is_left() -> None:
    assert beginnings(Catalogue(), 1, 6) == []
    made = Catalogue()
    made.upsert([track(1, artist="A", album="B", state=TrackState.AWAY), track(2, artist="C", album="D"), track(3)])
    assert beginnings(made, 1, 6) == [1]
