"""What can be done to playlists, as rules on plain values: names, orders, places, and which of two versions holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from indexer.core.playlist import Playlist
from indexer.core.text import fold
from indexer.core.tracks import TrackId

T = TypeVar("T")

LONGEST_NAME = 120
_NUMBERED = re.compile(r"(.*\S)\s*\(\d+\)", re.DOTALL)
_CLOSEST = 1e-6
"""Positions nearer to each other than this leave no room between them."""


def clean_name(name: str, otherwise: str) -> str:
    """`name` on one line and not too long; `otherwise` where nothing is left of it."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return line[:LONGEST_NAME].rstrip() or otherwise


def unique_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or "name (2)", "name (3)"… where one that reads the same but for case and accents is taken."""
    folded = set(map(fold, taken))
    if fold(name) not in folded:
        return name
    numbered = _NUMBERED.fullmatch(name)
    stem = numbered[1] if numbered else name
    number = 2
    while fold(made := f"{stem} ({number})") in folded:
        number += 1
    return made


def inserted(tracks: Sequence[T], at: int, added: Iterable[T]) -> tuple[T, ...]:
    """`tracks` with `added` before the place `at`, which is held within them."""
    at = min(max(at, 0), len(tracks))
    return (*tracks[:at], *added, *tracks[at:])


def removed(tracks: Sequence[T], indexes: Collection[int]) -> tuple[T, ...]:
    """`tracks` without those at `indexes`; numbers that fit none are ignored."""
    gone = set(indexes)
    return tuple(track for index, track in enumerate(tracks) if index not in gone)


def moved(tracks: Sequence[T], indexes: Collection[int], to: int) -> tuple[T, ...]:
    """`tracks` with those at `indexes`, in their order, before the one that is at `to`."""
    chosen = {index for index in indexes if 0 <= index < len(tracks)}
    to = min(max(to, 0), len(tracks))
    before = [tracks[index] for index in range(to) if index not in chosen]
    after = [tracks[index] for index in range(to, len(tracks)) if index not in chosen]
    return (*before, *(tracks[index] for index in sorted(chosen)), *after)


def already_there(tracks: Iterable[TrackId], added: Iterable[TrackId]) -> list[TrackId]:
    """Those of `added` that are among `tracks`, or come twice in `added`, in their order."""
    seen = set(tracks)
    found: list[TrackId] = []
    for track in added:
        if track in seen:
            found.append(track)
        seen.add(track)
    return found


def without_doubles(tracks: Iterable[TrackId], added: Iterable[TrackId]) -> list[TrackId]:
    """Those of `added` that are not among `tracks`, each once."""
    known = set(tracks)
    return [track for track in dict.fromkeys(added) if track not in known]


def position_between(before: float | None, after: float | None) -> float | None:
    """A position between two, or beyond one where the other is None; None where there is no room."""
    if before is None:
        return 1.0 if after is None else after - 1.0
    if after is None:
        return before + 1.0
    middle = (before + after) / 2
    return middle if after - before > _CLOSEST else None


def later_of(one: Playlist, other: Playlist) -> Playlist:
    """The version that holds; of two of the same time one that is deleted."""
    return max(one, other, key=lambda playlist: (playlist.updated_at, playlist.deleted))
