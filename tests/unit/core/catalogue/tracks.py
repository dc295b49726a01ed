"""A small factory of tracks."""

from __future__ import annotations

from typing import Any

from indexer.core.tracks import Track, TrackId


def track(number: int, **fields: Any) -> Track:
    """Track `number`, with whatever a test cares about."""
    values: dict[str, Any] = {
        "path": f"/music/{number}.mp3",
        "root": "/music",
        "title": f"Title {number}",
        "rev": number,
    }
    return Track(id=TrackId(f"{number:032x}"), **(values | fields))
