"""What is kept about a listener: told in numbers, given away whole, and forgotten."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.core.files.atomic import replacing
from indexer.core.plays import ListenerId, Play
from indexer.core.text import clean, shown_text
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.store.database import Database

_AT_ONCE = 1_000
"""Plays whose names are fetched together."""

_DATE = len("2026-01-31")


def kept_of(database: Database, who: ListenerId, plays: Sequence[Play]) -> dict[str, Any]:
    """How much of each kind is kept of a listener, by name; `plays` are all of the listener's."""
    return {
        "listener": who,
        "plays": len(plays),
        "plays_that_count": sum(play.finished for play in plays),
        "skips": sum(play.skipped for play in plays),
        "tracks": len({play.track for play in plays if play.track is not None}),
        "waiting_for_music": sum(play.track is None for play in plays),
        "days": len({moment(play.at)[:_DATE] for play in plays}),
        "tallies": sum(1 for _ in database.tallies.of(who)),
        "opinions": len(database.opinions.of(who)),
        "lists_shown": sum(1 for _ in database.impressions.of(who)),
        "hidden": sum(map(len, database.feedback.hidden(who).values())),
        "sources": dict(Counter(play.context.source.value for play in plays).most_common()),
    }


def export_kept(database: Database, who: ListenerId, file: Path) -> int:
    """Write all that is kept of a listener to a file, one record of JSON a line; returns how many.

    Raises:
        OSError: the file cannot be written; what was there stays.
    """
    number = 0
    with replacing(file) as target:
        for record in _records(database, who):
            target.write(json.dumps(record).encode("ascii") + b"\n")
            number += 1
    return number


def erase_kept(database: Database, who: ListenerId, *, before: float | None = None) -> dict[str, int]:
    """Forget what a listener played and said, or only plays before a time; returns how much, by what it was.

    Playlists and the library stay.
    """
    erased = {"plays": database.plays.erase(who, before=before)}
    if before is None:
        erased["tallies"] = database.tallies.erase(who)
        erased["opinions"] = database.opinions.erase(who)
        erased["lists shown"] = database.impressions.erase(who)
        erased["hidden"] = database.feedback.erase(who)
    return erased


def entries(database: Database, plays: Sequence[Play]) -> Iterator[dict[str, Any]]:
    """Plays as records, with the names of what was played, by the library where it knows the track."""
    tracks = database.tracks.get([play.track for play in plays if play.track is not None])
    for play in plays:
        yield {"id": play.id, **_names(tracks.get(play.track or TrackId("")), play), **play.as_record()}


def moment(at: float) -> str:
    """Local day and minute; "?" for a time that is none, which another program put there."""
    try:
        return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return "?"


def _names(known: Any, play: Play) -> dict[str, str]:
    named = known or play.named
    return {name: clean(shown_text(getattr(named, name, ""))) or "?" for name in ("artist", "title", "album")}


def _records(database: Database, who: ListenerId) -> Iterator[dict[str, Any]]:
    batch: list[Play] = []
    for play in database.plays.of(who):
        batch.append(play)
        if len(batch) >= _AT_ONCE:
            yield from ({"kind": "play", **entry} for entry in entries(database, batch))
            batch = []
    yield from ({"kind": "play", **entry} for entry in entries(database, batch))
    for tally in database.tallies.of(who):
        yield {"kind": "tally", "id": tally.id, **tally.as_record()}
    for opinion in database.opinions.of(who).values():
        yield {"kind": "opinion", **opinion.as_record()}
    for impression in database.impressions.of(who):
        yield {"kind": "shown", "id": impression.id, **impression.as_record()}
    for seed, tracks in sorted(database.feedback.hidden(who).items()):
        yield {"kind": "hidden", "seed": seed, "tracks": sorted(tracks)}
