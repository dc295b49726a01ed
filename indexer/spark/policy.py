"""Which join makes the neighbour lists: comparing all tracks, or those that share a bucket. Light to import."""

from __future__ import annotations

from enum import StrEnum

EXACT_UP_TO = 200_000
"""Tracks up to which comparing all with all is the cheaper join; re-measure with `python -m tests.benchmarks joins`."""


class Join(StrEnum):
    """How neighbour lists are found."""

    AUTO = "auto"  # exact up to EXACT_UP_TO tracks
    EXACT = "exact"
    LSH = "lsh"


def decide(asked: Join, tracks: int) -> tuple[Join, str]:
    """The join that is taken, and the sentence that says why."""
    if asked is Join.EXACT:
        return asked, f"All {tracks:,} tracks are compared with each other, as asked."
    if asked is Join.LSH:
        return asked, f"Of {tracks:,} tracks those that share a bucket of the hash tables are compared, as asked."
    if tracks <= EXACT_UP_TO:
        reason = f"All {tracks:,} tracks are compared with each other: up to {EXACT_UP_TO:,} that costs least."
        return Join.EXACT, reason
    reason = f"Of {tracks:,} tracks those that share a bucket are compared: above {EXACT_UP_TO:,} that costs least."
    return Join.LSH, reason
