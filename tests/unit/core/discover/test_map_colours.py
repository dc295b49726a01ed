"""Which tracks of a map share a colour, and what the legend says of them."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.genre_hues import HUES, slot_of
from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import MOST_ARTISTS, NONE, OTHER, RAMP, ColourBy, Colouring, colouring
from indexer.core.tracks import Track, TrackId

DAY = 24 * 3600.0


def coloured(by: ColourBy, *changes: dict[str, object], at: float = 0.0) -> Colouring:
    """The colouring of a library of tracks with these fields."""
    catalogue = Catalogue()
    tracks = [
        Track(**{"id": TrackId(f"{n:032x}"), "path": f"/{n}", "root": "/", **each}) for n, each in enumerate(changes)
    ]  # type: ignore[arg-type]
    catalogue.upsert(tracks)
    drawn = MusicMap([each.id for each in tracks], np.zeros((len(tracks), 2), np.float32), np.arange(len(tracks)))
    return colouring(catalogue, drawn, by, at)


def labels(found: Colouring) -> list[str]:
    """What the legend says of each track."""
    return [found.classes[code].label for code in found.codes.tolist()]


def test_genres_are_merged_at_the_top_and_by_spelling() -> None:
    genres = ("Electronic", "electronic/techno", "Électronic", "Electronic", "Old-Time / Historic", "")
    found = coloured(ColourBy.GENRE, *({"genre": genre} for genre in genres))
    assert labels(found) == ["Electronic"] * 4 + ["Old-Time / Historic", "Unknown"]
    assert [entry.count for entry in found.classes] == [4, 1, 1]
    assert found.classes[-1].slot == NONE


def test_the_commonest_have_entries_of_their_own_and_the_rest_a_grey() -> None:
    names = [f"Genre {number:02}" for number in range(HUES + 8) for _ in range(40 - number)]
    found = coloured(ColourBy.GENRE, *({"genre": name} for name in names))
    assert [entry.label for entry in found.classes[:HUES]] == [f"Genre {number:02}" for number in range(HUES)]
    assert (found.classes[HUES].label, found.classes[HUES].slot) == ("Other", OTHER)
    assert sum(entry.count for entry in found.classes) == len(names)


def test_a_genre_has_the_same_hue_in_every_library_and_whatever_comes() -> None:
    genres = ["Jazz", "Polka", "Rock", "Zydeco"]
    for kept in (genres, genres[:1], genres[1:], genres[::-1] * 3):
        found = coloured(ColourBy.GENRE, *({"genre": genre} for genre in kept))
        assert {entry.label: entry.slot for entry in found.classes} == {genre: slot_of(genre) for genre in kept}


def test_artists_have_a_hue_each() -> None:
    found = coloured(ColourBy.ARTIST, *({"artist": f"Artist {number % 15}"} for number in range(40)))
    assert [entry.slot for entry in found.classes] == [*range(MOST_ARTISTS), OTHER]


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2024, "2020s"),
        (2010, "2010s"),
        (1999, "1990s"),
        (1985, "1970s and 1980s"),
        (1932, "Before 1970"),
        (None, "Unknown"),
    ],
)
def test_years_are_decades(year: int | None, label: str) -> None:
    assert labels(coloured(ColourBy.YEAR, {"year": year})) == [label]


def test_the_newest_have_the_end_of_the_ramp() -> None:
    found = coloured(ColourBy.ADDED, {"added_at": 99 * DAY}, {"added_at": 80 * DAY}, {"added_at": 1.0}, at=100 * DAY)
    assert labels(found) == ["Last week", "Last month", "Last half-year"]
    assert [entry.slot for entry in found.classes] == [RAMP + 5, RAMP + 4, RAMP + 3]


def test_what_was_never_played_is_told_from_what_was() -> None:
    catalogue = Catalogue()
    tracks = [Track(id=TrackId(f"{n:032x}"), path=f"/{n}", root="/") for n in range(3)]
    catalogue.upsert(tracks)
    catalogue.set_plays({tracks[1].id: 1, tracks[2].id: 30})
    drawn = MusicMap([each.id for each in tracks], np.zeros((3, 2), np.float32), np.arange(3))
    assert labels(colouring(catalogue, drawn, ColourBy.PLAYS)) == ["Never played", "Once", "20 times or more"]


@pytest.mark.parametrize("by", list(ColourBy))
def test_an_empty_map_has_no_classes(by: ColourBy) -> None:
    assert coloured(by).classes == ()
