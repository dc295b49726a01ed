"""The genres of the library as a tree: the one of the Free Music Archive where it is known, else a flat one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.library import Genre
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.fields import names_in
from musicplayer.library.folding import fold, natural_key
from musicplayer.library.grouping import NO_PARENT, Grouping, Ints

UNKNOWN = ""
"""Label and key of the genre of tracks that name none."""


def genres_of(catalogue: Catalogue, known: Iterable[Genre] = ()) -> Grouping:
    """Group by genre; a genre holds the tracks of those below it, and a track is in each genre it names.

    Args:
        catalogue: the tracks.
        known: a tree of genres; what the tracks name and it does not know stands at the top.
    """
    known = tuple(known)
    combined = _combined(catalogue)
    ancestors = _paths(known)
    named = [names_in(genres) or (genre,) for genre, genres in combined.values]
    keys = {title: fold(title) for genres in named for title in genres}
    titles = {key: title for title, key in keys.items()}
    used = {step for key in titles for step in ancestors.get(key, (key,))}
    titles |= {fold(node.title): node.title for node in known if fold(node.title) in used}
    order = _in_order(used, ancestors)
    place = {key: number for number, key in enumerate(order)}
    places = {title: [place[step] for step in ancestors.get(key, (key,))] for title, key in keys.items()}
    members = {(held, number) for number, genres in enumerate(named) for title in genres for held in places[title]}
    return Grouping(
        keys=order,
        labels=[titles[key] for key in order],
        parents=np.array([_parent(key, ancestors, place) for key in order], np.intp),
        set_of_row=combined.set_of_row,
        members=np.array(sorted(members), np.intp).reshape(-1, 2),
    )


@dataclass(frozen=True)
class _Combined:
    values: list[tuple[str, str]]
    set_of_row: Ints


def _combined(catalogue: Catalogue) -> _Combined:
    """The different pairs of `genre` and `genres`, and which of them each row has."""
    one, many = catalogue.texts("genre"), catalogue.texts("genres")
    codes = one.codes.astype(np.int64) * (len(many.values) + 1) + many.codes
    different, sets = np.unique(codes, return_inverse=True)
    pairs = [divmod(code, len(many.values) + 1) for code in different.tolist()]
    return _Combined([(one.values[first], many.values[second]) for first, second in pairs], np.asarray(sets, np.intp))


def _paths(known: Iterable[Genre]) -> dict[str, tuple[str, ...]]:
    """The keys from the top down to each known genre, itself included."""
    nodes = {node.id: node for node in known}
    return {fold(node.title): tuple(_steps(node, nodes)) for node in nodes.values()}


def _steps(node: Genre, nodes: Mapping[int, Genre]) -> Sequence[str]:
    steps: list[str] = []
    at: Genre | None = node
    while at is not None and fold(at.title) not in steps:  # a table may go round in a circle
        steps.insert(0, fold(at.title))
        at = nodes.get(at.parent)
    return steps


def _in_order(used: Iterable[str], ancestors: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Parents before those below them, each level in the order of the alphabet, the unknown one last."""
    return sorted(used, key=lambda key: [natural_key(step) for step in ancestors.get(key, (key,))])


def _parent(key: str, ancestors: Mapping[str, tuple[str, ...]], place: Mapping[str, int]) -> int:
    steps = ancestors.get(key, (key,))
    return place[steps[-2]] if len(steps) > 1 else NO_PARENT
