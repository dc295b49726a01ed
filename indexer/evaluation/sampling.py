"""Draws a stratified sample: of every genre, artist, album, year or folder the share that it has of the whole."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.core.catalogue.albums import albums_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.errors import SegueError
from indexer.core.recordings.artists import credits_of, is_somebody
from indexer.core.text import identity, shown_text
from indexer.core.tracks import Track, TrackId

UNKNOWN = "(not known)"
"""The stratum of tracks that do not say."""


class By(StrEnum):
    """What the strata are."""

    GENRE = "genre"
    ARTIST = "artist"
    ALBUM = "album"
    YEAR = "year"
    DECADE = "decade"
    FOLDER = "folder"


class SampleRefused(SegueError):
    """There is no such sample of these tracks."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """What a stratum is called, how many of all tracks are of it, and how many of those drawn."""

    label: str
    tracks: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn.

    Attributes:
        tracks: by path.
        strata: those of all tracks, the largest first.
        total: how many tracks there were to draw from.
        asked: how many were asked for; whole artists may come to more or fewer.
        seed: with it and the same tracks the same are drawn again.
    """

    tracks: tuple[Track, ...]
    strata: tuple[Stratum, ...]
    total: int
    asked: int
    seed: int

    @property
    def absent(self) -> int:
        """How many strata have no track in it: some must, where there are more of them than tracks were asked for."""
        return sum(not stratum.drawn for stratum in self.strata)


def draw(tracks: Sequence[Track], size: int, by: By, seed: int, *, artists_whole: bool = False) -> Sample:
    """Draw tracks so that each stratum has its share, and at least one wherever as many are asked for.

    Which tracks of a stratum are drawn is told by a hash of seed and id: where tracks come or go, the others keep their
    places. Spark's `sampleBy` draws each row by itself (Bernoulli), so that neither the size nor a share is kept, and a
    rare stratum is often not there at all.

    Args:
        tracks: all of them, each id once.
        size: how many, from 1 on.
        by: what the strata are.
        seed: of the draw.
        artists_whole: all tracks of an artist, the first that a track names, or none; the size is then met as nearly as
            artists allow. Evaluations want that: a part of an artist's tracks is easier to find than all of them.

    Raises:
        SampleRefused: there are no tracks, or fewer than asked for; or the strata lie within artists, so that each of
            these would be drawn.
    """
    if not tracks:
        raise SampleRefused("sample-of-nothing")
    if size > len(tracks):
        raise SampleRefused("sample-too-large", size=size, number=len(tracks))
    if artists_whole and by in {By.ARTIST, By.ALBUM, By.FOLDER}:
        raise SampleRefused("sample-whole-of-parts", by=by.value)
    label_of = _labels(tracks, by)
    strata: dict[str, list[Track]] = {}
    for track in sorted(tracks, key=lambda track: _chance(seed, track.id)):
        strata.setdefault(label_of[track.id], []).append(track)
    names = sorted(strata, key=lambda name: (-len(strata[name]), name))
    quotas = dict(zip(names, allocate([len(strata[name]) for name in names], size), strict=True))
    if artists_whole:
        chosen = _whole_artists(tracks, label_of, quotas, seed)
    else:
        chosen = [track for name in names for track in strata[name][: quotas[name]]]
    drawn = Counter(label_of[track.id] for track in chosen)
    told = tuple(Stratum(name, len(strata[name]), drawn[name]) for name in names)
    return Sample(tuple(sorted(chosen, key=lambda track: track.path)), told, len(tracks), size, seed)


def allocate(sizes: Sequence[int], size: int) -> list[int]:
    """How many of `size` each stratum gets, by largest remainder, in whole numbers throughout.

    Where there are at least as many as strata, each gets one or more: those whose share is less than one are given it,
    and the rest is divided among the others. Of equal remainders the larger stratum, then the earlier one, comes first.

    Args:
        sizes: of the strata, each from 1 on.
        size: from 0 to the sum of the sizes.

    Returns:
        As many numbers as there are sizes, each at most that; they add up to `size`.

    Source: Hare's quota with largest remainders, as in Balinski and Young, "Fair Representation" (1982), chapter 3.
    """
    counts = [0] * len(sizes)
    shared = list(range(len(sizes)))
    left, total = size, sum(sizes)
    if size >= len(sizes):
        while small := [place for place in shared if sizes[place] * left < total]:
            for place in small:
                counts[place] = 1
            left, total = left - len(small), total - sum(sizes[place] for place in small)
            shared = [place for place in shared if not counts[place]]
    for place in shared:
        counts[place] = sizes[place] * left // total
    over = left - sum(counts[place] for place in shared)
    shared.sort(key=lambda place: (-(sizes[place] * left % total), -sizes[place], place))
    for place in shared[:over]:
        counts[place] += 1
    return counts


