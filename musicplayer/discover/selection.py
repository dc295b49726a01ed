"""Makes a list worth showing of the nearest tracks: no second version of anything, not all by one artist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.library import TrackId
from indexer.recordings import Apart, Entry, Recordings
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.folding import fold

if TYPE_CHECKING:
    from indexer.model import Neighbour

MOST_OF_ONE_ARTIST = 3


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """One track of the answer.

    Attributes:
        track: which.
        closeness: share of random pairs of the library that are farther apart, 0 to 1.
        distance: scaled by the neighbourhoods of both, as lists are ordered.
    """

    track: TrackId
    closeness: float
    distance: float


def select(
    catalogue: Catalogue,
    seed: TrackId,
    neighbours: Sequence[Neighbour],
    k: int,
    *,
    apart: Apart,
    per_artist: int = MOST_OF_ONE_ARTIST,
) -> list[SimilarRow]:
    """Choose up to `k` neighbours, nearest first.

    Tracks that are not listed, further recordings of what is there already, and more than `per_artist` tracks of
    one artist are left out; the last are taken back, nearest first, where the list would be too short without.

    Args:
        catalogue: knows names and lengths.
        seed: the track asked about.
        neighbours: nearest first.
        k: how many are wanted.
        apart: measures a track and others, to tell copies without names.
        per_artist: of one artist, at most.
    """
    chosen: list[tuple[int, Neighbour]] = []
    spare: list[tuple[int, Neighbour]] = []
    by_artist: Counter[str] = Counter()
    for place, (row, neighbour) in enumerate(_distinct(catalogue, seed, neighbours, apart)):
        artist = fold(catalogue.artist(row))
        if artist and by_artist[artist] >= per_artist:
            spare.append((place, neighbour))
            continue
        by_artist[artist] += 1
        chosen.append((place, neighbour))
        if len(chosen) == k:
            break
    filled = sorted([*chosen, *spare[: k - len(chosen)]], key=lambda entry: entry[0])
    return [SimilarRow(neighbour.track, neighbour.closeness, neighbour.distance) for _, neighbour in filled]


def _distinct(
    catalogue: Catalogue, seed: TrackId, neighbours: Sequence[Neighbour], apart: Apart
) -> Iterator[tuple[int, Neighbour]]:
    """Rows and neighbours that are listed and are no recording of the seed, nor of one given before."""
    seed_row = catalogue.row_of(seed)
    recordings = Recordings(None if seed_row is None else _entry(catalogue, seed, seed_row), apart)
    for neighbour in neighbours:
        row = catalogue.row_of(neighbour.track)
        if row is None or not catalogue.is_listed(row):
            continue
        if recordings.admits(_entry(catalogue, neighbour.track, row), neighbour.euclidean):
            yield row, neighbour


def _entry(catalogue: Catalogue, track: TrackId, row: int) -> Entry:
    return Entry(track, catalogue.artist(row), catalogue.title(row), catalogue.seconds(row))
