"""Puts the list that was told of a listener at the head of For you, while nothing newer is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from indexer.core.plays import Opinion, Play
from indexer.core.taste.live import LiveList
from indexer.core.taste.shelves import Page, PageRules, Pick, Shelf, ShelfKind
from indexer.core.taste.weights import DAY
from indexer.core.tracks import TrackId

RECENT = 500
"""Of the plays that came last, the newest is among; those before are older, however late they came."""


def is_of_today(made: LiveList, now: float) -> bool:
    """Whether a list still says something of its listener: it is less than a day old."""
    return made.at > now - DAY


def is_newest(made: LiveList, history: Sequence[Play], opinions: Iterable[Opinion], now: float) -> bool:
    """Whether a list counts all that is known of its listener, and is of today.

    It does where it was made after the last play ended and the last opinion was said. Clocks of two machines differ,
    so a list that names a play that is known counts what came until that ended, whatever its own time.

    Args:
        made: of the listener.
        history: plays of the listener, the oldest first but for those that came late.
        opinions: of the listener.
        now: seconds since 1970.
    """
    ends = {play.id: min(play.at + (play.seconds_heard or 0.0), now) for play in history[-RECENT:]}
    counted = max(made.at, ends.get(made.after, 0.0))
    said = max((opinion.at for opinion in opinions), default=0.0)
    return is_of_today(made, now) and max(said, *ends.values(), 0.0) <= counted


def led_by(tracks: Sequence[TrackId], page: Page, items: Mapping[TrackId, int]) -> Page:
    """A page with these tracks at the head of For you, which comes first, and the rest of that as it was.

    Each of them is there alone, and in a mix at most besides, as it is on every page.

    Args:
        tracks: the best first, none twice.
        page: as it is without them.
        items: numbers of those that the model knows; the others have -1.
    """
    first = next((shelf for shelf in page.shelves if shelf.kind is ShelfKind.FOR_YOU), Shelf(ShelfKind.FOR_YOU, ()))
    known = {pick.track: pick for pick in first.picks}
    ahead = [known.get(track) or Pick(track, items.get(track, -1)) for track in tracks]
    rest = [pick for pick in first.picks if pick.track not in set(tracks)]
    shelves = [replace(first, picks=tuple([*ahead, *rest][: max(PageRules.length, len(ahead))]))]
    taken = {pick.track for pick in shelves[0].picks}
    for shelf in page.shelves:
        if shelf is first:
            continue
        left = tuple(pick for pick in shelf.picks if shelf.kind is ShelfKind.MIX or pick.track not in taken)
        if left:
            shelves.append(replace(shelf, picks=left))
    return Page(tuple(shelves), 0)
