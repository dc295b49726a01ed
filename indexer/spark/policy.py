"""Which join makes the neighbour lists: comparing all tracks, or those that share a bucket. Light to import."""

from __future__ import annotations

from enum import StrEnum

from indexer.core.events import Notice

EXACT_UP_TO = 150_000
"""Tracks up to which all are compared with all. Both joins cost the same at 100,000 to 125,000 tracks (two cores); the
exact one grows with the square, but misses nothing, which is worth its third more at this size. Re-measure with
`python -m tests.benchmarks joins`."""


class Join(StrEnum):
    """How neighbour lists are found."""

    AUTO = "auto"  # exact up to EXACT_UP_TO tracks
    EXACT = "exact"
    LSH = "lsh"


def decide(asked: Join, tracks: int) -> tuple[Join, Notice]:
    """The join that is taken, and what says why."""
    if asked is Join.EXACT:
        return asked, Notice("join-exact-asked", {"number": tracks})
    if asked is Join.LSH:
        return asked, Notice("join-buckets-asked", {"number": tracks})
    if tracks <= EXACT_UP_TO:
        return Join.EXACT, Notice("join-exact", {"number": tracks, "limit": EXACT_UP_TO})
    return Join.LSH, Notice("join-buckets", {"number": tracks, "limit": EXACT_UP_TO})
