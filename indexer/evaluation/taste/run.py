"""Holds the ways of learning from listening against each other, on listeners that none of them has seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.held_out import first_ranks
from indexer.evaluation.bootstrap import RESAMPLES, Resamples
from indexer.evaluation.taste.artists import LibraryArtists, judge_artists
from indexer.evaluation.taste.by_time import splits_by_time
from indexer.evaluation.taste.data import Data
from indexer.evaluation.taste.measures import Measured, measured
from indexer.evaluation.taste.methods import DENSE_ITEMS, Method, Scorer
from indexer.evaluation.taste.result import Grid, Judged, TasteResult
from indexer.evaluation.taste.splits import Question, Split, first_listeners, strong_split, unheard_split
from indexer.history.reading import HistoryUnreadable

CURVE = (1, 5, 10, 25, 50, 100, 300)
"""Numbers of listeners to learn from, besides all of them."""

Say = Callable[[str], None]


def evaluate_taste(
    data: Data,
    methods: Sequence[Method],
    seeds: Sequence[int],
    *,
    say: Say = lambda _: None,
    with_curve: bool = True,
    resamples: int = RESAMPLES,
    library: LibraryArtists | None = None,
) -> TasteResult:
    """Judge methods, the first of which is held against all others.

    Settings are chosen on validation listeners alone, or by what listeners played before that which judges. Raises
    HistoryUnreadable where there are too few listeners and no times.
    """
    new, again = splits_by_time(data)
    splits = _splits(data, seeds, needed=not (new or again))
    able = [method for method in methods if method.answers_heard]
    untimed = [method for method in able if not method.needs_times]
    grids = _grids(methods, say)
    counts, curve = _curve(splits[0], untimed, seeds[0], say) if with_curve and splits else ((), {})
    say("artists")
    artists, artist_notes = judge_artists(data, library, seeds[0], resamples)
    return TasteResult(
        data.name,
        (len(splits[0].train), len(splits[0].test.shown)) if splits else (0, 0),
        splits[0].items.size if splits else data.histories.item_count,
        dict(data.refused),
        tuple(seeds),
        strong=_judge(splits, untimed, seeds, resamples, say),
        unheard=_unheard(data, splits, methods, seeds, resamples, say),
        curve=curve,
        counts=counts,
        grids=grids,
        later_new=_judge([new], able, seeds[:1], resamples, say) if new else (),
        later_again=_judge([again], able, seeds[:1], resamples, say) if again else (),
        notes=tuple(_notes(data, splits, new, again)),
        artists=tuple(artists),
        artist_notes=tuple(artist_notes),
    )


def _splits(data: Data, seeds: Sequence[int], *, needed: bool) -> list[Split]:
    try:
        return [strong_split(data, seed) for seed in seeds]
    except HistoryUnreadable:
        if needed:
            raise
        return []


def _unheard(
    data: Data, splits: Sequence[Split], methods: Sequence[Method], seeds: Sequence[int], resamples: int, say: Say
) -> tuple[Judged, ...]:
    fresh = [method for method in methods if method.answers_unheard]
    if not splits or splits[0].content is None:
        return ()
    return _judge([unheard_split(data, seed) for seed in seeds], fresh, seeds, resamples, say)


def _notes(data: Data, splits: Sequence[Split], new: Split | None, again: Split | None) -> Iterator[str]:
    if not splits:
        yield "listeners held out wholly: there are too few"
    if not data.plays:
        yield "later plays, and recency: this history does not say when something was played"
        return
    if new is None:
        yield "later plays that are new to a listener: no other listener played such a thing before"
    if again is None:
        yield "later plays of what was played before: there are too few"


def _grids(methods: Sequence[Method], say: Say) -> dict[str, Grid]:
    """What is chosen beforehand; methods that choose of the same settings stand together."""
    grids: dict[str, Grid] = {}
    for method in methods:
        if method.tried is not None and not method.missing:
            say(f"settings of {method.name}")
            grid = Grid.of(method.tried())
            if grid.tried and grid not in grids.values():
                grids[method.name] = grid
    return grids


@dataclass(frozen=True, eq=False)
class _Served:
    """What one method did with one split."""

    setting: str
    figures: Measured
    seconds: float


def _judge(
    splits: Sequence[Split], methods: Sequence[Method], seeds: Sequence[int], resamples: int, say: Say
) -> tuple[Judged, ...]:
    if not splits:
        return ()
    people = np.concatenate([split.test.listeners for split in splits])
    draws = Resamples(people, seeds[0], resamples)
    judged: list[Judged] = []
    before: NDArray[np.float64] | None = None
    for method in methods:
        name = f"{method.name} {method.version}".strip()
        missing = method.missing or _hindrance(method, splits[0])
        if missing:
            judged.append(Judged(name, missing))
            continue
        say(name)
        served = [_served(split, method, seed) for split, seed in zip(splits, seeds, strict=True)]
        figures = [each.figures for each in served]
        ndcg = np.concatenate([each.ndcg for each in figures])
        judged.append(
            Judged(
                name, "", tuple(each.setting for each in served),
                draws.figure(ndcg),
                draws.figure(np.concatenate([each.recall20 for each in figures])),
                draws.figure(np.concatenate([each.recall50 for each in figures])),
                None if before is None else draws.figure(before - ndcg),
                100.0 * float(np.mean([each.coverage for each in figures])),
                100.0 * float(np.mean([each.popular for each in figures])),
                float(np.mean([each.seconds for each in served])),
            )
        )  # fmt: skip
        before = ndcg if before is None else before
    return tuple(judged)


def _hindrance(method: Method, split: Split) -> str:
    if method.needs_content and split.content is None:
        return "nothing is known of the items besides who played them"
    if method.is_dense and split.items.size > DENSE_ITEMS:
        return f"more than {DENSE_ITEMS} items: a matrix of items by items does not fit"
    return ""


def _served(split: Split, method: Method, seed: int) -> _Served:
    """Choose on the validation listeners, then ask the test listeners once."""
    popularity = np.bincount(split.train.items, minlength=split.train.item_count).astype(np.float64)
    best: tuple[float, str, Scorer, float] | None = None
    shared, started = 0.0, time.perf_counter()
    for name, scorer in method.candidates(split.train, split.content, seed):
        seconds = time.perf_counter() - started
        if method.goes_on:
            shared = seconds = shared + seconds
        elif method.shares_fit:
            shared = seconds = shared or seconds  # the first does most of the work
        ndcg = float(np.mean(_asked(split.validation, scorer, popularity, seed).ndcg))
        if best is None or ndcg > best[0]:
            best = (ndcg, name, scorer, seconds)
        started = time.perf_counter()
    assert best is not None  # noqa: S101 - every method has a setting
    _, name, scorer, seconds = best
    if split.whole is not None:
        learnt = method.candidates(split.whole, split.content, seed)
        scorer = next(scorer for setting, scorer in learnt if setting == name)
    return _Served(name, _asked(split.test, scorer, popularity, seed), seconds)


def _asked(question: Question, scorer: Scorer, popularity: NDArray[np.float64], seed: int) -> Measured:
    ranked = first_ranks(scorer.scores(question.shown), _left_out(question), seed)
    return measured(ranked, question.right, popularity)


def _left_out(question: Question) -> Iterator[NDArray[np.integer]]:
    everything = np.arange(question.shown.item_count)
    for listener in range(len(question.shown)):
        shown = question.shown.row(listener)[0]
        yield np.setdiff1d(everything, shown) if question.only_shown else np.concatenate([shown, question.left_out])


def _curve(
    split: Split, methods: Sequence[Method], seed: int, say: Say
) -> tuple[tuple[int, ...], dict[str, list[float]]]:
    """NDCG of every quick method by how many listeners there are to learn from."""
    counts = (*(count for count in CURVE if count < len(split.train)), len(split.train))
    able = [method for method in methods if method.on_curve and not (method.missing or _hindrance(method, split))]
    curve: dict[str, list[float]] = {method.name: [] for method in able}
    for count in counts:
        say(f"{count} listeners")
        part = first_listeners(split, count)
        for method in able:
            curve[method.name].append(100.0 * float(np.mean(_served(part, method, seed).figures.ndcg)))
    return counts, curve
