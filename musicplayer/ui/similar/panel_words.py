"""What the panel says in place of a list."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.core.discover.more_like import SimilarAnswer, SimilarState
from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import mark, tr
from indexer.core.phrases import sentence

_ELSEWHERE = mark("That is done on the machine that has the library, and comes from there by itself.")


@dataclass(frozen=True, slots=True)
class EmptyWords:
    """A page of the panel: a glyph, a headline, a line below it, and what else is shown.

    Attributes:
        share: of the library that is done, 0 to 1, as a bar; None for no bar.
        busy: something is going on whose end is not known.
        rebuild: the index can be built from here.
    """

    glyph: str
    headline: str
    detail: str = ""
    share: float | None = None
    busy: bool = False
    rebuild: bool = False


def nothing_playing() -> EmptyWords:
    """There is no seed."""
    return EmptyWords("waves", tr("Nothing is playing"), tr("Play a track, and what sounds like it appears here."))


def outside(*, shared: bool = False) -> EmptyWords:
    """The seed is a loose file."""
    advice = "" if shared else tr("Add its folder, and Segue analyses it and finds what sounds like it.")
    return EmptyWords("file-dotted", tr("This file is not in the library"), advice)


def empty_words(answer: SimilarAnswer, counts: LibraryCounts, *, indexing: bool, shared: bool = False) -> EmptyWords:
    """The page for an answer without rows; `shared` says that the index is made on another machine."""
    if answer.state is SimilarState.LOADING:
        return EmptyWords("waves", answer.message or tr("Getting ready…"), busy=True)
    if answer.state is SimilarState.READY:
        return EmptyWords("waves", answer.message or tr("Nothing in your library sounds like this yet."))
    if answer.problem is not None:
        return EmptyWords("warning-circle", answer.message, answer.advice)
    return _elsewhere(answer) if shared else _not_yet(answer, counts, indexing=indexing)


def _elsewhere(answer: SimilarAnswer) -> EmptyWords:
    """Without an index, or with one that lacks the track, of a library that is on another machine."""
    has_index = answer.state is SimilarState.NOT_ANALYSED
    return EmptyWords("activity", tr("Not analysed yet") if has_index else tr("No index yet"), tr(_ELSEWHERE))


def _not_yet(answer: SimilarAnswer, counts: LibraryCounts, *, indexing: bool) -> EmptyWords:
    """The same of a library that is here, with how far it is."""
    total, done = counts.tracks, min(counts.analysed, counts.tracks)
    complete = counts.is_complete
    share = done / total if total and not complete else None
    if complete and indexing:
        return EmptyWords("waves", tr("Comparing your tracks…"), tr("The index is being built."), busy=True)
    if answer.state is SimilarState.NOT_ANALYSED:
        return EmptyWords(
            "activity", answer.message, tr("Segue will have analysed it soon.") if indexing else "", share
        )
    detail = sentence(answer.message, answer.advice)
    return EmptyWords("activity", tr("No index yet"), detail, share, rebuild=total > 0 and not indexing)
