"""Artists and albums that sound like one of them."""

from __future__ import annotations

import numpy as np

from indexer.core.catalogue.albums import albums_of
from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.like_groups import LikeGroups, heard_in
from indexer.core.model import SimilarityModel
from indexer.core.tracks import Track
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.model import states

ARTISTS = 12
KINDS = 3


def library(*further: Track) -> tuple[Catalogue, SimilarityModel]:
    """Twelve artists with two albums of two tracks each; artist and album n sound like those n ± 3."""
    tracks = [
        track(number, artist=f"Artist {number // 4:02}", album=f"Album {number // 2:02}")
        for number in range(4 * ARTISTS)
    ]
    catalogue = Catalogue()
    catalogue.upsert([*tracks, *further])
    generator = np.random.default_rng(5)
    centres = generator.normal(size=(KINDS, 12))
    kinds = [number // 4 % KINDS for number in range(4 * ARTISTS)] + [0] * len(further)
    drawn = centres[kinds] + 0.3 * generator.normal(size=(len(kinds), 12))
    rows = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    ids = [one.id for one in (*tracks, *further)]
    order = np.argsort(ids)
    arrays = states.arrays(rows[order], [ids[place] for place in order], pool=20)
    return catalogue, SimilarityModel(states.manifest(arrays), arrays)


def artists_like(catalogue: Catalogue, model: SimilarityModel, artist: str, k: int) -> list[str]:
    artists = artists_of(catalogue)
    number = list(artists.labels).index(artist)
    return [
        artists.labels[one.number] for one in LikeGroups.of_artists(artists, heard_in(catalogue, model)).like(number, k)
    ]


def test_artists_are_near_those_of_their_kind() -> None:
    catalogue, model = library()
    assert set(artists_like(catalogue, model, "Artist 04", 3)) == {"Artist 01", "Artist 07", "Artist 10"}


def test_nobody_and_various_artists_are_neither_asked_about_nor_found() -> None:
    catalogue, model = library(track(90, artist=""), track(91, artist="Various Artists"))
    assert not artists_like(catalogue, model, "Various Artists", 5)
    assert not artists_like(catalogue, model, "", 5)
    assert {"", "Various Artists"}.isdisjoint(artists_like(catalogue, model, "Artist 00", 50))


def test_a_guest_on_all_an_artist_has_is_no_news() -> None:
    catalogue, model = library(*(track(90 + number, artist="Duo feat. Guest") for number in range(2)))
    assert "Guest" not in artists_like(catalogue, model, "Duo", 50)
    assert set(artists_like(catalogue, model, "Guest", 3)) <= {f"Artist {number:02}" for number in (0, 3, 6, 9)}


def test_a_guest_elsewhere_does_not_lend_the_guests_own_sound() -> None:
    catalogue, model = library(track(90, artist="Artist 01 feat. Artist 02"))
    without = library()
    assert artists_like(catalogue, model, "Artist 02", 3) == artists_like(*without, "Artist 02", 3)


def test_albums_are_near_those_of_their_kind_by_others() -> None:
    catalogue, model = library()
    albums = albums_of(catalogue)
    number = albums.titles.index("Album 08")  # of artist 4
    found = LikeGroups.of_albums(albums, heard_in(catalogue, model)).like(number, 6)
    assert {albums.artists[one.number] for one in found} == {"Artist 01", "Artist 07", "Artist 10"}
    assert [one.distance for one in found] == sorted(one.distance for one in found)


def test_what_is_not_analysed_has_nothing_near_it() -> None:
    catalogue, model = library()
    catalogue.upsert([track(95, artist="New", album="Newest")])
    assert not artists_like(catalogue, model, "New", 5)
    assert "New" not in artists_like(catalogue, model, "Artist 00", 50)


def test_a_track_that_left_the_model_has_no_say() -> None:
    catalogue, model = library(track(90, artist="Short"))
    assert "Short" in artists_like(catalogue, model, "Artist 00", 50)
    model.remove(track(90).id)
    assert "Short" not in artists_like(catalogue, model, "Artist 00", 50)
    assert len(artists_like(catalogue, model, "Artist 00", 50)) == ARTISTS - 1
