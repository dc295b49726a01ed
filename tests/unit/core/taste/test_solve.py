"""The one solve against the dense inverse that it never makes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.core.taste.solve import Block, Heard, Solve, solve

ITEMS = 40
LAMBDA = 2.0


def some_heard(generator: np.random.Generator, items: int = ITEMS, size: int = 8) -> Heard:
    chosen = np.sort(generator.choice(items, size, replace=False)).astype(np.int32)
    return chosen, generator.normal(size=size).astype(np.float32)


def some_rows(generator: np.random.Generator, count: int, items: int = ITEMS) -> Histories:
    return Histories.of_rows([some_heard(generator, items) for _ in range(count)], items)


def some_solve(seed: int, listeners: int = 6, dims: tuple[int, ...] = (4, 3)) -> Solve:
    generator = np.random.default_rng(seed)
    blocks = [
        Block(f"block {number}", generator.normal(size=(ITEMS, size)).astype(np.float32), 1.5)
        for number, size in enumerate(dims)
    ]
    return solve(some_rows(generator, listeners), blocks, LAMBDA)


def dense(heard: Heard, items: int = ITEMS) -> NDArray[np.float64]:
    spread = np.zeros(items)
    spread[heard[0]] = heard[1]
    return spread


def z_of(solved: Solve) -> NDArray[np.float64]:
    rows = [dense(solved.rows.row(number), solved.item_count) for number in range(len(solved.rows))]
    return np.vstack([*rows, solved.columns.T.astype(np.float64)])


def weights_of(solved: Solve) -> NDArray[np.float64]:
    """W = I - P / diag(P), by the inverse of items by items."""
    z = z_of(solved)
    inverse = np.linalg.inv(solved.regularisation * np.eye(solved.item_count) + z.T @ z)
    return np.eye(solved.item_count) - inverse / np.diag(inverse)


@given(st.integers(0, 10_000), st.integers(0, 9), st.lists(st.integers(1, 6), max_size=3))
def test_scores_are_those_of_the_dense_inverse(seed: int, listeners: int, dims: list[int]) -> None:
    solved = some_solve(seed, listeners, tuple(dims))
    heard = some_heard(np.random.default_rng(seed + 1))
    assert solved.scores(heard) == pytest.approx(dense(heard) @ weights_of(solved), abs=1e-6, rel=1e-6)


def test_more_rows_and_items_than_one_chunk_are_no_matter() -> None:
    generator = np.random.default_rng(0)
    items = 5_000
    content = Block("sound", generator.normal(size=(items, 3)).astype(np.float32))
    solved = solve(some_rows(generator, 20, items), [content], LAMBDA)
    heard = some_heard(generator, items)
    z = z_of(solved)
    inverse = np.linalg.inv(LAMBDA * np.eye(items) + z.T @ z)
    expected = dense(heard, items) @ (np.eye(items) - inverse / np.diag(inverse))
    assert solved.scores(heard) == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 10_000))
def test_the_order_of_items_is_no_matter(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows, heard = some_rows(generator, 5), some_heard(generator)
    columns = generator.normal(size=(ITEMS, 4)).astype(np.float32)
    there = generator.permutation(ITEMS)
    back = np.argsort(there)

    def moved(heard: Heard) -> Heard:
        places = back[heard[0]].astype(np.int32)
        order = np.argsort(places)
        return places[order], heard[1][order]

    one = solve(rows, [Block("sound", columns)], LAMBDA).scores(heard)
    other_rows = Histories.of_rows([moved(rows.row(number)) for number in range(len(rows))], ITEMS)
    other = solve(other_rows, [Block("sound", columns[there])], LAMBDA).scores(moved(heard))
    assert other == pytest.approx(one[there], abs=1e-5)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.booleans(), st.integers(1, 4))
def test_folding_in_is_solving_anew(seed: int, replaces: bool, times: int) -> None:
    generator = np.random.default_rng(seed)
    columns = generator.normal(size=(ITEMS, 4)).astype(np.float32)
    rows = [some_heard(generator) for _ in range(4)]
    solved = solve(Histories.of_rows(rows, ITEMS), [Block("sound", columns)], LAMBDA)
    for _ in range(times):
        row = some_heard(generator)
        rows = [*(rows[:-1] if replaces else rows), row]
        solved = (solved.without_last() if replaces else solved).with_row(row)
    anew = solve(Histories.of_rows(rows, ITEMS), [Block("sound", columns)], LAMBDA)
    heard = some_heard(generator)
    assert solved.parts == anew.parts
    assert solved.leverage == pytest.approx(anew.leverage, abs=1e-6)
    assert solved.scores(heard) == pytest.approx(anew.scores(heard), abs=1e-5)
    assert solved.explain(heard, 0).parts == pytest.approx(anew.explain(heard, 0).parts, abs=1e-5)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.tuples(*[st.integers(0, 4)] * 3), st.sets(st.sampled_from("abc")), st.integers(0, 3))
def test_going_without_some_rows_is_solving_anew_without_them(
    seed: int, sizes: tuple[int, int, int], names: set[str], dims: int
) -> None:
    generator = np.random.default_rng(seed)
    blocks = [Block("sound", generator.normal(size=(ITEMS, dims)).astype(np.float32))]
    rows = {name: [some_heard(generator) for _ in range(size)] for name, size in zip("abc", sizes, strict=True)}

    def of(kept: str) -> Solve:
        histories = Histories.of_rows([row for name in kept for row in rows[name]], ITEMS)
        return solve(histories, blocks, LAMBDA, tuple((name, len(rows[name])) for name in kept))

    left = "".join(name for name in "abc" if name not in names)
    solved, heard = of("abc").without(names), some_heard(generator)
    if not left:
        assert len(solved.rows) == 0
        return
    anew = of(left)
    assert solved.parts == anew.parts
    assert solved.inverse == pytest.approx(anew.inverse, abs=1e-6)
    assert solved.judged(heard)[1] == pytest.approx(anew.judged(heard)[1], abs=1e-5)
    assert solved.scores(heard) == pytest.approx(anew.scores(heard), abs=1e-5)
    assert solved.explain(heard, 0).parts == pytest.approx(anew.explain(heard, 0).parts, abs=1e-5)


def test_a_row_joins_the_last_part_and_none_goes_that_is_not_there() -> None:
    none = solve(Histories.of_rows([], ITEMS), [], LAMBDA, (("others", 0), ("sessions", 0)))
    with pytest.raises(ValueError, match="no row"):
        none.without_last()
    assert none.with_row(some_heard(np.random.default_rng(0))).parts == (("others", 0), ("sessions", 1))


@given(st.integers(0, 10_000), st.integers(0, ITEMS - 1))
def test_an_explanation_adds_up_to_the_score(seed: int, item: int) -> None:
    solved = some_solve(seed)
    heard = some_heard(np.random.default_rng(seed + 1))
    explained = solved.explain(heard, item)
    assert explained.score == pytest.approx(solved.scores(heard)[item], abs=1e-5)
    assert item not in explained.plays
    assert explained.blocks == ("listeners", "block 0", "block 1")


def test_what_was_played_together_explains_it_and_what_sounds_alike() -> None:
    together = np.array([0, 1], np.int32), np.ones(2, np.float32)
    columns = np.zeros((6, 1), np.float32)
    columns[[2, 3]] = 1.0
    solved = solve(Histories.of_rows([together], 6), [Block("timbre", columns)], 0.5)
    heard = np.array([0, 2], np.int32), np.ones(2, np.float32)
    assert solved.explain(heard, 1).strongest() == (0, "listeners")
    assert solved.explain(heard, 3).strongest() == (2, "timbre")
    nothing = np.array([], np.int32), np.array([], np.float32)
    assert solved.explain(nothing, 3).strongest() == (-1, "")
    assert not solved.scores(nothing).any()


def test_what_was_disliked_pulls_down_what_is_like_it() -> None:
    columns = np.zeros((4, 1), np.float32)
    columns[[0, 1]] = 1.0
    solved = solve(Histories.of_rows([], 4), [Block("sound", columns)], 1.0)
    scores = solved.scores((np.array([0], np.int32), np.array([-1.0], np.float32)))
    assert scores[1] < scores[2] == scores[3] == 0


@given(st.integers(0, 10_000))
def test_deviations_are_those_of_one_ridge_regression_for_every_item(seed: int) -> None:
    solved = some_solve(seed)
    heard = some_heard(np.random.default_rng(seed + 1))
    z, x = z_of(solved), dense(heard)
    found = solved.judged(heard)[1]
    for item in (0, 7, ITEMS - 1):
        others = np.delete(np.arange(ITEMS), item)
        gram = LAMBDA * np.eye(ITEMS - 1) + z[:, others].T @ z[:, others]
        weights = np.linalg.solve(gram, z[:, others].T @ z[:, item])
        unexplained = LAMBDA + z[:, item] @ (z[:, item] - z[:, others] @ weights)
        variance = unexplained / len(z) * (x[others] @ np.linalg.solve(gram, x[others]))
        assert found[item] == pytest.approx(np.sqrt(variance), rel=1e-3)


@pytest.mark.parametrize(
    ("blocks", "regularisation", "parts"),
    [
        ([], 0.0, ()),
        ([Block("short", np.ones((3, 1), np.float32))], 1.0, ()),
        ([], 1.0, (("listeners", 5),)),
    ],
)
def test_what_cannot_be_solved_is_refused(
    blocks: list[Block], regularisation: float, parts: tuple[tuple[str, int], ...]
) -> None:
    with pytest.raises(ValueError, match=r"every|block|above"):
        solve(some_rows(np.random.default_rng(0), 2), blocks, regularisation, parts)


def test_a_block_that_says_nothing_changes_nothing() -> None:
    generator = np.random.default_rng(3)
    rows, heard = some_rows(generator, 5), some_heard(generator)
    alone = solve(rows, [], LAMBDA)
    silent = solve(rows, [Block("words", np.zeros((ITEMS, 4), np.float32))], LAMBDA)
    assert silent.scores(heard) == pytest.approx(alone.scores(heard), abs=1e-6)


def test_several_listeners_at_once_have_the_scores_that_each_has_alone() -> None:
    solved = some_solve(3)
    some = [some_heard(np.random.default_rng(seed)) for seed in range(4)]
    together = solved.scores_of(some)
    for scores, heard in zip(together, some, strict=True):
        assert scores == pytest.approx(solved.scores(heard), abs=1e-5)


def test_several_items_at_once_are_explained_as_each_is_alone() -> None:
    solved = some_solve(4)
    heard = some_heard(np.random.default_rng(9))
    items = [int(heard[0][0]), *range(5)]
    for item, found in zip(items, solved.explain_all(heard, items), strict=True):
        alone = solved.explain(heard, item)
        assert found.plays.tolist() == alone.plays.tolist()
        assert found.parts == pytest.approx(alone.parts)
    assert solved.explain_all(heard, []) == []
