"""What is said of how near a track is: in the tip of a row, beside an explanation, between two steps of a journey."""

from __future__ import annotations

from indexer.core.discover.selection import SimilarRow
from indexer.core.language import mark, number, tr
from indexer.core.phrases import ordinal

_STEPS = (
    (0.75, mark("small step"), mark("small")),
    (0.45, mark("fair step"), mark("fair")),
    (0.15, mark("large step"), mark("large")),
    (0.0, mark("leap"), mark("a leap")),
)
"""What a step of a journey is called that is at least so near, and how large it is."""


def near_sentence(row: SimilarRow, seeds: int = 1) -> str:
    """How near a row is to its seed, or to several of them, in a sentence or two; empty where nobody knows."""
    placed = {"place": ordinal(row.rank), "number": number(row.others)}
    if seeds > 1:
        near = tr("Near {near} of these {seeds} tracks.", near=row.near, seeds=seeds)
        return f"{near} {tr('{place} of {number} to the nearest of them.', **placed)}" if row.rank else near
    if not row.rank:
        return ""
    if row.beats_album:
        return tr("{place} of {number}, nearer than a typical track of the same album.", **placed)
    return tr("{place} nearest of {number}.", **placed)


def step_words(nearness: float) -> str:
    """What the way from one track to the next is called, in a word or two, by how near they are, 0 to 1."""
    return tr(next(words for least, words, _ in _STEPS if nearness >= least or not least))


def size_words(nearness: float) -> str:
    """How large such a step is: `step_words` without the word step."""
    return tr(next(size for least, _, size in _STEPS if nearness >= least or not least))