def _whole_artists(
    tracks: Iterable[Track], label_of: dict[TrackId, str], quotas: dict[str, int], seed: int
) -> list[Track]:
    """Draw artists, each in the stratum that most of its tracks are of, until the quotas are met as nearly as they are.

    What a stratum got too much or too little is made good by the next larger one, and at the end by any artist.
    """
    artists: dict[str, list[Track]] = {}
    for track in tracks:
        artists.setdefault(_artist_key(track), []).append(track)
    at_home: dict[str, list[str]] = {name: [] for name in quotas}
    in_order = sorted(artists, key=lambda artist: _chance(seed, artist))
    for artist in in_order:
        most = Counter(label_of[track.id] for track in artists[artist])
        at_home[max(most, key=lambda name: (most[name], name))].append(artist)
    chosen: dict[str, None] = {}
    left = 0

    def take(candidates: Iterable[str]) -> None:
        nonlocal left
        for artist in candidates:
            if artist not in chosen and len(artists[artist]) <= 2 * left:  # which is nearer than without it
                chosen[artist] = None
                left -= len(artists[artist])

    for name in sorted(quotas, key=lambda name: (quotas[name], name)):
        left += quotas[name]
        take(at_home[name])
    left -= _complete(chosen, artists, label_of, quotas)
    take(in_order)
    return [track for artist in chosen for track in artists[artist]]


def _complete(
    chosen: dict[str, None], artists: dict[str, list[Track]], label_of: dict[TrackId, str], quotas: dict[str, int]
) -> int:
    """Add the artist with the fewest tracks to each stratum that has a quota and nobody; returns how many tracks."""
    theirs: dict[str, set[str]] = {}
    for artist, tracks in artists.items():
        for track in tracks:
            theirs.setdefault(label_of[track.id], set()).add(artist)
    present = {label_of[track.id] for artist in chosen for track in artists[artist]}
    added = 0
    for name in (name for name, quota in quotas.items() if quota):
        if name not in present:
            smallest = min(theirs[name], key=lambda artist: (len(artists[artist]), artist))
            chosen[smallest] = None
            present.update(label_of[track.id] for track in artists[smallest])
            added += len(artists[smallest])
    return added


def _chance(seed: int, name: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{name}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _labels(tracks: Sequence[Track], by: By) -> dict[TrackId, str]:
    """What the stratum of each track is called: as most of its tracks write it, where it is a name."""
    match by:
        case By.GENRE:
            return _named(tracks, lambda track: track.genre)
        case By.ARTIST:
            return _named(tracks, _artist)
        case By.ALBUM:
            return _albums(tracks)
        case By.YEAR:
            return {track.id: UNKNOWN if track.year is None else str(track.year) for track in tracks}
        case By.DECADE:
            return {track.id: UNKNOWN if track.year is None else f"{track.year // 10}0s" for track in tracks}
        case By.FOLDER:
            return {track.id: shown_text(os.path.dirname(track.path)) for track in tracks}  # noqa: PTH120 - any bytes


def _named(tracks: Sequence[Track], name_of: Callable[[Track], str]) -> dict[TrackId, str]:
    spellings: dict[str, Counter[str]] = {}
    key_of: dict[TrackId, str] = {}
    for track in tracks:
        name = name_of(track)
        key_of[track.id] = key = identity(name)
        spellings.setdefault(key, Counter())[name] += 1
    shown = {key: max(names, key=lambda name: (names[name], name)) or UNKNOWN for key, names in spellings.items()}
    return {track: shown[key] for track, key in key_of.items()}


def _albums(tracks: Sequence[Track]) -> dict[TrackId, str]:
    """The albums that the player has, two of one name by their folders."""
    catalogue = Catalogue()
    catalogue.upsert(tracks)
    albums = albums_of(catalogue)
    names = [
        " – ".join(filter(None, (artist, title))) if title else UNKNOWN
        for artist, title in zip(albums.artists, albums.titles, strict=True)
    ]
    often = Counter(names)
    labels = [
        name if name == UNKNOWN or often[name] == 1 else f"{name} ({shown_text(folder)})"
        for name, folder in zip(names, albums.folders, strict=True)
    ]
    return {catalogue.id_at(row): labels[albums.album_of_row[row]] for row in albums.rows.tolist()}


def _artist(track: Track) -> str:
    """The one that a track names first."""
    return next(iter(credits_of(track.artist, track.artists).main), "")


def _artist_key(track: Track) -> str:
    """Of the artist of a track; tracks that name nobody have nobody in common."""
    artist = identity(_artist(track))
    return f"artist:{artist}" if is_somebody(artist) else f"track:{track.id}"
