"""Which documents can be changed together, as a range of an index, because all between its ends are to be changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

LONGEST = 1_000
"""Documents of one run: a second's work for the server."""


@dataclass(frozen=True, slots=True)
class Run:
    """The documents with keys from `low` to `high`, both included.

    Attributes:
        low: the first key.
        high: the last key.
        ids: of the documents, in the order of their keys.
    """

    low: str
    high: str
    ids: list[str]


def runs_of(documents: Iterable[tuple[str, str]], wanted: Collection[str], *, longest: int = LONGEST) -> Iterator[Run]:
    """Cut what is wanted into ranges that hold nothing else.

    Args:
        documents: key and id of every document of the collection that has a text as its key.
        wanted: ids of those to be changed; what is not among the documents is left out.
        longest: documents of one run; a single key with more makes a longer one.
    """
    run: list[tuple[str, str]] = []
    for _, group in groupby(sorted(documents), key=itemgetter(0)):
        same_key = list(group)
        if all(identity in wanted for _, identity in same_key):
            run += same_key
        if run and (run[-1] is not same_key[-1] or len(run) >= longest):
            yield _run(run)
            run = []
    if run:
        yield _run(run)


def _run(documents: list[tuple[str, str]]) -> Run:
    return Run(documents[0][0], documents[-1][0], [identity for _, identity in documents])
