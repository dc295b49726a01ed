"""What taste is learnt from, and by which settings: rows, terms, choice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import ListenerId
from indexer.core.taste.model import APART
from indexer.core.taste.solve import Block, Solve, solve
from indexer.core.taste.weights import DAY, Plays
from indexer.core.taste.words import of_length_one
from indexer.history.build import LISTENERS, MOST_SESSIONS, SESSIONS, rows_of
from indexer.history.choice import DEFAULT, FEWEST_PLAYS, TasteSetting, choose
from indexer.history.gathering import terms_of
from tests.unit.core.taste.made import NOW, made_plays, plays_at

ITEMS = 120
ONE, OTHER = ListenerId("one"), ListenerId("other")


def test_every_listener_is_a_row_and_so_are_sessions_of_more_than_one_track() -> None:
    evening = plays_at((1, 3.0), (2, 2.999), (5, 2.0), (7, 1.0), (8, 0.999), (9, 0.998))
    rows = rows_of({ONE: evening, OTHER: plays_at((4, 1))}, {OTHER: {6: 1.0}}, ITEMS)
    assert rows.parts == ((LISTENERS, 2), (SESSIONS, 2))
    held = [rows.histories.row(row)[0].tolist() for row in range(4)]
    assert held == [[1, 2, 5, 7, 8, 9], [4, 6], [1, 2], [7, 8, 9]]
    for row in range(4):
        assert np.linalg.norm(rows.histories.row(row)[1]) == pytest.approx(1.0)


def test_rows_of_who_is_apart_have_a_name_of_their_own() -> None:
    evening = plays_at((1, 3.0), (2, 2.999), (5, 2.0))
    rows = rows_of({ONE: evening, OTHER: plays_at((4, 1), (7, 0.999))}, {}, ITEMS, {ONE})
    assert rows.parts == ((LISTENERS, 1), (SESSIONS, 1), (APART, 2))
    held = [rows.histories.row(row)[0].tolist() for row in range(4)]
    assert held == [[4, 7], [4, 7], [1, 2, 5], [1, 2]]


def test_only_the_last_sessions_are_rows() -> None:
    plays = plays_at(*[(turn % 50, day + 0.001 * turn) for day in range(MOST_SESSIONS + 20) for turn in range(2)])
    rows = rows_of({ONE: plays}, {}, ITEMS)
    assert rows.parts == ((LISTENERS, 1), (SESSIONS, MOST_SESSIONS))


def test_who_only_skipped_and_sampled_nothing_is_a_row_that_takes_away() -> None:
    rows = rows_of({ONE: plays_at((1, 1), heard=-1.0)}, {}, ITEMS)
    assert rows.histories.row(0)[1].tolist() == [-1.0]


@given(st.integers(0, 500), st.integers(1, 8))
def test_terms_are_those_that_tell_apart(seed: int, most: int) -> None:
    draw = np.random.default_rng(seed)
    said = {int(item): frozenset(draw.choice(list("abcdefgh"), 2)) for item in range(0, ITEMS, 2)}
    said |= {item: own | {"all"} for item, own in said.items()} | {1: frozenset({"all", "rare"})}
    said |= {item: said.get(item, frozenset()) | {"all"} for item in range(ITEMS)}
    words, terms = terms_of(said, ITEMS, most)
    assert words.shape == (ITEMS, len(terms))
    assert len(terms) <= most
    assert not {"all", "rare"} & set(terms)
    lengths = np.linalg.norm(words, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))
    for item, column in zip(*np.nonzero(words), strict=True):
        assert terms[column] in said[int(item)]


def solver(listeners: Mapping[ListenerId, Plays], setting: TasteSetting) -> Solve:
    kinds = np.arange(ITEMS) % 6
    sound = of_length_one(np.eye(6)[kinds] + 0.1 * np.random.default_rng(0).normal(size=(ITEMS, 6)))
    rows = rows_of(listeners, {}, ITEMS)
    return solve(rows.histories, [Block("sound", sound, setting.strength)], setting.regularisation, rows.parts)


def test_without_plays_enough_the_defaults_are_taken() -> None:
    choice = choose({ONE: made_plays(count=FEWEST_PLAYS - 1)}, ITEMS, lambda *_: pytest.fail("nothing is solved"))
    assert choice.setting == DEFAULT
    assert choice.ndcg is None


def test_a_listener_who_changed_gets_a_short_half_life() -> None:
    """Half of a life with three kinds of music, and from then on with none of them."""
    draw = np.random.default_rng(3)
    kinds = np.concatenate([draw.integers(0, 3, 300), np.full(300, 3)])
    items = (kinds + 6 * draw.integers(0, ITEMS // 6, kinds.size)).astype(np.int32)
    at = NOW - np.linspace(800, 0, items.size) * DAY
    plays = Plays(items, at, np.ones(items.size, np.float32))
    seen: list[Mapping[ListenerId, Plays]] = []

    def solved(setting: TasteSetting, listeners: Mapping[ListenerId, Plays]) -> Solve:
        seen.append(listeners)
        return solver(listeners, setting)

    settings = [TasteSetting(half_life=days) for days in (10.0, 180.0, 3_000.0)]
    choice = choose({ONE: plays, OTHER: made_plays(count=50)}, ITEMS, solved, settings)
    assert choice.setting.half_life == 10.0
    assert choice.ndcg is not None
    assert choice.default_ndcg is not None
    assert choice.ndcg > choice.default_ndcg
    assert choice.asked == 4
    (listeners,) = seen  # settings that differ in half-life alone are solved once
    assert len(listeners[ONE]) == 0.6 * len(plays)  # nothing of what is asked about was learnt from
    assert len(listeners[OTHER]) == 50
