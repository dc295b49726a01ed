"""Which join makes the neighbour lists: comparing all tracks, or those that share a bucket. Light to import."""

from __future__ import annotations

from enum import StrEnum

EXACT_UP_TO = 150_000
"""Tracks up to which all are compared with all. Both joins cost the same at 100,000 to 125,000 tracks (two cores); the
exact one grows with the square, but misses nothing, which is worth its third more at this size. Re-measure with
`python -m tests.benchmarks joins`."""


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
        why = f"up to {EXACT_UP_TO:,} that takes about as long as the hash tables' join, and misses none"
        return Join.EXACT, f"All {tracks:,} tracks are compared with each other: {why}."
    why = f"above {EXACT_UP_TO:,} that takes least time"
    return Join.LSH, f"Of {tracks:,} tracks those that share a bucket of the hash tables are compared: {why}."
