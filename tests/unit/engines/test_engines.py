"""Every engine finds what exact search finds, or nearly; those whose package is absent are skipped."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from indexer.core.errors import SegueError
from indexer.engines import ENGINES, Engine, EngineMissing, engine_named
from indexer.engines.engine import Entry, least_effort
from tests.unit.core.model.states import by_force, vectors


def engine_or_skip(name: str) -> type[Engine]:
    if not ENGINES[name].is_installed:
        pytest.skip(f"{name} is not installed: {ENGINES[name].installation}")
    return engine_named(name)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("count", [1, 12, 300, 2_500])
def test_finds_the_nearest(name: str, count: int) -> None:
    rows = vectors(count + 20)
    engine = engine_or_skip(name).build(rows[:count], seed=0)
    k = min(10, count)
    hits = 0
    for query in rows[count:]:
        found, distances = engine.query(query, k)
        assert len(found) == len(distances) == k
        assert (np.diff(distances) >= -1e-6).all()
        np.testing.assert_allclose(
            distances, np.linalg.norm(rows[found] - query, axis=1), atol=2e-3 if name == "scann" else 1e-5
        )
        hits += len(set(found.tolist()) & set(by_force(rows[:count], query, k)))
    assert hits >= 0.9 * 20 * k


@pytest.mark.parametrize("name", ENGINES)
def test_says_how_much_memory_it_holds(name: str) -> None:
    rows = vectors(500)
    assert engine_or_skip(name).build(rows, seed=0).memory_bytes() >= rows.nbytes


@pytest.mark.parametrize("name", ENGINES)
def test_the_same_seed_gives_the_same_answers(name: str) -> None:
    rows = vectors(600)
    one, other = (engine_or_skip(name).build(rows, seed=3) for _ in range(2))
    for query in vectors(20, seed=9):
        np.testing.assert_array_equal(one.query(query, 5)[0], other.query(query, 5)[0])


def test_exact_search_is_exact_with_equals_by_row() -> None:
    rows = np.repeat(vectors(40), 2, axis=0)
    engine = engine_named("exact").build(rows, seed=0)
    for query in vectors(10, seed=4):
        assert engine.query(query, 12)[0].tolist() == by_force(rows, query, 12)


def test_an_unknown_engine_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SegueError, match=r"abacus.*spark-lsh, exact, scann, hnsw"):
        engine_named("abacus")


def test_a_missing_package_is_answered_with_its_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "scann", Entry("indexer.engines.scann", "Scann", "no_such_package", "scann"))
    with pytest.raises(EngineMissing, match=r'pip install "segue-player\[scann\]"'):
        engine_named("scann")


def test_a_broken_package_is_answered_with_its_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "scann", Entry("indexer.engines.no_such_module", "Scann", None, "scann"))
    with pytest.raises(EngineMissing, match="cannot be loaded"):
        engine_named("scann")


def test_asking_for_one_engine_loads_no_other() -> None:
    code = "import sys; from indexer.engines import engine_named; engine_named('exact');"
    code += "print({'scann', 'usearch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_least_effort_is_the_first_that_suffices_or_the_last() -> None:
    rows = vectors(200)
    asked: list[int] = []

    def query(effort: int, vector: np.ndarray, k: int) -> np.ndarray:
        asked.append(effort)
        return np.array(by_force(rows, vector, k))[: k if effort >= 2 else 2]

    assert least_effort(rows, (1, 2, 3), query, seed=0) == 2
    assert set(asked) == {1, 2}
    assert least_effort(rows, (0, 1), query, seed=0) == 1
