"""What is asked of a method: for each task who asks, what may be found, and what of it is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.evaluation.labels import UNKNOWN, Codes

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Task:
    """One question asked of every clip that has an answer.

    Attributes:
        name: as in JSON.
        title: as in tables.
        meaning: what counts as right, in a sentence.
        candidates: shape (n, n), what row i may find; never itself.
        relevant: shape (n, n), which candidates are right for row i.
        queries: rows that have at least one right answer, ascending.
    """

    name: str
    title: str
    meaning: str
    candidates: Mask
    relevant: Mask
    queries: NDArray[np.intp]


def tasks_of(codes: Codes) -> tuple[Task, ...]:
    """All tasks, in the order of the tables; a task nobody can answer has no queries.

    What cannot be judged, because a label that decides is unknown, is neither right nor wrong: it is no candidate.
    """
    count = len(codes.artist)
    others = ~np.eye(count, dtype=bool)
    artist, album, genre = (_same(code) for code in (codes.artist, codes.album, codes.genre))
    known_artist, known_album = codes.artist != UNKNOWN, codes.album != UNKNOWN
    undecided_artist = ~(known_artist[:, np.newaxis] & known_artist)
    undecided_album = ~(known_album[:, np.newaxis] & known_album)
    other_artist = others & ~artist & ~undecided_artist
    return (
        _task("artist", "same artist", "the same artist, any album", others, artist),
        _task(
            "other_album",
            "artist, other album",
            "the same artist on another album; the query's own album is not among the candidates",
            others & ~album & ~(artist & undecided_album),
            artist & ~undecided_album,
        ),
        _task(
            "soundtrack",
            "soundtrack, no artist",
            "the same album by another artist; nothing by the query's own artist is among the candidates",
            others & ~artist & ~(album & undecided_artist),
            album & other_artist,
        ),
        _task("genre", "genre", "the same genre", others, genre),
        _task(
            "genre_filtered",
            "genre, no artist",
            "the same genre by another artist; nothing by the query's own artist is among the candidates",
            other_artist,
            genre,
        ),
    )


def _task(name: str, title: str, meaning: str, candidates: Mask, relevant: Mask) -> Task:
    right = relevant & candidates
    return Task(name, title, meaning, candidates, right, np.flatnonzero(right.any(axis=1)))


def _same(codes: NDArray[np.intp]) -> Mask:
    same: Mask = (codes[:, np.newaxis] == codes) & (codes != UNKNOWN)
    return same
