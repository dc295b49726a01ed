"""The page of recommendations: caps hold, nothing is there twice, and what is not wanted is nowhere."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.taste.model import LEAST_LIKED, TasteModel
from indexer.core.taste.shelves import Page, PageRules, Shelf, ShelfKind, best, clusters, page_of
from indexer.core.taste.words import of_length_one
from tests.unit.core.taste.made import NOW, made_model, made_plays, plays_at


def rules_of(model: TasteModel, artists: int = 30, **changes: object) -> PageRules:
    numbers = (np.arange(len(model)) % artists).astype(np.int32)
    return PageRules(numbers, np.zeros(len(model), bool), **changes)  # type: ignore[arg-type]


def of_kind(page: Page, kind: ShelfKind) -> list[Shelf]:
    return [shelf for shelf in page.shelves if shelf.kind is kind]


def items_of(shelf: Shelf) -> list[int]:
    return [pick.item for pick in shelf.picks]


@given(st.integers(0, 5_000), st.integers(0, 400), st.integers(1, 3), st.integers(1, 25), st.integers(0, 6))
def test_a_page_keeps_its_rules(seed: int, count: int, cap: int, length: int, mixes: int) -> None:
    model, plays = made_model(seed), made_plays(seed, count=count)
    draw = np.random.default_rng(seed)
    taste = model.for_listener(plays, {int(item): -1.0 for item in draw.integers(0, 120, 4)}, NOW)
    barred = draw.random(len(model)) < 0.2
    artists = draw.integers(-1, 20, len(model)).astype(np.int32)
    rules = PageRules(artists, barred, artist_cap=cap, length=length, mixes=mixes, seed=seed)
    page = page_of(model, taste, rules)
    assert page == page_of(model, taste, rules)
    assert not (page.needed and page.shelves)
    assert len(of_kind(page, ShelfKind.MIX)) <= mixes
    for shelf in page.shelves:
        items = items_of(shelf)
        assert 0 < len(items) <= length
        assert not (barred | taste.disliked)[items].any()
        assert max(Counter(artist for artist in artists[items] if artist >= 0).values(), default=0) <= cap
        assert [pick.track for pick in shelf.picks] == [model.track_at(item) for item in items]
    for mixed in (True, False):
        shown = [item for each in page.shelves if (each.kind is ShelfKind.MIX) is mixed for item in items_of(each)]
        assert len(shown) == len(set(shown))
    assert sum(pick.explores for shelf in page.shelves for pick in shelf.picks) <= 1


def test_who_played_nothing_gets_nothing_and_is_told_how_much_is_needed() -> None:
    model = made_model()
    assert page_of(model, model.for_listener(plays_at(), {}, NOW), rules_of(model)) == Page((), LEAST_LIKED)
    two = model.for_listener(plays_at((1, 1), (1, 2), (2, 1)), {}, NOW)
    assert page_of(model, two, rules_of(model)) == Page((), LEAST_LIKED - 2)


def test_new_is_what_was_never_heard_and_rediscover_what_was_loved_long_ago() -> None:
    model = made_model()
    long_ago = [(item, 200 + turn) for item in range(4) for turn in range(3)]
    plays = plays_at(*long_ago, (0, 2), *[(item, 10) for item in range(10, 16)])
    taste = model.for_listener(plays, {11: 1.0, 3: -1.0}, NOW)
    page = page_of(model, taste, rules_of(model, length=10))
    (forgotten,) = of_kind(page, ShelfKind.REDISCOVER)
    on_others = {item for shelf in of_kind(page, ShelfKind.FOR_YOU) for item in items_of(shelf)}
    assert set(items_of(forgotten)) == {1, 2} - on_others
    (new,) = of_kind(page, ShelfKind.NEW)
    assert not taste.heard[items_of(new)].any()


def test_what_was_played_just_now_is_left_in_peace() -> None:
    model = made_model()
    taste = model.for_listener(plays_at(*[(item, 0.1) for item in range(20)]), {}, NOW)
    (for_you,) = of_kind(page_of(model, taste, rules_of(model)), ShelfKind.FOR_YOU)
    assert min(items_of(for_you)) >= 20


def test_one_track_of_for_you_explores_and_was_never_heard() -> None:
    model = made_model()
    taste = model.for_listener(made_plays(), {}, NOW)
    drawn = set()
    for seed in range(6):
        (for_you,) = of_kind(page_of(model, taste, rules_of(model, seed=seed, length=12)), ShelfKind.FOR_YOU)
        (explored,) = [pick.item for pick in for_you.picks if pick.explores]
        assert not taste.heard[explored]
        drawn.add(explored)
    assert len(drawn) > 1


def test_because_is_around_what_was_played_often_without_what_was_hidden_for_it() -> None:
    model = made_model()
    plays = plays_at(*[(3, 5 + day) for day in range(9)], *[(item, 40) for item in (4, 5, 10, 11)])
    taste = model.for_listener(plays, {}, NOW)
    rules = rules_of(model, artists=120, length=4)
    (shelf,) = of_kind(page_of(model, taste, rules), ShelfKind.BECAUSE)
    assert shelf.seed == model.track_at(3)
    assert 3 not in items_of(shelf)
    assert {item % 6 for item in items_of(shelf)} == {3}
    hidden = {shelf.seed: {shelf.picks[0].track}}
    (other,) = of_kind(page_of(model, taste, rules_of(model, artists=120, length=4, hidden=hidden)), ShelfKind.BECAUSE)
    assert shelf.picks[0] not in other.picks


def test_mixes_are_around_what_is_alike() -> None:
    model = made_model()
    plays = plays_at(*[(item, 10) for kind in (0, 1, 2) for item in range(kind, 60, 6)])
    page = page_of(model, model.for_listener(plays, {}, NOW), rules_of(model, artists=120, length=15, mixes=3))
    mixes = of_kind(page, ShelfKind.MIX)
    assert len(mixes) == 3
    assert {frozenset(item % 6 for item in items_of(mix)[:10]) for mix in mixes} == {
        frozenset({kind}) for kind in (0, 1, 2)
    }


def test_without_content_there_are_no_mixes_and_no_error() -> None:
    model = made_model(content=False)
    page = page_of(model, model.for_listener(made_plays(), {}, NOW), rules_of(model))
    assert of_kind(page, ShelfKind.FOR_YOU)
    assert not of_kind(page, ShelfKind.MIX)


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(1, 4), st.integers(1, 10), st.integers(0, 99))
def test_the_best_are_those_of_a_full_sort(values: list[int], cap: int, count: int, seed: int) -> None:
    scores = np.array(values, np.float32)
    draw = np.random.default_rng(seed)
    allowed, artists = draw.random(scores.size) < 0.7, draw.integers(-1, 5, scores.size).astype(np.int32)
    expected: list[int] = []
    for item in sorted(np.flatnonzero(allowed).tolist(), key=lambda item: (-scores[item], item)):
        same = sum(artists[other] == artists[item] for other in expected)
        if artists[item] < 0 or same < cap:
            expected.append(item)
    assert best(scores, allowed, artists, cap, count) == expected[:count]


@given(st.integers(0, 5_000), st.integers(1, 40), st.integers(1, 8))
def test_clusters_are_of_the_nearest_centre_and_the_same_each_time(seed: int, size: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    vectors = of_length_one(draw.normal(size=(size, 5)))
    weights = draw.uniform(0.1, 2.0, size).astype(np.float32)
    centres, owners = clusters(vectors, weights, count, seed)
    again = clusters(vectors, weights, count, seed)
    assert np.array_equal(centres, again[0])
    assert np.array_equal(owners, again[1])
    assert 1 <= len(centres) <= min(count, size)
    assert set(owners.tolist()) == set(range(len(centres)))
    assert np.linalg.norm(centres, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_clusters_find_what_lies_apart() -> None:
    vectors = np.repeat(np.eye(3, dtype=np.float32), 5, axis=0)
    _, owners = clusters(vectors, np.ones(15, np.float32), 3, seed=1)
    assert [len(set(owners[start : start + 5].tolist())) for start in (0, 5, 10)] == [1, 1, 1]
    assert len(set(owners.tolist())) == 3


def test_how_long_is_forgotten_is_for_the_rules_to_say() -> None:
    model = made_model()
    taste = model.for_listener(plays_at(*[(item, 100) for item in range(30)] * 3), {}, NOW)
    soon, late = (of_kind(page_of(model, taste, rules_of(model, days=days)), ShelfKind.REDISCOVER) for days in (9, 101))
    assert soon
    assert not late
