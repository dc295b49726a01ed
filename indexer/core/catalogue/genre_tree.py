"""The genres of the library as a tree: the one of the Free Music Archive where it is known, else a flat one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.fields import names_in
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.text import fold, natural_key
from indexer.core.tracks import Genre

UNKNOWN = ""
"""Label and key of the genre of tracks that name none."""


_LEVELS = re.compile(r"(?<=[^\s/])/(?=[^\s/])|\s*[\\>|]\s*")
"""What tags put between a wider genre and one within it; "Old-Time / Historic" is one genre."""

Path = tuple[str, ...]
"""Folded names from the top of the tree down to a genre."""


def steps_of(genre: str) -> tuple[str, ...]:
    """The levels that a tag names, from the wider one down: "electronic", "techno" of "electronic/techno"."""
    return tuple(step for step in _LEVELS.split(genre) if step) or (genre,)


def genres_of(catalogue: Catalogue, known: Iterable[Genre] = ()) -> Grouping:
    """Group by genre; a genre holds the tracks of those below it, and a track is in each genre it names.

    "game/chip" lies below "Game" where that is a genre too, named by itself or as the wider one of others; alone it is
    one name, as "Singer/Songwriter" is. Spellings that differ in case are one genre, shown as most tracks write it.

    Args:
        catalogue: the tracks.
        known: a tree of genres; what the tracks name and it does not know stands at the top.
    """
    nodes = {node.id: node for node in known}
    tree = {fold(node.title): _steps(node, nodes) for node in nodes.values()}
    combined = _combined(catalogue)
    named = [names_in(genres) or (genre,) for genre, genres in combined.values]
    path_of = _paths({title for genres in named for title in genres}, tree)
    titles = _titles(named, combined.set_of_row, path_of, nodes)
    order = sorted(titles, key=lambda path: [natural_key(step) for step in path])  # parents before those below them
    place = {path: number for number, path in enumerate(order)}
    members = {
        (place[part], number)
        for number, genres in enumerate(named)
        for title in genres
        for part in _down(path_of[title])
    }
    return Grouping(
        keys=[path[-1] if tree.get(path[-1], path[-1:]) == path else "/".join(path) for path in order],
        labels=[titles[path] for path in order],
        parents=np.array([place.get(path[:-1], NO_PARENT) for path in order], np.intp),
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


def _paths(titles: Collection[str], known: Mapping[str, Path]) -> dict[str, Path]:
    """Where in the tree each genre that tracks name lies."""
    levels = {title: tuple(fold(step) for step in steps_of(title)) for title in titles}
    below = Counter(head for head, *rest in {*levels.values()} if rest)
    wider = {*known, *map(fold, titles), *(head for head, count in below.items() if count > 1)}

    def path(title: str) -> Path:
        whole, steps = fold(title), levels[title]
        if whole in known:
            return known[whole]
        if len(steps) == 1 or steps[0] not in wider:
            return (whole,)
        top, last = known.get(steps[0], steps[:1]), known.get(steps[-1], ())
        return last if last[: len(top)] == top else (*top, *steps[1:])

    return {title: path(title) for title in titles}


def _steps(node: Genre, nodes: Mapping[int, Genre]) -> Path:
    """From the top of a known tree down to one of its genres."""
    steps: list[str] = []
    at: Genre | None = node
    while at is not None and fold(at.title) not in steps:  # a table may go round in a circle
        steps.insert(0, fold(at.title))
        at = nodes.get(at.parent)
    return tuple(steps)


def _down(path: Path) -> list[Path]:
    """A place of the tree and those above it, from the top."""
    return [path[: depth + 1] for depth in range(len(path))]


def _titles(
    named: Sequence[Sequence[str]], set_of_row: Ints, path_of: Mapping[str, Path], nodes: Mapping[int, Genre]
) -> dict[Path, str]:
    """What each place of the tree is called: as the known tree has it, else as most tracks write it."""
    written: dict[Path, Counter[str]] = {}
    counts = np.bincount(set_of_row[set_of_row >= 0], minlength=len(named)).tolist()
    for genres, count in zip(named, counts, strict=False):
        for title in genres:
            path = path_of[title]
            words = (title,) if len(path) == 1 else steps_of(title)
            by_step = {fold(word): word for word in words}
            for part in _down(path):
                written.setdefault(part, Counter())[by_step.get(part[-1], part[-1])] += count
    official = {fold(node.title): node.title for node in nodes.values()}
    return {
        path: official.get(path[-1]) or max(said, key=lambda word: (said[word], word)) for path, said in written.items()
    }
