"""Tags like those of the Free Music Archive data set: as many artists, albums and genres, as unevenly shared out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from indexer.core.tracks import Track, TrackId

TRACKS, ARTISTS, ALBUMS = 106_574, 16_341, 14_854
"""Of the full data set (Defferrard et al., "FMA: a dataset for music analysis", ISMIR 2017, table 1)."""

SPREAD = 10
"""Standard deviation of a track's id from its place on its album: albums that are uploaded on one day take turns."""

_TOP_GENRES = {
    "Experimental": 38_154,
    "Electronic": 34_413,
    "Rock": 32_923,
    "Instrumental": 14_938,
    "Pop": 13_845,
    "Folk": 12_706,
    "Hip-Hop": 8_389,
    "International": 5_271,
    "Jazz": 4_126,
    "Classical": 4_106,
    "Country": 1_987,
    "Spoken": 1_876,
    "Blues": 1_752,
    "Soul-RnB": 1_499,
    "Old-Time / Historic": 868,
    "Easy Listening": 730,
}
"""Tracks of each, from the data set's `genres.csv`; used where that file is not at hand."""

_SYLLABLES = (
    "ba",
    "no",
    "ri",
    "ska",
    "lum",
    "ver",
    "o",
    "tel",
    "mi",
    "dra",
    "zu",
    "ön",
    "él",
    "ç",
    "kha",
    "sun",
    "der",
)
_WORDS = (
    "Night",
    "River",
    "Glass",
    "Untitled",
    "Machine",
    "Winter",
    "Blue",
    "Song",
    "Part",
    "Für",
    "Été",
    "Live",
    "Dub",
)
_YEARS = np.arange(1968, 2018)
_SECONDS_MEDIAN, _SECONDS_SPREAD = 216.0, 0.6


@dataclass(frozen=True)
class GenreShare:
    """A genre, the top of its branch, and how many tracks of the data set have it."""

    title: str
    top: str
    tracks: int


def genre_shares(metadata: Path | None) -> list[GenreShare]:
    """Those of `genres.csv` in the folder `metadata`, else the sixteen at the top."""
    table = None if metadata is None else metadata / "genres.csv"
    if table is None or not table.is_file():
        return [GenreShare(title, title, tracks) for title, tracks in _TOP_GENRES.items()]
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row["genre_id"]: row for row in csv.DictReader(file)}
    return [
        GenreShare(row["title"], rows[row["top_level"]]["title"], int(row["#tracks"]))
        for row in rows.values()
        if row["top_level"] in rows and int(row["#tracks"])
    ]


def fma_like(ids: Sequence[TrackId], root: Path, metadata: Path | None = None, seed: int = 0) -> Iterator[Track]:
    """Tracks with tags for `ids`, in the layout of the data set under `root`; there are no files.

    Albums are as uneven as artists: a few have hundreds of tracks, most have few (Zipf with exponent 0.8, which gives
    the data set's 7 tracks an album in the mean and its largest artists about one in two hundred tracks).
    """
    chance = np.random.default_rng(seed)
    n = len(ids)
    albums = np.sort(_drawn(chance, n, max(1, round(n * ALBUMS / TRACKS))))
    artist_of = _drawn(chance, int(albums.max()) + 1, max(1, round(n * ARTISTS / TRACKS)))
    genres = genre_shares(metadata)
    shares = np.array([genre.tracks for genre in genres], dtype=np.float64)
    genre_of = chance.choice(len(genres), size=len(artist_of), p=shares / shares.sum())
    years = chance.choice(_YEARS, size=len(artist_of), p=_recent(len(_YEARS)))
    seconds = np.clip(_SECONDS_MEDIAN * np.exp(_SECONDS_SPREAD * chance.standard_normal(n)), 5, 3_600)
    added = np.sort(1.5e9 + 8e7 * chance.random(n))
    order = np.argsort(np.argsort(np.arange(n) + chance.normal(0, SPREAD, n)))  # ids of an album's tracks are near
    number, title = 0, ""
    for place, album in enumerate(albums.tolist()):
        number = number + 1 if place and album == albums[place - 1] else 1
        title = f"{_title(chance)} ({album})" if number == 1 else title
        genre, which = genres[genre_of[album]], int(order[place])
        yield Track(
            id=ids[which],
            path=str(root / f"{which // 1000:03d}" / f"{which:06d}.mp3"),
            root=str(root),
            title=_title(chance),
            artist=_name(int(artist_of[album])),
            album=title,
            genre=genre.top,
            genres=(genre.top, genre.title) if genre.title != genre.top else (genre.top,),
            year=int(years[album]),
            track_number=number,
            seconds=float(seconds[place]),
            licence="Attribution-NonCommercial 3.0 International",
            subset="large",
            fma_id=which,
            added_at=float(added[which]),
        )


def _drawn(chance: np.random.Generator, n: int, kinds: int) -> np.ndarray:
    """`n` numbers below `kinds`, the small ones more often."""
    weights = np.arange(1, kinds + 1, dtype=np.float64) ** -0.8
    return chance.choice(kinds, size=n, p=weights / weights.sum())


def _recent(n: int) -> np.ndarray:
    weights = np.exp(np.arange(n) / 6.0)
    return weights / weights.sum()


@lru_cache(maxsize=200_000)
def _name(number: int) -> str:
    """An artist's: the same number has the same name."""
    chance = np.random.default_rng([7, number])
    words = ["".join(chance.choice(_SYLLABLES, size=chance.integers(2, 4))).title() for _ in range(1 + number % 3)]
    return f"{' '.join(words)} {number}"


def _title(chance: np.random.Generator) -> str:
    return (
        " ".join(chance.choice(_WORDS, size=int(chance.integers(1, 4))).tolist()) + f" {int(chance.integers(1, 999))}"
    )
