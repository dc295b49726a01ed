"""What the panel is told about a seed: tracks that sound alike, or in a sentence why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indexer.core.discover.selection import SimilarRow
from indexer.core.errors import SegueError
from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import number, tr, trn
from indexer.core.tracks import Problem, TrackId


class SimilarState(StrEnum):
    READY = "ready"
    NOT_ANALYSED = "not-analysed"
    NO_MODEL = "no-model"
    LOADING = "loading"


@dataclass(frozen=True)
class SimilarAnswer:
    """What sounds like `seed`, most alike first; where that is nothing, `message` says why in a sentence.

    An answer that is `provisional` has both: it comes from a model that stands in until one is built, and `message`
    says of how much of the library. An answer to several seeds names the first. `problem` is what keeps the seed from
    being analysed, in the indexer's English.
    """

    seed: TrackId
    state: SimilarState
    rows: tuple[SimilarRow, ...] = ()
    message: str = ""
    provisional: bool = False
    problem: Problem | None = None


def getting_ready(seed: TrackId) -> SimilarAnswer:
    """Nobody has looked for a model yet."""
    return SimilarAnswer(seed, SimilarState.LOADING, message=tr("Getting ready…"))


def without_model(seed: TrackId, counts: LibraryCounts, fault: SegueError | None) -> SimilarAnswer:
    """There is no model to ask."""
    if fault is not None:
        return SimilarAnswer(seed, SimilarState.NO_MODEL, message=str(fault))
    analysed, tracks = counts.analysed, counts.tracks
    if analysed and analysed >= tracks:
        message = tr("The library is analysed, but its model is not built yet: choose Library › Rebuild index.")
    elif analysed:
        message = tr(
            "Segue is still analysing your music: {analysed} of {tracks} done.",
            analysed=number(analysed),
            tracks=number(tracks),
        )
    else:
        message = tr("Nothing has been analysed yet: choose Library › Rescan.")
    return SimilarAnswer(seed, SimilarState.NO_MODEL, message=message)


def not_analysed(seed: TrackId, counts: LibraryCounts, problem: Problem | None = None) -> SimilarAnswer:
    """The model does not have the seed; because of a problem, where one is known."""
    if problem is not None:
        return SimilarAnswer(seed, SimilarState.NOT_ANALYSED, message=problem.message, problem=problem)
    analysed, tracks = min(counts.analysed, counts.tracks), counts.tracks
    if tracks and not counts.is_complete:
        message = tr("Not analysed yet: {analysed} of {tracks} done.", analysed=number(analysed), tracks=number(tracks))
    else:
        message = tr("This track could not be analysed: see Library › Problems, or rescan.")
    return SimilarAnswer(seed, SimilarState.NOT_ANALYSED, message=message)


def provisional_remark(analysed: int, counts: LibraryCounts) -> str:
    """Of how much of the library a provisional answer is."""
    return tr(
        "Provisional, {analysed} of {tracks} analysed",
        analysed=number(analysed),
        tracks=number(max(counts.tracks, analysed)),
    )


def left_out_remark(number_: int, *, alone: bool) -> str:
    """That a list is short, or empty where what was left out is `alone`, because something is no song."""
    if alone:
        return tr("What sounds like this is no music: talk, mixes and jingles are left out. Settings can change that.")
    return trn(
        "{number} left out that is no song: talk, a mix or a jingle",
        "{number} left out that are no songs: talk, mixes or jingles",
        number_,
    )
