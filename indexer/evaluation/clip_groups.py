"""How well artists and albums find others of their genre, of the clips of an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.groups import Membership
from indexer.evaluation.bootstrap import Resamples
from indexer.evaluation.group_ways import Grouped, judge, ways
from indexer.evaluation.labels import UNKNOWN, Codes, LabelledClip, encode
from indexer.evaluation.methods import Distances
from indexer.evaluation.result import GroupsJudged
from indexer.evaluation.tasks import Task

_MEANING = "most clips of the other are of the genre that most clips of this one are of; {left_out}"
_FEWEST = 2
"""Groups that can be compared."""

Ints = NDArray[np.intp]


def judge_clip_groups(
    clips: Sequence[LabelledClip], vectors: NDArray[np.float32], distances: Distances, seed: int, resamples: int
) -> Iterator[GroupsJudged]:
    """Artists, then albums; those of whose clips no genre is known are compared, and neither ask nor are right.

    Args:
        clips: with their labels.
        vectors: as the app keeps them, shape (clips, dims).
        distances: between the clips, as the app compares them, shape (clips, clips).
        seed: of ties and resamples.
        resamples: of the bootstrap, by whole artists.
    """
    codes = encode(clips)
    albums = np.where((codes.album == UNKNOWN) | (codes.artist == UNKNOWN), UNKNOWN, _paired(codes))
    for title, of_clip, left_out in (
        ("Artists", codes.artist, "itself is no candidate"),
        ("Albums", albums, "nothing by its own artist is among the candidates"),
    ):
        members, first = _members(of_clip)
        task = _genre_task(members, codes.artist[first], codes.genre)
        if members.count >= _FEWEST and len(task.queries):
            found = dict(ways(Grouped(vectors, distances, members)))
            draws = Resamples(codes.artist[first][task.queries], seed, resamples)
            yield judge(title, _MEANING.format(left_out=left_out), found, task, draws, seed)


def _paired(codes: Codes) -> Ints:
    return np.unique(codes.artist * (codes.album.max(initial=0) + 2) + codes.album, return_inverse=True)[1].ravel()


def _members(of_clip: Ints) -> tuple[Membership, Ints]:
    """The groups of clips, numbered from 0, and the first clip of each."""
    tracks = np.flatnonzero(of_clip != UNKNOWN)
    _, first, groups = np.unique(of_clip[tracks], return_index=True, return_inverse=True)
    return Membership(groups.ravel().astype(np.intp), tracks, len(first)), tracks[first]


def _genre_task(members: Membership, artists: Ints, genres: Ints) -> Task:
    """Who has a genre asks for the same one by another artist."""
    own = np.array([_most(genres[members.tracks[members.groups == group]]) for group in range(members.count)], np.intp)
    known = own != UNKNOWN
    candidates = (artists[:, np.newaxis] != artists) & known[:, np.newaxis] & known
    relevant = candidates & (own[:, np.newaxis] == own)
    return Task("genre", "same genre", "", candidates, relevant, np.flatnonzero(relevant.any(axis=1)))


def _most(genres: Ints) -> int:
    """The genre of most clips, of as many the one that comes first; UNKNOWN where none is known."""
    counted = Counter(genre for genre in genres.tolist() if genre != UNKNOWN)
    return counted.most_common(1)[0][0] if counted else UNKNOWN
