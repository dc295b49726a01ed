"""What can be done to playlists, as rules on plain values: names, orders, places, and which of two versions holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from indexer.core.catalogue.smart import SmartRule
from indexer.core.playlist import Playlist
from indexer.core.text import fold
from indexer.core.tracks import TrackId

T = TypeVar("T")

LONGEST_NAME = 120
_NUMBERED = re.compile(r"(.*\S)\s*\(\d+\)", re.DOTALL)
_STEP = 1e-3
"""Seconds between two versions, also where the clock was set back: the later one holds."""
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


def in_order(playlists: Iterable[Playlist]) -> list[Playlist]:
    """Those that are there, in the order of their positions."""
    there = (playlist for playlist in playlists if not playlist.deleted)
    return sorted(there, key=lambda playlist: (playlist.position, playlist.id))


def named(playlist: Playlist, name: str, others: Iterable[Playlist], otherwise: str) -> Playlist:
    """`playlist` under a name that none of the owner's `others` has; `otherwise` where the name is blank."""
    taken = [other.name for other in others if other.id != playlist.id and other.owner == playlist.owner]
    return replace(playlist, name=unique_name(clean_name(name, otherwise), taken))


def appended(playlist: Playlist, others: Sequence[Playlist], otherwise: str) -> Playlist:
    """`playlist` as the last of the owner's `others`, which are in order, under a free name."""
    position = max((other.position for other in others if other.owner == playlist.owner), default=0.0) + 1.0
    return replace(named(playlist, playlist.name, others, otherwise), position=position)


def placed(playlist: Playlist, index: int, others: Sequence[Playlist]) -> list[Playlist]:
    """What becomes another version where `playlist` is put at `index` of the `others`, which are in order."""
    index = min(max(index, 0), len(others))
    before = others[index - 1].position if index else None
    after = others[index].position if index < len(others) else None
    position = position_between(before, after)
    if position is not None:
        return [replace(playlist, position=position)]
    order = [*others[:index], playlist, *others[index:]]
    return [replace(each, position=float(number)) for number, each in enumerate(order, 1)]


def ruled(playlist: Playlist, rule: SmartRule) -> Playlist:
    """A smart playlist that finds what `rule` says."""
    return replace(
        playlist, query=rule.query.strip(), order=rule.order, descending=rule.descending, limit=max(0, rule.limit)
    )


def tombstone(playlist: Playlist) -> Playlist:
    """What is left of a playlist that is deleted."""
    return replace(playlist, tracks=(), deleted=True)


def dated(playlist: Playlist, before: Playlist | None, now: float) -> Playlist:
    """`playlist` as the version of `now`, or of a little after the one before where the clock was set back."""
    return replace(playlist, updated_at=now if before is None else max(now, before.updated_at + _STEP))


def with_heirs(tracks: Iterable[TrackId], heirs: Mapping[TrackId, TrackId]) -> list[TrackId]:
    """Tracks, or those that stand for them since they left."""
    return [heirs.get(track, track) for track in tracks]


def compared(ours: Mapping[str, Playlist], theirs: Iterable[Playlist]) -> tuple[list[Playlist], list[Playlist]]:
    """Which of `theirs` hold here, being later, and which of `ours`, by id, are to be told there."""
    there = {playlist.id: playlist for playlist in theirs}
    newer = [each for key, each in there.items() if key not in ours or later_of(ours[key], each) != ours[key]]
    ahead = [each for key, each in ours.items() if key not in there or later_of(each, there[key]) != there[key]]
    return newer, ahead


def unseen_kept(before: Sequence[T], seen: Collection[int], wanted: Sequence[T]) -> tuple[T, ...]:
    """`wanted` in place of the lines of a list that somebody saw, with those that they did not see between.

    Args:
        before: all lines.
        seen: the places of those that were shown.
        wanted: what is to be shown instead; a line that was not shown stays behind as many of these as before.
    """
    shown, made, taken = set(seen), list[T](), 0
    for place, line in enumerate(before):
        if place not in shown:
            made.append(line)
        elif taken < len(wanted):
            made.append(wanted[taken])
            taken += 1
    return (*made, *wanted[taken:])
